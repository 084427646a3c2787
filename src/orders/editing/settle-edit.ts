import { ok, type Result, safeTry } from 'neverthrow'
import { uncountPurchase } from '../../cart/purchases.js'
import { handOverStock, releaseStock } from '../../inventory/move-stock.js'
import type { Payment } from '../../payments/payment.js'
import { isUndecided } from '../../payments/payment-machine.js'
import { postPointsReturn, postPointsTender, postSubsidy, postSubsidyReturn } from '../../payments/posting.js'
import { adjust } from '../../shared/commit.js'
import { type AttemptUnderway, attemptsToEnd } from '../money/attempt-underway.js'
import { discountsIn, discountsLeft } from '../money/discounts.js'
import { repromiseEarnedPoints } from '../money/order-points.js'
import { isOnDelivery } from '../money/promised-money.js'
import { openOnDelivery } from '../on-delivery/on-delivery-terms.js'
import type { RepricedFacts } from '../order-command.js'
import {
  draftEntries,
  draftOrder,
  draftPayment,
  type OrderDraft,
  type OrderMoveError,
  orderIn,
  paymentsIn,
} from '../order-draft.js'
import { editOf, hasOnePrice, liveRefunds, payEditBy, refundableCashMinor, spentPointsLeft } from '../order-pieces.js'
import type { OrderRow, ProposedPrice } from '../order-row.js'
import { tendersOf, totalsOf } from '../order-totals.js'
import { couponsHeld } from '../refunds/coupons-back.js'
import { keepVersion } from './order-versions.js'

type Move = Result<void, OrderMoveError>

/** Whether an attempt is to pay the dearer change that an order waits for. */
export const isForEdit = (order: OrderRow, paymentId: string): boolean =>
  editOf(order).edit?.paymentIds.includes(paymentId) === true

/** Attempts to pay the dearer change of an order whose fate is open. */
export const openEditAttempts = (order: OrderRow, payments: readonly Payment[]): readonly Payment[] =>
  payments.filter((payment) => isForEdit(order, payment.paymentId) && isUndecided(payment))

/**
 * Makes the dearer change of an order that a payment has paid for: it is priced anew, its pieces are the buyer's.
 *
 * @returns false where the payment is not the difference, or what the order is worth has changed since; then nothing has
 * @errors OrderMoveError
 */
export const payEdit = (draft: OrderDraft, payment: Payment): Result<boolean, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const { paymentId } = payment
    const order = yield* orderIn(draft)
    const { edit } = editOf(order)
    const { proposed, ...details } = order.details
    const there = isOnDelivery(payment) ? payment.known.authorised : payment.known.captured
    if (edit === undefined || proposed === undefined || !paysEdit(order, payment, there?.minor ?? 0)) return ok(false)
    const priced = factsOf(order, proposed)
    const newRecipient = proposed.recipient !== undefined
    const newLines = priced.lines.some(({ lineId, quantity }) => leftOf(order, lineId) !== quantity)
    const promised = isOnDelivery(payment) ? ({ onDelivery: true } as const) : {}
    const others = openEditAttempts(order, paymentsIn(draft)).filter((each) => each.paymentId !== paymentId)
    yield* endAttempts(draft, others)
    const discounts = { before: discountsLeft(order), after: discountsIn(proposed.price) }
    yield* draftOrder(draft, {
      ...{ type: 'ExtendOrder', paymentId, newRecipient, newLines, priced, discounts, at },
      ...promised,
    })
    // A change of an order that is open on delivery is no other order.
    if (isOnDelivery(payment)) draft.further.push(adjust(openOnDelivery, { id: order.accountId, by: 1 }))
    draft.details = {
      ...details,
      items: details.items.filter(({ lineId }) => priced.lines.some((line) => line.lineId === lineId)),
      price: proposed.price,
      priced: proposed.priced,
      region: proposed.region,
      ...keepVersion(order, { editId: edit.editId, newRecipient, at }),
      ...(proposed.recipient === undefined ? {} : { recipient: proposed.recipient }),
    }
    const { reservation, aside } = draft.read
    if (reservation !== undefined && aside !== undefined) {
      draft.further.push(...(yield* handOverStock(reservation, aside, at)))
    }
    const { orderId, accountId, merchantId, currency } = order
    const about = { reference: edit.editId, about: { orderId, accountId, merchantId }, currency, at }
    const more = (part: 'subsidyMinor' | 'pointsMinor') =>
      liveRefunds(order).reduce((rest, each) => rest + each[part], priced.totals[part] - order.totals[part])
    // As many points may be worth more, or less, by the unit that was cut off when some of them went back.
    draftEntries(draft, [
      ...postSubsidy({ ...about, amountMinor: Math.max(0, more('subsidyMinor')) }),
      ...postSubsidyReturn({ ...about, amountMinor: Math.max(0, 0 - more('subsidyMinor')) }),
      ...postPointsTender({ ...about, amountMinor: Math.max(0, more('pointsMinor')) }),
      ...postPointsReturn({ ...about, amountMinor: Math.max(0, 0 - more('pointsMinor')) }),
    ])
    yield* repromiseEarnedPoints(draft, order, yield* orderIn(draft), edit.editId)
    return ok(true)
  })

