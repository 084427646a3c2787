import { ok, type Result, safeTry } from 'neverthrow'
import { releaseStock } from '../inventory/move-stock.js'
import { coveredShares, coveringDispute } from '../payments/cover-refund.js'
import type { Payment, PaymentCommand } from '../payments/payment.js'
import { isUndecided } from '../payments/payment-machine.js'
import { postPointsClawedBack, postPointsEarned, postPointsReturn, postSubsidyReturn } from '../payments/posting.js'
import type { RefundReason as PaymentRefundReason, RefundCommand } from '../payments/refund.js'
import { couponGraceDays } from '../promotions/coupon-machine.js'
import { firstOrderSpace, offerUses } from '../promotions/limits.js'
import { adjust, expectRow, release } from '../shared/commit.js'
import { endOfLocalDay } from '../shared/local-day.js'
import { followShare, returnShares } from './follow-share.js'
import { giveBackPayment } from './give-back-payment.js'
import { endSpentHold, forgoUntaken, freeStock, payingsOf, restOf, spreadOver } from './held-money.js'
import { orders } from './order.collection.schema.js'
import type { OrderCommand, OrderRefund } from './order.js'
import {
  draftCoupon,
  draftEntries,
  draftNewRefund,
  draftOrder,
  draftPayment,
  draftRefund,
  type OrderDraft,
  type OrderMoveError,
  orderIn,
} from './order-draft.js'
import { payerBy } from './order-payers.js'
import { activateEarnedPoints, earnedPointsLeft, movePointsBack, releasePoints, worthOfPoints } from './order-points.js'
import type { OrderRow } from './order-row.js'
import { hasPaidShare } from './order-share-steps.js'
import { closeAttempts, payInFull } from './pay-in-full.js'
import { uncountPurchases } from './purchase-limits.js'
import { outcomeOfRefund, refundOfOrder, refundsIn } from './refund-outcome.js'
import { couponsGivenBack } from './refund-shares.js'
import { type Retake, reinstateOrder } from './reinstate-order.js'
import { endEdit, isForEdit, lapseEdit, payEdit } from './settle-edit.js'
import { shareOut, takeSharesBack } from './share-out.js'

type Move = Result<void, OrderMoveError>

/** How many attempts of an order may fail before it is closed. */
const maximumOf = (order: OrderRow): number => order.details.policy.maximumFailures

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
    yield* draftPayment(draft, paymentId, commands)
    const after = draft.payments.get(paymentId)?.state
    if (before === undefined || after === undefined) return ok(undefined)
    yield* followPayment(draft, before, after, retake)
    yield* finishClosing(draft)
    return ok(undefined)
  })

const followPayment = (draft: OrderDraft, before: Payment, after: Payment, retake: Retake): Move =>
  safeTry(function* () {
    const { at } = draft
    const { paymentId } = after
    const order = yield* orderIn(draft)
    const mine = 'paymentId' in order && order.paymentId === paymentId
    if ('paidAt' in order && order.extraPaymentIds?.includes(paymentId) === true) return ok(undefined)
    if (isForEdit(order, paymentId)) return followEdit(draft, before, after)
    const payer = payerBy(order, paymentId)
    if (payer !== undefined) return followShare(draft, before, after, payer)
    const open = order.status === 'awaitingPayment' || order.status === 'closing'
    const more = (after.known.captured?.minor ?? 0) > (before.known.captured?.minor ?? 0)
    if (open && hasPaidShare(order) && (after.known.captured !== null || after.status === 'authorised')) {
      return giveBackBesideShares(draft, after, more)
    }
    switch (after.status) {
      case 'captured': {
        if (mine) return ok(undefined)
        if (!open) return more ? takeLate(draft, after, retake) : ok(undefined)
        // The order was changed since the attempt began, which was to bring what it cost before.
        if (after.amountMinor !== order.totals.payableMinor) return giveBackPayment(draft, after, 'lateSuccess')
        // Nothing more will be taken, and it is too little to pay the order.
        if (after.known.captured.minor < order.totals.payableMinor) return giveBackPayment(draft, after, 'lateSuccess')
        return payInFull(draft, paymentId)
      }
      case 'authorised':
      case 'partlyCaptured': {
        if (mine) return endSpentHold(draft, paymentId)
        // Money that a gateway holds of its own accord is not taken yet.
        if (after.capture !== 'manual') return ok(undefined)
        if (open && after.amountMinor === order.totals.payableMinor) {
          const heldMinor = after.known.authorised?.minor ?? 0
          return heldMinor >= order.totals.payableMinor ? payInFull(draft, paymentId) : ok(undefined)
        }
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
        yield* draftOrder(draft, { type: 'FailAttempt', paymentId, maximum: maximumOf(order), at })
        return closeAttempts(draft, 'unpaidDeadline')
      case 'created':
      case 'requiresAction':
      case 'processing':
      case 'unknown':
      case 'closing':
      case 'integrityHold':
        return ok(undefined)
      case 'closed':
        return mine ? lapse(draft) : ok(undefined)
    }
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
    const taken = after.status === 'captured' || after.status === 'capturedAfterClose'
    if (!taken) return endEdit(draft)
    if (!more || (yield* payEdit(draft, after))) return ok(undefined)
    yield* lapseEdit(draft)
    return giveBackPayment(draft, after, 'lateSuccess')
  })

// Money that an order which is over has no use for goes back, unless the order comes back for it.
const takeLate = (draft: OrderDraft, payment: Payment, retake: Retake): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if ('paidAt' in order) return giveBackPayment(draft, payment, 'duplicatePayment')
    return (yield* reinstateOrder(draft, payment, retake))
      ? ok(undefined)
      : giveBackPayment(draft, payment, 'lateSuccess')
  })

