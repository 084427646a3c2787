import {
  type CommitView,
  type Instant,
  type Json,
  type OutboxEvent,
  partitionOf,
  type RowKey,
  type WriteSet,
} from 'shopwright'

/** A row at rest: its state as text, so that no caller holds a reference into the storage. */
export type MemoryRow = {
  readonly version: number
  readonly schemaVersion: number
  readonly text: string
  readonly state: Json
}

/** An event in the outbox, with what the relays have made of it. */
export type OutboxEntry = {
  readonly event: OutboxEvent
  deliveredAt: Instant | null
  attempts: number
  retryAt: Instant | null
  setAside: string | null
}

type Claimed = { readonly owner: string; readonly expiresAt: Instant | null }

/** Everything one shop keeps. */
export type ShopTables = {
  readonly rows: Map<string, Map<string, MemoryRow>>
  readonly counters: Map<string, Map<string, number>>
  readonly claims: Map<string, Map<string, Claimed>>
  readonly logs: Map<string, Map<string, MemoryRow>>
  readonly outbox: Map<string, OutboxEntry>
  readonly leases: Map<number, { worker: string; until: Instant }>
}

export const emptyTables = (): ShopTables => ({
  rows: new Map(),
  counters: new Map(),
  claims: new Map(),
  logs: new Map(),
  outbox: new Map(),
  leases: new Map(),
})

/** What a commit is judged against. */
export const viewOf = (tables: ShopTables): CommitView => ({
  version: (key) => tables.rows.get(key.collection)?.get(key.id)?.version ?? 0,
  counter: (counter, id) => tables.counters.get(counter)?.get(id),
  claim: (space, key) => tables.claims.get(space)?.get(key),
  entry: (log, id) => tables.logs.get(log)?.has(id) ?? false,
})

/** Makes a shop's tables hold what a commit came to. */
export const write = (tables: ShopTables, set: WriteSet): void => {
  for (const { key, version, schemaVersion: own, text } of set.rows) {
    const rows = inner(tables.rows, key.collection)
    // The release before writes what it read of a newer shape, members it does not know among it: the shape stays.
    const schemaVersion = Math.max(own, rows.get(key.id)?.schemaVersion ?? own)
    rows.set(key.id, { version, schemaVersion, text, state: JSON.parse(text) })
  }
  for (const key of set.removed) forget(tables, key)
  for (const { counter, id, value } of set.counters) inner(tables.counters, counter).set(id, value)
  for (const { space, key, owner, expiresAt } of set.claimed) inner(tables.claims, space).set(key, { owner, expiresAt })
  for (const { space, key } of set.released) tables.claims.get(space)?.delete(key)
  for (const { log, id, text } of set.appended) {
    inner(tables.logs, log).set(id, { version: 0, schemaVersion: 1, text, state: JSON.parse(text) })
  }
  for (const event of set.events) {
    tables.outbox.set(event.id, { event, deliveredAt: null, attempts: 0, retryAt: null, setAside: null })
  }
}

/** A copy that can be written to without the original noticing. */
export const copyTables = (tables: ShopTables): ShopTables => ({
  rows: copyNested(tables.rows),
  counters: copyNested(tables.counters),
  claims: copyNested(tables.claims),
  logs: copyNested(tables.logs),
  outbox: new Map([...tables.outbox].map(([id, entry]) => [id, { ...entry }])),
  leases: new Map([...tables.leases].map(([partition, lease]) => [partition, { ...lease }])),
})

/** The partition an outbox entry is leased by. */
export const partitionOfEntry = (entry: OutboxEntry): number =>
  partitionOf({ collection: entry.event.collection, id: entry.event.rowId })

const forget = (tables: ShopTables, key: RowKey): void => {
  tables.rows.get(key.collection)?.delete(key.id)
}

const inner = <Value>(outer: Map<string, Map<string, Value>>, name: string): Map<string, Value> => {
  const found = outer.get(name)
  if (found !== undefined) return found
  const made = new Map<string, Value>()
  outer.set(name, made)
  return made
}

const copyNested = <Value>(outer: Map<string, Map<string, Value>>): Map<string, Map<string, Value>> =>
  new Map([...outer].map(([name, values]) => [name, new Map(values)]))
