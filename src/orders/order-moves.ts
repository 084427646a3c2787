import { ok, type Result, safeTry } from 'neverthrow'
import { releaseStock } from '../inventory/move-stock.js'
import { bestCoveringDispute } from '../payments/cover-refund.js'
import { gatewayErrors } from '../payments/gateway-error.js'
import type { Payment, PaymentCommand } from '../payments/payment.js'
import { holdingDisputes, isTakenWhole, isUndecided, saysAllTaken, untakenMinor } from '../payments/payment-machine.js'
import { hasTaken } from '../payments/payment-status.js'
import { postPointsEarned } from '../payments/posting.js'
import type { Refund, RefundCommand } from '../payments/refund.js'
import { takenBy } from '../payments/said-payment.js'
import { offerUses } from '../promotions/limits.js'
import { adjust } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { endEdit, isForEdit, lapseEdit, payEdit } from './editing/settle-edit.js'
import { lapseId, piecesHere, takeOutRest } from './editing/take-out.js'
import { leaveFirstOrder } from './money/first-order.js'
import { endSpentHold, freeStock, payingsOf, restOf, uncapturedMinor } from './money/order-money.js'
import { payerBy } from './money/order-payers.js'
import {
  activateEarnedPoints,
  canHavePoints,
  earnedPointsLeft,
  releasePoints,
  worthOfPoints,
} from './money/order-points.js'
import { closeAttempts, payInFull } from './money/pay-in-full.js'
import { mayPayWhole, paysWhole } from './money/pays-whole.js'
import { endPromise, isOnDelivery } from './money/promised-money.js'
import { outcomeOfRefund, refundOfOrder, refundsIn, refundsOfPayment } from './money/refund-outcome.js'
import { followCollection } from './on-delivery/collect-on-delivery.js'
import { endUndelivered } from './on-delivery/end-undelivered.js'
import {
  draftCoupon,
  draftEntries,
  draftOrder,
  draftPayment,
  draftRefund,
  type OrderDraft,
  type OrderMoveError,
  orderIn,
} from './order-draft.js'
import { isPayable } from './order-pieces.js'
import type { OrderRow } from './order-row.js'
import { hasPaidShare } from './order-share-steps.js'
import { followShare, returnShares } from './payers/follow-share.js'
import { giveBackDuplicate } from './paying/pay-by-earliest.js'
import { type Retake, reinstateOrder } from './paying/reinstate-order.js'
import { uncountPurchases } from './placing/purchase-limits.js'
import { giveBack } from './refunds/give-back.js'
import { giveBackForgone } from './refunds/give-back-forgone.js'
import { giveBackPayment } from './refunds/give-back-payment.js'
import { giveBackUnused } from './refunds/give-back-unused.js'
import { endOfSpare, makeUp } from './refunds/make-up.js'
import { shareOut } from './settlement/share-out.js'

type Move = Result<void, OrderMoveError>

/** How many attempts of an order may fail before it is closed. */
const maximumOf = (order: OrderRow): number => order.details.policy.maximumFailures

// What no payer can help must not cost them the order: its time runs on, and ends it.
const blameOf = ({ known }: Payment): { readonly isUncounted?: true } =>
  known.failure === null || gatewayErrors[known.failure.code].blame === 'payer' ? {} : { isUncounted: true }

/**
 * Puts what became known of a payment to it and lets everything follow: money that pays the order pays it, money that
 * comes too late opens it again or goes back, money that comes twice goes back, a failure is counted, an order that
 * waits for its end comes to it.
 *
 * @param retake - what the order could take once more
 * @errors OrderMoveError
 */
export const learnOfPayment = (
  draft: OrderDraft,
  paymentId: string,
  commands: readonly PaymentCommand[],
  retake: Retake,
): Move =>
  safeTry(function* () {
    const before = draft.payments.get(paymentId)?.state
    yield* draftPayment(draft, paymentId, weighed(before, commands, draft.at))
    yield* endMisfit(draft, paymentId)
    const after = draft.payments.get(paymentId)?.state
    if (before === undefined || after === undefined) return ok(undefined)
    const saysWhole = commands.some((command) => saysAllTaken(before, command))
    yield* followPayment(draft, { before, after, saysWhole }, retake)
    yield* finishClosing(draft)
    return giveBackUnused(draft)
  })

