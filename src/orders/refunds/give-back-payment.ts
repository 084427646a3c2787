import { ok, type Result, safeTry } from 'neverthrow'
import { coveredMinor, coveredShares } from '../../payments/cover-refund.js'
import type { AccountShare } from '../../payments/ledger.js'
import type { Payment } from '../../payments/payment.js'
import { holdingDisputes, refundableMinor, unreturnedMinor } from '../../payments/payment-machine.js'
import type { RefundReason } from '../../payments/refund.js'
import { freeRefundId, refundsOfPayment } from '../money/refund-outcome.js'
import { draftNewRefund, type OrderDraft, type OrderMoveError } from '../order-draft.js'
import { sourcesOfHeld } from '../suspense/check-held-money.js'

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
    const { paymentId } = payment
    const sent = payment.refunds.length
    const refundId = sent === 0 ? `${prefixes[reason]}_${paymentId}` : `${prefixes[reason]}_${paymentId}_${sent}`
    const begin = beginningOf(draft, payment, reason, (amountMinor) =>
      sourcesOfHeld(payment, refundsOfPayment(draft, paymentId), amountMinor),
    )
    yield* beginCovered(draft, payment, refundId, begin)
    const amountMinor = refundableMinor(payment)
    return amountMinor <= 0 ? ok(undefined) : begin(freeRefundId(draft, refundId), amountMinor)
  })

/**
 * What the payer has by a lost dispute of money that stands in suspense, because it does not fit what was asked, is owed
 * them no more, and is no loss. What is left of it waits for a person.
 */
export const coverHeldMoney = (draft: OrderDraft, payment: Payment): Move => {
  const begin = beginningOf(draft, payment, 'heldMoneyReturned', (amountMinor) =>
    sourcesOfHeld(payment, refundsOfPayment(draft, payment.paymentId), amountMinor),
  )
  return beginCovered(draft, payment, `held_${payment.paymentId}`, begin)
}

type Begin = (refundId: string, amountMinor: number, coveredBy?: string) => Move

const beginningOf =
  (
    draft: OrderDraft,
    { paymentId, orderId, accountId, merchantId, gatewayId, currency }: Payment,
    reason: RefundReason,
    sourcesOf: (amountMinor: number) => readonly AccountShare[],
  ): Begin =>
  (refundId, amountMinor, coveredBy) => {
    const about = { paymentId, orderId, accountId, merchantId, gatewayId, currency, reason, at: draft.at }
    return draftNewRefund(draft, { ...about, refundId, amountMinor, sources: sourcesOf(amountMinor) }, { coveredBy })
  }

const beginCovered = (draft: OrderDraft, payment: Payment, refundId: string, begin: Begin): Move =>
  safeTry(function* () {
    const refunds = refundsOfPayment(draft, payment.paymentId)
    const leftMinor = unreturnedMinor(payment) - coveredMinor(refunds)
    for (const { disputeId, amountMinor } of coveredShares(payment, refunds, leftMinor)) {
      yield* begin(freeRefundId(draft, `${refundId}_${disputeId}`), amountMinor, disputeId)
    }
    return ok(undefined)
  })
