import { ok, type Result, safeTry } from 'neverthrow'
import { coveredShares, isMakingUp, reckonCover } from '../../payments/cover-refund.js'
import type { Payment } from '../../payments/payment.js'
import { refundableMinor } from '../../payments/payment-machine.js'
import type { Refund, RefundCommand } from '../../payments/refund.js'
import { coveredMinorOf, hasSucceeded, missingMinor, paidMinorOf } from '../../payments/refund-machine.js'
import { freeRefundId, refundOfOrder, refundsOfPayment } from '../money/refund-outcome.js'
import { draftNewRefund, draftRefund, type OrderDraft, type OrderMoveError } from '../order-draft.js'

type Move = Result<void, OrderMoveError>

/**
 * Begins what makes up for refunds that were sent once, came to the payer by a lost dispute instead, and lack what the
 * dispute has not taken after all: under its old reference such a refund can only go whole. What is made up for comes
 * out of what the refunds have taken off the loss. What is no longer lacking, and is not on its way, is ended.
 */
export const makeUp = (draft: OrderDraft, paymentId: string): Move =>
  safeTry(function* () {
    const payment = draft.payments.get(paymentId)?.state
    if (payment === undefined) return ok(undefined)
    for (const partOf of new Set(refundsOfPayment(draft, paymentId).map(refundOfOrder))) {
      for (const refund of refundsOfPayment(draft, paymentId).filter((each) => refundOfOrder(each) === partOf)) {
        const end = endOfSpare(draft, refund)
        if (end !== null) yield* draftRefund(draft, refund.refundId, [end])
      }
      yield* takeOffLoss(draft, payment, partOf)
      yield* begin(draft, payment, partOf)
    }
    return ok(undefined)
  })

/**
 * What ends a refund that makes up for more than another lacks by now: the dispute has taken it after all, or the other is
 * sent whole. Of what was sent once words may still come, so that is not cancelled.
 *
 * @returns null where all of it is lacking, or it is on its way or there already
 */
export const endOfSpare = (draft: OrderDraft, refund: Refund): RefundCommand | null => {
  const payment = draft.payments.get(refund.paymentId)?.state
  if (payment === undefined || !isMakingUp(refund)) return null
  const refunds = refundsOfPayment(draft, refund.paymentId)
  if (lackingOf(payment, refunds, refundOfOrder(refund)) >= 0) return null
  switch (refund.status) {
    case 'requested':
    case 'held':
    case 'failed':
    case 'manualPayout': {
      const { at } = draft
      const isKept = refund.status === 'requested' || refund.status === 'held'
      const disputeId = disputeOf(payment, refunds, refundOfOrder(refund))
      return disputeId === undefined || (isKept && refund.tries === 0)
        ? { type: 'CancelRefund', at }
        : { type: 'CoverRefund', disputeId, at }
    }
    case 'submitted':
    case 'pending':
    case 'unknown':
    case 'succeeded':
    case 'paidManually':
    case 'chargedBack':
    case 'cancelled':
      return null
  }
}

/** Whether all of what makes up for another, and was ended by a dispute, would be lacking without it. */
export const isLackingWithout = (draft: OrderDraft, refund: Refund): boolean => {
  const payment = draft.payments.get(refund.paymentId)?.state
  const others = refundsOfPayment(draft, refund.paymentId).filter(({ refundId }) => refundId !== refund.refundId)
  return payment !== undefined && lackingOf(payment, others, refundOfOrder(refund)) >= refund.amountMinor
}

// By which the refund came that is made up for.
const disputeOf = ({ disputes = [] }: Payment, refunds: readonly Refund[], partOf: string): string | undefined => {
  const covered = refunds.flatMap((refund) =>
    refund.status === 'chargedBack' && !isMakingUp(refund) && refundOfOrder(refund) === partOf ? [refund] : [],
  )
  return covered[0]?.disputeId ?? disputes[0]?.disputeId
}

