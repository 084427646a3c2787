import { ok, type Result, safeTry } from 'neverthrow'
import type { LineQuantity } from '../../inventory/reservation.js'
import { newlyCoveredShares } from '../../payments/cover-refund.js'
import type { Payment } from '../../payments/payment.js'
import {
  postPointsClawedBack,
  postPointsForfeited,
  postPointsReturn,
  postSubsidyReturn,
} from '../../payments/posting.js'
import { couponGraceDays } from '../../promotions/coupon-machine.js'
import { endOfLocalDay } from '../../shared/local-day.js'
import { lapseEdit } from '../editing/settle-edit.js'
import { type HandedShares, handedShares, nothingHanded, unpaidMinor } from '../money/handed-money.js'
import {
  forgoUntaken,
  leftDuesMinor,
  payingsOf,
  spareHoldMinor,
  spreadOver,
  unaskedMinor,
  uncollectedOf,
} from '../money/order-money.js'
import { canHavePoints, earnedPointsLeft, movePointsBack, worthOfPoints } from '../money/order-points.js'
import { refundsIn } from '../money/refund-outcome.js'
import { paymentReasons } from '../money/refund-reason.js'
import { couponsGivenBack } from '../money/refund-shares.js'
import type { OrderRefund } from '../order.js'
import type { OrderCommand } from '../order-command.js'
import {
  draftCoupon,
  draftEntries,
  draftNewRefund,
  draftOrder,
  type OrderDraft,
  type OrderMoveError,
  orderIn,
} from '../order-draft.js'
import { awaitedOnDelivery, dueOnDelivery, handedOnDelivery, unbroughtOnDelivery } from '../order-dues.js'
import { isForUndelivered, isMissingIn } from '../order-losses.js'
import { refundableCashMinor, unshippedQuantity } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { boughtPieces, uncountPurchases } from '../placing/purchase-limits.js'
import { takeSharesBack } from '../settlement/share-out.js'
import { couponsFreed, sharingCoupons } from './coupons-back.js'
import { expectOrders, giveUseOfCouponBack, giveUsesBack, isAllBack } from './uses-back.js'

type Move = Result<void, OrderMoveError>

/**
 * Sends money and points of an order back: cash that was never taken is not taken any more, what a receiver has paid and a
 * courier has is waited for, the rest is held on the payment until the gateway has sent it, points,
 * coupons and uses of offers are the buyer's again at once, earned points and the platform's discounts are taken back.
 *
 * @param command - `StartRefund`, `CancelPaid` or `Edit`, with the refund inside
 * @errors OrderMoveError; RefundExceedsCaptured when more would go back than was taken; CaptureUnderway where that is being
 * taken
 */
