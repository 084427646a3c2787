import { countPurchase, uncountPurchase } from '../../cart/purchases.js'
import type { LineQuantity } from '../../inventory/reservation.js'
import type { Change } from '../../shared/commit.js'
import { quantityOf, wantedPieces } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { LimitedPieces } from './order-quote.js'

/** Counts what an order buys of limited products toward what its buyer may. */
export const countPurchases = (limited: readonly LimitedPieces[], ownerId: string): readonly Change[] =>
  limited.map((pieces) => countPurchase({ ...pieces, ownerId }))

/** The pieces of an order that its buyer counts as having bought: neither taken out nor given back, whatever was given beside. */
export const boughtPieces = (order: OrderRow): readonly LineQuantity[] => {
  const back = order.refunds.flatMap(({ reason, lines }) =>
    reason === 'returned' || reason === 'lost' || reason === 'cancelled' ? lines : [],
  )
  return wantedPieces(order).map(({ lineId, quantity }) => ({
    lineId,
    quantity: Math.max(0, quantity - quantityOf(back, lineId)),
  }))
}

/** Lets the buyer of an order buy again what did not become, or did not stay, theirs. */
export const uncountPurchases = (order: OrderRow, back: readonly LineQuantity[]): readonly Change[] =>
  order.details.limitedProductIds.flatMap((productId) => {
    const lines = order.lines.filter((line) => !line.gift && line.productId === productId)
    const quantity = back
      .filter(({ lineId }) => lines.some((line) => line.lineId === lineId))
      .reduce((sum, each) => sum + each.quantity, 0)
    return quantity === 0 ? [] : [uncountPurchase({ productId, ownerId: order.accountId, quantity })]
  })
