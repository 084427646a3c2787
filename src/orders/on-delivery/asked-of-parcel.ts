import { dueOnDelivery, handedOnDelivery } from '../order-dues.js'
import type { OrderRow } from '../order-row.js'
import { isAwaited } from '../parcels/awaited-parcel.js'
import type { Parcel } from '../parcels/parcel.js'
import { isUncollected } from '../parcels/parcel-machine.js'

/**
 * What a parcel asks of its receiver, minor units: what it left with, unless less is owed beside what others have paid at
 * their doors. Once it is handed over it is what its receiver had to pay, whatever goes back since, but for what a person
 * has let go.
 *
 * @param sent - all parcels of the order
 */
export const askedOfParcel = (order: OrderRow, parcel: Parcel, sent: readonly Parcel[]): number => {
  const { collectMinor = 0, handedMinor } = parcel
  if (handedMinor !== undefined) return Math.min(handedMinor, dueOnDelivery(order))
  const besideMinor = isAtTheDoor(order, parcel, sent)
    ? handedOnDelivery(order)
    : sent.filter(isUncollected).reduce((sum, each) => sum + (each.handedMinor ?? 0), 0)
  return Math.min(collectMinor, Math.max(0, dueOnDelivery(order) - besideMinor))
}

/** What parcels together ask, where no others are out, minor units. */
export const askedOfAll = (order: OrderRow, parcels: readonly Parcel[]): number =>
  Math.min(
    dueOnDelivery(order),
    parcels.reduce((sum, { collectMinor = 0, handedMinor = collectMinor }) => sum + handedMinor, 0),
  )

/**
 * What of the money that a parcel brings counted as paid at a door, minor units: of one that was taken as received, without
 * a word of its carrier, what it asks.
 *
 * @param sent - all parcels of the order
 */
export const handedBy = (order: OrderRow, parcel: Parcel, sent: readonly Parcel[]): number =>
  isGone(parcel) || isAtTheDoor(order, parcel, sent) ? 0 : askedOfParcel(order, parcel, sent)

// What it was to bring counts as paid at no door, whatever its courier brings all the same.
const isGone = ({ status }: Parcel): boolean => status === 'lost' || status === 'cameBack'

const isAtTheDoor = (order: OrderRow, parcel: Parcel, sent: readonly Parcel[]): boolean =>
  parcel.status !== 'delivered' && isAwaited(order, parcel, sent)
