import type { Entry } from '../../shared/read-plan.js'
import type { Without } from '../../shared/without.js'
import type { Parcel, ParcelWatch } from '../parcels/parcel.js'
import type { TrackingEntry, TrackingStep } from '../parcels/parcel-tracking.js'

/** A parcel on the page of its order, which says whose it is. */
export type ParcelView = Without<Parcel, 'accountId'> & {
  /** What its carrier told of it, oldest first; of all parcels together at most the latest 500 steps. */
  readonly tracking: readonly TrackingStep[]
}

/**
 * Shows a parcel, member by member: what is stored with one later is shown once somebody has decided to whom.
 *
 * @param told - what carriers told of the parcels of its order, newest first
 */
export const viewParcel = (parcel: Parcel, told: readonly Entry<TrackingEntry>[]): ParcelView => ({
  parcelId: parcel.parcelId,
  orderId: parcel.orderId,
  merchantId: parcel.merchantId,
  carrier: parcel.carrier,
  trackingNumber: parcel.trackingNumber,
  lines: parcel.lines,
  shippedAt: parcel.shippedAt,
  ...(parcel.deliverBy === undefined ? {} : { deliverBy: parcel.deliverBy }),
  ...(parcel.scanWithinMs === undefined ? {} : { scanWithinMs: parcel.scanWithinMs }),
  ...(parcel.collectMinor === undefined ? {} : { collectMinor: parcel.collectMinor }),
  ...(parcel.collectedAt === undefined ? {} : { collectedAt: parcel.collectedAt }),
  ...standingOf(parcel),
  tracking: told
    .flatMap(({ body: { parcelId, at, kind, place } }) => (parcelId === parcel.parcelId ? [{ at, kind, place }] : []))
    .reverse(),
})

const standingOf = (parcel: Parcel) => {
  switch (parcel.status) {
    case 'shipped':
      return { status: parcel.status, ...watchOf(parcel) }
    case 'inTransit':
      return { status: parcel.status, ...watchOf(parcel), lastScanAt: parcel.lastScanAt }
    case 'delivered':
      return { status: parcel.status, deliveredAt: parcel.deliveredAt }
    case 'lost':
      return { status: parcel.status, lostAt: parcel.lostAt }
    case 'cameBack':
      return { status: parcel.status, cameBackAt: parcel.cameBackAt }
  }
}

const watchOf = ({ lateAt, late, failedAt }: ParcelWatch) => ({
  ...(lateAt === undefined ? {} : { lateAt }),
  ...(late === undefined ? {} : { late }),
  ...(failedAt === undefined ? {} : { failedAt }),
})
