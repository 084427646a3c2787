import { errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Collection } from './collection.js'
import { put, removeRow } from './commit.js'
import type { StorageError } from './decide-and-commit.js'
import { believedUntil } from './due.js'
import type { Instant } from './instant.js'
import { compareCodePoints, type Json, valuesAt } from './json.js'
import type { CorePorts } from './ports.js'
import { readFacts } from './read-facts.js'
import { type Condition, find, row, type Stored, type TimedPageEnd } from './read-plan.js'
import { commitChanges } from './storage.js'
import { type SweepPlace, sweepPlaces } from './sweep-place.schema.js'

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
  /** What the sweep is called, where it looks for other rows from turn to turn; by what it looks for when absent. */
  readonly sweepId?: string
  /** Where `field` is the moment of a next try: what was put off by a clock that was wrong is due, too. */
  readonly ahead?: Ahead
}

/** Which rows wait for a next try. */
export type Ahead = {
  /** The longest pause that puts `field` off, milliseconds (`isDue`). */
  readonly pauseMs: number
  /** What holds of rows that were put off, where others have a `field` that follows from terms. */
  readonly where?: readonly Condition[]
}

/**
 * Moves the row of an id; answers false where there was nothing to do.
 *
 * @param stored - as it was found, read by nobody yet
 */
export type MoveRow = (id: string, stored: Json) => ResultAsync<unknown, { readonly type: string }>

/** How often a sweep looks behind rows that fail, and how often once more from where it stopped before. */
const mostPages = 10

/** How many pages of so many rows as a sweep moves are named at most. */
export const namedPages = mostPages

/**
 * Does something on each row that is due, the first due first. One that fails stops no other, one that cannot be read
 * among them, and takes the place of none: the sweep looks for others behind those that failed, a bounded number of times.
 * Where there are more of them, it notes how far it got, and the next turn goes on from there, beside those due first; after
 * the last it begins again. So however many rows fail every time, each of the others has its turn. With what is left of the
 * turn, what a clock that was wrong has put off (`ahead`), the furthest ahead first.
 *
 * @errors StorageError when the rows cannot be found at all
 */
export const sweepEach = <State>(
  ports: CorePorts,
  due: DueRows<State>,
  move: MoveRow,
): ResultAsync<SweepReport, StorageError> =>
  sweepPages(ports, due, move, { report: { done: 0, failed: [] }, goesOn: null }, mostPages)
    .andThen((first) =>
      first.goesOn === null || first.report.done >= due.limit ? okSweep(first.report) : goOn(ports, due, move, first),
    )
    .andThen((report) => sweepAhead(ports, due, move, report))

// Those that are moved are ahead no more, so that the next turn comes to others.
const sweepAhead = <State>(
  ports: CorePorts,
  { collection, field, until, where = [], limit, ahead }: DueRows<State>,
  move: MoveRow,
  sofar: SweepReport,
): ResultAsync<SweepReport, StorageError> => {
  if (ahead === undefined || sofar.done >= limit) return okSweep(sofar)
  const { pauseMs, where: putOff = [] } = ahead
  const plan = {
    found: find(unread(collection), {
      where: [...where, ...putOff, { field, is: 'gt', value: believedUntil(until, pauseMs) }],
      orderBy: { field, direction: 'descending' },
      limit,
    }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).andThen(
    ({ found }) =>
      found.reduce((report, each) => report.andThen((before) => moveOne(before, each, limit, move)), okSweep(sofar)),
  )
}

/** How far a turn has come. */
type Turn = {
  readonly report: SweepReport
  /** After which row more are to be looked at; null where there are none. */
  readonly goesOn: TimedPageEnd | null
}

// Where it stopped in the turn before, or behind what was looked at now.
const goOn = <State>(
  ports: CorePorts,
  due: DueRows<State>,
  move: MoveRow,
  first: Turn,
): ResultAsync<SweepReport, StorageError> => {
  const { sweepId = nameOf(due) } = due
  const at = ports.clock.now()
  const plan = { place: row(sweepPlaces, sweepId) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan }).andThen(({ place }) =>
    sweepPages(ports, due, move, { ...first, goesOn: furtherOf(first.goesOn, place?.state) }, mostPages).andThen(
      ({ report, goesOn }) => note(ports, sweepId, place, goesOn).andThen(() => okSweep(report)),
    ),
  )
}

const furtherOf = (end: TimedPageEnd | null, place: SweepPlace | undefined): TimedPageEnd | null => {
  if (end === null || place === undefined) return end
  const isFurther = place.dueAt - end.value || compareCodePoints(place.rowId, end.id)
  return isFurther > 0 ? { value: place.dueAt, id: place.rowId } : end
}

