import { ok, Result, safeTry } from 'neverthrow'
import { releaseStock } from '../../inventory/move-stock.js'
import type { LineQuantity } from '../../inventory/reservation.js'
import { keptMinor, newlyCoveredShares } from '../../payments/cover-refund.js'
import type { Payment } from '../../payments/payment.js'
import {
  asideMinor,
  capturableMinor,
  holdingDisputes,
  refundableMinor,
  refundableOnceFreeMinor,
  untakenMinor,
} from '../../payments/payment-machine.js'
import type { Refund } from '../../payments/refund.js'
import { stillHeldMinor } from '../../payments/said-payment.js'
import type { RefundSplitError } from '../../pricing/refund-of.js'
import { apportionByDivisor } from '../../shared/apportion.js'
import { draftPayment, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import {
  awaitedOnDelivery,
  dueOnDelivery,
  freeHandedMinor,
  outOnDelivery,
  unaskedDues,
  unbroughtOnDelivery,
} from '../order-dues.js'
import { awaitedQuantity } from '../order-losses.js'
import {
  backQuantity,
  liveRefunds,
  payingIdsOf,
  quantityOf,
  refundableCashMinor,
  refundableQuantity,
  refundableShippingMinor,
  travellingQuantity,
  unshippedQuantity,
} from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { allGiven, withAmounts, worthLeftOf } from './given-amounts.js'
import { type HandedShares, nothingHanded, unpaidMinor } from './handed-money.js'
import { earnedPointsLeft } from './order-points.js'
import { endPromise, isOnDelivery } from './promised-money.js'
import type { NewRefund } from './refund-shares.js'

/** Goods do not leave before their money is taken. */
export type NotCaptured = {
  readonly type: 'NotCaptured'
  readonly orderId: string
  readonly paymentId: string
  readonly missingMinor: number
  /** What of it is held and can be taken; 0 where the hold has ended. */
  readonly heldMinor: number
  /** The pieces that were to leave. */
  readonly lines: readonly LineQuantity[]
}

/** The payment that an order counts as paid by; absent where points pay all of it. */
export const payingOf = (draft: OrderDraft, order: OrderRow): Payment | undefined =>
  'paymentId' in order && order.paymentId !== null ? draft.payments.get(order.paymentId)?.state : undefined

/** All payments that an order counts as paid by, that of its placing first; those of later changes after it. */
export const payingsOf = (draft: OrderDraft, order: OrderRow): readonly Payment[] => {
  return payingIdsOf(order).flatMap((paymentId) => {
    const payment = draft.payments.get(paymentId)?.state
    return payment === undefined ? [] : [payment]
  })
}

/** What the order has of a payment: what was taken, fits or was accepted, and has not gone back, minor units. */
const ownMinor = (payment: Payment, refunds: readonly Refund[]): number =>
  keptMinor(payment, refunds) - asideMinor(payment)

/** What an order has of its payments, minor units. */
export const paidInMinor = (payings: readonly Payment[], refunds: readonly Refund[]): number =>
  payings.reduce((sum, payment) => sum + ownMinor(payment, refunds), 0)

/**
 * From which of an order's payments how much of an amount goes back: where several pay it, first of what later changes
 * brought, then by each one's part; else what was never taken and is not needed, then of the latest first, as far as it
 * goes, by what its payer has by lost disputes
 * too. What none of them has is asked of the first.
 *
 * @param refunds - of these payments
 * @param given - whether it is given beside what is owed, so that no dispute has paid of it, nor may come to
 * @param spareMinor - what was never taken and nothing waits for; none when absent
 * @param handed - what receivers have paid that is not here yet: none of it is given up
 */
export const spreadOver = (
  { payers }: Pick<OrderRow, 'payers'>,
  payings: readonly Payment[],
  refunds: readonly Refund[],
  {
    amountMinor,
    given,
    spareMinor = 0,
    handed = nothingHanded,
  }: {
    readonly amountMinor: number
    readonly given: boolean
    readonly spareMinor?: number
    readonly handed?: HandedShares
  },
): Spread => {
  // What a dispute holds is asked for as if it were there, and waited for: sent by another, it would go twice were it lost.
  // What is beyond what pays the order is not its to give: a person decides about it.
  const fitting = (payment: Payment, leftMinor: number): number => Math.max(0, leftMinor - asideMinor(payment))
  const hasMinor = (payment: Payment, wantedMinor: number): number =>
    given
      ? holdingDisputes(payment).length > 0
        ? 0
        : fitting(payment, refundableMinor(payment))
      : fitting(payment, refundableOnceFreeMinor(payment)) +
        sumShares(newlyCoveredShares(payment, refunds, wantedMinor))
  if (payers === undefined) return latestFirst(payings, { amountMinor, spareMinor, handed }, hasMinor)
  // What later changes cost more, one of them has paid alone.
  const isShare = ({ paymentId }: Payment): boolean => payers.some(({ paidBy }) => paidBy === paymentId)
  const later = upTo(
    payings.filter((payment) => !isShare(payment)),
    amountMinor,
    hasMinor,
  )
  const leftMinor = later.reduce((left, part) => left - part.amountMinor, amountMinor)
  const parts = byParts(payings.filter(isShare), refunds, leftMinor)
  // What a dispute holds of a part is waited for; nobody else is given it meanwhile.
  const waits = parts?.some((part) => holdingDisputes(part.payment).length > 0) === true
  return parts !== undefined &&
    (waits || parts.every((part) => part.amountMinor <= hasMinor(part.payment, part.amountMinor)))
    ? [...later, ...parts]
    : latestFirst(payings, { amountMinor, spareMinor, handed }, hasMinor)
}

// The latest first, as far as they go.
const upTo = (
  payings: readonly Payment[],
  amountMinor: number,
  hasMinor: (payment: Payment, wantedMinor: number) => number,
): Spread => {
  let leftMinor = amountMinor
  return [...payings].reverse().flatMap((payment) => {
    const partMinor = Math.min(leftMinor, hasMinor(payment, leftMinor) + Math.max(0, untakenMinor(payment)))
    leftMinor -= partMinor
    return partMinor === 0 ? [] : [{ payment, amountMinor: partMinor }]
  })
}

/** From which payments how much goes back. */
type Spread = readonly { readonly payment: Payment; readonly amountMinor: number }[]

/** What of it was still to be collected on delivery, and nobody has paid, minor units. */
export const uncollectedOf = (spread: Spread, handed: HandedShares): number =>
  spread.reduce(
    (sum, { payment, amountMinor }) =>
      isOnDelivery(payment) ? sum + Math.min(amountMinor, unpaidMinor(payment, handed)) : sum,
    0,
  )

// All that has gone back is shared by the parts, again with every refund, and each gets the difference: parts of
// Webster's method never shrink, so no difference is below zero, and with the last refund everybody has all of theirs.
const byParts = (payings: readonly Payment[], refunds: readonly Refund[], amountMinor: number): Spread | undefined => {
  const takenOf = ({ known }: Payment): number => known.captured?.minor ?? 0
  const gone = payings.map((payment) => takenOf(payment) - ownMinor(payment, refunds))
  const goneMinor = gone.reduce((sum, each) => sum + each, 0)
  const parts = apportionByDivisor(goneMinor + amountMinor, payings.map(takenOf)).unwrapOr([])
  const due = payings.map((payment, place) => ({ payment, amountMinor: (parts[place] ?? 0) - (gone[place] ?? 0) }))
  // Where one of them has had more than their part, by a dispute, say, the parts say nothing.
  const fits = due.every((each) => each.amountMinor >= 0)
  return parts.length > 0 && fits ? due.filter((each) => each.amountMinor > 0) : undefined
}

const latestFirst = (
  payings: readonly Payment[],
  {
    amountMinor,
    spareMinor,
    handed,
  }: { readonly amountMinor: number; readonly spareMinor: number; readonly handed: HandedShares },
  hasMinor: (payment: Payment, wantedMinor: number) => number,
): Spread => {
  let leftToSpare = Math.min(spareMinor, amountMinor)
  const spared = [...payings].reverse().map((payment) => {
    const sparedMinor = Math.min(leftToSpare, unpaidMinor(payment, handed))
    leftToSpare -= sparedMinor
    return { payment, sparedMinor }
  })
  let leftMinor = spared.reduce((left, { sparedMinor }) => left - sparedMinor, amountMinor)
  return spared.flatMap(({ payment, sparedMinor }, place) => {
    const mostMinor = hasMinor(payment, leftMinor) + unpaidMinor(payment, handed) - sparedMinor
    const partMinor = place === payings.length - 1 ? leftMinor : Math.min(leftMinor, mostMinor)
    leftMinor -= partMinor
    return partMinor + sparedMinor === 0 ? [] : [{ payment, amountMinor: partMinor + sparedMinor }]
  })
}

/**
 * What is still to be taken before pieces leave, so that whatever has left is paid: minor units, 0 where all of it is.
 *
 * @param refunds - of these payments
 * @param leaving - pieces that are about to leave, beside those that have
 */
export const uncapturedMinor = (
  order: OrderRow,
  payings: readonly Payment[],
  refunds: readonly Refund[],
  leaving: readonly LineQuantity[] = [],
): Result<number, RefundSplitError> => {
  return worthOf(order, (line) => unshippedQuantity(line) - quantityOf(leaving, line.lineId)).map((stayingMinor) =>
    Math.max(0, refundableCashMinor(order) + awaitedOnDelivery(order) - stayingMinor - paidInMinor(payings, refunds)),
  )
}

/**
 * What is still to be taken before any piece that is here can leave: of the one that asks for the least, minor units; 0 where
 * one is paid, undefined where none is here.
 *
 * @param refunds - of these payments
 */
export const leastUncapturedMinor = (
  order: OrderRow,
  payings: readonly Payment[],
  refunds: readonly Refund[],
): Result<number | undefined, RefundSplitError> => {
  const here = order.lines.filter((line) => unshippedQuantity(line) > 0)
  // What is paid by nothing pays for nothing: a gift leaves with what it came with.
  const bought = here.filter(({ gift }) => !gift)
  return Result.combine(
    (bought.length > 0 ? bought : here).map(({ lineId }) =>
      uncapturedMinor(order, payings, refunds, [{ lineId, quantity: 1 }]),
    ),
  ).map((missing) => (missing.length === 0 ? undefined : Math.min(...missing)))
}

/**
 * How much of what was never taken nothing waits for any more: pieces that are still here are paid out of it when they leave.
 *
 * @param order - as it stands after what is taken out of it
 */
export const spareHoldMinor = (order: OrderRow, payings: readonly Payment[]): Result<number, RefundSplitError> =>
  worthOf(order, unshippedQuantity).map((waitingMinor) =>
    Math.max(0, payings.reduce((sum, payment) => sum + Math.max(0, untakenMinor(payment)), 0) - waitingMinor),
  )

/**
 * What is due on delivery and no parcel is to bring, minor units: neither one that is out, nor one of what is still here,
 * which carriage comes with.
 *
 * @param going - pieces that are about to be taken out of it
 */
export const unaskedMinor = (order: OrderRow, going: readonly LineQuantity[] = []): Result<number, RefundSplitError> =>
  besideWhatIsHere(order, unaskedDues(order), going)

/** What is due on delivery for what has left, minor units, whether a parcel that is out asks for it or nobody. */
export const leftDuesMinor = (order: OrderRow): Result<number, RefundSplitError> =>
  besideWhatIsHere(order, dueOnDelivery(order))

const besideWhatIsHere = (
  order: OrderRow,
  dueMinor: number,
  going: readonly LineQuantity[] = [],
): Result<number, RefundSplitError> => {
  const piecesHere = (line: OrderRow['lines'][number]): number =>
    unshippedQuantity(line) - quantityOf(going, line.lineId)
  const carriageMinor = order.lines.some((line) => piecesHere(line) > 0) ? refundableShippingMinor(order) : 0
  return worthOf(order, piecesHere).map((hereMinor) => Math.max(0, dueMinor - hereMinor - carriageMinor))
}

/**
 * What parcels that are out bring of what they left with, minor units: no more than is due beside what is still here, once
 * some of their pieces were refunded on their way.
 */
export const broughtMinor = (order: OrderRow): Result<number, RefundSplitError> => {
  const outMinor = outOnDelivery(order)
  const isRefunded = order.lines.some((line) => awaitedQuantity(line) < travellingQuantity(line))
  if (!isRefunded) return ok(outMinor)
  const dueMinor = dueOnDelivery(order) - unbroughtOnDelivery(order)
  return worthOf(order, unshippedQuantity).map((hereMinor) => Math.min(outMinor, Math.max(0, dueMinor - hereMinor)))
}

/**
 * What nobody asks for and a person is to decide about, minor units: what was to come for pieces that count as received, as
 * far as it is owed for such.
 *
 * @param refunds - of these payments
 */
export const undecidedDues = (
  order: OrderRow,
  payings: readonly Payment[],
  refunds: readonly Refund[],
): Result<number, RefundSplitError> =>
  worthOf(order, (line) => line.signedQuantity - backQuantity(order, line)).map((receivedMinor) =>
    Math.min(
      unbroughtOnDelivery(order),
      Math.max(0, receivedMinor - paidInMinor(payings, refunds) - freeHandedMinor(order)),
    ),
  )

/** What is paid for the pieces of an order that nothing was given back for, as many of each line as are asked for at most. */
const worthOf = (
  order: OrderRow,
  piecesOf: (line: OrderRow['lines'][number]) => number,
): Result<number, RefundSplitError> => {
  const goods = order.lines.filter((line) => !line.gift)
  const pieces = goods.flatMap((line) => {
    const quantity = Math.min(piecesOf(line), refundableQuantity(line))
    return quantity > 0 ? [{ lineId: line.lineId, quantity }] : []
  })
  return worthLeftOf(order, pieces)
}

const sumShares = (shares: readonly { readonly amountMinor: number }[]): number =>
  shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0)

