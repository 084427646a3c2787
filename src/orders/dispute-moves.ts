import { ok, type Result, safeTry } from 'neverthrow'
import { coveredShares, coveringDispute } from '../payments/cover-refund.js'
import type { Dispute, DisputeCommand, DisputeError } from '../payments/dispute.js'
import { disputes } from '../payments/dispute.schema.js'
import { disputedMinor, isOpenDispute } from '../payments/dispute-machine.js'
import type { AccountShare } from '../payments/ledger.js'
import { moveDispute, writeDispute } from '../payments/move-payment.js'
import type { Payment, PaymentDisputeShare } from '../payments/payment.js'
import { payments } from '../payments/payment.schema.js'
import { checkRefundLeaves, holdingDisputes, refundableMinor } from '../payments/payment-machine.js'
import type { Refund, RefundCommand } from '../payments/refund.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { type Asked, row, rows, type Stored } from '../shared/read-plan.js'
import { orders } from './order.collection.schema.js'
import type { Order } from './order.js'
import {
  askOrder,
  closeDraft,
  draftNewRefund,
  draftOrder,
  draftPayment,
  draftRefund,
  type OrderDraft,
  type OrderMoveError,
  type OrderPlan,
  type OrderRead,
  openDraft,
  orderIn,
} from './order-draft.js'
import { giveBackPayment, learnOfRefund } from './order-moves.js'
import { moveParts, type OrderParts, openParts, writeParts } from './order-parts.js'
import type { OrderRow } from './order-row.js'

/** A dispute, the payment it is of, and everything that can move with it, as it was read. */
export type DisputeRead = OrderRead & {
  readonly dispute: Stored<Dispute> | undefined
  readonly disputed: Stored<Payment> | undefined
  /** The orders of the merchants, where what was paid was divided among them. */
  readonly parts: readonly Stored<OrderRow>[]
}

/** The questions to which `DisputeRead` is the answer. */
export type DisputePlan = OrderPlan & {
  readonly [Name in Exclude<keyof DisputeRead, keyof OrderRead>]: Asked<DisputeRead[Name]>
}

/** Asks for a dispute and everything that moves with it, in one read. */
export const askDispute = (about: { readonly disputeId: string; readonly paymentId: string }): DisputePlan => ({
  dispute: row(disputes, about.disputeId),
  disputed: row(payments, about.paymentId),
  ...askOrder({ from: 'disputed', path: 'orderId' }),
  parts: rows(orders, { from: 'order', path: 'orderIds.*' }),
})

/** Why nothing is written of a dispute. */
export type DisputeMoveError = OrderMoveError | DisputeError

/** Where a dispute stands once it was written. */
export type DisputeStanding = { readonly dispute: Dispute; readonly orderId: string }

/**
 * Puts commands to a dispute and lets everything follow: the payment holds its money, refunds that have not been sent
 * wait, payees wait; what the payer gets by it is not sent again.
 *
 * @param commandsOf - as the payment stands
 * @errors NotFound when the shop has no such payment; DisputeMoveError
 */
export const decideDispute = (
  read: DisputeRead,
  at: Instant,
  commandsOf: (payment: Payment) => readonly DisputeCommand[],
): Result<Decision<DisputeStanding>, DisputeMoveError> =>
  safeTry(function* () {
    const { disputed, dispute: stored, parts: found, ...rest } = read
    const orderId = disputed?.state.orderId ?? ''
    const draft = yield* openDraft(disputed === undefined ? { ...rest, order: undefined } : rest, orderId, at)
    const moved = yield* moveDispute(stored, disputed === undefined ? [] : commandsOf(disputed.state))
    const answer = { dispute: moved.state, orderId }
    if (moved.events.length === 0) return ok({ changes: [], answer })
    draft.further.push(...writeDispute(moved, at))
    const parts = openParts(found)
    yield* follow(draft, parts, moved.state)
    draft.further.push(...writeParts(parts))
    return ok({ changes: closeDraft(draft), answer })
  })

