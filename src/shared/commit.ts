import { err, ok, type Result } from 'neverthrow'
import type { AuditEntry } from './audit.js'
import type { Collection, CounterFamily, Log } from './collection.js'
import type { StorageUnavailable } from './errors.js'
import { eventId, type OutboxEvent, partitionOf, type RowKey, type StoredEvent } from './events.js'
import type { Instant } from './instant.js'
import { compareCodePoints, holdsIllFormedText, isWellFormed, type JsonObject } from './json.js'

/** One thing a commit changes, or relies on. */
export type Change =
  /** Writes a state with the events that led to it; version 0 inserts, version n replaces exactly version n. */
  | {
      readonly kind: 'put'
      readonly key: RowKey
      readonly version: number
      readonly schemaVersion: number
      readonly state: JsonObject
      readonly events: readonly StoredEvent[]
    }
  /** Relies on a row that it does not write: the row is locked and must still be at this version. */
  | { readonly kind: 'expect'; readonly key: RowKey; readonly version: number }
  /** Deletes a row that is still at this version. */
  | { readonly kind: 'remove'; readonly key: RowKey; readonly version: number }
  /** Moves a counter; the new value may not lie below `floor`. An absent counter starts at `initial`, else at 0. */
  | {
      readonly kind: 'adjust'
      readonly counter: string
      readonly id: string
      readonly by: number
      readonly floor: number
      readonly initial?: number
    }
  /** Takes a unique fact for an owner; one whose `expiresAt` is not after the commit's `at` is free again. */
  | {
      readonly kind: 'claim'
      readonly space: string
      readonly key: string
      readonly owner: string
      readonly expiresAt?: Instant
    }
  /** Gives a unique fact back; nothing happens where another owner holds it or nobody does. */
  | { readonly kind: 'release'; readonly space: string; readonly key: string; readonly owner: string }
  /** Adds an entry to a log; an id stands in a log once. */
  | { readonly kind: 'append'; readonly log: string; readonly id: string; readonly body: JsonObject }

/** A security event of a decision: `signAudit` makes the entry of the audit log of it, with its digest. */
export type AuditNote = { readonly kind: 'note'; readonly id: string; readonly body: AuditEntry }

/** One thing a decision changes, relies on, or has noted. */
export type DecidedChange = Change | AuditNote

/** One decision: everything it changes, in one shop, at one moment, all or nothing. */
export type Commit = { readonly shop: string; readonly at: Instant; readonly changes: readonly Change[] }

/** The row is not at the version the decision was made on; `index` is the change that failed. */
export type VersionConflict = { readonly type: 'VersionConflict'; readonly index: number; readonly key: RowKey }

/** The counter would fall below the floor. */
export type FloorReached = {
  readonly type: 'FloorReached'
  readonly index: number
  readonly counter: string
  readonly id: string
}

/** The fact is taken; `owner` is who holds it, which may be the asker. A log id that exists already is its own owner. */
export type AlreadyClaimed = {
  readonly type: 'AlreadyClaimed'
  readonly index: number
  readonly space: string
  readonly key: string
  readonly owner: string
}

/** The commit contradicts itself or cannot be stored; nothing was tried. */
export type MalformedCommit = {
  readonly type: 'MalformedCommit'
  readonly index: number
  readonly reason:
    | 'TwoChangesOfOneKey'
    | 'VersionNotWhole'
    | 'AmountNotSafe'
    | 'InitialsDiffer'
    | 'IllFormedText'
    | 'TextTooLong'
    | 'NothingToCommit'
    | 'UnknownCollection'
}

/** Why a commit wrote nothing. */
export type CommitError = VersionConflict | FloorReached | AlreadyClaimed | MalformedCommit | StorageUnavailable

/** What a commit wrote that only the storage could tell: the new value of every counter it moved. */
export type Committed = {
  readonly counters: readonly { readonly counter: string; readonly id: string; readonly value: number }[]
}

export type IndexedChange = { readonly index: number }