/**
 * Gives up what of an amount was never taken: it is not taken any more, and once nothing is left to take, nothing is
 * held.
 *
 * @returns how much of the amount that is
 * @errors OrderMoveError
 */
export const forgoUntaken = (
  draft: OrderDraft,
  payment: Payment,
  amountMinor: number,
): Result<number, OrderMoveError> => {
  const forgoneMinor = Math.min(amountMinor, untakenMinor(payment))
  if (forgoneMinor <= 0) return ok(0)
  const { paymentId } = payment
  return draftPayment(draft, paymentId, [{ type: 'ForgoHold', amountMinor: forgoneMinor }])
    .andThen(() => endSpentHold(draft, paymentId))
    .map(() => forgoneMinor)
}

/**
 * Asks for a hold to be given up of which nothing is to be taken any more.
 *
 * @errors OrderMoveError
 */
export const endSpentHold = (draft: OrderDraft, paymentId: string): Result<void, OrderMoveError> => {
  const payment = draft.payments.get(paymentId)?.state
  const held = payment?.status === 'authorised' || payment?.status === 'partlyCaptured'
  if (payment === undefined || !held || payment.capturing !== undefined || untakenMinor(payment) > 0) {
    return ok(undefined)
  }
  if (isOnDelivery(payment)) return endPromise(draft, payment, 'orderCancelled')
  return draftPayment(draft, paymentId, [{ type: 'RequestClose', reason: 'orderCancelled', at: draft.at }])
}

