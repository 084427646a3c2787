import { ok, type Result, safeTry } from 'neverthrow'
import { allocateStock } from '../../inventory/move-stock.js'
import type { PaymentCommand } from '../../payments/payment.js'
import { isUndecided } from '../../payments/payment-machine.js'
import { postPointsTender, postSubsidy } from '../../payments/posting.js'
import type { Change } from '../../shared/commit.js'
import {
  draftCoupon,
  draftEntries,
  draftOrder,
  draftPayment,
  type OrderDraft,
  type OrderMoveError,
  orderIn,
} from '../order-draft.js'
import { divideOrder, partsOf } from '../settlement/divide-order.js'
import { discountsIn } from './discounts.js'
import { countPaid } from './first-order.js'
import { promiseEarnedPoints, settlePoints } from './order-points.js'
import { isOnDelivery } from './promised-money.js'

type Move = Result<void, OrderMoveError>

/**
 * Pays an order: its pieces are the buyer's, its coupons used, its points spent and those it earns noted, in the one
 * commit that takes the money, or learns that it is held, or promised on delivery.
 *
 * @param paymentId - null where points pay all of it
 * @param how.again - where the order was closed and gave its pieces back: what sets them aside for it once more
 * @param how.otherPaymentIds - the attempts of the other payers, where several pay it
 * @errors OrderMoveError
 */
export const payInFull = (
  draft: OrderDraft,
  paymentId: string | null,
  how: { readonly again?: readonly Change[]; readonly otherPaymentIds?: readonly string[] } = {},
): Move =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    const { orderId, accountId, merchantId, currency, totals } = order
    const about = { orderId, accountId, merchantId }
    const parts = partsOf(order)
    const captured = { minor: totals.payableMinor, currency }
    const divided = parts === undefined ? {} : { orderIds: parts.map((part) => part.orderId) }
    const { again, otherPaymentIds } = how
    const others = otherPaymentIds === undefined || otherPaymentIds.length === 0 ? {} : { otherPaymentIds }
    const paying = paymentId === null ? undefined : draft.payments.get(paymentId)?.state
    const promised = paying !== undefined && isOnDelivery(paying) ? ({ onDelivery: true } as const) : {}
    const discounts = discountsIn(order.details.price)
    yield* draftOrder(draft, { type: 'Pay', paymentId, ...others, captured, ...promised, ...divided, discounts, at })
    const { reservation } = draft.read
    if (again !== undefined) draft.further.push(...again)
    else if (reservation !== undefined) draft.further.push(...(yield* allocateStock(reservation, at, parts)))
    for (const couponId of order.couponIds) {
      yield* draftCoupon(draft, couponId, { type: 'UseCoupon', orderId, now: at })
    }
    yield* settlePoints(draft, order)
    if (parts === undefined) {
      yield* promiseEarnedPoints(draft, order)
      draftEntries(draft, [
        ...postPointsTender({ reference: orderId, about, currency, amountMinor: totals.pointsMinor, at }),
        ...postSubsidy({ reference: orderId, about, currency, amountMinor: totals.subsidyMinor, at }),
      ])
    } else {
      yield* divideOrder(draft, order, paymentId)
    }
    draft.further.push(...countPaid(draft.read, order))
    return closeAttempts(draft, 'replacedByAnother')
  })

/** Asks every attempt that may still bring money to end, once the order takes none or has enough. */
export const closeAttempts = (
  draft: OrderDraft,
  reason: Extract<PaymentCommand, { type: 'RequestClose' }>['reason'],
): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (order.status === 'awaitingPayment') return ok(undefined)
    for (const { state } of [...draft.payments.values()]) {
      if (!isUndecided(state) || state.status === 'closing') continue
      if ('paymentId' in order && order.paymentId === state.paymentId) continue
      // Where the order was divided, those of its parts are theirs.
      if (state.orderId !== order.orderId) continue
      yield* draftPayment(draft, state.paymentId, [{ type: 'RequestClose', reason, at: draft.at }])
    }
    return ok(undefined)
  })
