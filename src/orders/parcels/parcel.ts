import type { WarehousePieces } from '../../inventory/reservation.js'
import type { Instant } from '../../shared/instant.js'

export type ParcelFacts = {
  readonly parcelId: string
  readonly orderId: string
  /** The buyer. */
  readonly accountId: string
  /** The seller of what is in it; null where there are several. */
  readonly merchantId: string | null
  /** Who carries it, as the shop names carriers (`sf-express`). */
  readonly carrier: string
  /** The carrier's number; not personal, but only for buyer and shop to see. */
  readonly trackingNumber: string
  /** Its pieces, each with the warehouse that it left. */
  readonly lines: readonly WarehousePieces[]
  readonly shippedAt: Instant
  /** Until when it was promised; no promise when absent. */
  readonly deliverBy?: Instant
  /** How long it may go unseen before it counts as late, milliseconds; not watched for scans when absent. */
  readonly scanWithinMs?: number
  /** What its receiver is to pay for it, in the currency of its order, minor units; nothing when absent. */
  readonly collectMinor?: number
  /**
   * What its receiver had to pay for it at the door, minor units: less than it left with where less was owed by then. Absent
   * until it is handed over, and where what it was to bring was recorded with that.
   */
  readonly handedMinor?: number
  /** When that was collected; absent until it was. */
  readonly collectedAt?: Instant
}

/** What a parcel is late for: its promise has passed, or nobody has seen it for too long. */
export type LateReason = 'promisePassed' | 'notSeen'

/** How a parcel that is under way is watched. */
export type ParcelWatch = {
  /** When it counts as late unless it is seen or delivered before; absent where it is not watched, or known to be late. */
  readonly lateAt?: Instant
  /** Since when it is known to be late, and why; stays once it is there, whatever is seen of the parcel later. */
  readonly late?: { readonly since: Instant; readonly reason: LateReason }
  /** When its carrier could not hand it over; absent where nothing of the kind was said, or it was seen on its way since. */
  readonly failedAt?: Instant
}

/** Goods on their way to a buyer. */
export type Parcel =
  /** Handed to the carrier. */
  | (ParcelFacts & ParcelWatch & { readonly status: 'shipped' })
  /** Seen on its way. */
  | (ParcelFacts & ParcelWatch & { readonly status: 'inTransit'; readonly lastScanAt: Instant })
  /** The carrier has handed it over. What its buyer confirms, or the clock takes as received, is the order. */
  | (ParcelFacts & { readonly status: 'delivered'; readonly deliveredAt: Instant })
  /** The carrier has given it up. */
  | (ParcelFacts & { readonly status: 'lost'; readonly lostAt: Instant })
  /** Not accepted, or not to be handed over, and here again. */
  | (ParcelFacts & { readonly status: 'cameBack'; readonly cameBackAt: Instant })

/** What can be asked of a parcel. */
export type ParcelCommand =
  | ({ readonly type: 'Dispatch' } & Omit<ParcelFacts, 'handedMinor' | 'collectedAt'>)
  /** It was seen; `failed` where it could not be handed over. */
  | { readonly type: 'Scan'; readonly failed?: true; readonly at: Instant }
  /** Its carrier or number was written down wrongly; this is what they are. */
  | { readonly type: 'Correct'; readonly carrier: string; readonly trackingNumber: string; readonly at: Instant }
  /** Says that it is late, if its time has come and nobody has said so yet. */
  | { readonly type: 'MarkLate'; readonly at: Instant }
  /** Its goods were taken as received: nobody waits for it any more, though nobody has told of its delivery. */
  | { readonly type: 'EndWatch'; readonly at: Instant }
  /** It was handed over, for what its receiver had to pay, minor units; nothing, or what is there already, when absent. */
  | { readonly type: 'Deliver'; readonly handedMinor?: number; readonly at: Instant }
  | { readonly type: 'Lose'; readonly at: Instant }
  /** It is here again. */
  | { readonly type: 'ComeBack'; readonly at: Instant }
  /** What it was to bring was collected; also heard of when it counts as lost. */
  | { readonly type: 'Collect'; readonly at: Instant }

/** What happened to a parcel; where it is going stands in the order, sealed. */
export type ParcelEvent =
  | ({ readonly type: 'ParcelDispatched' } & Omit<ParcelFacts, 'handedMinor' | 'collectedAt'>)
  | { readonly type: 'ParcelScanned'; readonly failed?: true; readonly at: Instant }
  | {
      readonly type: 'ParcelCorrected'
      readonly carrier: string
      readonly trackingNumber: string
      readonly at: Instant
    }
  | { readonly type: 'ParcelLate'; readonly reason: LateReason; readonly at: Instant }
  | { readonly type: 'ParcelWatchEnded'; readonly at: Instant }
  | { readonly type: 'ParcelDelivered'; readonly handedMinor?: number; readonly at: Instant }
  | { readonly type: 'ParcelLost'; readonly at: Instant }
  | { readonly type: 'ParcelCameBack'; readonly at: Instant }
  | { readonly type: 'ParcelPaid'; readonly at: Instant }

/** Why a parcel refuses. */
export type ParcelError = {
  readonly type: 'ParcelStateForbids'
  readonly status: Parcel['status'] | 'absent'
  readonly command: ParcelCommand['type']
}