/** A commit that has been checked, grouped and sorted; the only form an adapter is given. Made by `prepareCommit`. */
export type PreparedCommit = {
  readonly shop: string
  readonly at: Instant
  /** By collection name and id; `text` is the state as JSON. */
  readonly puts: readonly (IndexedChange & { key: RowKey; version: number; schemaVersion: number; text: string })[]
  readonly expects: readonly (IndexedChange & { key: RowKey; version: number })[]
  readonly removes: readonly (IndexedChange & { key: RowKey; version: number })[]
  /** One for each counter: the sum of its adjusts under the highest of their floors. */
  readonly adjusts: readonly (IndexedChange & {
    counter: string
    id: string
    by: number
    floor: number
    initial: number
  })[]
  readonly claims: readonly (IndexedChange & { space: string; key: string; owner: string; expiresAt: Instant | null })[]
  readonly releases: readonly (IndexedChange & { space: string; key: string; owner: string })[]
  /** `text` is the body as JSON. */
  readonly appends: readonly (IndexedChange & { log: string; id: string; text: string })[]
  /** What goes to the outbox, in the order it happened. */
  readonly events: readonly OutboxEvent[]
  /** Their bodies as JSON, in the same order. */
  readonly eventTexts: readonly string[]
}

/** The longest id, claim key or owner, in UTF-16 units. */
export const longestName = 512

/** The largest state or body, as JSON text, in UTF-16 units. */
export const longestState = 4_000_000

/** Writes a state and its events; version 0 inserts. */
export const put = <State extends object>(
  collection: Collection<State>,
  row: {
    readonly id: string
    readonly version: number
    readonly state: State
    readonly events?: readonly { readonly type: string }[]
  },
): Change => ({
  kind: 'put',
  key: { collection: collection.name, id: row.id },
  version: row.version,
  schemaVersion: collection.schemaVersion,
  // States and events are plain data by the rule of every module; JSON text is made of them in prepareCommit.
  state: row.state as JsonObject,
  events: (row.events ?? []) as readonly StoredEvent[],
})

/** Relies on a row that stays as it is. */
export const expectRow = <State>(
  collection: Collection<State>,
  row: { readonly id: string; readonly version: number },
): Change => ({ kind: 'expect', key: { collection: collection.name, id: row.id }, version: row.version })

/** Deletes a row. */
export const removeRow = <State>(
  collection: Collection<State>,
  row: { readonly id: string; readonly version: number },
): Change => ({ kind: 'remove', key: { collection: collection.name, id: row.id }, version: row.version })

/** Moves a counter; the floor is the family's minimum unless a higher one is given. */
export const adjust = (
  family: CounterFamily,
  move: { readonly id: string; readonly by: number; readonly floor?: number; readonly initial?: number },
): Change => ({
  kind: 'adjust',
  counter: family.name,
  id: move.id,
  by: move.by,
  floor: Math.max(family.minimum, move.floor ?? family.minimum),
  ...(move.initial === undefined ? {} : { initial: move.initial }),
})

/** Takes a unique fact. */
export const claim = (fact: {
  readonly space: string
  readonly key: string
  readonly owner: string
  readonly expiresAt?: Instant
}): Change => ({ kind: 'claim', ...fact })

/** Gives a unique fact back. */
export const release = (fact: { readonly space: string; readonly key: string; readonly owner: string }): Change => ({
  kind: 'release',
  ...fact,
})

/** Adds an entry to a log. */
export const append = <Body extends object>(
  log: Log<Body>,
  entry: { readonly id: string; readonly body: Body },
): Change => ({
  kind: 'append',
  log: log.name,
  id: entry.id,
  body: entry.body as JsonObject,
})

/**
 * Checks a commit and puts it in the form that adapters take: one change for each key, adjusts of one counter summed,
 * everything sorted in lock order.
 *
 * @errors MalformedCommit
 */
