import { ok, type Result, safeTry } from 'neverthrow'
import { newlyCoveredShares } from '../../payments/cover-refund.js'
import { refundableOnceFreeMinor, untakenMinor } from '../../payments/payment-machine.js'
import { freeRefundId, refundsOfPayment } from '../money/refund-outcome.js'
import { draftNewRefund, type OrderDraft, type OrderMoveError } from '../order-draft.js'

/**
 * Gives back what was taken of a hold although it had been given up, once, however often that is heard: its order makes no use of
 * it. What a dispute holds is held back until that is over; what the payer has by a lost one is not sent.
 *
 * @errors OrderMoveError
 */
export const giveBackForgone = (draft: OrderDraft, paymentId: string): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const payment = draft.payments.get(paymentId)?.state
    if (payment === undefined) return ok(undefined)
    const { orderId, accountId, merchantId, gatewayId, currency } = payment
    const refunds = refundsOfPayment(draft, paymentId)
    const beyondMinor = Math.max(0, 0 - untakenMinor(payment))
    const owedMinor = refunds.reduce((left, { reason, status, amountMinor }) => {
      return reason === 'lateSuccess' && status !== 'cancelled' ? left - amountMinor : left
    }, beyondMinor)
    if (owedMinor <= 0) return ok(undefined)
    const begin = (amountMinor: number, coveredBy?: string) => {
      const sources = [{ account: `escrow:${orderId}`, amountMinor } as const]
      const about = { paymentId, orderId, accountId, merchantId, gatewayId, currency, sources, at: draft.at }
      const refundId = freeRefundId(draft, `late_${paymentId}`)
      const start = { ...about, refundId, amountMinor, reason: 'lateSuccess' } as const
      return draftNewRefund(draft, start, { coveredBy, waits: true })
    }
    let leftMinor = owedMinor
    for (const { disputeId, amountMinor } of newlyCoveredShares(payment, refunds, owedMinor)) {
      yield* begin(amountMinor, disputeId)
      leftMinor -= amountMinor
    }
    const after = draft.payments.get(paymentId)?.state ?? payment
    const amountMinor = Math.min(leftMinor, refundableOnceFreeMinor(after))
    return amountMinor <= 0 ? ok(undefined) : begin(amountMinor)
  })
