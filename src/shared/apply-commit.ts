import { err, ok, type Result } from 'neverthrow'
import type { AlreadyClaimed, CommitError, Committed, FloorReached, PreparedCommit, VersionConflict } from './commit.js'
import type { OutboxEvent, RowKey } from './events.js'
import type { Instant } from './instant.js'
import { compareCodePoints } from './json.js'

/** What a storage holds of the things a commit touches, at the moment it is judged. */
export type CommitView = {
  /** The version of a row; 0 when it is absent. */
  readonly version: (key: RowKey) => number
  /** The value of a counter; undefined when it is absent. */
  readonly counter: (counter: string, id: string) => number | undefined
  /** Who holds a claim and until when; undefined when nobody does. */
  readonly claim: (
    space: string,
    key: string,
  ) => { readonly owner: string; readonly expiresAt: Instant | null } | undefined
  /** Whether a log holds an entry. */
  readonly entry: (log: string, id: string) => boolean
}

/** What a commit comes to: the rows, counters, claims and entries as they shall stand. */
export type WriteSet = {
  readonly rows: readonly {
    readonly key: RowKey
    /** The new version. */
    readonly version: number
    readonly schemaVersion: number
    /** State as JSON. */
    readonly text: string
  }[]
  readonly removed: readonly RowKey[]
  readonly counters: Committed['counters']
  readonly claimed: readonly {
    readonly space: string
    readonly key: string
    readonly owner: string
    readonly expiresAt: Instant | null
  }[]
  readonly released: readonly { readonly space: string; readonly key: string }[]
  readonly appended: readonly { readonly log: string; readonly id: string; readonly text: string }[]
  readonly events: readonly OutboxEvent[]
}

/**
 * Judges a commit against what a storage holds: every change against the state before the commit, and of several
 * failures the one with the lowest index is named.
 *
 * Every storage gives this answer, however it comes to it.
 *
 * @errors VersionConflict, FloorReached, AlreadyClaimed
 */
export const applyCommit = (view: CommitView, commit: PreparedCommit): Result<WriteSet, CommitError> => {
  const failures: (VersionConflict | FloorReached | AlreadyClaimed)[] = []

  for (const { index, key, version } of [...commit.puts, ...commit.expects, ...commit.removes]) {
    if (view.version(key) !== version) failures.push({ type: 'VersionConflict', index, key })
  }
  const counters = commit.adjusts.map(({ index, counter, id, by, floor, initial }) => {
    const value = (view.counter(counter, id) ?? initial) + by
    if (value < floor || !Number.isSafeInteger(value)) failures.push({ type: 'FloorReached', index, counter, id })
    return { counter, id, value }
  })
  for (const { index, space, key } of commit.claims) {
    const held = view.claim(space, key)
    if (held !== undefined && (held.expiresAt === null || held.expiresAt > commit.at)) {
      failures.push({ type: 'AlreadyClaimed', index, space, key, owner: held.owner })
    }
  }
  for (const { index, log, id } of commit.appends) {
    if (view.entry(log, id)) failures.push({ type: 'AlreadyClaimed', index, space: log, key: id, owner: id })
  }

  const first = failures.sort((a, b) => a.index - b.index)[0]
  if (first !== undefined) return err(first)
  return ok({
    rows: commit.puts.map(({ key, version, schemaVersion, text }) => ({
      key,
      version: version + 1,
      schemaVersion,
      text,
    })),
    removed: commit.removes.map(({ key }) => key),
    counters: counters.sort((a, b) => compareCodePoints(a.counter, b.counter) || compareCodePoints(a.id, b.id)),
    claimed: commit.claims.map(({ space, key, owner, expiresAt }) => ({ space, key, owner, expiresAt })),
    released: commit.releases
      .filter(({ space, key, owner }) => view.claim(space, key)?.owner === owner)
      .map(({ space, key }) => ({ space, key })),
    appended: commit.appends.map(({ log, id, text }) => ({ log, id, text })),
    events: commit.events,
  })
}