export const giveBack = (
  draft: OrderDraft,
  command:
    | Extract<OrderCommand, { type: 'StartRefund' | 'CancelPaid' }>
    | (Extract<OrderCommand, { type: 'Edit' }> & { readonly refund: Omit<OrderRefund, 'status'> }),
): Move =>
  safeTry(function* () {
    const { at } = draft
    // Priced anew, it would be held against what went back: a dearer change that waits can be paid no more.
    if (command.type === 'StartRefund') yield* lapseEdit(draft)
    const before = yield* orderIn(draft)
    const { orderId, accountId, currency, merchantId } = before
    const payings = payingsOf(draft, before)
    const isCollected = 'paidAt' in before && before.onDelivery !== undefined
    const handed = isCollected && !isLettingGo(before, command.refund) ? handedShares(before, payings) : nothingHanded
    const awaitedMinor = awaitedFor(before, command.refund, handed)
    const amount = {
      amountMinor: command.refund.cashMinor - awaitedMinor,
      given: isGivenBeside(command.refund),
      handed,
    }
    const spreadWith = (spareMinor: number) => spreadOver(before, payings, refundsIn(draft), { ...amount, spareMinor })
    const spareMinor = isCollected ? yield* spareDuesOf(before, command) : 0
    const uncollected = isCollected ? { uncollectedMinor: uncollectedOf(spreadWith(spareMinor), handed) } : {}
    const refund = { ...command.refund, ...uncollected, ...(awaitedMinor > 0 ? { awaitedMinor } : {}) }
    yield* draftOrder(draft, { ...command, refund })
    if (command.type === 'CancelPaid') draft.further.push(...uncountPurchases(before, boughtPieces(before)))
    // Of an order that is given up everything may be back already, or on its way.
    if (command.type === 'CancelPaid' && refund.lines.length === 0 && refund.cashMinor === 0) return ok(undefined)
    const after = yield* orderIn(draft)
    if (before.status === 'completed') yield* unconfirmReceipt(draft, before, after, refund)
    // What ends with the time cannot be refused: what a dispute holds of its money goes once that is over.
    const waits = 'by' in command && command.by === 'clock'
    let leavingMinor = 0
    const spread = spreadWith(isCollected ? spareMinor : yield* spareOf(draft, after, command.refund))
    for (const [place, { payment, amountMinor }] of spread.entries()) {
      const refundId = place === 0 ? refund.refundId : `${refund.refundId}~${place + 1}`
      leavingMinor += yield* sendBack(draft, payment, after, refund, { refundId, amountMinor, waits, handed })
    }
    if (leavingMinor === 0 && awaitedMinor === 0) {
      yield* draftOrder(draft, { type: 'SettleRefund', refundId: refund.refundId, outcome: 'succeeded', at })
    }
    const worth = { reference: refund.refundId, about: { orderId, accountId, merchantId }, currency, at }
    const postPoints = canHavePoints(draft, before) ? postPointsReturn : postPointsForfeited
    draftEntries(draft, [
      ...postPoints({ ...worth, amountMinor: refund.pointsMinor }),
      ...postSubsidyReturn({ ...worth, amountMinor: refund.subsidyMinor }),
    ])
    yield* movePointsBack(draft, before, refund)
    // Who is given money for pieces as goodwill keeps them; an edit counts the pieces that it takes out.
    if (command.type === 'StartRefund' && !isGivenBeside(refund))
      draft.further.push(...uncountPurchases(before, refund.lines))
    const { timeZone } = before.details.policy
    const graceTo = refund.sellerAtFault === true ? endOfLocalDay(at, couponGraceDays, timeZone) : null
    const usedBy = before.details.partOf?.checkoutId ?? orderId
    const back = couponsGivenBack(after).filter((couponId) => {
      const coupon = draft.coupons.get(couponId)?.state
      return coupon?.status === 'used' && coupon.orderId === usedBy
    })
    const { siblings } = draft.read
    const freed = couponsFreed(after, siblings)
    for (const couponId of back.filter((each) => freed.includes(each))) {
      const coupon = draft.coupons.get(couponId)?.state
      yield* draftCoupon(draft, couponId, { type: 'ReturnCoupon', orderId: usedBy, graceTo, now: at })
      if (coupon?.status === 'used') giveUseOfCouponBack(draft, after, coupon.offerId)
    }
    const isLast = !isAllBack(before) && isAllBack(after)
    const relied = [...sharingCoupons(after, back, siblings), ...(isLast ? giveUsesBack(draft, after) : [])]
    draft.further.push(...expectOrders(relied))
    return ok(undefined)
  })

// The pieces that will not leave any more.
const takenOutBy = (command: Parameters<typeof giveBack>[1], { lines }: OrderRow): readonly LineQuantity[] => {
  if (command.type === 'Edit') return command.removed
  const here = lines.map((line) => ({ lineId: line.lineId, quantity: unshippedQuantity(line) }))
  return command.type === 'CancelPaid' ? here : []
}

// Goodwill, and what the price is lowered by, is given beside what is owed.
const isGivenBeside = ({ reason }: Pick<OrderRefund, 'reason'>): boolean =>
  reason === 'goodwill' || reason === 'priceAdjusted'

// What of the dues is given up before any money is sent. What did not arrive is not paid for at the door, whatever a parcel
// that is out was to bring of it, but what was paid at a door is its payer's, whenever the courier brings it. Goodwill lets go
// what a person is to decide about, and of an order that was received all that is due, where that is what it comes to.
const spareDuesOf = (before: OrderRow, command: Parameters<typeof giveBack>[1]): Result<number, OrderMoveError> => {
  const { refund } = command
  const isUndelivered = isForUndelivered(refund)
  if (isUndelivered && isMissingIn(before, refund)) {
    return leftDuesMinor(before).map((leftMinor) => Math.max(0, leftMinor - handedOnDelivery(before)))
  }
  if (!isUndelivered && !isGivenBeside(refund)) return unaskedMinor(before, takenOutBy(command, before))
  if (isLettingGo(before, refund)) return ok(refund.cashMinor)
  return unaskedMinor(before, takenOutBy(command, before)).map((unasked) => unasked + unbroughtOnDelivery(before))
}

// Whether a person lets go all that is still to be collected of an order that was received, but for what is owed to who paid
// it and waits to come.
const isLettingGo = (before: OrderRow, refund: Pick<OrderRefund, 'reason' | 'cashMinor'>): boolean =>
  before.status === 'signed' &&
  isGivenBeside(refund) &&
  refund.cashMinor === dueOnDelivery(before) - awaitedOnDelivery(before)

