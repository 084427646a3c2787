import type { CounterFamily } from '../shared/collection.js'
import type { Instant } from '../shared/instant.js'

/** Pieces that may still be promised, by SKU and warehouse (`stockId`); many buyers move one counter at once. */
export const stockCounters: CounterFamily = { name: 'stock', rank: 1, minimum: 0 }

/** The warehouse of a shop that names none. */
export const defaultWarehouse = 'main'

/** The counter of a SKU in a warehouse. */
export const stockId = (sku: string, warehouse: string): string => `${sku}@${warehouse}`

/** The places in which pieces are counted beside the shelf, which has counters of its own. */
export type CountedPlace = Exclude<StockPlace, 'outside' | 'available'>

/** Pieces in every place but the shelf, by SKU, warehouse and place (`placeId`); they move with each movement. */
export const placeCounters: CounterFamily = { name: 'stockPlace', rank: 15, minimum: 0 }

/** The counter of a SKU in a place of a warehouse. */
export const placeId = (sku: string, warehouse: string, place: CountedPlace): string =>
  `${stockId(sku, warehouse)}:${place}`

/**
 * Where a piece is: outside the shop, free to promise, promised until a deadline, promised for good, on its way to the
 * buyer, back and not sold before somebody has decided what it is good for, or written off.
 */
export type StockPlace = 'outside' | 'available' | 'reserved' | 'allocated' | 'shipped' | 'quarantined' | 'scrapped'

/** What was found of a piece in quarantine that goes back on the shelf. */
export type SoundFinding = 'sound' | 'repaired'

/** What was found of a piece in quarantine that is written off; of another piece than was sent, `counterfeit`. */
export type UnsoundFinding = 'damaged' | 'incomplete' | 'expired' | 'unsafe' | 'counterfeit'

/** Why pieces moved. */
export type MovementReason =
  | 'received'
  | 'corrected'
  | 'ordered'
  | 'paid'
  | 'released'
  | 'shipped'
  | 'lost'
  | 'returned'
  | SoundFinding
  | UnsoundFinding

/** Pieces of one SKU that moved from one place to another; the level of a place is what came in less what went out. */
export type StockMovement = {
  readonly sku: string
  readonly warehouse: string
  readonly from: StockPlace
  readonly to: StockPlace
  /** Pieces, at least 1. */
  readonly quantity: number
  readonly reason: MovementReason
  /** The order, return, delivery or inspection that caused it. */
  readonly reference: string
  readonly at: Instant
}

/** How many pieces of a SKU stand in each place of a warehouse. */
export type StockLevels = Readonly<Record<StockPlace, number>>

/** Fewer pieces are free than are wanted. */
export type OutOfStock = {
  readonly type: 'OutOfStock'
  /** The lines that cannot be had, each with what is still free of its SKU over all lines. */
  readonly lines: readonly {
    readonly lineId: string
    readonly sku: string
    readonly wanted: number
    readonly available: number
  }[]
}

/** Pieces cannot come into a warehouse that is none of the shop's: nobody could buy them. */
export type WarehouseUnknown = { readonly type: 'WarehouseUnknown'; readonly warehouse: string }

/** A correction would take more pieces than are free. */
export type StockTooLow = {
  readonly type: 'StockTooLow'
  readonly sku: string
  readonly warehouse: string
  readonly available: number
}

/** Fewer pieces are in quarantine than were decided on: another decision may have come before. */
export type QuarantineTooLow = {
  readonly type: 'QuarantineTooLow'
  readonly sku: string
  readonly warehouse: string
  /** Over all lines of the decision. */
  readonly asked: number
  readonly quarantined: number
}
