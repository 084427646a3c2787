import { ok } from 'neverthrow'
import type { Collection, CounterFamily, Json, JsonObject, Log } from 'shopwright'

/** A state that uses everything a storage must keep. */
export type Box = {
  readonly boxId: string
  readonly ownerId?: string
  readonly keeperId?: string
  readonly merchantId?: string
  readonly status?: string
  readonly size?: number
  readonly madeAt?: number
  readonly sealed?: boolean
  readonly tags?: readonly string[]
  readonly lines?: readonly { readonly lineId: string; readonly shelfId: string; readonly count: number }[]
  readonly note?: Json
}

/** Boxes belong to an owner, to who keeps them, and to a merchant, and keep their lines as rows. */
export const boxes: Collection<Box> = {
  name: 'contractBox',
  rank: 900,
  schemaVersion: 1,
  fields: {
    ownerId: { type: 'text', path: 'ownerId' },
    keeperId: { type: 'text', path: 'keeperId' },
    merchantId: { type: 'text', path: 'merchantId' },
    status: { type: 'text', path: 'status' },
    size: { type: 'integer', path: 'size' },
    madeAt: { type: 'instant', path: 'madeAt' },
    sealed: { type: 'boolean', path: 'sealed' },
    tags: { type: 'textList', path: 'tags' },
  },
  parts: [
    {
      field: 'lines',
      key: 'lineId',
      fields: { shelfId: { type: 'text', path: 'shelfId' }, count: { type: 'integer', path: 'count' } },
    },
  ],
  ownership: { own: ['ownerId', 'keeperId'], merchant: 'merchantId' },
  // The suites write every state themselves, through the types of this file.
  parse: (stored) => ok(stored as Box),
}

/** A shelf is everybody's, and is what a box line points to. */
export type Shelf = { readonly shelfId: string; readonly title: string; readonly parentId?: string }

/** Shelves belong to nobody. */
export const shelves: Collection<Shelf> = {
  name: 'contractShelf',
  rank: 901,
  schemaVersion: 1,
  fields: { title: { type: 'text', path: 'title' } },
  ownership: 'public',
  parse: (stored) => ok(stored as Shelf),
}

/** Counters that may not fall below zero. */
export const pieces: CounterFamily = { name: 'contractPieces', rank: 900, minimum: 0 }

/** Counters that may fall to minus a hundred. */
export const credits: CounterFamily = { name: 'contractCredits', rank: 901, minimum: -100 }

/** Notes belong to an owner. */
export const notes: Log<JsonObject> = {
  name: 'contractNote',
  fields: { ownerId: { type: 'text', path: 'ownerId' }, at: { type: 'instant', path: 'at' } },
  ownership: { own: 'ownerId' },
  parse: (stored) => ok(stored as JsonObject),
}

/** What a storage must know of before the suites can run on it. */
export const contractScratch = { collections: [boxes, shelves], counters: [pieces, credits], logs: [notes] } as const
