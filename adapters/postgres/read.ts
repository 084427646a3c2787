import type { Ids, IdsFrom, Json, Query, RawAnswers, RawRow, ReadRequest } from 'shopwright'
import type { QueryRows } from './queryable.js'
import { type Bind, type Relation, scopeSql, searchSql } from './read-search.js'
import type { Registry } from './registry.js'
import { isStorable, quoteText, type Statement, textArray } from './sql.js'

/** A plan asks for something that the storage was not told of. */
export type UnknownQuery = { readonly collection: string }

const stepInto = (source: string, path: string): { readonly from: string; readonly value: string } => {
  let from = ''
  let value = source
  let depth = 0
  for (const step of path === '' ? [] : path.split('.')) {
    if (step !== '*') {
      value = `(${value} -> ${quoteText(step)})`
      continue
    }
    depth += 1
    from += `, jsonb_array_elements(case jsonb_typeof(${value}) when 'array' then ${value} end) as s${depth}(v)`
    value = `s${depth}.v`
  }
  return { from, value }
}

const fromEarlier = (ids: IdsFrom, place: number | undefined, bind: Bind): string => {
  if (place === undefined) return "select ''::text where false"
  const { from, value } = stepInto('f.state', ids.path)
  const affixed = [ids.prefix, "(x.v #>> '{}')", ids.suffix].flatMap((part, nth) =>
    part === undefined ? [] : [nth === 1 ? part : `${bind(part)}::text`],
  )
  return (
    `select ${affixed.join(' || ')} from (select ${value} as v from q${place} f${from}) x ` +
    `where jsonb_typeof(x.v) in ('string', 'number')`
  )
}

const relationOf = (registry: Registry, query: Query): Relation | UnknownQuery => {
  switch (query.kind) {
    case 'rows':
    case 'find': {
      const known = registry.collections.get(query.collection.name)
      if (known === undefined) return { collection: query.collection.name }
      return { ...known.parts, fields: known.collection.fields, ownership: known.collection.ownership }
    }
    case 'entries': {
      const known = registry.logs.get(query.log.name)
      if (known === undefined) return { collection: query.log.name }
      return { ...known.parts, fields: known.log.fields, ownership: known.log.ownership }
    }
    case 'counters': {
      const known = registry.counters.get(query.family.name)
      if (known === undefined) return { collection: query.family.name }
      return { relation: known.parts.relation, columns: {}, fields: {}, ownership: 'public' }
    }
    case 'claims':
      return { relation: registry.shared.claims, columns: {}, fields: {}, ownership: 'public' }
  }
}

const rowColumns = 't.id, t.version, t.schema_version, t.state'
const plainColumns = (id: string, state: string): string =>
  `${id} as id, 0::bigint as version, 1 as schema_version, ${state} as state`

const querySql = (
  relation: Relation,
  request: ReadRequest,
  query: Query,
  bind: Bind,
  placeOf: (name: string) => number | undefined,
): string => {
  const shop = '$1::text'
  const among = (column: string, ids: Ids): string =>
    'from' in ids
      ? `${column} = any (array(${fromEarlier(ids, placeOf(ids.from), bind)}))`
      : `${column} = any (${bind(textArray([...new Set(ids)].filter(isStorable)))}::text::text[])`
  const byId = (columns: string, id: string, conditions: readonly string[]): string =>
    `select ${columns}, row_number() over (order by ${id}) as n from ${relation.relation} t ` +
    `where ${[`t.shop = ${shop}`, ...conditions].join(' and ')}`
  switch (query.kind) {
    case 'rows':
      return byId(rowColumns, 't.id', [among('t.id', query.ids), ...scopeSql(relation, bind, request.scope)])
    case 'find':
      return searchSql(relation, bind, { shop, scope: request.scope, search: query.search, columns: rowColumns })
    case 'entries': {
      const columns = plainColumns('t.id', 't.body')
      return searchSql(relation, bind, { shop, scope: request.scope, search: query.search, columns })
    }
    case 'counters':
      return byId(plainColumns('t.id', 'to_jsonb(t.value)'), 't.id', [among('t.id', query.ids)])
    case 'claims':
      return byId(plainColumns('t."key"', 'to_jsonb(t.owner)'), 't."key"', [
        isStorable(query.space) ? `t.space = ${bind(query.space)}::text` : 'false',
        among('t."key"', query.keys),
        '(t.expires_at is null or t.expires_at > $2::text::bigint)',
      ])
  }
}

/** A whole plan as one statement: a subquery for each query, later ones taking their ids from earlier ones. */
export const readStatement = (
  registry: Registry,
  request: ReadRequest,
  nameOf: (text: string) => string | undefined,
): Statement | UnknownQuery => {
  const values = [request.shop, String(request.at)]
  const bind: Bind = (value) => {
    values.push(value)
    return `$${values.length}`
  }
  const places = new Map<string, number>()
  const parts: string[] = []
  for (const [place, { name, query }] of request.queries.entries()) {
    const relation = relationOf(registry, query)
    if ('collection' in relation) return relation
    parts.push(`q${place} as (${querySql(relation, request, query, bind, (earlier) => places.get(earlier))})`)
    places.set(name, place)
  }
  const answers = request.queries.map(
    (_, place) =>
      `select ${place} as q, n, id, version::text as version, schema_version, state::text as state from q${place} ` +
      // Every parameter must stand in the text, or the server cannot tell its type.
      'where $2::text is not null',
  )
  const text = `with ${parts.join(',\n')}\n${answers.join('\nunion all ')}\norder by 1, 2`
  const name = nameOf(text)
  return { ...(name === undefined ? {} : { name }), text, values }
}

/** The rows of an answer, sorted to the queries that asked for them. */
export const answersOf = (request: ReadRequest, { rows }: QueryRows): RawAnswers => {
  const answers = request.queries.map((): RawRow[] => [])
  for (const row of rows) {
    // The text is JSON that the database itself has written.
    const state = JSON.parse(String(row.state)) as Json
    answers[Number(row.q)]?.push({
      id: String(row.id),
      version: Number(row.version),
      schemaVersion: Number(row.schema_version),
      state,
    })
  }
  return Object.fromEntries(request.queries.map(({ name }, place) => [name, answers[place] ?? []]))
}
