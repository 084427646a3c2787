import { ok, type Result, safeTry } from 'neverthrow'
import type { Dispute, DisputeCommand, DisputeError } from '../../payments/dispute.js'
import { disputes } from '../../payments/dispute.schema.js'
import { disputedMinor, isOpenDispute } from '../../payments/dispute-machine.js'
import { moveDispute, writeDispute } from '../../payments/move-payment.js'
import type { Payment, PaymentDisputeShare } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { isTakenWhole, takenMinor } from '../../payments/payment-machine.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import { type Asked, type IdsFrom, row, rows, type Stored } from '../../shared/read-plan.js'
import { payerBy } from '../money/order-payers.js'
import { payInFull } from '../money/pay-in-full.js'
import { paysWhole } from '../money/pays-whole.js'
import { refundsOfPayment } from '../money/refund-outcome.js'
import { orders } from '../order.collection.schema.js'
import {
  askOrder,
  closeDraft,
  draftOrder,
  draftPayment,
  type OrderDraft,
  type OrderMoveError,
  type OrderPlan,
  type OrderRead,
  openDraft,
  orderIn,
} from '../order-draft.js'
import { moveParts, type OrderParts, openParts, writeParts } from '../order-parts.js'
import { isPayable, payingIdsOf } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { hasPaidShare } from '../order-share-steps.js'
import { payOnceAllAre } from '../payers/follow-share.js'
import { coverRefunds, moveRefunds } from '../refunds/cover-refunds.js'
import { coverHeldMoney, giveBackPayment } from '../refunds/give-back-payment.js'
import { giveBackUnused } from '../refunds/give-back-unused.js'

/** A dispute, the payment it is of, and everything that can move with it, as it was read. */
export type DisputeRead = OrderRead & {
  readonly dispute: Stored<Dispute> | undefined
  readonly disputed: Stored<Payment> | undefined
  /** The orders of the merchants, where the checkout that the payment is of was divided among them. */
  readonly parts: readonly Stored<OrderRow>[]
}

/** The orders of a divided checkout; of merchants whom a payment did not pay nothing is disputed with it. */
export type DisputedOrders = readonly Stored<OrderRow>[]

/** The questions to which `DisputeRead` is the answer. */
export type DisputePlan = OrderPlan & {
  readonly [Name in Exclude<keyof DisputeRead, keyof OrderRead>]: Asked<DisputeRead[Name]>
}

/** Asks for a dispute and everything that moves with it, in one read. */
export const askDispute = ({
  disputeId,
  paymentId,
}: {
  /** Also as it follows from the query `disputed` of this plan. */
  readonly disputeId: string | IdsFrom
  /** Also as the query `dispute` of this plan has it. */
  readonly paymentId: string | IdsFrom
}): DisputePlan => ({
  // The one that the other follows from first.
  ...(typeof disputeId === 'string'
    ? { dispute: row(disputes, disputeId), disputed: row(payments, paymentId) }
    : { disputed: row(payments, paymentId), dispute: row(disputes, disputeId) }),
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
 * @param commandsOf - as the payment stands, and the orders that were paid by it where it was divided
 * @param also - what else follows, once something is known that was not
 * @errors NotFound when the shop has no such payment; DisputeMoveError
 */
export const moveDisputed = (
  read: DisputeRead,
  at: Instant,
  commandsOf: (payment: Payment, paid: DisputedOrders) => readonly DisputeCommand[],
  also: (draft: OrderDraft, parts: OrderParts) => Result<void, DisputeMoveError> = () => ok(undefined),
): Result<Decision<DisputeStanding>, DisputeMoveError> =>
  safeTry(function* () {
    const { disputed, dispute: stored, parts: found, ...others } = read
    // This one is written here; it is over where its end pays a checkout that is divided.
    const rest = { ...others, disputes: others.disputes.filter(({ id }) => id !== stored?.id) }
    const orderId = disputed?.state.orderId ?? ''
    const draft = yield* openDraft(disputed === undefined ? { ...rest, order: undefined } : rest, orderId, at)
    const pays =
      disputed !== undefined && read.order !== undefined && payingIdsOf(read.order.state).includes(disputed.id)
    const paid = pays ? found : []
    const moved = yield* moveDispute(stored, disputed === undefined ? [] : commandsOf(disputed.state, paid))
    const answer = { dispute: moved.state, orderId }
    if (moved.events.length === 0) return ok({ changes: [], answer })
    draft.further.push(...writeDispute(moved, at))
    const parts = openParts(paid)
    yield* follow(draft, parts, moved.state)
    yield* also(draft, parts)
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
    if (isOpenDispute(dispute)) return ok(undefined)
    // What came too late, or twice, could not go back while it was held, nor pay; and a part that is there again may be the last.
    yield* useOrGiveBack(draft, paymentId)
    yield* payOnceAllAre(draft)
    return giveBackUnused(draft)
  })

const useOrGiveBack = (draft: OrderDraft, paymentId: string): Result<void, OrderMoveError> =>
  orderIn(draft).andThen((order) => {
    const payment = draft.payments.get(paymentId)?.state
    const isUsed =
      'paidAt' in order && (order.paymentId === paymentId || order.extraPaymentIds?.includes(paymentId) === true)
    if (payment === undefined || isUsed) return ok(undefined)
    // What does not fit what was asked stands in suspense, and never came into the order's escrow, unless a person has
    // accepted it, or the gateway has said both.
    const isAside = payment.acceptedMinor === undefined && !isTakenWhole(payment)
    if (payment.status === 'integrityHold' && isAside) return coverHeldMoney(draft, payment)
    if (isPayable(order) && payerBy(order, paymentId)?.paidBy === paymentId) return ok(undefined)
    if (paysWhole(order, payment)) return payInFull(draft, paymentId)
    const isSecond = 'paidAt' in order || hasPaidShare(order)
    return giveBackPayment(draft, payment, isSecond ? 'duplicatePayment' : 'lateSuccess')
  })

const shareStatus: Readonly<Record<Dispute['status'], PaymentDisputeShare['status']>> = {
  inquiry: 'inquiry',
  evidenceDue: 'held',
  underReview: 'held',
  won: 'won',
  lost: 'lost',
}

// Of another currency nobody knows how much of the payment it is: all of it. More than was asked for may have come, and be
// disputed, whether it was heard of by then or not.
const shareOf = (dispute: Dispute, payment: Payment): PaymentDisputeShare => {
  const wanted = dispute.status === 'lost' ? disputedMinor(dispute) : dispute.known.word.amountMinor
  const wholeMinor = Math.max(payment.amountMinor, takenMinor(payment))
  const amountMinor = dispute.currency === payment.currency ? wanted : wholeMinor
  return { disputeId: dispute.disputeId, amountMinor, status: shareStatus[dispute.status] }
}

const followRefunds = (draft: OrderDraft, parts: OrderParts, dispute: Dispute): Result<void, OrderMoveError> => {
  const { at } = draft
  const { paymentId } = dispute
  switch (dispute.status) {
    case 'evidenceDue':
    case 'underReview':
      return moveRefunds(
        draft,
        parts,
        refundsOfPayment(draft, paymentId).filter(({ status }) => status === 'requested'),
        () => [{ type: 'HoldRefund', at }],
      )
    case 'inquiry':
    case 'won':
    case 'lost':
      return coverRefunds(draft, parts, paymentId)
  }
}
