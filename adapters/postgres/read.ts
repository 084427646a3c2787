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
import { isEmpty, shapeOf, wantedOf } from './read-shape.js'
import type { Registry } from './registry.js'
import { createBoundedCache, isStorable, quoteText, type Statement, textArray } from './sql.js'

/** What asks one plan; every value is a text. */
export type ReadStatement = Statement & { readonly values: readonly string[] }

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

/**
 * What a text is written for: one request, whose values are parameters, or many of one shape, which are the rows of a
 * list `r` with a column for each value.
 */
type Frame = {
  readonly bind: Bind
  /** The time of a request. */
  readonly at: string
  readonly isOfMany: boolean
}

/** The ids that rows of an earlier query name, as a relation `w`, and how the key is made of one. */
const fromEarlier = (
  ids: IdsFrom,
  place: number | undefined,
  frame: Frame,
): { readonly named: string; readonly key: string } => {
  const many = frame.isOfMany ? 'rid, ' : ''
  if (place === undefined)
    return { named: `(select ${frame.isOfMany ? '0::int, ' : ''}''::text where false) w(${many}id)`, key: 'w.id' }
  const { from, value } = stepInto('f.state', ids.path)
  const key = [ids.prefix, 'w.id', ids.suffix].flatMap((part, nth) =>
    part === undefined ? [] : [nth === 1 ? part : `${frame.bind(part)}::text`],
  )
  const named =
    `(select distinct ${many}x.v #>> '{}' from (select ${frame.isOfMany ? 'f.rid, ' : ''}${value} as v from q${place} f${from}) x ` +
    `where jsonb_typeof(x.v) in ('string', 'number')) w(${many}id)`
  return { named, key: key.join(' || ') }
}

const relationOf = (registry: Registry, query: Query): Relation | UnknownQuery => {
  switch (query.kind) {
    case 'rows':
    case 'find': {
      const known = registry.collections.get(query.collection.name)
      if (known === undefined) return { collection: query.collection.name }
      const { parts, branches, collection } = known
      return { ...parts, branches, fields: collection.fields, ownership: collection.ownership }
    }
    case 'entries': {
      const known = registry.logs.get(query.log.name)
      if (known === undefined) return { collection: query.log.name }
      const { parts, branches, log } = known
      return { ...parts, branches, fields: log.fields, ownership: log.ownership }
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
  frame: Frame,
  placeOf: (name: string) => number | undefined,
): string => {
  const { bind, isOfMany } = frame
  // Which ids are wanted: a list, and the id in a row of it. One that is a value stands in no list.
  const wantedSql = (ids: Ids): { readonly list: string | null; readonly id: string } => {
    if ('from' in ids) {
      const earlier = fromEarlier(ids, placeOf(ids.from), frame)
      return { list: isOfMany ? `${earlier.named} join r on r.rid = w.rid` : earlier.named, id: earlier.key }
    }
    const wanted = wantedOf(ids)
    const [only, ...others] = wanted
    if (only !== undefined && others.length === 0) return { list: isOfMany ? 'r' : null, id: `${bind(only)}::text` }
    const list = bind(textArray(wanted))
    return {
      list: isOfMany
        ? `r cross join lateral unnest(${list}::text[]) w(id)`
        : `unnest((select ${list}::text::text[])) w(id)`,
      id: 'w.id',
    }
  }
  const rid = isOfMany ? 'r.rid, ' : ''
  // One look-up by the whole key for each id; a list beside the other conditions might only filter what they find.
  const lookUp = (
    columns: string,
    key: string,
    { list, id }: ReturnType<typeof wantedSql>,
    conditions: readonly string[],
  ): string => {
    const select =
      `select ${columns} from ${relation.relation} t ` +
      `where ${[`t.shop = ${shop}`, ...conditions, `${key} = ${id}`].join(' and ')}`
    return list === null ? select : `select ${rid}f.* from ${list} cross join lateral (${select} offset 0) f`
  }
  const byKey = (columns: string, key: string, ids: Ids, conditions: readonly string[]): string =>
    lookUp(`${columns}, 0::bigint as n`, key, wantedSql(ids), conditions)
  // The ids are gone through first: of a circle the server sees at once what it has come by before.
  const upwards = (ids: Ids, up: string, conditions: readonly string[]): string => {
    const { list, id } = wantedSql(ids)
    const above = stepInto('t.state', up).value
    const walked = { list: 'up r', id: 'r.id' }
    return (
      `with recursive up(${isOfMany ? 'rid, ' : ''}id) as (` +
      `select ${rid}${id}${list === null ? '' : ` from ${list}`} union ` +
      `${lookUp(`${above} #>> '{}' as id`, 't.id', walked, [...conditions, `jsonb_typeof(${above}) = 'string'`])}) ` +
      lookUp(`${rowColumns}, 0::bigint as n`, 't.id', walked, conditions)
    )
  }
  switch (query.kind) {
    case 'rows':
      return query.up === undefined
        ? byKey(rowColumns, 't.id', query.ids, scopeSql(relation, bind, request.scope))
        : upwards(query.ids, query.up, scopeSql(relation, bind, request.scope))
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
        `(t.expires_at is null or t.expires_at > ${frame.at}::text::bigint)`,
      ])
  }
}

