import { ok, type Result, safeTry } from 'neverthrow'
import { refundableMinor } from '../../payments/payment-machine.js'
import { handedShares, unpaidMinor } from '../money/handed-money.js'
import { forgoUntaken, payingsOf } from '../money/order-money.js'
import { isOnDelivery } from '../money/promised-money.js'
import { freeRefundId, outcomeOfRefund, refundOfOrder, refundsIn } from '../money/refund-outcome.js'
import { paymentReasons } from '../money/refund-reason.js'
import type { OrderRefund } from '../order.js'
import { draftNewRefund, draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { awaitedOnDelivery, handedOnDelivery } from '../order-dues.js'
import { quantityOf } from '../order-pieces.js'
import type { Parcel } from '../parcels/parcel.js'

type Move = Result<void, OrderMoveError>

/**
 * Sends on what refunds have waited for, as far as it is there by now, the refund that began first before the others. What
 * no receiver has paid after all, since its parcel is lost or here again, is not collected any more, and nobody waits for it.
 *
 * @param unpaid - a parcel that was taken as received and was not handed over: those that wait for its pieces wait for its
 * money first
 * @errors OrderMoveError
 */
export const settleAwaitedMoney = (draft: OrderDraft, unpaid?: Pick<Parcel, 'lines' | 'collectMinor'>): Move =>
  safeTry(function* () {
    if (unpaid !== undefined) yield* forgoUnpaid(draft, unpaid)
    const { refunds } = yield* orderIn(draft)
    for (const refund of refunds) yield* sendAwaited(draft, refund)
    const order = yield* orderIn(draft)
    let neverPaidMinor = awaitedOnDelivery(order) - handedOnDelivery(order)
    for (const refund of [...order.refunds].reverse()) {
      const amountMinor = Math.min(neverPaidMinor, refund.awaitedMinor ?? 0)
      if (amountMinor <= 0) continue
      neverPaidMinor -= amountMinor
      yield* forgoAwaited(draft, refund, amountMinor)
    }
    return ok(undefined)
  })

const forgoUnpaid = (draft: OrderDraft, { lines, collectMinor = 0 }: Pick<Parcel, 'lines' | 'collectMinor'>): Move =>
  safeTry(function* () {
    let leftMinor = collectMinor
    const { refunds } = yield* orderIn(draft)
    for (const refund of [...refunds].reverse()) {
      const isOfIt = refund.lines.some(({ lineId }) => quantityOf(lines, lineId) > 0)
      const amountMinor = isOfIt ? Math.min(leftMinor, refund.awaitedMinor ?? 0) : 0
      if (amountMinor <= 0) continue
      leftMinor -= amountMinor
      yield* forgoAwaited(draft, refund, amountMinor)
    }
    return ok(undefined)
  })

const promisesIn = (draft: OrderDraft) => orderIn(draft).map((order) => payingsOf(draft, order).filter(isOnDelivery))

const sendAwaited = (draft: OrderDraft, { refundId, reason, awaitedMinor = 0 }: OrderRefund): Move =>
  safeTry(function* () {
    const { at } = draft
    let leftMinor = awaitedMinor
    for (const payment of yield* promisesIn(draft)) {
      const amountMinor = Math.min(leftMinor, refundableMinor(payment))
      if (amountMinor <= 0) continue
      leftMinor -= amountMinor
      const { paymentId, orderId, accountId, merchantId, gatewayId, currency } = payment
      const sources = [{ account: `escrow:${orderId}`, amountMinor } as const]
      const id = freeRefundId(draft, refundId)
      const part = id === refundId ? {} : { partOf: refundId }
      const about = { paymentId, orderId, accountId, merchantId, gatewayId, currency, sources, ...part }
      yield* draftNewRefund(draft, { ...about, refundId: id, amountMinor, reason: paymentReasons[reason], at })
      yield* draftOrder(draft, { type: 'SettleAwaited', refundId, amountMinor, came: true, at })
    }
    return ok(undefined)
  })

const forgoAwaited = (draft: OrderDraft, { refundId }: OrderRefund, amountMinor: number): Move =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    const promises = yield* promisesIn(draft)
    const handed = handedShares(order, promises)
    let leftMinor = amountMinor
    for (const payment of [...promises].reverse()) {
      leftMinor -= yield* forgoUntaken(draft, payment, Math.min(leftMinor, unpaidMinor(payment, handed)))
    }
    yield* draftOrder(draft, { type: 'SettleAwaited', refundId, amountMinor, came: false, at })
    const isSent = refundsIn(draft).some((each) => refundOfOrder(each) === refundId)
    const after = yield* orderIn(draft)
    const isAwaited = after.refunds.some((each) => each.refundId === refundId && each.awaitedMinor !== undefined)
    const outcome = isSent || isAwaited ? outcomeOfRefund(draft, refundId) : 'succeeded'
    if (outcome !== null) yield* draftOrder(draft, { type: 'SettleRefund', refundId, outcome, at })
    return ok(undefined)
  })
