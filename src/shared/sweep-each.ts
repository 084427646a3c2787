import { ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Collection } from './collection.js'
import type { StorageError } from './decide-and-commit.js'
import type { Instant } from './instant.js'
import { type Json, valuesAt } from './json.js'
import type { CorePorts } from './ports.js'
import { readFacts } from './read-facts.js'
import { type Condition, find, type PageEnd, type Stored } from './read-plan.js'

/** What one turn of a sweep came to. */
export type SweepReport = {
  readonly done: number
  /** Rows that could not be moved; they come up again. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
}

/** Which rows a sweep looks for. */
export type DueRows<State> = {
  readonly collection: Collection<State>
  /** A declared moment of the row. */
  readonly field: string
  readonly until: Instant
  /** What else must hold of the row. */
  readonly where?: readonly Condition[]
  /** The most rows to move. */
  readonly limit: number
}

/** Moves the row of an id; answers false where there was nothing to do. */
export type MoveRow = (id: string) => ResultAsync<unknown, { readonly type: string }>

/** How often a sweep looks behind rows that fail. */
const mostPages = 10

/**
 * Does something on each row that is due, the first due first. One that fails stops no other, one that cannot be read
 * among them, and takes the place of none: the sweep looks for others behind those that failed, a bounded number of times.
 *
 * @errors StorageError when the rows cannot be found at all
 */
export const sweepEach = <State>(
  ports: CorePorts,
  due: DueRows<State>,
  move: MoveRow,
): ResultAsync<SweepReport, StorageError> => sweepPage(ports, due, move, { done: 0, failed: [] }, undefined, mostPages)

const sweepPage = <State>(
  ports: CorePorts,
  due: DueRows<State>,
  move: MoveRow,
  sofar: SweepReport,
  after: PageEnd | undefined,
  pages: number,
): ResultAsync<SweepReport, StorageError> => {
  const { field, until, where = [], limit } = due
  const plan = {
    due: find(unread(due.collection), {
      where: [...where, { field, is: 'lte', value: until }],
      orderBy: { field, direction: 'ascending' },
      limit,
      ...(after === undefined ? {} : { after }),
    }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
    .mapErr((error): StorageError => error)
    .andThen((found) =>
      found.due
        .reduce((report, { id }) => report.andThen((before) => moveOne(before, id, limit, move)), okSweep(sofar))
        .andThen((report) => {
          const end = endOf(due, found.due.at(-1))
          const isBehind = report.failed.length > sofar.failed.length && found.due.length === limit
          return isBehind && report.done < limit && pages > 1 && end !== undefined
            ? sweepPage(ports, due, move, report, end, pages - 1)
            : okSweep(report)
        }),
    )
}

/**
 * Names each row that is due beside what a sweep came to, the first due first, and moves none: what waits for a person is
 * in every report until that person has decided.
 *
 * @param reason - what the report says of each
 * @errors StorageError when the rows cannot be found
 */
export const nameEach = <State>(
  ports: CorePorts,
  { collection, field, until, where = [], limit }: DueRows<State>,
  reason: string,
): ResultAsync<SweepReport, StorageError> => {
  const plan = {
    due: find(unread(collection), {
      where: [...where, { field, is: 'lte', value: until }],
      orderBy: { field, direction: 'ascending' },
      limit,
    }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
    .mapErr((error): StorageError => error)
    .map(({ due }) => ({ done: 0, failed: due.map(({ id }) => ({ id, reason })) }))
}

/** What several turns came to together. */
export const sumOfSweeps = (...reports: readonly SweepReport[]): SweepReport => ({
  done: reports.reduce((sum, { done }) => sum + done, 0),
  failed: reports.flatMap(({ failed }) => failed),
})

const okSweep = (report: SweepReport): ResultAsync<SweepReport, StorageError> => okAsync(report)

const moveOne = (
  before: SweepReport,
  id: string,
  limit: number,
  move: MoveRow,
): ResultAsync<SweepReport, StorageError> => {
  if (before.done >= limit) return okSweep(before)
  return move(id)
    .map((moved): SweepReport => (moved === false ? before : { ...before, done: before.done + 1 }))
    .orElse((error) => okSweep({ ...before, failed: [...before.failed, { id, reason: error.type }] }))
}

// A row that cannot be read must not keep the others from being found; whoever moves it reads it, and fails alone.
const unread = <State>({ parse: _, ...collection }: Collection<State>): Collection<Json> => ({
  ...collection,
  parse: (stored) => ok(stored),
})

const endOf = <State>({ collection, field }: DueRows<State>, last: Stored<Json> | undefined): PageEnd | undefined => {
  const path = collection.fields[field]?.path
  const [value] = last === undefined || path === undefined ? [] : valuesAt(last.state, path)
  return last === undefined || typeof value !== 'number' ? undefined : { value, id: last.id }
}