/** What is lacking of a refund of an order and nothing that was begun makes up for, minor units; below zero: too much was begun. */
const lackingOf = (payment: Payment, refunds: readonly Refund[], partOf: string): number =>
  (reckonCover(payment, refunds).lacking.get(partOf) ?? 0) - begunMinor(refunds, partOf)

/** What makes up for a refund of an order, and was neither given up nor ended by a dispute, minor units. */
const begunMinor = (refunds: readonly Refund[], partOf: string): number =>
  refunds
    .filter((refund) => isMakingUp(refund) && refund.status !== 'cancelled' && refund.status !== 'chargedBack')
    .filter((refund) => refundOfOrder(refund) === partOf)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0)

// What the payer has by other disputes is not sent.
const begin = (draft: OrderDraft, payment: Payment, partOf: string): Move =>
  safeTry(function* () {
    const { paymentId } = payment
    const refunds = refundsOfPayment(draft, paymentId)
    const like = refunds.find((refund) => refundOfOrder(refund) === partOf)
    const wantedMinor = lackingOf(payment, refunds, partOf)
    if (like === undefined || wantedMinor <= 0) return ok(undefined)
    const { merchantId, orderId, accountId, gatewayId, currency, reason } = like
    const start = (amountMinor: number, coveredBy?: string): Move =>
      draftNewRefund(
        draft,
        {
          ...{ merchantId, orderId, accountId, paymentId, gatewayId, currency, reason, partOf, amountMinor },
          refundId: freeRefundId(draft, `${partOf}_rest`),
          sources: [{ account: 'chargebackLoss', amountMinor }],
          at: draft.at,
        },
        { coveredBy },
      )
    let leftMinor = wantedMinor
    for (const { disputeId, amountMinor } of coveredShares(payment, refunds, wantedMinor)) {
      yield* start(amountMinor, disputeId)
      leftMinor -= amountMinor
    }
    const sentMinor = Math.min(leftMinor, leftOf(draft, payment))
    return sentMinor > 0 ? start(sentMinor) : ok(undefined)
  })

// It came by the gateway after all, and by that alone, or beside that by a person's hand.
const mayStand = (refund: Refund): boolean => hasSucceeded(refund) || paidMinorOf(refund) > 0

/** What of a payment may go back by now, minor units. */
const leftOf = (draft: OrderDraft, payment: Payment): number =>
  refundableMinor(draft.payments.get(payment.paymentId)?.state ?? payment)

/** Takes off the loss what disputes, and what makes up for what they lack, have brought of what did not arrive, and no more. */
const takeOffLoss = (draft: OrderDraft, payment: Payment, partOf: string): Move =>
  safeTry(function* () {
    const refunds = refundsOfPayment(draft, payment.paymentId)
    const { has, madeUp } = reckonCover(payment, refunds)
    let leftMinor = begunMinor(refunds, partOf) + (madeUp.get(partOf) ?? 0)
    for (const refund of refunds) {
      if (refund.status !== 'chargedBack' || isMakingUp(refund) || refundOfOrder(refund) !== partOf) continue
      const { refundId, disputeId } = refund
      const hasMinor = has.get(refundId) ?? 0
      const coveredMinor = Math.max(missingMinor(refund), Math.min(coveredMinorOf(refund), hasMinor + leftMinor))
      leftMinor -= Math.max(0, coveredMinor - hasMinor)
      if (coveredMinor === coveredMinorOf(refund)) continue
      if (coveredMinor > 0) {
        yield* draftRefund(draft, refundId, [{ type: 'CoverRefund', disputeId, coveredMinor, at: draft.at }])
      } else if (mayStand(refund) && coveredMinorOf(refund) <= leftOf(draft, payment)) {
        yield* draftRefund(draft, refundId, [{ type: 'ResumeRefund', at: draft.at }])
      }
    }
    return ok(undefined)
  })
