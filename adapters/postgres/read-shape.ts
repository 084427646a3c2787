import type { Ids, Query, ReadRequest } from 'shopwright'
import { isStorable, textArray } from './sql.js'

/** A request apart from its values: requests of one shape are asked by one text. */
export type ReadShape = { readonly key: string; readonly values: readonly string[] }

/** Which ids are asked for: each once, those that cannot have been stored left out. */
export const wantedOf = (ids: readonly string[]): readonly string[] => {
  if (ids.length === 1) return ids.filter(isStorable)
  return [...new Set(ids)].filter(isStorable)
}

/** What asks for no id, or for ids out of an answer that nobody asked for, needs no asking. */
export const isEmpty = (query: Query, asked: ReadonlySet<string>): boolean => {
  if (query.kind === 'find' || query.kind === 'entries') return false
  const ids = query.kind === 'claims' ? query.keys : query.ids
  return 'from' in ids ? !asked.has(ids.from) : ids.length === 0
}

const scopeOf = (request: ReadRequest): ReadShape | undefined => {
  const { scope } = request
  switch (scope.kind) {
    case 'all':
      return { key: 'all', values: [] }
    case 'own':
      return isStorable(scope.ownerId) ? { key: 'own', values: [scope.ownerId] } : undefined
    case 'merchant':
      return isStorable(scope.merchantId) ? { key: 'merchant', values: [scope.merchantId] } : undefined
    case 'fields':
      return undefined
  }
}

const idsOf = (ids: Ids): ReadShape => {
  if ('from' in ids) {
    const { from, path, prefix, suffix } = ids
    const values = [prefix, suffix].filter((part) => part !== undefined)
    return { key: `<${from}.${path}${prefix === undefined ? '' : '^'}${suffix === undefined ? '' : '$'}`, values }
  }
  if (ids.length === 0) return { key: '0', values: [] }
  const wanted = wantedOf(ids)
  const [only] = wanted
  return only !== undefined && wanted.length === 1
    ? { key: '1', values: [only] }
    : { key: '*', values: [textArray(wanted)] }
}

const queryOf = (query: Query, scope: ReadShape): ReadShape | undefined => {
  switch (query.kind) {
    case 'rows': {
      const ids = idsOf(query.ids)
      const { name, ownership } = query.collection
      const values = ownership === 'public' ? ids.values : [...scope.values, ...ids.values]
      return { key: `rows ${name}${query.up === undefined ? '' : `^${query.up}`} ${ids.key}`, values }
    }
    case 'counters': {
      const ids = idsOf(query.ids)
      return { key: `counters ${query.family.name} ${ids.key}`, values: ids.values }
    }
    case 'claims': {
      if (!isStorable(query.space)) return undefined
      const keys = idsOf(query.keys)
      return { key: `claims ${keys.key}`, values: [query.space, ...keys.values] }
    }
    case 'find':
    case 'entries':
      return undefined
  }
}

/**
 * The shape of a request that looks rows up by their keys, and its values in the order in which its text names them.
 * Undefined where the text depends on more than the shape.
 */
export const shapeOf = (request: ReadRequest): ReadShape | undefined => {
  const scope = scopeOf(request)
  if (scope === undefined) return undefined
  let key = scope.key
  const values = [request.shop, String(request.at)]
  const asked = new Set<string>()
  for (const { name, query } of request.queries) {
    const shape = queryOf(query, scope)
    if (shape === undefined) return undefined
    key += `\n${name} ${shape.key}`
    if (isEmpty(query, asked)) continue
    asked.add(name)
    values.push(...shape.values)
  }
  return { key, values }
}
