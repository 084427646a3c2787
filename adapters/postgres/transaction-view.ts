import type { CommitView, Instant, OutboxEvent, RowKey, WriteSet } from 'shopwright'

/** A row as it is in the table and as it shall stand; version 0 is absence. */
export type HeldRow = {
  readonly key: RowKey
  /** The version in the table. */
  readonly stored: number
  /** The state this transaction has inserted, to hold the id before anything was judged. */
  readonly inserted: string | undefined
  /** Whether what is inserted has its lists. */
  readonly listed: boolean
  version: number
  schemaVersion: number
  /** The state it shall have; undefined while nothing new is written. */
  text: string | undefined
}

export type Holder = { readonly owner: string; readonly expiresAt: Instant | null }

/** A claim as it is in the table and as it shall stand. */
export type HeldClaim = {
  readonly space: string
  readonly key: string
  readonly stored: Holder | undefined
  held: Holder | undefined
}

/** A counter as it is in the table and as it shall stand. */
export type HeldCounter = {
  readonly counter: string
  readonly id: string
  readonly stored: number | undefined
  value: number | undefined
}

/** An entry that was there already, or that this transaction has inserted. */
export type HeldEntry = {
  readonly log: string
  readonly id: string
  /** The body this transaction has inserted, to hold the id before anything was judged. */
  readonly inserted: string | undefined
  /** The body it shall have; undefined while no commit that appends it was accepted. */
  text: string | undefined
}

/** What the commits of one shop touch: as found, and, as one commit after another is judged, as it shall stand. */
export type TransactionView = CommitView & {
  readonly rows: Map<string, HeldRow>
  readonly claims: Map<string, HeldClaim>
  readonly counters: Map<string, HeldCounter>
  readonly entries: Map<string, HeldEntry>
  readonly events: Map<string, OutboxEvent>
  /**
   * Rows and claims that appeared while the rest was being locked: seen, not locked, since to lock them now would be
   * out of order. What is refused because of them is refused rightly; what is accepted must be judged again.
   */
  readonly seen: Set<string>
  /** Lets a commit that was accepted count for those after it. */
  readonly accept: (set: WriteSet) => void
}

/** Names a pair of texts; neither can hold the character between them. */
export const pairName = (first: string, second: string): string => `${first}\u0000${second}`

/** An empty view; whoever reads the tables fills it. */
export const createTransactionView = (): TransactionView => {
  const rows: TransactionView['rows'] = new Map()
  const claims: TransactionView['claims'] = new Map()
  const counters: TransactionView['counters'] = new Map()
  const entries: TransactionView['entries'] = new Map()
  const events: TransactionView['events'] = new Map()
  const seen: TransactionView['seen'] = new Set()
  const change = <Held>(held: Map<string, Held>, name: string, changed: Partial<Held>): void => {
    const found = held.get(name)
    if (found !== undefined) held.set(name, { ...found, ...changed })
  }
  return {
    rows,
    claims,
    counters,
    entries,
    events,
    seen,
    version: (key) => rows.get(pairName(key.collection, key.id))?.version ?? 0,
    counter: (counter, id) => counters.get(pairName(counter, id))?.value,
    claim: (space, key) => claims.get(pairName(space, key))?.held,
    entry: (log, id) => {
      const entry = entries.get(pairName(log, id))
      return entry !== undefined && (entry.inserted === undefined || entry.text !== undefined)
    },
    accept: (set) => {
      for (const { key, version, schemaVersion, text } of set.rows) {
        change(rows, pairName(key.collection, key.id), { version, schemaVersion, text })
      }
      for (const key of set.removed) change(rows, pairName(key.collection, key.id), { version: 0, text: undefined })
      for (const { counter, id, value } of set.counters) change(counters, pairName(counter, id), { value })
      for (const { space, key, owner, expiresAt } of set.claimed) {
        change(claims, pairName(space, key), { held: { owner, expiresAt } })
      }
      for (const { space, key } of set.released) change(claims, pairName(space, key), { held: undefined })
      for (const { log, id, text } of set.appended) change(entries, pairName(log, id), { text })
      for (const event of set.events) {
        events.delete(event.id)
        events.set(event.id, event)
      }
    },
  }
}
