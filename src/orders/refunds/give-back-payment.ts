import { ok, type Result, safeTry } from 'neverthrow'
import { coveredMinor, coveredShares } from '../../payments/cover-refund.js'
import type { Payment } from '../../payments/payment.js'
import { holdingDisputes, refundableMinor, unreturnedMinor } from '../../payments/payment-machine.js'
import { draftNewRefund, type OrderDraft, type OrderMoveError } from '../order-draft.js'
import { freeRefundId, refundsOfPayment } from './refund-outcome.js'

type Move = Result<void, OrderMoveError>

const prefixes = { lateSuccess: 'late', duplicatePayment: 'duplicate', orderCancelled: 'share' } as const

/**
 * Sends the whole of a payment back that its order has no use for; once, however often it is heard of. What a dispute
 * holds waits for its end; what the payer has by a lost one is not sent, and is no loss.
 */
export const giveBackPayment = (
  draft: OrderDraft,
  payment: Payment,
  reason: 'lateSuccess' | 'duplicatePayment' | 'orderCancelled',
): Move =>
  safeTry(function* () {
    if (holdingDisputes(payment).length > 0) return ok(undefined)
    const { paymentId, orderId, accountId, merchantId, gatewayId, currency } = payment
    const begin = (refundId: string, amountMinor: number, coveredBy?: string): Move => {
      const about = { paymentId, orderId, accountId, merchantId, gatewayId, currency, reason, at: draft.at }
      const sources = [{ account: `escrow:${orderId}`, amountMinor } as const]
      return draftNewRefund(draft, { ...about, refundId, amountMinor, sources }, coveredBy)
    }
    const refunds = refundsOfPayment(draft, paymentId)
    const sent = payment.refunds.length
    const refundId = sent === 0 ? `${prefixes[reason]}_${paymentId}` : `${prefixes[reason]}_${paymentId}_${sent}`
    const leftMinor = unreturnedMinor(payment) - coveredMinor(refunds)
    for (const { disputeId, amountMinor } of coveredShares(payment, refunds, leftMinor)) {
      yield* begin(freeRefundId(draft, `${refundId}_${disputeId}`), amountMinor, disputeId)
    }
    const amountMinor = refundableMinor(payment)
    return amountMinor <= 0 ? ok(undefined) : begin(freeRefundId(draft, refundId), amountMinor)
  })
