import { err, ok, type Result } from 'neverthrow'
import type { Scope } from './actor.js'
import type { Collection, CounterFamily, Log, StoredDataInvalid } from './collection.js'
import type { Instant } from './instant.js'
import type { Json } from './json.js'

/** Ids that are known only once another query of the same plan is answered. */
export type IdsFrom = {
  /** Name of the query that holds them; it stands earlier in the plan. */
  readonly from: string
  /** Where they stand in each of its states (`lines.*.productId`); the empty path is the state itself, as of a claim. */
  readonly path: string
  /** Text put before each id found. */
  readonly prefix?: string
  /** Text put after each id found. */
  readonly suffix?: string
}

/** Which ids a query is about. */
export type Ids = readonly string[] | IdsFrom

/** A condition on a declared field; a row without the field does not meet it. */
export type Condition =
  | {
      readonly field: string
      readonly is: 'eq' | 'lt' | 'lte' | 'gt' | 'gte'
      readonly value: string | number | boolean
    }
  | { readonly field: string; readonly is: 'in'; readonly values: readonly (string | number)[] }
  | { readonly field: string; readonly is: 'containsAll'; readonly values: readonly string[] }

/** Where a page ends: the ordering value and the id of its last row. */
export type PageEnd = { readonly value: string | number | boolean; readonly id: string }

/** Where a page that is sorted by time ends; the next begins after it. */
export type TimedPageEnd = { readonly value: Instant; readonly id: string }

/** A question about the rows of a collection or the entries of a log. */
export type Search = {
  /** All must hold. */
  readonly where: readonly Condition[]
  /** A declared field and a direction; ties by id in the same direction; rows without the field are left out. By id when absent. */
  readonly orderBy?: { readonly field: string; readonly direction: 'ascending' | 'descending' }
  /** The most rows to answer. */
  readonly limit: number
  /** Answer what comes after this. */
  readonly after?: PageEnd
}

/** One question of a plan. */
export type Query =
  | {
      readonly kind: 'rows'
      readonly collection: Collection<unknown>
      readonly ids: Ids
      /** Where each row names the one above it (`parentId`): those are answered too, up to the last, each once. */
      readonly up?: string
    }
  | { readonly kind: 'find'; readonly collection: Collection<unknown>; readonly search: Search }
  | { readonly kind: 'counters'; readonly family: CounterFamily; readonly ids: Ids }
  | { readonly kind: 'claims'; readonly space: string; readonly keys: Ids }
  | { readonly kind: 'entries'; readonly log: Log<unknown>; readonly search: Search }

/** A query that also knows the type of its answer. */
export type Asked<Answer> = {
  /** What the storage is asked; null when the answer is known without it. */
  readonly query: Query | null
  /** Makes the answer of the raw rows. */
  readonly answer: (rows: readonly RawRow[]) => Result<Answer, StoredDataInvalid>
}

/** Everything a workflow wants to know, by name; a later query may take its ids from an earlier one. */
export type ReadPlan = Readonly<Record<string, Asked<unknown>>>

/** The answers to a plan, by the same names. */
export type Facts<Plan extends ReadPlan> = {
  readonly [Name in keyof Plan]: Plan[Name] extends Asked<infer Answer> ? Answer : never
}

/** A state with its id and the version it is at. */
export type Stored<State> = { readonly id: string; readonly version: number; readonly state: State }

/** An entry of a log. */
export type Entry<Body> = { readonly id: string; readonly body: Body }

/** A row as stored: rows carry their state, counters their value, claims their owner, log entries their body. */
export type RawRow = {
  /** Row id, counter id, claim key or entry id. */
  readonly id: string
  /** Version of a row; 0 for the rest. */
  readonly version: number
  /** Shape version of a row; 1 for the rest. */
  readonly schemaVersion: number
  readonly state: Json
}

/** What a storage answers: the rows of each query, by the query's name. */
export type RawAnswers = Readonly<Record<string, readonly RawRow[]>>

/** What a storage is asked. */
export type ReadRequest = {
  readonly shop: string
  /** Rows and entries outside it are as if absent; counters and claims belong to nobody. */
  readonly scope: Scope
  readonly queries: readonly { readonly name: string; readonly query: Query }[]
  /** Claims that end at or before this moment are as if absent. */
  readonly at: number
}