// Held money pays an order, and now nothing is held: what has not left will not leave, and all of it is free again.
const lapse = (draft: OrderDraft): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (order.status !== 'paid') return ok(undefined)
    yield* lapseEdit(draft)
    const refund = restOf(order, `lapsed_${order.paymentId ?? order.orderId}`)
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
    const { orderId, accountId } = order
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
    )
    if (draft.read.firstOrder.get(accountId) === orderId) {
      draft.further.push(release({ space: firstOrderSpace, key: accountId, owner: orderId }))
    }
    return ok(undefined)
  })

const paymentReasons: Readonly<Record<OrderRefund['reason'], PaymentRefundReason>> = {
  cancelled: 'orderCancelled',
  edited: 'linesCancelled',
  returned: 'returned',
  lost: 'parcelLost',
  goodwill: 'goodwill',
}

/**
 * Sends money and points of an order back: cash that was never taken is not taken any more, the rest is held on the
 * payment until the gateway has sent it, points and
 * coupons are the buyer's again at once, earned points and the platform's discounts are taken back.
 *
 * @param command - `StartRefund`, `CancelPaid` or `Edit`, with the refund inside
 * @errors OrderMoveError; RefundExceedsCaptured when more would go back than was taken
 */
export const giveBack = (
  draft: OrderDraft,
  command:
    | Extract<OrderCommand, { type: 'StartRefund' | 'CancelPaid' }>
    | (Extract<OrderCommand, { type: 'Edit' }> & { readonly refund: Omit<OrderRefund, 'status'> }),
): Move =>
  safeTry(function* () {
    const { at } = draft
    const { refund } = command
    const before = yield* orderIn(draft)
    const { orderId, accountId, currency, merchantId } = before
    yield* draftOrder(draft, command)
    // Of an order that is given up everything may be back already, or on its way.
    if (command.type === 'CancelPaid' && refund.lines.length === 0 && refund.cashMinor === 0) return ok(undefined)
    const after = yield* orderIn(draft)
    if (before.status === 'completed') yield* unconfirmReceipt(draft, before, after, refund)
    let leavingMinor = 0
    // Goodwill is given beside what is owed.
    const amount = { amountMinor: refund.cashMinor, given: refund.reason === 'goodwill' }
    const spread = spreadOver(before, payingsOf(draft, before), refundsIn(draft), amount)
    for (const [place, { payment, amountMinor }] of spread.entries()) {
      const refundId = place === 0 ? refund.refundId : `${refund.refundId}~${place + 1}`
      leavingMinor += yield* sendBack(draft, payment, before, refund, { refundId, amountMinor })
    }
    if (leavingMinor === 0) {
      yield* draftOrder(draft, { type: 'SettleRefund', refundId: refund.refundId, outcome: 'succeeded', at })
    }
    const worth = { reference: refund.refundId, about: { orderId, accountId, merchantId }, currency, at }
    draftEntries(draft, [
      ...postPointsReturn({ ...worth, amountMinor: refund.pointsMinor }),
      ...postSubsidyReturn({ ...worth, amountMinor: refund.subsidyMinor }),
    ])
    yield* movePointsBack(draft, before, refund)
    // Who is given money for pieces as goodwill keeps them; an edit counts the pieces that it takes out.
    if (refund.reason !== 'goodwill' && refund.reason !== 'edited')
      draft.further.push(...uncountPurchases(before, refund.lines))
    const { timeZone } = before.details.policy
    const graceTo = refund.sellerAtFault === true ? endOfLocalDay(at, couponGraceDays, timeZone) : null
    const usedBy = before.details.partOf?.checkoutId ?? orderId
    const siblings = draft.read.siblings.filter(({ id }) => id !== orderId)
    for (const couponId of couponsGivenBack(after)) {
      const coupon = draft.coupons.get(couponId)?.state
      if (coupon?.status !== 'used' || coupon.orderId !== usedBy) continue
      // A coupon that several orders of a checkout share is the buyer's again with the last of them.
      const sharing = siblings.filter(({ state }) => state.couponIds.includes(couponId))
      draft.further.push(...sharing.map((sibling) => expectRow(orders, sibling)))
      if (sharing.some(({ state }) => !couponsGivenBack(state).includes(couponId))) continue
      yield* draftCoupon(draft, couponId, { type: 'ReturnCoupon', orderId: usedBy, graceTo, now: at })
    }
    return ok(undefined)
  })

