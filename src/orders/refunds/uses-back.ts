import { customerCounterId, offerUses } from '../../promotions/limits.js'
import { adjust, type Change, expectRow } from '../../shared/commit.js'
import type { Stored } from '../../shared/read-plan.js'
import { countGivenBack } from '../money/first-order.js'
import { orders } from '../order.collection.schema.js'
import type { OrderDraft } from '../order-draft.js'
import { refundableQuantity } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'

/** Gives the use of a coupon back that is the buyer's again, so that it may be used again. */
export const giveUseOfCouponBack = (draft: OrderDraft, { accountId }: OrderRow, offerId: string): void => {
  const left = [...draft.details.offerUseIds]
  for (const id of [offerId, customerCounterId(offerId, accountId)]) {
    const place = left.indexOf(id)
    if (place < 0) continue
    left.splice(place, 1)
    draft.further.push(adjust(offerUses, { id, by: 1 }))
  }
  draft.details = { ...draft.details, offerUseIds: left }
}

/**
 * Gives back what an order counted for once nothing of it is kept: its uses of offers, and that it was its buyer's first.
 * Of a divided checkout that is with the last of its orders.
 *
 * @param order - as it stands after the refund
 * @returns the orders that this relies on
 */
export const giveUsesBack = (draft: OrderDraft, order: OrderRow): readonly Stored<OrderRow>[] => {
  const { orderId, accountId, details } = order
  const { partOf } = details
  if (partOf === undefined) {
    draft.further.push(...usesBack(draft.details.offerUseIds), ...countGivenBack(draft.read, order))
    draft.details = { ...draft.details, offerUseIds: [] }
    return []
  }
  const first = countGivenBack(draft.read, { orderId: partOf.checkoutId, accountId })
  if (partOf.offerUseIds.length === 0 && first.length === 0) return []
  const others = draft.read.siblings.filter(({ id }) => id !== orderId)
  const allBack = partOf.orderIds.every(
    (id) => id === orderId || others.some((other) => other.id === id && isAllBack(other.state)),
  )
  if (allBack) draft.further.push(...usesBack(partOf.offerUseIds), ...first)
  return others
}

const usesBack = (ids: readonly string[]): readonly Change[] => ids.map((id) => adjust(offerUses, { id, by: 1 }))

/** The rows of some orders, each once, as what a decision relies on. */
export const expectOrders = (rows: readonly Stored<OrderRow>[]): readonly Change[] =>
  [...new Map(rows.map((each) => [each.id, each])).values()].map((each) => expectRow(orders, each))

/** Whether every piece of the goods of an order is given back; of one that has nothing but gifts, every gift. */
export const isAllBack = ({ lines }: Pick<OrderRow, 'lines'>): boolean => {
  const goods = lines.filter((line) => !line.gift)
  return (goods.length === 0 ? lines : goods).every((line) => refundableQuantity(line) === 0)
}
