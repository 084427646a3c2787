import { travellingQuantity } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { Parcel } from './parcel.js'

/**
 * Whether an order waits for what is in a parcel: a buyer confirms an order, and the clock does, without a word about its
 * parcels. Who confirms has all that had left by then, so what is awaited is in those that left last.
 *
 * @param sent - all parcels of the order
 */
export const isAwaited = (order: OrderRow, parcel: Parcel, sent: readonly Parcel[]): boolean => {
  const later = order.parcelIds.slice(order.parcelIds.indexOf(parcel.parcelId) + 1)
  const underway = sent.flatMap(({ parcelId, status, lines }) =>
    later.includes(parcelId) && (status === 'shipped' || status === 'inTransit') ? lines : [],
  )
  return order.lines.some((line) => {
    const ofLine = underway.filter(({ lineId }) => lineId === line.lineId)
    const awaited = travellingQuantity(line) - ofLine.reduce((sum, { quantity }) => sum + quantity, 0)
    return awaited > 0 && parcel.lines.some(({ lineId }) => lineId === line.lineId)
  })
}
