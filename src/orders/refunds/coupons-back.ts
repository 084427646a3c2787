import type { Stored } from '../../shared/read-plan.js'
import { couponsGivenBack } from '../money/refund-shares.js'
import type { OrderRow } from '../order-row.js'

/** The coupons that an order still counts on: not those that are the buyer's again. */
export const couponsHeld = (order: OrderRow): readonly string[] => {
  const back = couponsGivenBack(order)
  return order.couponIds.filter((couponId) => !back.includes(couponId))
}

/** The other orders of its checkout that one of so many coupons of an order brought something too. */
export const sharingCoupons = (
  { orderId }: Pick<OrderRow, 'orderId'>,
  couponIds: readonly string[],
  siblings: readonly Stored<OrderRow>[],
): readonly Stored<OrderRow>[] =>
  siblings.filter(({ id, state }) => id !== orderId && state.couponIds.some((couponId) => couponIds.includes(couponId)))

/**
 * The coupons that are the buyer's again with what was given back of an order: one that several orders of a checkout share,
 * with the last of them.
 *
 * @param order - as it stands after the refund
 * @param siblings - the orders of its checkout, itself among them or not
 */
export const couponsFreed = (order: OrderRow, siblings: readonly Stored<OrderRow>[]): readonly string[] =>
  couponsGivenBack(order).filter((couponId) =>
    sharingCoupons(order, [couponId], siblings).every(({ state }) => couponsGivenBack(state).includes(couponId)),
  )