// What of a refund can go back only once a courier brings what was paid at a door: all that is neither here, nor given up.
const awaitedFor = (before: OrderRow, { cashMinor }: Pick<OrderRefund, 'cashMinor'>, handed: HandedShares): number => {
  const handedMinor = [...handed.values()].reduce((sum, each) => sum + each, 0)
  const toComeMinor = Math.max(0, handedMinor - awaitedOnDelivery(before))
  return Math.max(0, Math.min(toComeMinor, cashMinor - (refundableCashMinor(before) - toComeMinor)))
}

// Money that was never taken and that nothing waits for is nobody's, whatever a bank took of the rest.
const spareOf = (
  draft: OrderDraft,
  after: OrderRow,
  refund: Pick<OrderRefund, 'reason'>,
): Result<number, OrderMoveError> => (isGivenBeside(refund) ? ok(0) : spareHoldMinor(after, payingsOf(draft, after)))

/**
 * Begins the refunds of what an order owes: what was never taken and is not needed is given up, what the payer has by lost
 * disputes is owed no more, unless it is won back, and the rest is held and sent.
 *
 * @param after - the order, with what is taken out of it gone
 * @returns how much is to be sent, minor units
 */
const sendBack = (
  draft: OrderDraft,
  paying: Payment,
  after: OrderRow,
  { refundId: wholeId, reason }: Omit<OrderRefund, 'status'>,
  {
    refundId,
    amountMinor: owedMinor,
    waits,
    handed,
  }: {
    readonly refundId: string
    readonly amountMinor: number
    readonly waits: boolean
    readonly handed: HandedShares
  },
): Result<number, OrderMoveError> =>
  safeTry(function* () {
    const { orderId, accountId, merchantId, currency } = after
    const { paymentId, gatewayId } = paying
    const begin = (id: string, amountMinor: number, coveredBy?: string) => {
      const sources = [{ account: `escrow:${orderId}` as const, amountMinor }]
      const about = { paymentId, orderId, accountId, merchantId, gatewayId, currency, sources }
      const part = id === wholeId ? {} : { partOf: wholeId }
      const start = { ...about, ...part, refundId: id, amountMinor, reason: paymentReasons[reason], at: draft.at }
      return draftNewRefund(draft, start, { coveredBy, waits })
    }
    const isGiven = isGivenBeside({ reason })
    const spareMinor = yield* spareOf(draft, after, { reason })
    const sparedMinor = yield* forgoUntaken(draft, paying, Math.min(owedMinor, spareMinor, unpaidMinor(paying, handed)))
    const dueMinor = owedMinor - sparedMinor
    const covered = isGiven ? [] : newlyCoveredShares(paying, refundsIn(draft), dueMinor)
    const restMinor = covered.reduce((left, { amountMinor }) => left - amountMinor, dueMinor)
    // What pieces that are still here are to be paid with is given up only where the payer does not have it by a dispute.
    const left = draft.payments.get(paymentId)?.state ?? paying
    const leavingMinor = restMinor - (yield* forgoUntaken(draft, left, Math.min(restMinor, unpaidMinor(left, handed))))
    const isWhole = dueMinor === owedMinor && restMinor === 0 && covered.length === 1
    for (const { disputeId, amountMinor } of covered) {
      yield* begin(isWhole ? refundId : `${refundId}_${disputeId}`, amountMinor, disputeId)
    }
    if (leavingMinor > 0) {
      yield* begin(refundId, leavingMinor).mapErr((error): OrderMoveError => untilCaptured(paying, error))
    }
    return ok(leavingMinor)
  })

// What is being taken is there to be given back once it is known what came of that.
const untilCaptured = ({ paymentId, capturing }: Payment, error: OrderMoveError): OrderMoveError =>
  capturing !== undefined && (error.type === 'PaymentStateForbids' || error.type === 'RefundExceedsCaptured')
    ? { type: 'CaptureUnderway', paymentId, captureId: capturing.captureId }
    : error

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
  const taken = canHavePoints(draft, order) ? refund.earnedPoints - (refund.shortfall?.points ?? 0) : 0
  const worth = worthOfPoints(order, earned) - worthOfPoints(order, earned - taken)
  draftEntries(draft, [
    ...postPointsClawedBack({ reference: refund.refundId, about, currency, amountMinor: worth, at }),
  ])
  return takeSharesBack(draft, after, refund)
}