// Whatever they would still bring is owed for nothing.
const endAttempts = (draft: OrderDraft, attempts: readonly Payment[]): Move =>
  safeTry(function* () {
    for (const { paymentId, status } of attempts) {
      if (status === 'closing') continue
      yield* draftPayment(draft, paymentId, [{ type: 'RequestClose', reason: 'replacedByAnother', at: draft.at }])
    }
    return ok(undefined)
  })

/**
 * Whether money of a payment is the difference that a dearer change of an order costs, and the change can be made still.
 *
 * @param thereMinor - what came by it, or is promised on delivery
 */
export const paysEdit = (order: OrderRow, { amountMinor }: Payment, thereMinor: number): boolean => {
  const { proposed } = order.details
  if (proposed === undefined || editOf(order).edit === undefined) return false
  const { price, recipient } = proposed
  if (recipient !== undefined && order.status !== 'paid') return false
  // Points may have gone back meanwhile, and no money with them.
  if (!hasOnePrice(order) || price.pointsSpent !== spentPointsLeft(order)) return false
  const differenceMinor = price.totals.payableMinor - refundableCashMinor(order)
  return differenceMinor > 0 && amountMinor === differenceMinor && thereMinor === differenceMinor
}

const leftOf = (order: OrderRow, lineId: string): number => {
  const line = order.lines.find((each) => each.lineId === lineId)
  return line === undefined ? 0 : line.quantity - (line.cancelledQuantity ?? 0)
}

const factsOf = (order: OrderRow, { price }: ProposedPrice): RepricedFacts => {
  const totals = totalsOf(price)
  return {
    lines: order.lines.flatMap((line) => {
      const { lineId, productId, sku, merchantId, gift } = line
      const placed = { lineId, productId, sku, merchantId, gift }
      const now = price.lines.find((each) => each.lineId === lineId)
      if (now !== undefined) {
        const { quantity, netMinor, taxMinor } = now
        return [{ ...placed, quantity, paidMinor: netMinor + (price.taxInclusive ? 0 : taxMinor) }]
      }
      return gift ? [{ ...placed, quantity: line.quantity, paidMinor: 0 }] : []
    }),
    totals,
    tenders: tendersOf(order.orderId, order.currency, totals),
    couponIds: couponsHeld(order),
    pointsSpent: price.pointsSpent,
    pointsEarned: price.pointsEarned,
  }
}

/**
 * Drops the dearer change that an order waits for, if it does: its pieces are free again, and its attempts are to end.
 * Should one of them still bring money, it goes back.
 *
 * @errors AttemptUnderway while nobody knows what an attempt has brought
 */
export const dropEdit = (draft: OrderDraft): Result<void, OrderMoveError | AttemptUnderway> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    yield* attemptsToEnd(order.orderId, openEditAttempts(order, paymentsIn(draft)))
    return lapseEdit(draft)
  })

/**
 * Ends the dearer change of an order whose time to be paid is over: its attempts are to end, and once none of them can
 * bring money it is dropped.
 *
 * @errors OrderMoveError
 */
export const endEdit = (draft: OrderDraft): Move =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    const payBy = payEditBy(order)
    if (payBy === undefined || payBy > at) return ok(undefined)
    const open = openEditAttempts(order, paymentsIn(draft))
    if (open.length === 0) return lapseEdit(draft)
    for (const { paymentId, status } of open) {
      if (status === 'closing') continue
      yield* draftPayment(draft, paymentId, [{ type: 'RequestClose', reason: 'unpaidDeadline', at }])
    }
    return ok(undefined)
  })

/**
 * The same, whatever its attempts may bring.
 *
 * @errors OrderMoveError
 */
export const lapseEdit = (draft: OrderDraft): Move =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    if (editOf(order).edit === undefined) return ok(undefined)
    yield* endAttempts(draft, openEditAttempts(order, paymentsIn(draft)))
    yield* draftOrder(draft, { type: 'LapseEdit', at })
    const { proposed: _, ...details } = draft.details
    draft.details = details
    const { aside } = draft.read
    if (aside === undefined) return ok(undefined)
    draft.further.push(...(yield* releaseStock(aside, { reference: aside.id, at })))
    for (const { lineId, quantity } of aside.state.lines) {
      const productId = order.lines.find((line) => line.lineId === lineId)?.productId
      if (productId === undefined || !details.limitedProductIds.includes(productId)) continue
      draft.further.push(uncountPurchase({ productId, ownerId: order.accountId, quantity }))
    }
    return ok(undefined)
  })