export const prepareCommit = (commit: Commit): Result<PreparedCommit, MalformedCommit> => {
  const puts: PreparedCommit['puts'][number][] = []
  const expects: PreparedCommit['expects'][number][] = []
  const removes: PreparedCommit['removes'][number][] = []
  const adjusts = new Map<string, PreparedCommit['adjusts'][number] & { readonly stated: number | undefined }>()
  const claims: PreparedCommit['claims'][number][] = []
  const releases: PreparedCommit['releases'][number][] = []
  const appends: PreparedCommit['appends'][number][] = []
  const events: OutboxEvent[] = []
  const eventTexts: string[] = []
  const touched = new Set<string>()
  const malformed = (index: number, reason: MalformedCommit['reason']) =>
    err<PreparedCommit, MalformedCommit>({ type: 'MalformedCommit', index, reason })

  if (commit.changes.length === 0) return malformed(0, 'NothingToCommit')
  for (const [index, change] of commit.changes.entries()) {
    for (const name of namesOf(change)) {
      if (name.length > longestName) return malformed(index, 'TextTooLong')
      if (!isWellFormed(name)) return malformed(index, 'IllFormedText')
    }
    if (change.kind !== 'adjust') {
      const key = touchedKey(change)
      if (touched.has(key)) return malformed(index, 'TwoChangesOfOneKey')
      touched.add(key)
    }
    switch (change.kind) {
      case 'put': {
        if (!Number.isSafeInteger(change.version) || change.version < 0) return malformed(index, 'VersionNotWhole')
        const text = JSON.stringify(change.state)
        if (text.length > longestState) return malformed(index, 'TextTooLong')
        if (holdsIllFormedText(text)) return malformed(index, 'IllFormedText')
        puts.push({ index, key: change.key, version: change.version, schemaVersion: change.schemaVersion, text })
        for (const [position, event] of change.events.entries()) {
          const version = change.version + 1
          const body = JSON.stringify(event)
          if (holdsIllFormedText(body)) return malformed(index, 'IllFormedText')
          eventTexts.push(body)
          events.push({
            id: eventId(change.key, version, position),
            shop: commit.shop,
            collection: change.key.collection,
            rowId: change.key.id,
            version,
            position,
            partition: partitionOf(change.key),
            type: event.type,
            at: commit.at,
            body: event,
          })
        }
        break
      }
      case 'expect':
      case 'remove': {
        if (!Number.isSafeInteger(change.version) || change.version < 1) return malformed(index, 'VersionNotWhole')
        const list = change.kind === 'expect' ? expects : removes
        list.push({ index, key: change.key, version: change.version })
        break
      }
      case 'adjust': {
        const name = `${change.counter}\n${change.id}`
        const before = adjusts.get(name)
        const by = (before?.by ?? 0) + change.by
        const stated = change.initial ?? before?.stated
        if (before?.stated !== undefined && change.initial !== undefined && before.stated !== change.initial) {
          return malformed(index, 'InitialsDiffer')
        }
        if (![by, change.by, change.floor, stated ?? 0].every(Number.isSafeInteger))
          return malformed(index, 'AmountNotSafe')
        adjusts.set(name, {
          index: before?.index ?? index,
          counter: change.counter,
          id: change.id,
          by,
          floor: Math.max(change.floor, before?.floor ?? change.floor),
          initial: stated ?? 0,
          stated,
        })
        break
      }
      case 'claim':
        claims.push({
          index,
          space: change.space,
          key: change.key,
          owner: change.owner,
          expiresAt: change.expiresAt ?? null,
        })
        break
      case 'release':
        releases.push({ index, space: change.space, key: change.key, owner: change.owner })
        break
      case 'append': {
        const text = JSON.stringify(change.body)
        if (text.length > longestState) return malformed(index, 'TextTooLong')
        if (holdsIllFormedText(text)) return malformed(index, 'IllFormedText')
        appends.push({ index, log: change.log, id: change.id, text })
        break
      }
    }
  }
  return ok({
    shop: commit.shop,
    at: commit.at,
    puts: puts.sort(byRowKey),
    expects: expects.sort(byRowKey),
    removes: removes.sort(byRowKey),
    adjusts: [...adjusts.values()]
      .map(({ index, counter, id, by, floor, initial }) => ({ index, counter, id, by, floor, initial }))
      .sort((a, b) => compareCodePoints(a.counter, b.counter) || compareCodePoints(a.id, b.id)),
    claims: claims.sort(byClaim),
    releases: releases.sort(byClaim),
    appends: appends.sort((a, b) => compareCodePoints(a.log, b.log) || compareCodePoints(a.id, b.id)),
    events,
    eventTexts,
  })
}

const byRowKey = (a: { key: RowKey }, b: { key: RowKey }): number =>
  compareCodePoints(a.key.collection, b.key.collection) || compareCodePoints(a.key.id, b.key.id)

const byClaim = (a: { space: string; key: string }, b: { space: string; key: string }): number =>
  compareCodePoints(a.space, b.space) || compareCodePoints(a.key, b.key)

const namesOf = (change: Change): readonly string[] => {
  switch (change.kind) {
    case 'put':
    case 'expect':
    case 'remove':
      return [change.key.id]
    case 'adjust':
    case 'append':
      return [change.id]
    case 'claim':
    case 'release':
      return [change.space, change.key, change.owner]
  }
}

const touchedKey = (change: Exclude<Change, { kind: 'adjust' }>): string => {
  switch (change.kind) {
    case 'put':
    case 'expect':
    case 'remove':
      return `row\n${change.key.collection}\n${change.key.id}`
    case 'claim':
    case 'release':
      return `claim\n${change.space}\n${change.key}`
    case 'append':
      return `log\n${change.log}\n${change.id}`
  }
}
