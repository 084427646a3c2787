import type { Instant } from './instant.js'
import type { JsonObject } from './json.js'

/** Names one row of a shop. */
export type RowKey = { readonly collection: string; readonly id: string }

/** An event as it is stored: ids, amounts and states, discriminated by `type`; never a name, an address or free text. */
export type StoredEvent = JsonObject & { readonly type: string }

/** An event on its way out: written with the state it belongs to, delivered at least once, in order for each row. */
export type OutboxEvent = {
  /** The same on every delivery; unique in the shop as long as its row is not removed and made anew, with `at` even then. */
  readonly id: string
  readonly shop: string
  readonly collection: string
  readonly rowId: string
  /** The version of the row that the event led to. */
  readonly version: number
  /** Place among the events of that version, from 0. */
  readonly position: number
  /** 0 to 63, by hash of the row key; relays divide the partitions among themselves. */
  readonly partition: number
  readonly type: string
  /** When the decision was made. */
  readonly at: Instant
  readonly body: StoredEvent
  /** It is told again by a replay, for whatever was not done when it was new; absent where the relay delivers it. */
  readonly isReplayed?: true
}

/** Where an event stands among all of its shop. */
export type EventPlace = Pick<OutboxEvent, 'collection' | 'rowId' | 'version' | 'position'>

/** How many partitions the outbox has. */
export const partitionCount = 64

/** The id of the event at a position of a version of a row. */
export const eventId = (key: RowKey, version: number, position: number): string =>
  `${key.collection}/${key.id}/${version}/${position}`

/** The partition of a row: FNV-1a over its key, modulo `partitionCount`. */
export const partitionOf = (key: RowKey): number => {
  let hash = 0x811c9dc5
  const text = `${key.collection}/${key.id}`
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % partitionCount
}
