import { ok, type Result, safeTry } from 'neverthrow'
import {
  bestCoveringDispute,
  coveredShares,
  coveringDispute,
  isMakingUp,
  reckonCover,
} from '../../payments/cover-refund.js'
import type { AccountShare } from '../../payments/ledger.js'
import { checkRefundLeaves, holdingDisputes, refundableMinor } from '../../payments/payment-machine.js'
import type { Refund, RefundCommand } from '../../payments/refund.js'
import { coveredMinorOf, missingMinor } from '../../payments/refund-machine.js'
import { freeRefundId, outcomeOfRefund, refundOfOrder, refundsOfPayment } from '../money/refund-outcome.js'
import { endUndeliveredParts } from '../on-delivery/end-undelivered.js'
import type { Order } from '../order.js'
import { draftNewRefund, draftRefund, type OrderDraft, type OrderMoveError } from '../order-draft.js'
import { learnOfRefund } from '../order-moves.js'
import { moveParts, type OrderParts } from '../order-parts.js'
import { endOfSpare, isLackingWithout, makeUp } from './make-up.js'

type Moved = Result<void, OrderMoveError>

/**
 * Holds the refunds of a payment against what its lost disputes took: what the payer has by them is not sent, what they
 * do not have after all is, and so much of it that cannot go is a person's to settle. The same disputes and refunds come
 * to the same, in whatever order they were heard of.
 */
export const coverRefunds = (draft: OrderDraft, parts: OrderParts, paymentId: string): Moved =>
  safeTry(function* () {
    const payment = draft.payments.get(paymentId)?.state
    if (payment === undefined) return ok(undefined)
    const isHeld = holdingDisputes(payment).length > 0
    // The oldest keep their cover the longest.
    if (!isHeld) {
      for (const refund of [...refundsOfPayment(draft, paymentId)].reverse()) yield* uncover(draft, parts, refund)
    }
    for (const refund of refundsOfPayment(draft, paymentId)) yield* cover(draft, parts, refund)
    if (isHeld) return ok(undefined)
    yield* makeUp(draft, paymentId)
    for (const refund of refundsOfPayment(draft, paymentId)) yield* letGo(draft, parts, refund)
    return ok(undefined)
  })

/** Takes back what a refund has by a dispute that took less than it, or nothing, as far as the money that is there goes. */
const uncover = (draft: OrderDraft, parts: OrderParts, refund: Refund): Moved =>
  safeTry(function* () {
    const payment = draft.payments.get(refund.paymentId)?.state
    if (payment === undefined || refund.status !== 'chargedBack') return ok(undefined)
    if (isMakingUp(refund) && !isLackingWithout(draft, refund)) return ok(undefined)
    const { amountMinor, refundId } = refund
    const { at } = draft
    const others = refundsOfPayment(draft, refund.paymentId).filter((each) => each.refundId !== refundId)
    const byDispute = missingMinor(refund)
    const { has } = reckonCover(payment, refundsOfPayment(draft, refund.paymentId))
    if ((has.get(refundId) ?? 0) >= byDispute) return ok(undefined)
    const instead = coveringDispute(payment, others, byDispute)
    if (instead !== undefined) {
      return moveRefunds(draft, parts, [refund], () => [{ type: 'CoverRefund', disputeId: instead, at }])
    }
    // What was sent once, under its own reference, is sent again whole.
    const shares = refund.tries > 0 ? [] : coveredShares(payment, others, amountMinor)
    const coveredMinor = shares.reduce((sum, share) => sum + share.amountMinor, 0)
    const last = coveredMinor === amountMinor ? shares.at(-1) : undefined
    // What had arrived has gone with it, and goes on being gone.
    const leftMinor = coveredMinorOf(refund) - coveredMinor + (last?.amountMinor ?? 0)
    if (leftMinor > refundableMinor(payment)) return ok(undefined)
    let left: Left = refund
    for (const share of shares) {
      if (share !== last) left = yield* beginCovered(draft, refund, left, share)
    }
    yield* moveRefunds(draft, parts, [refund], () => [
      { type: 'ResumeRefund', left: { amountMinor: left.amountMinor, sources: left.sources }, at },
    ])
    return last === undefined
      ? ok(undefined)
      : moveRefunds(draft, parts, [refund], () => [{ type: 'CoverRefund', disputeId: last.disputeId, at }])
  })

