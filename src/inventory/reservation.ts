import type { KitPart } from '../catalog/product.js'
import type { Instant } from '../shared/instant.js'
import type { AllocatedLine } from './allocate-lines.js'

/** Pieces of one order line in one warehouse; a line that several warehouses share has one for each. */
export type ReservedLine = {
  /** Unique in the reservation: `allocationId`. */
  readonly allocationId: string
  /** The order line. */
  readonly lineId: string
  readonly sku: string
  /** What one piece takes of the stock, where it is a kit: as it was when the order was placed. */
  readonly parts?: readonly KitPart[]
  readonly warehouse: string
  /** Pieces promised at the start. */
  readonly quantity: number
  /** Pieces that have left for the buyer. */
  readonly shippedQuantity: number
  /** Pieces given back before they left. */
  readonly releasedQuantity: number
  /** Pieces that had left and came back, or were lost on the way. */
  readonly returnedQuantity: number
}

/** The id of a line's pieces in a warehouse. */
export const allocationId = (lineId: string, warehouse: string): string => `${lineId}@${warehouse}`

export type ReservationFacts = {
  /** The order it is for; also the id of the row. */
  readonly orderId: string
  /** The buyer. */
  readonly accountId: string
  readonly lines: readonly ReservedLine[]
}

/** What the stock owes one order. */
export type Reservation =
  /** Held until the order is paid or given up; `until` is when payment is due. */
  | (ReservationFacts & { readonly status: 'reserved'; readonly until: Instant })
  /** Paid: the pieces are the buyer's, some may have left. */
  | (ReservationFacts & { readonly status: 'allocated'; readonly allocatedAt: Instant })
  /** Everything that was not given back has left. */
  | (ReservationFacts & { readonly status: 'shipped'; readonly shippedAt: Instant })
  /** Everything that had left is back, or lost. */
  | (ReservationFacts & { readonly status: 'returned'; readonly returnedAt: Instant })
  /** Its pieces are those of the orders that it was divided into. */
  | (ReservationFacts & { readonly status: 'divided'; readonly dividedAt: Instant })
  /** Everything was given back. */
  | (ReservationFacts & { readonly status: 'released'; readonly releasedAt: Instant })

/** What can be asked of a reservation. */
export type ReservationCommand =
  | {
      readonly type: 'Reserve'
      readonly orderId: string
      readonly accountId: string
      /** A line and warehouse named twice are one. */
      readonly lines: readonly AllocatedLine[]
      readonly until: Instant
    }
  | { readonly type: 'Allocate'; readonly at: Instant }
  /** Payment is due later than it was; of an earlier moment nothing comes. */
  | { readonly type: 'KeepLonger'; readonly until: Instant; readonly at: Instant }
  /** Hands all pieces over to the reservations of other orders. */
  | { readonly type: 'Divide'; readonly orderIds: readonly string[]; readonly at: Instant }
  /** Adds pieces that the order was changed to have more of. */
  | { readonly type: 'Extend'; readonly lines: readonly AllocatedLine[]; readonly at: Instant }
  | { readonly type: 'Ship'; readonly lines: readonly WantedPieces[]; readonly at: Instant }
  /** Gives pieces back that have not left; all of them when no lines are named. */
  | { readonly type: 'Release'; readonly lines?: readonly WantedPieces[]; readonly at: Instant }
  /**
   * Takes note of pieces that had left and came back, or were lost. What the warehouse that is named has not out any more, as
   * others came back in their place, is taken of whichever has.
   */
  | {
      readonly type: 'TakeBack'
      readonly lines: readonly WantedPieces[]
      /** Pieces known to be under way still: where no warehouse is named, they are taken last. None when absent. */
      readonly underway?: readonly WarehousePieces[]
      readonly at: Instant
    }

/** Some pieces of an order line. */
export type LineQuantity = { readonly lineId: string; readonly quantity: number }

/** Some pieces of an order line, of one warehouse or of whichever comes first. */
export type WantedPieces = LineQuantity & { readonly warehouse?: string }

/** Some pieces of an order line in the warehouse that gives, gave or gets them. */
export type WarehousePieces = LineQuantity & { readonly warehouse: string }

/** What happened to a reservation. */
export type ReservationEvent =
  | {
      readonly type: 'StockReserved'
      readonly orderId: string
      readonly accountId: string
      readonly lines: readonly AllocatedLine[]
      readonly until: Instant
    }
  | { readonly type: 'StockKeptLonger'; readonly until: Instant; readonly at: Instant }
  | { readonly type: 'StockAllocated'; readonly at: Instant }
  | { readonly type: 'StockDivided'; readonly orderIds: readonly string[]; readonly at: Instant }
  | { readonly type: 'StockExtended'; readonly lines: readonly AllocatedLine[]; readonly at: Instant }
  | { readonly type: 'StockShipped'; readonly lines: readonly WarehousePieces[]; readonly at: Instant }
  | { readonly type: 'StockReleased'; readonly lines: readonly WarehousePieces[]; readonly at: Instant }
  | { readonly type: 'StockTakenBack'; readonly lines: readonly WarehousePieces[]; readonly at: Instant }

/** Why a reservation refuses. */
export type ReservationError =
  /** The command does not apply to a reservation in this state. */
  | {
      readonly type: 'ReservationStateForbids'
      readonly status: Reservation['status'] | 'absent'
      readonly command: string
    }
  /** More pieces of a line are asked for than are left to ship, give back or come back. */
  | { readonly type: 'ReservationTooSmall'; readonly lineId: string; readonly asked: number; readonly left: number }
  /** The order has no such line. */
  | { readonly type: 'ReservationLineUnknown'; readonly lineId: string }