/**
 * Begins the refunds of what an order owes: what the payer has by lost disputes is owed no more, unless it is won back;
 * the rest is held and sent.
 *
 * @returns how much is to be sent, minor units
 */
const sendBack = (
  draft: OrderDraft,
  paying: Payment,
  { orderId, accountId, merchantId, currency }: OrderRow,
  { refundId: wholeId, reason }: Omit<OrderRefund, 'status'>,
  { refundId, amountMinor: owedMinor }: { readonly refundId: string; readonly amountMinor: number },
): Result<number, OrderMoveError> =>
  safeTry(function* () {
    const { paymentId, gatewayId } = paying
    const begin = (id: string, amountMinor: number, coveredBy?: string) => {
      const sources = [{ account: `escrow:${orderId}` as const, amountMinor }]
      const about = { paymentId, orderId, accountId, merchantId, gatewayId, currency, sources }
      const part = id === wholeId ? {} : { partOf: wholeId }
      const start = { ...about, ...part, refundId: id, amountMinor, reason: paymentReasons[reason], at: draft.at }
      return draftNewRefund(draft, start, coveredBy)
    }
    const covered = reason === 'goodwill' ? [] : coveredShares(paying, refundsIn(draft), owedMinor)
    const restMinor = covered.reduce((left, { amountMinor }) => left - amountMinor, owedMinor)
    // Only of what the payer does not have by a dispute is anything given up that was never taken.
    const forgoneMinor = yield* forgoUntaken(draft, paying, restMinor)
    const leavingMinor = restMinor - forgoneMinor
    const isWhole = restMinor === 0 && covered.length === 1
    for (const { disputeId, amountMinor } of covered) {
      yield* begin(isWhole ? refundId : `${refundId}_${disputeId}`, amountMinor, disputeId)
    }
    if (leavingMinor > 0) yield* begin(refundId, leavingMinor)
    return ok(leavingMinor)
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
    yield* coverFailed(draft, refundId)
    const order = yield* orderIn(draft)
    const outcome = outcomeOfRefund(draft, wholeId)
    if (outcome === null || outcome === before) return ok(undefined)
    // Late and duplicate money goes back without being a refund of the order; a cancelled order is at its end.
    const isOurs = order.refunds.some((refund) => refund.refundId === wholeId)
    if (!isOurs || order.status === 'cancelled') return ok(undefined)
    yield* draftOrder(draft, { type: 'SettleRefund', refundId: wholeId, outcome, at: draft.at })
    return ok(undefined)
  })

// What the gateway would not send because the payer had it by a dispute is not owed any more.
const coverFailed = (draft: OrderDraft, refundId: string): Move => {
  const refund = draft.refunds.get(refundId)?.state
  const payment = refund === undefined ? undefined : draft.payments.get(refund.paymentId)?.state
  if (refund?.status !== 'failed' || payment === undefined) return ok(undefined)
  const disputeId = coveringDispute(payment, refundsIn(draft), refund.amountMinor)
  if (disputeId === undefined) return ok(undefined)
  return draftRefund(draft, refundId, [{ type: 'CoverRefund', disputeId, at: draft.at }])
}

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
    const earned = earnedPointsLeft(order)
    yield* activateEarnedPoints(draft, order)
    yield* shareOut(draft, order)
    draftEntries(draft, [
      ...postPointsEarned({ reference: orderId, about, currency, amountMinor: worthOfPoints(order, earned), at }),
    ])
    return ok(undefined)
  })

// After the receipt was confirmed the money is the seller's; it comes back into the order's escrow before it goes on.
const unconfirmReceipt = (
  draft: OrderDraft,
  order: OrderRow,
  after: OrderRow,
  refund: Omit<OrderRefund, 'status'>,
): Move => {
  const { orderId, accountId, merchantId, currency } = order
  const about = { orderId, accountId, merchantId }
  const { at } = draft
  const earned = earnedPointsLeft(order)
  // Points that stay spent were turned into money when they were; nothing is owed less for them now.
  const taken = refund.earnedPoints - (refund.shortfall?.points ?? 0)
  const worth = worthOfPoints(order, earned) - worthOfPoints(order, earned - taken)
  draftEntries(draft, [
    ...postPointsClawedBack({ reference: refund.refundId, about, currency, amountMinor: worth, at }),
  ])
  return takeSharesBack(draft, after, refund)
}