// Beside what the gateway says stands how much it has taken, where a person has said how much that is.
const weighed = (
  before: Payment | undefined,
  commands: readonly PaymentCommand[],
  at: Instant,
): readonly PaymentCommand[] =>
  commands.flatMap((command) => {
    const taken = command.type === 'RecordSnapshot' && before !== undefined ? takenBy(before, command) : undefined
    return taken === undefined ? [command] : [command, { type: 'WeighWord', ...taken, at }]
  })

// What its payer is asked for, or has had held, is not what was asked: it ends before any money is taken.
const endMisfit = (draft: OrderDraft, paymentId: string): Move => {
  const payment = draft.payments.get(paymentId)?.state
  if (payment?.status !== 'integrityHold' || hasTaken(payment.known)) return ok(undefined)
  return draftPayment(draft, paymentId, [{ type: 'RequestClose', reason: 'doesNotFit', at: draft.at }])
}

type Heard = { readonly before: Payment; readonly after: Payment; readonly saysWhole: boolean }

const followPayment = (draft: OrderDraft, heard: Heard, retake: Retake): Move =>
  safeTry(function* () {
    const { at } = draft
    const { before, after } = heard
    const { paymentId } = after
    const order = yield* orderIn(draft)
    const mine = 'paymentId' in order && order.paymentId === paymentId
    const more = (after.known.captured?.minor ?? 0) > (before.known.captured?.minor ?? 0)
    if (order.status === 'divided' && isOnDelivery(after)) return giveBackCollected(draft, after, more)
    if (yield* followCollection(draft, before, after)) return ok(undefined)
    if (isOnDelivery(after) && after.status === 'closing') return endPromise(draft, after, 'orderCancelled')
    if ('paidAt' in order && order.extraPaymentIds?.includes(paymentId) === true) return ok(undefined)
    if (isForEdit(order, paymentId)) return followEdit(draft, before, after)
    const payer = payerBy(order, paymentId)
    if (payer !== undefined) return followShare(draft, heard, payer)
    const open = isPayable(order)
    if (open && hasPaidShare(order) && (after.known.captured !== null || after.status === 'authorised')) {
      return giveBackBesideShares(draft, after, more)
    }
    switch (after.status) {
      // What fits is used whether it is heard before what does not or after it.
      case 'integrityHold':
      case 'captured': {
        if (!isTakenWhole(after)) return ok(undefined)
        // What was given up of a hold, for a capture was said not to be taken, came with the rest.
        if (mine) return giveBackForgone(draft, paymentId).andThen(() => giveUpUntaken(draft, after))
        if (!open) return more ? takeLate(draft, after, retake) : ok(undefined)
        return paysWhole(order, after) ? payInFull(draft, paymentId) : giveBackPayment(draft, after, 'lateSuccess')
      }
      case 'authorised':
      case 'partlyCaptured': {
        if (mine) return giveBackForgone(draft, paymentId).andThen(() => endSpentHold(draft, paymentId))
        // Money that a gateway holds of its own accord is not taken yet.
        if (after.capture !== 'manual') return ok(undefined)
        if (paysWhole(order, after)) return payInFull(draft, paymentId)
        if (open && mayPayWhole(order, after)) return ok(undefined)
        if (isOnDelivery(after)) return endPromise(draft, after, 'replacedByAnother')
        if (yield* reinstateOrder(draft, after, retake)) return ok(undefined)
        // The order is paid by another, has ended, or was changed since the attempt began.
        const reason = 'paidAt' in order || open ? 'replacedByAnother' : 'orderCancelled'
        yield* draftPayment(draft, paymentId, [{ type: 'RequestClose', reason, at }])
        if (after.status === 'authorised' || !more) return ok(undefined)
        return giveBackPayment(draft, after, 'paidAt' in order ? 'duplicatePayment' : 'lateSuccess')
      }
      case 'capturedAfterClose':
        return mine || !more ? ok(undefined) : takeLate(draft, after, retake)
      case 'failed':
        if (mine) return lapse(draft)
        if (before.status === 'failed') return ok(undefined)
        yield* draftOrder(draft, { type: 'FailAttempt', paymentId, maximum: maximumOf(order), ...blameOf(after), at })
        return closeAttempts(draft, 'unpaidDeadline')
      case 'created':
      case 'requiresAction':
      case 'processing':
      case 'unknown':
      case 'closing':
        return ok(undefined)
      case 'closed':
        return mine ? lapse(draft) : ok(undefined)
    }
  })