const follow = (draft: OrderDraft, parts: OrderParts, dispute: Dispute): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const { disputeId, paymentId } = dispute
    const payment = draft.payments.get(paymentId)?.state
    if (payment === undefined) return ok(undefined)
    yield* draftPayment(draft, paymentId, [{ type: 'RecordDispute', ...shareOf(dispute, payment) }])
    yield* followRefunds(draft, parts, dispute)
    const record = { type: 'RecordDispute', disputeId, open: isOpenDispute(dispute), at } as const
    yield* draftOrder(draft, record)
    yield* moveParts(parts, () => true, record)
    // What came too late, or twice, could not go back while it was held.
    return isOpenDispute(dispute) ? ok(undefined) : giveBackUnused(draft, paymentId)
  })

const giveBackUnused = (draft: OrderDraft, paymentId: string): Result<void, OrderMoveError> =>
  orderIn(draft).andThen((order) => {
    const payment = draft.payments.get(paymentId)?.state
    const isUsed =
      'paidAt' in order && (order.paymentId === paymentId || order.extraPaymentIds?.includes(paymentId) === true)
    const isAwaited = order.status === 'awaitingPayment' || order.status === 'closing'
    // What does not fit what was asked stands in suspense, and never came into the order's escrow.
    if (payment === undefined || isUsed || isAwaited || payment.status === 'integrityHold') return ok(undefined)
    return giveBackPayment(draft, payment, 'paidAt' in order ? 'duplicatePayment' : 'lateSuccess')
  })

const shareStatus: Readonly<Record<Dispute['status'], PaymentDisputeShare['status']>> = {
  inquiry: 'inquiry',
  evidenceDue: 'held',
  underReview: 'held',
  won: 'won',
  lost: 'lost',
}

// Of another currency nobody knows how much of the payment it is: all of it.
const shareOf = (dispute: Dispute, payment: Payment): PaymentDisputeShare => {
  const wanted = dispute.status === 'lost' ? disputedMinor(dispute) : dispute.known.word.amountMinor
  const amountMinor =
    dispute.currency === payment.currency ? Math.min(wanted, payment.amountMinor) : payment.amountMinor
  return { disputeId: dispute.disputeId, amountMinor, status: shareStatus[dispute.status] }
}

const followRefunds = (draft: OrderDraft, parts: OrderParts, dispute: Dispute): Result<void, OrderMoveError> => {
  const { at } = draft
  const own = [...draft.refunds.values()]
    .map(({ state }) => state)
    .filter(({ paymentId }) => paymentId === dispute.paymentId)
    .sort((left, right) => left.requestedAt - right.requestedAt || (left.refundId < right.refundId ? -1 : 1))
  const payment = draft.payments.get(dispute.paymentId)?.state
  const isHeld = payment !== undefined && holdingDisputes(payment).length > 0
  switch (dispute.status) {
    case 'evidenceDue':
    case 'underReview':
      return moveRefunds(
        draft,
        parts,
        own.filter(({ status }) => status === 'requested'),
        () => [{ type: 'HoldRefund', at }],
      )
    case 'inquiry':
    case 'won': {
      if (isHeld) return ok(undefined)
      return resumeReversed(draft, parts, dispute, own).andThen(() => coverRefunds(draft, parts, dispute, own))
    }
    case 'lost':
      return coverRefunds(draft, parts, dispute, own)
  }
}

// What came by a dispute that is won after all is owed again, whichever dispute was heard of last, as far as the money
// that came back goes.
const resumeReversed = (
  draft: OrderDraft,
  parts: OrderParts,
  { paymentId }: Dispute,
  own: readonly Refund[],
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    for (const refund of own) {
      const payment = draft.payments.get(paymentId)?.state
      if (payment === undefined || refund.status !== 'chargedBack') continue
      const share = payment.disputes?.find(({ disputeId }) => disputeId === refund.disputeId)
      if (share?.status !== 'won' || refund.amountMinor > refundableMinor(payment)) continue
      yield* moveRefunds(draft, parts, [refund], () => [{ type: 'ResumeRefund', at: draft.at }])
    }
    return ok(undefined)
  })