/** Payments of a draft that the gateway is to be asked to end, or to give up the rest of. */
export const endingPayments = (draft: OrderDraft): readonly Payment[] =>
  [...draft.payments.values()].map(({ state }) => state).filter(isEnding)

/** The ids of those. */
export const endingPaymentIds = (draft: OrderDraft): readonly string[] =>
  endingPayments(draft).map(({ paymentId }) => paymentId)

/** Whether the gateway is still to be asked to end a payment, or to give up the rest of it. */
export const isEnding = (payment: Payment): boolean =>
  payment.status === 'closing' || (payment.status === 'partlyCaptured' && payment.closing !== null)

/**
 * What of a payment that pays an order can be taken because it is held, minor units: while the order stands also what a
 * person said was taken and its gateway holds still.
 */
export const takeableMinor = ({ status }: OrderRow, payment: Payment): number => {
  const isOver = status === 'cancelled' || status === 'closed'
  return capturableMinor(payment) + (isOver ? 0 : stillHeldMinor(payment))
}

/**
 * All that is left of an order of which nothing has left; what its money is does not have to be reckoned.
 *
 * @param by.sellerAtFault - whether the buyer has no part in it: then no coupon of theirs is lost by the time that went by
 */
export const restOf = (
  order: OrderRow,
  { refundId, sellerAtFault }: { readonly refundId: string; readonly sellerAtFault: boolean },
): NewRefund => {
  const left = (whole: number, of: (refund: OrderRow['refunds'][number]) => number): number =>
    liveRefunds(order).reduce((sum, refund) => sum - of(refund), whole)
  const heldMinor = left(0, (refund) => 0 - (refund.heldForGiftsMinor ?? 0))
  return {
    refundId,
    reason: 'cancelled',
    lines: order.lines
      .map((line) => ({ lineId: line.lineId, quantity: refundableQuantity(line) }))
      .filter((line) => line.quantity > 0),
    ...withAmounts(allGiven(order)),
    shippingMinor: refundableShippingMinor(order),
    cashMinor: refundableCashMinor(order),
    pointsMinor: left(order.totals.pointsMinor, (refund) => refund.pointsMinor),
    points: left(order.pointsSpent, (refund) => refund.points),
    earnedPoints: earnedPointsLeft(order),
    subsidyMinor: left(order.totals.subsidyMinor, (refund) => refund.subsidyMinor),
    ...(heldMinor === 0 ? {} : { heldForGiftsMinor: 0 - heldMinor }),
    ...(sellerAtFault ? { sellerAtFault } : {}),
  }
}

/** Frees the stock of an order that is given up before anything has left. */
export const freeStock = (draft: OrderDraft): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const { orderId } = yield* orderIn(draft)
    const { reservation } = draft.read
    if (reservation === undefined) return ok(undefined)
    draft.further.push(...(yield* releaseStock(reservation, { reference: orderId, at: draft.at })))
    return ok(undefined)
  })
