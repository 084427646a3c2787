import type { Result, ResultAsync } from 'neverthrow'
import { type Commit, type CommitError, type Committed, type PreparedCommit, prepareCommit } from './commit.js'
import type { StorageUnavailable } from './errors.js'
import type { EventPlace, OutboxEvent } from './events.js'
import { daysMs, type Instant } from './instant.js'
import type { RawAnswers, ReadRequest } from './read-plan.js'

/** What a relay asks for. */
export type LeaseRequest = {
  readonly shop: string
  /** Who works; unique among the relays that run. */
  readonly worker: string
  readonly at: Instant
  /** How long the partitions stay with this worker unless it asks again, milliseconds. */
  readonly leaseMs: number
  /** The most events to hand out. */
  readonly limit: number
}

/** An event handed to a relay, with how often it has failed so far. */
export type LeasedEvent = { readonly event: OutboxEvent; readonly attempts: number }

/** What became of leased events. */
export type Acknowledgement = {
  readonly shop: string
  readonly worker: string
  readonly at: Instant
  /** Ids of events that every reaction has handled. */
  readonly delivered: readonly string[]
  /** Events that failed: they and what follows them on their row wait until `retryAt`, or are set aside when it is null. */
  readonly failed: readonly { readonly id: string; readonly retryAt: Instant | null; readonly reason: string }[]
}

/** Which events of the past are asked for, delivered or not. */
export type EventsRequest = {
  readonly shop: string
  /** Collection and event type, as `order/OrderCompleted`. */
  readonly types: readonly string[]
  /** Decided at this moment or later, and before `until`. */
  readonly from: Instant
  readonly until: Instant
  /** Where the last page ended; null for the first. */
  readonly after: EventPlace | null
  readonly limit: number
}

/** At most how many events that were set aside are taken up again. */
export type ReopenRequest = { readonly shop: string; readonly limit: number }

/** What is deleted of what nobody asks about any more: at most `limit` events, as many claims and as many counters of a family. */
export type PruneRequest = {
  readonly shop: string
  readonly before: Instant
  /** Families by name, each with the id below which, by code point, all its counters have ended. */
  readonly ended: readonly { readonly counter: string; readonly below: string }[]
  readonly limit: number
}

/** How what is kept travels to a storage: within this process, within this machine, encrypted, or in the open. */
export type StorageLink =
  | { readonly kind: 'inProcess' | 'local' | 'plain' | 'unknown' }
  | { readonly kind: 'tls'; readonly version: string; readonly cipher: string }

/** Of which shop the events are. */
export type BacklogRequest = { readonly shop: string }

/** Events that are not delivered. */
export type Backlog = {
  /** When the oldest happened that waits to be delivered, by the clock it was written by; null where none waits. */
  readonly oldestAt: Instant | null
  /** How many were given up; they wait for `reopen`. */
  readonly setAside: number
}

/**
 * Where a shop's facts are kept. Every call carries its shop, and no call can cross it.
 *
 * All answers are values; an adapter maps every exception of its driver.
 */
export type Storage = {
  /** Answers a whole plan at one moment, in one round trip. */
  readonly read: (request: ReadRequest) => ResultAsync<RawAnswers, StorageUnavailable>
  /** Writes a decision, all of it or nothing. */
  readonly commit: (commit: PreparedCommit) => ResultAsync<Committed, CommitError>
  /** Writes independent decisions in one transaction, each with an answer of its own, in the order given. */
  readonly commitEach: (
    commits: readonly PreparedCommit[],
  ) => ResultAsync<readonly Result<Committed, CommitError>[], StorageUnavailable>
  /**
   * Hands out undelivered events of partitions that nobody else holds, in order for each row. Rows that wait for a
   * retry are passed over.
   */
  readonly lease: (request: LeaseRequest) => ResultAsync<readonly LeasedEvent[], StorageUnavailable>
  /** Events of the past, by collection, row id, version and position, so that those of a row come in their order. */
  readonly events: (request: EventsRequest) => ResultAsync<readonly OutboxEvent[], StorageUnavailable>
  /** Notes what became of leased events. */
  readonly acknowledge: (outcome: Acknowledgement) => ResultAsync<void, StorageUnavailable>
  /** Lets events that were set aside be handed out again, as if never tried; how many. */
  readonly reopen: (request: ReopenRequest) => ResultAsync<number, StorageUnavailable>
  /** How far behind the delivery of events is. */
  readonly backlog: (request: BacklogRequest) => ResultAsync<Backlog, StorageUnavailable>
  /** Deletes events that were delivered, and claims that ended, before a moment, and counters that ended; how many. */
  readonly prune: (request: PruneRequest) => ResultAsync<number, StorageUnavailable>
  /** How what is kept travels to it, asked of itself; for the health of a shop. Not known where absent. */
  readonly link?: () => ResultAsync<StorageLink, StorageUnavailable>
}

/**
 * The longest that a lease or a pause of an event may be ahead of whoever asks, milliseconds. What is further ahead was
 * written by a clock that was wrong, and holds nobody back.
 */
export const longestLeadMs = ({ leaseMs }: Pick<LeaseRequest, 'leaseMs'>): number => Math.max(daysMs, leaseMs)

/** A storage that can also be used inside a transaction that its host has opened. */
export type TransactionalStorage<Transaction> = Storage & {
  /**
   * The same storage inside a transaction: a refused commit leaves it usable, and what was committed stands when the
   * host's transaction does.
   */
  readonly within: (transaction: Transaction) => Storage
}

/** Checks and commits in one go; the way every workflow writes. */
export const commitChanges = (storage: Storage, commit: Commit): ResultAsync<Committed, CommitError> =>
  prepareCommit(commit).asyncAndThen((prepared) => storage.commit(prepared))
