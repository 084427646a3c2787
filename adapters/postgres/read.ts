import {
  compareCodePoints,
  type Ids,
  type IdsFrom,
  type Json,
  type Query,
  type RawAnswers,
  type RawRow,
  type ReadRequest,
} from 'shopwright'
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

// Rows that are asked for by id come in any order: whoever reads the answer sorts them.
const rowColumns = 't.id, t.version, t.schema_version, t.state'
const plainColumns = (id: string, state: string): string =>
  `${id} as id, 0::bigint as version, 1 as schema_version, ${state} as state`

// The planner takes the value of a parameter for a guess at how many rows there are, and takes a shop that was not
// there when the table was last analysed for a shop of one row: any index that begins with the shop would do then,
// whatever it holds by now. It cannot see through a subquery, and counts on a shop of ordinary size.
const shop = '(select $1::text)'

const querySql = (
  relation: Relation,
  request: ReadRequest,
  query: Query,
  bind: Bind,
  placeOf: (name: string) => number | undefined,
): string => {
  // One look-up by the whole key for each id; a list beside the other conditions might only filter what they find.
  const byKey = (columns: string, key: string, ids: Ids, conditions: readonly string[]): string => {
    const select = (id: string): string =>
      `select ${columns}, 0::bigint as n from ${relation.relation} t ` +
      `where ${[`t.shop = ${shop}`, ...conditions, `${key} = ${id}`].join(' and ')}`
    if ('from' in ids) {
      const named = `select distinct w.id from (${fromEarlier(ids, placeOf(ids.from), bind)}) w(id)`
      return `select f.* from (${named}) w cross join lateral (${select('w.id')} offset 0) f`
    }
    const wanted = [...new Set(ids)].filter(isStorable)
    const [only, ...others] = wanted
    if (only !== undefined && others.length === 0) return select(`${bind(only)}::text`)
    const list = `unnest((select ${bind(textArray(wanted))}::text::text[])) w(id)`
    return `select f.* from ${list} cross join lateral (${select('w.id')} offset 0) f`
  }
  switch (query.kind) {
    case 'rows':
      return byKey(rowColumns, 't.id', query.ids, scopeSql(relation, bind, request.scope))
    case 'find':
      return searchSql(relation, bind, { shop, scope: request.scope, search: query.search, columns: rowColumns })
    case 'entries': {
      const columns = plainColumns('t.id', 't.body')
      return searchSql(relation, bind, { shop, scope: request.scope, search: query.search, columns })
    }
    case 'counters':
      return byKey(plainColumns('t.id', 'to_jsonb(t.value)'), 't.id', query.ids, [])
    case 'claims':
      return byKey(plainColumns('t."key"', 'to_jsonb(t.owner)'), 't."key"', query.keys, [
        isStorable(query.space) ? `t.space = ${bind(query.space)}::text` : 'false',
        '(t.expires_at is null or t.expires_at > $2::text::bigint)',
      ])
  }
}

// What asks for no id, or for ids out of an answer that is empty, needs no asking.
const isEmpty = (query: Query, answered: ReadonlySet<string>): boolean => {
  if (query.kind === 'find' || query.kind === 'entries') return false
  const ids = query.kind === 'claims' ? query.keys : query.ids
  return 'from' in ids ? !answered.has(ids.from) : ids.length === 0
}

/**
 * A whole plan as one statement: a subquery for each query, later ones taking their ids from earlier ones. Undefined
 * where the plan asks for nothing.
 */
export const readStatement = (
  registry: Registry,
  request: ReadRequest,
  nameOf: (text: string) => string | undefined,
): Statement | UnknownQuery | undefined => {
  const values = [request.shop, String(request.at)]
  const bind: Bind = (value) => {
    values.push(value)
    return `$${values.length}`
  }
  const places = new Map<string, number>()
  const asked = new Set<string>()
  const parts: string[] = []
  const answers: string[] = []
  for (const [place, { name, query }] of request.queries.entries()) {
    const relation = relationOf(registry, query)
    if ('collection' in relation) return relation
    if (isEmpty(query, asked)) continue
    parts.push(`q${place} as (${querySql(relation, request, query, bind, (earlier) => places.get(earlier))})`)
    places.set(name, place)
    asked.add(name)
    answers.push(
      `select ${place} as q, n, id, version::text as version, schema_version, state::text as state from q${place}`,
    )
  }
  if (parts.length === 0) return undefined
  // Every parameter must stand in the text, or the server cannot tell its type.
  const [first, ...more] = answers
  const text = `with ${parts.join(',\n')}\n${[`${first} where $2::text is not null`, ...more].join('\nunion all ')}`
  const name = nameOf(text)
  return { ...(name === undefined ? {} : { name }), text, values }
}

type Numbered = RawRow & { readonly place: number }

const inOrder = (a: Numbered, b: Numbered): number => a.place - b.place || compareCodePoints(a.id, b.id)

/** The rows of an answer, sorted to the queries that asked for them: pages as they are numbered, the rest by id. */
export const answersOf = (request: ReadRequest, { rows }: QueryRows): RawAnswers => {
  const answers = request.queries.map((): Numbered[] => [])
  for (const row of rows) {
    answers[Number(row.q)]?.push({
      place: Number(row.n),
      id: String(row.id),
      version: Number(row.version),
      schemaVersion: Number(row.schema_version),
      // The text is JSON that the database itself has written.
      state: JSON.parse(String(row.state)) as Json,
    })
  }
  return Object.fromEntries(
    request.queries.map(({ name }, place) => [
      name,
      (answers[place] ?? [])
        .sort(inOrder)
        .map(({ id, version, schemaVersion, state }): RawRow => ({ id, version, schemaVersion, state })),
    ]),
  )
}