// The orders of a checkout that is divided collect for themselves: what its courier brings all the same is owed to nobody else.
const giveBackCollected = (draft: OrderDraft, payment: Payment, more: boolean): Move =>
  safeTry(function* () {
    yield* endPromise(draft, payment, 'replacedByAnother')
    return more ? giveBackPayment(draft, payment, 'duplicatePayment') : ok(undefined)
  })

// Of an order that others have paid a part of, whoever pays the whole pays twice.
const giveBackBesideShares = (draft: OrderDraft, payment: Payment, more: boolean): Move =>
  safeTry(function* () {
    const { paymentId, status } = payment
    const isHeld = status === 'authorised' || status === 'partlyCaptured'
    if (isHeld) {
      yield* draftPayment(draft, paymentId, [{ type: 'RequestClose', reason: 'replacedByAnother', at: draft.at }])
    }
    return more ? giveBackPayment(draft, payment, 'duplicatePayment') : ok(undefined)
  })

// What pays a dearer change makes it; what does not is of no use to the order.
const followEdit = (draft: OrderDraft, before: Payment, after: Payment): Move =>
  safeTry(function* () {
    const more = (after.known.captured?.minor ?? 0) > (before.known.captured?.minor ?? 0)
    if (isOnDelivery(after) && after.status === 'authorised') {
      if (yield* payEdit(draft, after)) return ok(undefined)
      yield* lapseEdit(draft)
      return endPromise(draft, after, 'replacedByAnother')
    }
    if (!isTakenWhole(after)) return endEdit(draft)
    if (!more || (yield* payEdit(draft, after))) return ok(undefined)
    yield* lapseEdit(draft)
    return giveBackPayment(draft, after, 'lateSuccess')
  })

// Money of an attempt that has ended pays the order that still waits for exactly it. What has no use for it gives it back,
// unless it comes back for it.
const takeLate = (draft: OrderDraft, payment: Payment, retake: Retake): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (paysWhole(order, payment) && !isOnDelivery(payment)) return payInFull(draft, payment.paymentId)
    if ('paidAt' in order) return giveBackDuplicate(draft, payment)
    return (yield* reinstateOrder(draft, payment, retake))
      ? ok(undefined)
      : giveBackPayment(draft, payment, 'lateSuccess')
  })

// The hold ended after something had left: what is here still cannot be paid any more, and is taken out.
const giveUpUntaken = (draft: OrderDraft, payment: Payment): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    // Of one that is paid something has left and is to be sent again.
    const hasLeft = order.status === 'partlyShipped' || (order.status === 'paid' && order.parcelIds.length > 0)
    if (!hasLeft || untakenMinor(payment) <= 0) return ok(undefined)
    const here = piecesHere(order)
    const missingMinor = yield* uncapturedMinor(order, payingsOf(draft, order), refundsIn(draft), here)
    return missingMinor > 0 ? lapse(draft) : ok(undefined)
  })

// Held money pays an order, and now nothing is held: what has not left will not leave, and all of it is free again.
const lapse = (draft: OrderDraft): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (order.status === 'partlyShipped') return takeOutRest(draft, 'clock', lapseId(order))
    if (order.status !== 'paid') return ok(undefined)
    yield* lapseEdit(draft)
    // Nobody sent it while the money was there.
    const refund = restOf(order, { refundId: lapseId(order), sellerAtFault: true })
    yield* giveBack(draft, { type: 'CancelPaid', by: 'clock', refund, at: draft.at })
    return freeStock(draft)
  })

/**
 * Ends an order that waits for its end, if no attempt can bring money any more: stock, coupons, points and uses of
 * offers are free again.
 *
 * @errors OrderMoveError
 */