/** Takes off a refund what the payer has of it by lost disputes; what one lacks that was sent is made up for beside it. */
const cover = (draft: OrderDraft, parts: OrderParts, refund: Refund): Moved =>
  safeTry(function* () {
    const payment = draft.payments.get(refund.paymentId)?.state
    if (payment === undefined || !canBeCovered(refund)) return ok(undefined)
    const { at } = draft
    const end = endOfSpare(draft, refund)
    if (end !== null) return moveRefunds(draft, parts, [refund], () => [end])
    const coverBy = (disputeId: string): Moved =>
      moveRefunds(draft, parts, [refund], () => [{ type: 'CoverRefund', disputeId, at }])
    const all = refundsOfPayment(draft, refund.paymentId)
    if (!isKept(refund) || refund.tries > 0) {
      const disputeId = bestCoveringDispute(payment, all, refund)
      return disputeId === undefined ? ok(undefined) : coverBy(disputeId)
    }
    let left: Left = refund
    for (const share of coveredShares(payment, all, refund.amountMinor)) {
      if (share.amountMinor === left.amountMinor) return coverBy(share.disputeId)
      left = yield* beginCovered(draft, refund, left, share)
      yield* draftRefund(draft, refund.refundId, [{ type: 'ReduceRefund', ...left }])
    }
    return ok(undefined)
  })

/** Sends what was held, or hands over to a person what there is no money for. */
const letGo = (draft: OrderDraft, parts: OrderParts, refund: Refund): Moved => {
  const payment = draft.payments.get(refund.paymentId)?.state
  if (payment === undefined || !isKept(refund)) return ok(undefined)
  const { at } = draft
  const leaves = checkRefundLeaves(payment, refund.refundId).isOk()
  if (leaves && refund.status === 'requested') return ok(undefined)
  return moveRefunds(draft, parts, [refund], () => [{ type: leaves ? 'ResumeRefund' : 'RequestManualPayout', at }])
}

/** Decided, and not on its way. */
const isKept = ({ status }: Refund): boolean => status === 'held' || status === 'requested'

const canBeCovered = (refund: Refund): boolean =>
  isKept(refund) || refund.status === 'failed' || refund.status === 'manualPayout'

/** What of a refund is to be sent, and who bears it. */
type Left = Pick<Refund, 'amountMinor' | 'sources'>

/** Begins a refund of its own for the part that the payer has by a dispute. */
const beginCovered = (
  draft: OrderDraft,
  refund: Refund,
  left: Left,
  { disputeId, amountMinor }: { readonly disputeId: string; readonly amountMinor: number },
): Result<Left, OrderMoveError> => {
  const { refundId, merchantId, orderId, accountId, paymentId, gatewayId, currency, reason } = refund
  const about = { merchantId, orderId, accountId, paymentId, gatewayId, currency, reason, at: draft.at }
  const shares = takeShares(left.sources, amountMinor)
  const partOf = refundOfOrder(refund)
  const start = { ...about, refundId: freeRefundId(draft, `${refundId}_${disputeId}`), partOf, amountMinor }
  return draftNewRefund(draft, { ...start, sources: shares.taken }, { coveredBy: disputeId }).map(() => ({
    amountMinor: left.amountMinor - amountMinor,
    sources: shares.left,
  }))
}

/** Takes an amount off the accounts that bear a refund, the first first. */
const takeShares = (
  sources: readonly AccountShare[],
  amountMinor: number,
): { readonly taken: readonly AccountShare[]; readonly left: readonly AccountShare[] } => {
  let wanted = amountMinor
  const split = sources.map((share) => {
    const takenMinor = Math.min(wanted, share.amountMinor)
    wanted -= takenMinor
    return { share, takenMinor }
  })
  const above = (shares: readonly AccountShare[]) => shares.filter((share) => share.amountMinor > 0)
  return {
    taken: above(split.map(({ share, takenMinor }) => ({ ...share, amountMinor: takenMinor }))),
    left: above(split.map(({ share, takenMinor }) => ({ ...share, amountMinor: share.amountMinor - takenMinor }))),
  }
}

// A cancelled order is at its end, whatever becomes of its money.
const isOwed = ({ status, refunds }: Order, refundId: string): boolean =>
  status !== 'cancelled' && refunds.some((each) => each.refundId === refundId)

/** Puts commands to refunds, and to the orders of merchants that they belong to. */
export const moveRefunds = (
  draft: OrderDraft,
  parts: OrderParts,
  moving: readonly Refund[],
  commandsOf: (refund: Refund) => readonly RefundCommand[],
): Moved =>
  safeTry(function* () {
    for (const refund of moving) {
      yield* learnOfRefund(draft, refund.refundId, commandsOf(refund))
      const refundId = refundOfOrder(refund)
      const outcome = outcomeOfRefund(draft, refundId)
      if (outcome === null) continue
      const settled = { type: 'SettleRefund', refundId, outcome, at: draft.at } as const
      yield* moveParts(parts, (order) => isOwed(order, refundId), settled)
    }
    return endUndeliveredParts(draft, parts, 'clock')
  })