/** An answer that is known already and asked of nobody. */
export const known = <Answer>(answer: Answer): Asked<Answer> => ({ query: null, answer: () => ok(answer) })

/** The row of an id, if it is there. */
export const row = <State>(collection: Collection<State>, id: string | IdsFrom): Asked<Stored<State> | undefined> => ({
  query: { kind: 'rows', collection, ids: typeof id === 'string' ? [id] : id },
  answer: (rows) => storedStates(collection, rows).map((states) => states[0]),
})

/** The rows of several ids, by id; ids without a row are left out. */
export const rows = <State>(collection: Collection<State>, ids: Ids): Asked<readonly Stored<State>[]> => ({
  query: { kind: 'rows', collection, ids },
  answer: (found) => storedStates(collection, found),
})

/**
 * The rows of several ids and all above them, by id, each once; a circle ends where it began.
 *
 * @param up - where a row names the one above it, dotted; one that names none, or one that is not there, is the last
 */
export const rowsUpwards = <State>(
  collection: Collection<State>,
  ids: Ids,
  up: string,
): Asked<readonly Stored<State>[]> => ({
  query: { kind: 'rows', collection, ids, up },
  answer: (found) => storedStates(collection, found),
})

/** The rows that meet conditions, ordered, one page. */
export const find = <State>(collection: Collection<State>, search: Search): Asked<readonly Stored<State>[]> => ({
  query: { kind: 'find', collection, search },
  answer: (found) => storedStates(collection, found),
})

/** The values of counters by id; an absent counter is left out. */
export const counters = (family: CounterFamily, ids: Ids): Asked<ReadonlyMap<string, number>> => ({
  query: { kind: 'counters', family, ids },
  answer: (found) => ok(new Map(found.map((each) => [each.id, Number(each.state)]))),
})

/** The owners of claims by key; a free key is left out. */
export const claims = (space: string, keys: Ids): Asked<ReadonlyMap<string, string>> => ({
  query: { kind: 'claims', space, keys },
  answer: (found) => ok(new Map(found.map((each) => [each.id, String(each.state)]))),
})

/** The entries of a log that meet conditions, ordered, one page. */
export const entries = <Body>(log: Log<Body>, search: Search): Asked<readonly Entry<Body>[]> => ({
  query: { kind: 'entries', log, search },
  answer: (found) => {
    const bodies: Entry<Body>[] = []
    for (const each of found) {
      const body = log.parse(each.state, each.id)
      if (body.isErr()) return err(body.error)
      bodies.push({ id: each.id, body: body.value })
    }
    return ok(bodies)
  },
})

const storedStates = <State>(
  collection: Collection<State>,
  found: readonly RawRow[],
): Result<readonly Stored<State>[], StoredDataInvalid> => {
  const states: Stored<State>[] = []
  for (const each of found) {
    const state = collection.parse(currentShape(collection, each), each.id)
    if (state.isErr()) return err(state.error)
    states.push({ id: each.id, version: each.version, state: state.value })
  }
  return ok(states)
}

/** A stored state in the shape that its collection has today. */
export const currentShape = <State>(collection: Collection<State>, found: RawRow): Json => {
  let state = found.state
  for (let version = found.schemaVersion; version < collection.schemaVersion; version += 1) {
    state = collection.upcasts?.[version]?.(state) ?? state
  }
  return state
}

/** What can be read of what was asked for, the ids of all that was found, and of how much of it nothing can be read. */
export type Readable<Row> = {
  readonly found: readonly Row[]
  readonly ids: readonly string[]
  readonly unreadable: number
}

/** Asks for rows or entries, each by itself: one that cannot be read keeps no other from being read. */
export const readable = <Row>({ query, answer }: Asked<readonly Row[]>): Asked<Readable<Row>> => ({
  query,
  answer: (raw) => {
    const each = raw.map((one) => answer([one]))
    return ok({
      found: each.flatMap((one) => one.unwrapOr([])),
      ids: raw.map(({ id }) => id),
      unreadable: each.filter((one) => one.isErr()).length,
    })
  },
})