// Of two machines one writes it; a place that is not written costs a turn of looking at the same rows.
const note = (
  ports: CorePorts,
  sweepId: string,
  before: Stored<SweepPlace> | undefined,
  goesOn: TimedPageEnd | null,
): ResultAsync<unknown, never> => {
  const change =
    goesOn === null
      ? before === undefined
        ? null
        : removeRow(sweepPlaces, before)
      : put(sweepPlaces, {
          id: sweepId,
          version: before?.version ?? 0,
          state: { sweepId, rowId: goesOn.id, dueAt: goesOn.value },
        })
  if (change === null) return okAsync(undefined)
  const commit = { shop: ports.shop, at: ports.clock.now(), changes: [change] }
  return commitChanges(ports.storage, commit)
    .map((): unknown => undefined)
    .orElse(() => okAsync<unknown, never>(undefined))
}

// Moments differ from turn to turn; what a row is does not.
const nameOf = <State>({ collection, field, where = [] }: DueRows<State>): string => {
  const texts = where.flatMap((condition): readonly unknown[] =>
    'value' in condition ? [condition.value] : condition.values,
  )
  return [collection.name, field, ...texts.filter((text) => typeof text === 'string')].join(' ')
}

const sweepPages = <State>(
  ports: CorePorts,
  due: DueRows<State>,
  move: MoveRow,
  { report: sofar, goesOn: after }: Turn,
  pages: number,
): ResultAsync<Turn, StorageError> => {
  const { field, until, where = [], limit } = due
  const plan = {
    due: find(unread(due.collection), {
      where: [...where, { field, is: 'lte', value: until }],
      orderBy: { field, direction: 'ascending' },
      limit,
      ...(after === null ? {} : { after }),
    }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).andThen(
    (found) =>
      found.due
        .reduce((report, each) => report.andThen((before) => moveOne(before, each, limit, move)), okSweep(sofar))
        .andThen((report): ResultAsync<Turn, StorageError> => {
          const end = endOf(due, found.due.at(-1))
          if (found.due.length < limit || end === undefined) return okAsync({ report, goesOn: null })
          // Some of the page may not have been come to.
          if (report.done >= limit) return okAsync({ report, goesOn: after })
          const turn = { report, goesOn: end }
          return pages > 1 ? sweepPages(ports, due, move, turn, pages - 1) : okAsync(turn)
        }),
  )
}

/**
 * Names each row that is due beside what a sweep came to, the first due first, and moves none: what waits for a person is
 * in every report until that person has decided. Ten pages of so many rows as the sweep moves are named at most.
 *
 * @param reason - what the report says of each
 * @errors StorageError when the rows cannot be found
 */
export const nameEach = <State>(
  ports: CorePorts,
  due: DueRows<State>,
  reason: string,
): ResultAsync<SweepReport, StorageError> => {
  const name = () => errAsync({ type: reason })
  return sweepPages(ports, due, name, { report: { done: 0, failed: [] }, goesOn: null }, mostPages).andThen(
    ({ report }) => sweepAhead(ports, due, name, report),
  )
}

/** What several turns came to together. */
export const sumOfSweeps = (...reports: readonly SweepReport[]): SweepReport => ({
  done: reports.reduce((sum, { done }) => sum + done, 0),
  failed: reports.flatMap(({ failed }) => failed),
})

const okSweep = (report: SweepReport): ResultAsync<SweepReport, StorageError> => okAsync(report)

const moveOne = (
  before: SweepReport,
  { id, state }: Stored<Json>,
  limit: number,
  move: MoveRow,
): ResultAsync<SweepReport, StorageError> => {
  if (before.done >= limit) return okSweep(before)
  return move(id, state)
    .map((moved): SweepReport => (moved === false ? before : { ...before, done: before.done + 1 }))
    .orElse((error) => okSweep({ ...before, failed: [...before.failed, { id, reason: error.type }] }))
}

// A row that cannot be read must not keep the others from being found; whoever moves it reads it, and fails alone.
const unread = <State>({ parse: _, ...collection }: Collection<State>): Collection<Json> => ({
  ...collection,
  parse: (stored) => ok(stored),
})

const endOf = <State>(
  { collection, field }: DueRows<State>,
  last: Stored<Json> | undefined,
): TimedPageEnd | undefined => {
  const path = collection.fields[field]?.path
  const [value] = last === undefined || path === undefined ? [] : valuesAt(last.state, path)
  return last === undefined || typeof value !== 'number' ? undefined : { value, id: last.id }
}