// What is owed to the payer anyhow, oldest first, came by the dispute as far as that goes; of the rest, what there is no
// money for is a person's to settle.
const coverRefunds = (
  draft: OrderDraft,
  parts: OrderParts,
  { paymentId }: Dispute,
  own: readonly Refund[],
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const payment = draft.payments.get(paymentId)?.state
    if (payment === undefined) return ok(undefined)
    const rest: Refund[] = []
    for (const refund of own) {
      const isKept = refund.status === 'held' || refund.status === 'requested'
      if (!isKept && refund.status !== 'failed' && refund.status !== 'manualPayout') continue
      if (isKept && refund.tries === 0) {
        if (!(yield* coverInPart(draft, parts, payment, refund))) rest.push(refund)
        continue
      }
      const disputeId = coveringDispute(payment, refundsIn(draft), refund.amountMinor)
      if (disputeId !== undefined) {
        yield* moveRefunds(draft, parts, [refund], () => [{ type: 'CoverRefund', disputeId, at }])
      } else if (isKept) rest.push(refund)
    }
    if (holdingDisputes(payment).length > 0) return ok(undefined)
    for (const refund of rest) {
      const now = draft.payments.get(paymentId)?.state ?? payment
      const leaves = checkRefundLeaves(now, refund.refundId).isOk()
      if (leaves && refund.status === 'requested') continue
      const type = leaves ? 'ResumeRefund' : 'RequestManualPayout'
      yield* moveRefunds(draft, parts, [refund], () => [{ type, at }])
    }
    return ok(undefined)
  })

const refundsIn = (draft: OrderDraft): readonly Refund[] => [...draft.refunds.values()].map(({ state }) => state)

/**
 * Takes off a refund that was never sent what the payer has of it by lost disputes; each part is a refund of its own.
 *
 * @returns whether the payer has all of it
 */
const coverInPart = (
  draft: OrderDraft,
  parts: OrderParts,
  payment: Payment,
  refund: Refund,
): Result<boolean, OrderMoveError> =>
  safeTry(function* () {
    const { refundId, merchantId, orderId, accountId, paymentId, gatewayId, currency, reason } = refund
    const { at } = draft
    let left: Pick<Refund, 'amountMinor' | 'sources'> = refund
    for (const { disputeId, amountMinor } of coveredShares(payment, refundsIn(draft), refund.amountMinor)) {
      if (amountMinor === left.amountMinor) {
        yield* moveRefunds(draft, parts, [refund], () => [{ type: 'CoverRefund', disputeId, at }])
        return ok(true)
      }
      const covered = takeShares(left.sources, amountMinor)
      left = { amountMinor: left.amountMinor - amountMinor, sources: covered.left }
      yield* draftRefund(draft, refundId, [{ type: 'ReduceRefund', ...left }])
      const about = { merchantId, orderId, accountId, paymentId, gatewayId, currency, reason }
      const start = { ...about, refundId: freeId(draft, `${refundId}_${disputeId}`), amountMinor, at }
      yield* draftNewRefund(draft, { ...start, sources: covered.taken }, disputeId)
    }
    return ok(false)
  })

const freeId = (draft: OrderDraft, wanted: string, count = 1): string => {
  const id = count === 1 ? wanted : `${wanted}_${count}`
  return draft.refunds.has(id) ? freeId(draft, wanted, count + 1) : id
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

const moveRefunds = (
  draft: OrderDraft,
  parts: OrderParts,
  moving: readonly Refund[],
  commandsOf: (refund: Refund) => readonly RefundCommand[],
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    for (const refund of moving) {
      const { refundId } = refund
      yield* learnOfRefund(draft, refundId, commandsOf(refund))
      const status = draft.refunds.get(refundId)?.state.status
      const outcome = status === 'chargedBack' ? 'succeeded' : status === 'manualPayout' ? 'failed' : null
      if (outcome === null) continue
      const settled = { type: 'SettleRefund', refundId, outcome, at: draft.at } as const
      yield* moveParts(parts, (order) => isOwed(order, refundId), settled)
    }
    return ok(undefined)
  })
