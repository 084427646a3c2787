import { ok, type Result } from 'neverthrow'
import type { Payment } from '../payments/payment.js'
import { holdingDisputes, refundableMinor } from '../payments/payment-machine.js'
import { draftNewRefund, type OrderDraft, type OrderMoveError } from './order-draft.js'

type Move = Result<void, OrderMoveError>

const prefixes = { lateSuccess: 'late', duplicatePayment: 'duplicate', orderCancelled: 'share' } as const

/**
 * Sends the whole of a payment back that its order has no use for; once, however often it is heard of. What a dispute
 * holds waits for its end.
 */
export const giveBackPayment = (
  draft: OrderDraft,
  payment: Payment,
  reason: 'lateSuccess' | 'duplicatePayment' | 'orderCancelled',
): Move => {
  const amountMinor = refundableMinor(payment)
  if (amountMinor <= 0 || holdingDisputes(payment).length > 0) return ok(undefined)
  const { paymentId, orderId } = payment
  const sent = payment.refunds.length
  return draftNewRefund(draft, {
    refundId: sent === 0 ? `${prefixes[reason]}_${paymentId}` : `${prefixes[reason]}_${paymentId}_${sent}`,
    paymentId,
    orderId,
    accountId: payment.accountId,
    merchantId: payment.merchantId,
    gatewayId: payment.gatewayId,
    amountMinor,
    currency: payment.currency,
    reason,
    sources: [{ account: `escrow:${orderId}`, amountMinor }],
    at: draft.at,
  })
}