export const finishClosing = (draft: OrderDraft): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (order.status !== 'closing') return ok(undefined)
    if ([...draft.payments.values()].some(({ state }) => isUndecided(state))) return ok(undefined)
    const { at } = draft
    const { orderId } = order
    yield* draftOrder(draft, { type: 'Close', at })
    const { reservation } = draft.read
    if (reservation !== undefined) {
      draft.further.push(...(yield* releaseStock(reservation, { reference: orderId, at })))
    }
    for (const couponId of order.couponIds) {
      yield* draftCoupon(draft, couponId, { type: 'ReleaseCoupon', orderId, now: at })
    }
    yield* releasePoints(draft, order)
    yield* returnShares(draft, order)
    draft.further.push(
      ...order.details.offerUseIds.map((id) => adjust(offerUses, { id, by: 1 })),
      ...uncountPurchases(order, order.lines),
      ...leaveFirstOrder(draft.read, order),
    )
    return giveBackUnused(draft)
  })

/**
 * Puts what became known of a refund to it, and to the order it belongs to.
 *
 * @errors OrderMoveError
 */
export const learnOfRefund = (draft: OrderDraft, refundId: string, commands: readonly RefundCommand[]): Move =>
  safeTry(function* () {
    const found = draft.refunds.get(refundId)?.state
    const wholeId = found === undefined ? refundId : refundOfOrder(found)
    const before = outcomeOfRefund(draft, wholeId)
    yield* draftRefund(draft, refundId, commands)
    yield* followCover(draft, refundId, found)
    const order = yield* orderIn(draft)
    const outcome = outcomeOfRefund(draft, wholeId)
    if (outcome === null || outcome === before) return ok(undefined)
    // Late and duplicate money goes back without being a refund of the order; a cancelled order is at its end.
    const isOurs = order.refunds.some((refund) => refund.refundId === wholeId)
    if (!isOurs || order.status === 'cancelled') return ok(undefined)
    yield* draftOrder(draft, { type: 'SettleRefund', refundId: wholeId, outcome, at: draft.at })
    // The last thing that an order waited for of which nothing arrived.
    return endUndelivered(draft, 'clock')
  })

// What the gateway would not send because the payer had it by a dispute is not owed any more; what has arrived, or come
// back, of what a dispute made up for is lacking no more, or again.
const followCover = (draft: OrderDraft, refundId: string, before: Refund | undefined): Move =>
  safeTry(function* () {
    const refund = draft.refunds.get(refundId)?.state
    const payment = refund === undefined ? undefined : draft.payments.get(refund.paymentId)?.state
    if (refund === undefined || payment === undefined) return ok(undefined)
    const isTold = before?.status === 'chargedBack' && refund.status === 'chargedBack' && before.known !== refund.known
    const cameBack = before?.status === 'paidManually' && refund.status === 'manualPayout'
    if (refund.status === 'failed' || cameBack) {
      const disputeId = bestCoveringDispute(payment, refundsOfPayment(draft, payment.paymentId), refund)
      const covered = disputeId === undefined ? null : ({ type: 'CoverRefund', disputeId, at: draft.at } as const)
      const end = endOfSpare(draft, refund) ?? covered
      if (end === null) return ok(undefined)
      yield* draftRefund(draft, refundId, [end])
    } else if (!isTold) return ok(undefined)
    return holdingDisputes(payment).length > 0 ? ok(undefined) : makeUp(draft, payment.paymentId)
  })

/**
 * Completes an order: what it still holds is its seller's, the points it earned the buyer's.
 *
 * @errors OrderMoveError
 */
export const complete = (draft: OrderDraft): Move =>
  safeTry(function* () {
    const { at } = draft
    yield* draftOrder(draft, { type: 'Complete', at })
    const order = yield* orderIn(draft)
    const { orderId, accountId, merchantId, currency } = order
    const about = { orderId, accountId, merchantId }
    const earned = canHavePoints(draft, order) ? earnedPointsLeft(order) : 0
    yield* activateEarnedPoints(draft, order)
    yield* shareOut(draft, order)
    draftEntries(draft, [
      ...postPointsEarned({ reference: orderId, about, currency, amountMinor: worthOfPoints(order, earned), at }),
    ])
    return ok(undefined)
  })
