import { ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { refundableMinor, untakenMinor } from '../../payments/payment-machine.js'
import { freeRefundId } from '../money/refund-outcome.js'
import { draftNewRefund, type OrderDraft, type OrderMoveError } from '../order-draft.js'

/**
 * Sends back what came of a payment beyond what it was still to bring, each part of it once: of what was given up its order
 * makes no use. What a dispute holds, or the payer has by a lost one, is not sent.
 *
 * @param before - the payment as it stood before that was heard of
 * @errors OrderMoveError
 */
export const giveBackBeyond = (draft: OrderDraft, before: Payment): Result<void, OrderMoveError> => {
  const { paymentId, orderId, accountId, merchantId, gatewayId, currency } = before
  const after = draft.payments.get(paymentId)?.state ?? before
  const beyondMinor = (payment: Payment): number => Math.max(0, 0 - untakenMinor(payment))
  const amountMinor = Math.min(beyondMinor(after) - beyondMinor(before), refundableMinor(after))
  if (amountMinor <= 0) return ok(undefined)
  const sources = [{ account: `escrow:${orderId}`, amountMinor } as const]
  const about = { paymentId, orderId, accountId, merchantId, gatewayId, currency, sources, at: draft.at }
  const refundId = freeRefundId(draft, `late_${paymentId}`)
  return draftNewRefund(draft, { ...about, refundId, amountMinor, reason: 'lateSuccess' })
}
