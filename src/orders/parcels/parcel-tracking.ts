import type { Instant } from '../../shared/instant.js'

/** What a carrier saw of a parcel. */
export type ScanKind =
  | 'accepted'
  | 'departed'
  | 'arrived'
  | 'customs'
  | 'outForDelivery'
  /** Nobody was there, or the address was not found; it is tried again or goes back. */
  | 'deliveryFailed'
  | 'readyForPickup'
  | 'returning'
  | 'seen'

/** One thing that a carrier told of a parcel. */
export type TrackingStep = {
  /** When the carrier saw it, by its own clock. */
  readonly at: Instant
  readonly kind: ScanKind
  /** Where, as the carrier names its places (`Shanghai hub`); null where it did not say. */
  readonly place: string | null
}

/** A step as it is kept: once, however often it is told and in whatever order. */
export type TrackingEntry = TrackingStep & {
  readonly entryId: string
  readonly parcelId: string
  readonly orderId: string
  /** The buyer. */
  readonly accountId: string
  readonly merchantId: string | null
}

/** The scan is later than now; the carrier's clock, or its time zone, is not what it was taken for. */
export type ScanAhead = { readonly type: 'ScanAhead'; readonly scannedAt: Instant; readonly now: Instant }
