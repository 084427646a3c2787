import { ok, type Result, safeTry } from 'neverthrow'
import { keepStock } from '../../inventory/move-stock.js'
import type { Instant } from '../../shared/instant.js'
import type { MethodId } from '../../shared/payment-method.js'
import { draftCoupon, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { editOf } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { waitsToBePaidMs } from '../policy/shop-policy.js'

/**
 * Until when an order, or its dearer change, is kept once it is being paid by a method: as long as the terms that it was
 * placed under give the money of that to come. It is counted from when it was placed, or asked for, so that no attempt, however
 * many there are, keeps it for longer than the first.
 *
 * @param payBy - until when it is kept without that; undefined where nothing waits to be paid
 */
export const keptFor = (order: OrderRow, method: MethodId, payBy: Instant | undefined): Instant | undefined => {
  const since = order.status === 'awaitingPayment' ? order.placedAt : editOf(order).edit?.proposedAt
  if (payBy === undefined || since === undefined) return payBy
  return Math.max(payBy, since + waitsToBePaidMs(order.details.policy, method))
}

/**
 * Keeps what is set aside for an order, or for the dearer change that it waits for, for as long as that.
 *
 * @errors OrderMoveError
 */
export const keepWithOrder = (draft: OrderDraft, payBy: Instant): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const { at, read } = draft
    const order = yield* orderIn(draft)
    const { orderId, couponIds } = order
    const isUnpaid = order.status === 'awaitingPayment'
    const aside = isUnpaid ? read.reservation : read.aside
    if (aside?.state.status === 'reserved') draft.further.push(...(yield* keepStock(aside, payBy, at)))
    for (const couponId of couponIds) {
      const coupon = draft.coupons.get(couponId)?.state
      // Of an order that is paid they are used; one that is gone keeps nobody from paying.
      if (coupon?.status !== 'locked' || coupon.orderId !== orderId) continue
      yield* draftCoupon(draft, couponId, { type: 'LockCoupon', orderId, lockedUntil: payBy, now: at })
    }
    return ok(undefined)
  })
