import { err, ok, type Result } from 'neverthrow'
import { methodsOfOffers } from '../../pricing/methods-of-offers.js'
import type { MethodId } from '../../shared/payment-method.js'
import { giftLineOf } from '../money/refund-shares.js'
import type { OrderRow } from '../order-row.js'
import { offersGiven } from './quoted-gifts.js'

/** The discounts of the order are given for other ways of paying; by any of these it can be paid. */
export type PricedForOtherMethods = {
  readonly type: 'PricedForOtherMethods'
  readonly orderId: string
  readonly method: MethodId
  readonly methods: readonly MethodId[]
}

/**
 * The ways of paying that all discounts of an order are given for; null: any will do. Of one that waits for a dearer change
 * to be paid, those of what it comes to then.
 */
export const pricedMethodsOf = (order: OrderRow): readonly MethodId[] | null => {
  const { price } = order.details.proposed ?? order.details
  const gifts = price.gifts.filter((_, place) => {
    const lineId = giftLineOf(order, place)
    return order.lines.some((line) => line.gift && line.lineId === lineId)
  })
  return methodsOfOffers(offersGiven(price, gifts))
}

/**
 * Whether an order may be paid so, as it was priced.
 *
 * @errors PricedForOtherMethods
 */
export const checkMethod = (order: OrderRow, method: MethodId): Result<void, PricedForOtherMethods> => {
  const methods = pricedMethodsOf(order)
  return methods === null || methods.includes(method)
    ? ok(undefined)
    : err({ type: 'PricedForOtherMethods', orderId: order.orderId, method, methods })
}