type Parts = { readonly parts: readonly string[]; readonly answers: readonly string[] }

const partsOf = (registry: Registry, request: ReadRequest, frame: Frame): Parts | UnknownQuery => {
  const places = new Map<string, number>()
  const parts: string[] = []
  const answers: string[] = []
  const asked = new Set<string>()
  for (const [place, { name, query }] of request.queries.entries()) {
    const relation = relationOf(registry, query)
    if ('collection' in relation) return relation
    if (isEmpty(query, asked)) continue
    parts.push(`q${place} as (${querySql(relation, request, query, frame, (earlier) => places.get(earlier))})`)
    places.set(name, place)
    asked.add(name)
    answers.push(
      `select ${place} as q, ${frame.isOfMany ? 'rid, ' : ''}n, id, version::text as version, schema_version, state::text as state from q${place}`,
    )
  }
  return { parts, answers }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, place) => value === b[place])

type Named = { readonly name?: string; readonly text: string }

/** Makes the statements of plans, their texts kept by shape. */
export type Reads = {
  /**
   * A whole plan as one statement: a subquery for each query, later ones taking their ids from earlier ones. Undefined
   * where the plan asks for nothing.
   */
  readonly one: (request: ReadRequest) => ReadStatement | UnknownQuery | undefined
  /**
   * What requests of one shop and one shape ask, as one statement. Its rows say in `rid`, counted from one, whose they
   * are.
   *
   * @param statements - of each request, as `one` made it; all of one text
   */
  readonly together: (request: ReadRequest, statements: readonly ReadStatement[]) => Statement
}

const mostTexts = 256

export const createReads = (registry: Registry, nameOf: (text: string) => string | undefined): Reads => {
  const named = (text: string): Named => {
    const name = nameOf(text)
    return { ...(name === undefined ? {} : { name }), text }
  }
  const ofShape = createBoundedCache<{ named?: Named | undefined; isUnlike?: boolean }>(mostTexts)
  const ofMany = createBoundedCache<Named>(mostTexts)

  const make = (request: ReadRequest): ReadStatement | UnknownQuery | undefined => {
    const values = [request.shop, String(request.at)]
    const bind: Bind = (value) => {
      values.push(value)
      return `$${values.length}`
    }
    const found = partsOf(registry, request, { bind, at: '$2', isOfMany: false })
    if ('collection' in found) return found
    // Every parameter must stand in the text, or the server cannot tell its type.
    const [first, ...more] = found.answers
    if (first === undefined) return undefined
    const answers = [`${first} where $2::text is not null`, ...more]
    return { ...named(`with ${found.parts.join(',\n')}\n${answers.join('\nunion all ')}`), values }
  }

  const makeForMany = (request: ReadRequest, count: number): Named => {
    let bound = 2
    const bind: Bind = () => {
      bound += 1
      return `r.p${bound}`
    }
    const found = partsOf(registry, request, { bind, at: 'r.p2', isOfMany: true })
    const { parts, answers } = 'collection' in found ? { parts: [], answers: [] } : found
    const places = Array.from({ length: count - 1 }, (_, place) => place + 2)
    const lists = places.map((place) => `$${place}::text::text[]`).join(', ')
    const columns = places.map((place) => `p${place}`).join(', ')
    const list = `r as materialized (select u.* from unnest(${lists}) with ordinality as u(${columns}, rid))`
    return named(`with ${[list, ...parts].join(',\n')}\n${answers.join('\nunion all ')}`)
  }

  return {
    one: (request) => {
      const shape = shapeOf(request)
      if (shape === undefined) return make(request)
      const kept = ofShape(shape.key, () => ({}))
      if (kept.named !== undefined) return { ...kept.named, values: shape.values }
      const made = make(request)
      // A text is kept only where its values are seen to be those of the shape.
      if (kept.isUnlike === true || made === undefined || 'collection' in made) return made
      const { values, ...text } = made
      if (isSame(values, shape.values)) kept.named = text
      else kept.isUnlike = true
      return made
    },
    together: (request, statements) => {
      const [first] = statements
      const count = first?.values.length ?? 0
      const text = ofMany(first?.text ?? '', () => makeForMany(request, count))
      const lists = Array.from({ length: count - 1 }, (_, place) =>
        textArray(statements.map(({ values }) => values[place + 1] ?? '')),
      )
      return { ...text, values: [request.shop, ...lists] }
    },
  }
}

/** Whether a plan looks rows up by their keys alone, so that many of its shape may be asked as one. */
export const looksUpKeys = ({ queries }: ReadRequest): boolean =>
  queries.every(({ query }) => query.kind !== 'find' && query.kind !== 'entries')

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
