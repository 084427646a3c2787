import {
  type Condition,
  compareCodePoints,
  type Field,
  type Ids,
  type Instant,
  type Json,
  type Ownership,
  ownerFields,
  type Query,
  type RawRow,
  type ReadRequest,
  type Scope,
  type Search,
  valuesAt,
  wholeLimit,
} from 'shopwright'
import type { MemoryRow, ShopTables } from './tables.js'

type Answers = Record<string, readonly RawRow[]>
type Scalar = string | number | boolean
type Descriptor = { readonly fields: Readonly<Record<string, Field>>; readonly ownership: Ownership }

/** Answers every query of a request, in the order of the plan. */
export const answerPlan = (tables: ShopTables, request: ReadRequest): Answers => {
  const answers: Answers = {}
  for (const { name, query } of request.queries) answers[name] = answerQuery(tables, request, query, answers)
  return answers
}

const answerQuery = (tables: ShopTables, request: ReadRequest, query: Query, sofar: Answers): readonly RawRow[] => {
  switch (query.kind) {
    case 'rows': {
      const table = tables.rows.get(query.collection.name)
      const within = (id: string): readonly [string, MemoryRow] | undefined => {
        const found = table?.get(id)
        return found !== undefined && isWithin(found.state, query.collection, request.scope) ? [id, found] : undefined
      }
      const wanted = idsOf(query.ids, sofar)
      const all = query.up === undefined ? wanted : withAllAbove(wanted, query.up, within)
      return all.flatMap((id) => {
        const found = within(id)
        return found === undefined ? [] : [raw(...found)]
      })
    }
    case 'find':
      return search(tables.rows.get(query.collection.name), query.collection, query.search, request.scope)
    case 'entries':
      return search(tables.logs.get(query.log.name), query.log, query.search, request.scope)
    case 'counters': {
      const family = tables.counters.get(query.family.name)
      return idsOf(query.ids, sofar).flatMap((id) => plain(id, family?.get(id)))
    }
    case 'claims': {
      const space = tables.claims.get(query.space)
      return idsOf(query.keys, sofar).flatMap((key) => {
        const held = space?.get(key)
        return held !== undefined && isLive(held.expiresAt, request.at) ? plain(key, held.owner) : []
      })
    }
  }
}

const withAllAbove = (
  wanted: readonly string[],
  up: string,
  within: (id: string) => readonly [string, MemoryRow] | undefined,
): readonly string[] => {
  const all = new Set(wanted)
  // A set is gone through with what is added on the way.
  for (const id of all) {
    const [, found] = within(id) ?? []
    const [above] = found === undefined ? [] : valuesAt(found.state, up)
    if (typeof above === 'string') all.add(above)
  }
  return [...all].sort(compareCodePoints)
}

const isLive = (expiresAt: Instant | null, at: Instant): boolean => expiresAt === null || expiresAt > at

const plain = (id: string, state: string | number | undefined): readonly RawRow[] =>
  state === undefined ? [] : [{ id, version: 0, schemaVersion: 1, state }]

// The text is parsed anew for each reader, so that nobody can change what is stored by changing what was read.
const raw = (id: string, row: MemoryRow): RawRow => ({
  id,
  version: row.version,
  schemaVersion: row.schemaVersion,
  state: JSON.parse(row.text),
})

const idsOf = (ids: Ids, sofar: Answers): readonly string[] => {
  const all = 'from' in ids ? idsFrom(ids, sofar[ids.from] ?? []) : ids
  return [...new Set(all)].sort(compareCodePoints)
}

const idsFrom = (ids: Exclude<Ids, readonly string[]>, rows: readonly RawRow[]): readonly string[] =>
  rows
    .flatMap((row) => valuesAt(row.state, ids.path))
    .flatMap((value) =>
      typeof value === 'string' || typeof value === 'number' ? [`${ids.prefix ?? ''}${value}${ids.suffix ?? ''}`] : [],
    )

const search = (
  table: ReadonlyMap<string, MemoryRow> | undefined,
  descriptor: Descriptor,
  question: Search,
  scope: Scope,
): readonly RawRow[] => {
  const { orderBy, after } = question
  const sign = orderBy?.direction === 'descending' ? -1 : 1
  const found: { id: string; row: MemoryRow; order: Scalar }[] = []
  for (const [id, row] of table ?? []) {
    if (!isWithin(row.state, descriptor, scope)) continue
    if (!question.where.every((condition) => meets(row.state, descriptor, condition))) continue
    const order = orderBy === undefined ? id : scalarAt(row.state, descriptor, orderBy.field)
    if (order !== undefined) found.push({ id, row, order })
  }
  const compare = (a: { id: string; order: Scalar }, b: { id: string; order: Scalar }): number =>
    sign * (compareScalars(a.order, b.order) || compareCodePoints(a.id, b.id))
  found.sort(compare)
  const rest =
    after === undefined ? found : found.filter((each) => compare(each, { id: after.id, order: after.value }) > 0)
  return rest.slice(0, wholeLimit(question.limit)).map(({ id, row }) => raw(id, row))
}

const isWithin = (state: Json, descriptor: Descriptor, scope: Scope): boolean => {
  const { ownership } = descriptor
  const holds = (field: string | undefined, value: string): boolean => {
    if (field === undefined) return false
    if (descriptor.fields[field]?.type !== 'textList') return scalarAt(state, descriptor, field) === value
    const held = valuesAt(state, descriptor.fields[field].path)[0]
    return Array.isArray(held) && held.includes(value)
  }
  switch (scope.kind) {
    case 'all':
      return true
    case 'own':
      return ownership === 'public' || ownerFields(ownership).some((field) => holds(field, scope.ownerId))
    case 'merchant':
      return ownership === 'public' || holds(ownership.merchant, scope.merchantId)
    case 'fields':
      return (
        ownership === 'public' ||
        Object.entries(scope.fields).every(([field, values]) => values.some((value) => holds(field, value)))
      )
  }
}

const meets = (state: Json, descriptor: Descriptor, condition: Condition): boolean => {
  if (condition.is === 'containsAll') {
    const field = descriptor.fields[condition.field]
    const held = field === undefined ? [] : valuesAt(state, field.path)[0]
    return Array.isArray(held) && condition.values.every((value) => held.includes(value))
  }
  const held = scalarAt(state, descriptor, condition.field)
  if (held === undefined) return false
  if (condition.is === 'in') return condition.values.some((value) => value === held)
  if (typeof held !== typeof condition.value) return false
  const order = compareScalars(held, condition.value)
  switch (condition.is) {
    case 'eq':
      return order === 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
  }
}

const scalarAt = (state: Json, descriptor: Descriptor, name: string): Scalar | undefined => {
  const field = descriptor.fields[name]
  if (field === undefined) return undefined
  const value = valuesAt(state, field.path)[0]
  if (field.type === 'integer' && field.absent !== undefined && typeof value !== 'number') return field.absent
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

const compareScalars = (a: Scalar, b: Scalar): number => {
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b)
  return Number(a) - Number(b)
}
