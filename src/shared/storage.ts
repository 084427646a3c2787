import type { Result, ResultAsync } from 'neverthrow'
import type { CommitError, Committed, PreparedCommit } from './commit.js'
import type { OutboxEvent } from './events.js'
import type { Instant } from './instant.js'
import type { Json } from './json.js'
import type { ReadRequest } from './read-plan.js'

/** The storage cannot be reached or answered with a fault of its own; whether a write happened may be unknown. */
export type StorageUnavailable = {
  readonly type: 'StorageUnavailable'
  /** What the storage said, for the log; holds no data of the shop. */
  readonly detail: string
}

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
  /** Notes what became of leased events. */
  readonly acknowledge: (outcome: Acknowledgement) => ResultAsync<void, StorageUnavailable>
}
