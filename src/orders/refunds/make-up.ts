import { ok, type Result, safeTry } from 'neverthrow'
import { isMakingUp } from '../../payments/cover-refund.js'
import type { Payment } from '../../payments/payment.js'
import { refundableMinor } from '../../payments/payment-machine.js'
import type { Refund } from '../../payments/refund.js'
import { freeRefundId, refundOfOrder, refundsOfPayment } from '../money/refund-outcome.js'
import { draftNewRefund, draftRefund, type OrderDraft, type OrderMoveError } from '../order-draft.js'

type Move = Result<void, OrderMoveError>

/**
 * Begins what makes up for refunds that were sent once, came to the payer by a lost dispute instead, and lack what the
 * dispute has not taken after all: under its old reference such a refund can only go whole. What is made up for comes
 * out of what the refunds have taken off the loss. What is no longer lacking, and was not sent, is given up.
 */
export const makeUp = (draft: OrderDraft, paymentId: string): Move =>
  safeTry(function* () {
    const payment = draft.payments.get(paymentId)?.state
    if (payment === undefined) return ok(undefined)
    const refunds = refundsOfPayment(draft, paymentId)
    for (const [partOf, lackingMinor] of lacking(payment, refunds)) {
      const begun = refunds.filter(
        (refund) => isMakingUp(refund) && refund.status !== 'cancelled' && refundOfOrder(refund) === partOf,
      )
      let leftMinor = lackingMinor - begun.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
      for (const { refundId, status, amountMinor } of begun) {
        if (leftMinor >= 0 || !isKept(status)) continue
        yield* draftRefund(draft, refundId, [{ type: 'CancelRefund', at: draft.at }])
        leftMinor += amountMinor
      }
      if (leftMinor > 0) yield* begin(draft, partOf, payment.paymentId, leftMinor)
    }
    return ok(undefined)
  })

// Decided, and never sent.
const isKept = (status: Refund['status']): boolean => status === 'requested' || status === 'held'

const begin = (draft: OrderDraft, partOf: string, paymentId: string, wantedMinor: number): Move => {
  const payment = draft.payments.get(paymentId)?.state
  const like = refundsOfPayment(draft, paymentId).find((refund) => refundOfOrder(refund) === partOf)
  const amountMinor = payment === undefined ? 0 : Math.min(wantedMinor, refundableMinor(payment))
  if (like === undefined || amountMinor <= 0) return ok(undefined)
  const { merchantId, orderId, accountId, gatewayId, currency, reason } = like
  return draftNewRefund(draft, {
    ...{ merchantId, orderId, accountId, paymentId, gatewayId, currency, reason, partOf, amountMinor },
    refundId: freeRefundId(draft, `${partOf}_rest`),
    sources: [{ account: 'chargebackLoss', amountMinor }],
    at: draft.at,
  })
}

/** What the payer lacks of refunds that came by disputes, by the refund of their order, minor units. */
const lacking = ({ disputes = [] }: Payment, refunds: readonly Refund[]): ReadonlyMap<string, number> => {
  const unused = new Map(
    disputes.map(({ disputeId, status, amountMinor }) => [disputeId, status === 'lost' ? amountMinor : 0]),
  )
  const found = new Map<string, number>()
  for (const refund of refunds) {
    const partOf = refundOfOrder(refund)
    if (!found.has(partOf)) found.set(partOf, 0)
    if (refund.status !== 'chargedBack' || isMakingUp(refund)) continue
    const leftMinor = unused.get(refund.disputeId) ?? 0
    const hasMinor = Math.min(leftMinor, refund.amountMinor)
    unused.set(refund.disputeId, leftMinor - hasMinor)
    found.set(partOf, (found.get(partOf) ?? 0) + refund.amountMinor - hasMinor)
  }
  return found
}
