import type { WarehousePieces } from '../inventory/reservation.js'
import type { Instant } from '../shared/instant.js'

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
}

/** Goods on their way to a buyer. */
export type Parcel =
  /** Handed to the carrier. */
  | (ParcelFacts & { readonly status: 'shipped' })
  /** Seen on its way. */
  | (ParcelFacts & { readonly status: 'inTransit'; readonly lastScanAt: Instant })
  /** The buyer has signed for it, or confirmed it, or the time to object has passed. */
  | (ParcelFacts & { readonly status: 'delivered'; readonly deliveredAt: Instant })
  /** The carrier has given it up. */
  | (ParcelFacts & { readonly status: 'lost'; readonly lostAt: Instant })

/** What can be asked of a parcel. */
export type ParcelCommand =
  | ({ readonly type: 'Dispatch' } & ParcelFacts)
  | { readonly type: 'Scan'; readonly at: Instant }
  | { readonly type: 'Deliver'; readonly at: Instant }
  | { readonly type: 'Lose'; readonly at: Instant }

/** What happened to a parcel; where it is going stands in the order, sealed. */
export type ParcelEvent =
  | ({ readonly type: 'ParcelDispatched' } & ParcelFacts)
  | { readonly type: 'ParcelScanned'; readonly at: Instant }
  | { readonly type: 'ParcelDelivered'; readonly at: Instant }
  | { readonly type: 'ParcelLost'; readonly at: Instant }

/** Why a parcel refuses. */
export type ParcelError = {
  readonly type: 'ParcelStateForbids'
  readonly status: Parcel['status'] | 'absent'
  readonly command: ParcelCommand['type']
}
