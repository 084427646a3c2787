import { err, ok, type Result, safeTry } from 'neverthrow'
import { releaseStock, reserveMore } from '../../inventory/move-stock.js'
import type { LineQuantity } from '../../inventory/reservation.js'
import type { Payment } from '../../payments/payment.js'
import { methodsOfOffers } from '../../pricing/methods-of-offers.js'
import { priceCart } from '../../pricing/price-cart.js'
import type { PriceCartInput, PricedCart } from '../../pricing/priced-cart.js'
import { moveOfferUses, offerUses } from '../../promotions/limits.js'
import { adjust, type Change } from '../../shared/commit.js'
import { attemptsToEnd } from '../money/attempt-underway.js'
import { hasFirstOrder } from '../money/first-order.js'
import { holdPoints, releasePoints } from '../money/order-points.js'
import { giftLineId } from '../money/refund-shares.js'
import type { RepricedFacts } from '../order-command.js'
import { draftCoupon, draftOrder, draftPayment, type OrderDraft, orderIn, paymentsIn } from '../order-draft.js'
import type { OrderRow } from '../order-row.js'
import { tendersOf, totalsOf } from '../order-totals.js'
import { standingAlone } from '../placing/apart-orders.js'
import { uncountPurchases } from '../placing/purchase-limits.js'
import { freeStockOf, offersGiven } from '../placing/quoted-gifts.js'
import { type PriceRecord, rebuildInput } from '../price-record/price-record.js'
import { giftsIn } from '../settlement/divide-order.js'
import { countMore, type More, wantedMore } from './more-pieces.js'
import { changeRecord, type EditAsked, type EditOrderError, sameGifts } from './order-edit.js'

/**
 * Changes an order that is not paid: its price is made anew by the rules it was placed under, and stock, coupons, points
 * and uses of offers that it needs no more are free again.
 *
 * @errors AttemptUnderway while a payment may still bring what it cost before; EditNeedsNewOrder, EditOrderError
 */
export const editUnpaid = (
  draft: OrderDraft,
  order: OrderRow,
  asked: EditAsked,
  more: More,
): Result<void, EditOrderError> =>
  safeTry(function* () {
    const { at } = draft
    const { by, newRecipient, removed, added, editId } = asked
    const { orderId, accountId, details } = order
    if (removed.length > 0 && added.length > 0) {
      return err<never, EditOrderError>({ type: 'EditNeedsNewOrder', orderId, reason: 'moreAndFewer' })
    }
    const priced = changeRecord(order, asked)
    const input = withLimits(draft, order, yield* rebuildInput(priced, draft.read.books))
    const price = { ...(yield* priceCart(input)), trace: [] }
    if (!sameGifts(details.price, price)) {
      return err<never, EditOrderError>({ type: 'EditNeedsNewOrder', orderId, reason: 'otherGifts' })
    }
    const totals = totalsOf(price)
    if (totals.payableMinor === 0) {
      return err<never, EditOrderError>({ type: 'EditNeedsNewOrder', orderId, reason: 'nothingToPay' })
    }
    const gifts = price.gifts.filter((_, place) => isGift(order, giftLineId(place)))
    const given = offersGiven(price, gifts)
    const methods = methodsOfOffers(given)
    const isOther = totals.payableMinor !== order.totals.payableMinor
    yield* endAttempts(draft, orderId, ({ method }) => isOther || methods?.includes(method) === false)
    const uses = moveOfferUses(
      given.flatMap(({ offerId }) => input.offers.filter((offer) => offer.offerId === offerId)),
      accountId,
      -1,
    )
    const facts = factsOf(order, price, removed)
    draft.details = {
      ...details,
      items: details.items.filter(({ lineId }) => facts.lines.some((line) => line.lineId === lineId)),
      price,
      priced: recordLimits(priced, input),
      ...apartOf(details, facts.lines, { input, price }),
      offerUseIds: idsOf(uses),
      ...(price.pointsSpent === order.pointsSpent ? {} : { pointsHoldId: editId }),
    }
    yield* draftOrder(draft, {
      type: 'Reprice',
      by,
      newRecipient,
      newLines: removed.length + added.length > 0,
      priced: facts,
      at,
    })
    const after = yield* orderIn(draft)
    for (const couponId of order.couponIds.filter((each) => !after.couponIds.includes(each))) {
      yield* draftCoupon(draft, couponId, { type: 'ReleaseCoupon', orderId, now: at })
    }
    if (after.pointsSpent !== order.pointsSpent) {
      yield* releasePoints(draft, order)
      yield* holdPoints(draft, after)
    }
    draft.further.push(...usesMoved(details.offerUseIds, uses), ...uncountPurchases(order, removed))
    const { reservation } = draft.read
    if (added.length > 0 && reservation !== undefined) {
      const { warehouses, read } = more
      const lines = wantedMore(order, added, reservation.state.lines)
      const counted = yield* countMore(order, { added, removed }, read)
      draft.details = { ...draft.details, ...counted.details }
      draft.further.push(
        ...counted.changes,
        ...(yield* reserveMore(freeStockOf(read, warehouses), reservation, {
          lines,
          warehouses,
          reference: editId,
          at,
        })),
      )
    }
    if (removed.length > 0 && reservation !== undefined) {
      draft.further.push(...(yield* releaseStock(reservation, { lines: removed, reference: editId, at })))
    }
    return ok(undefined)
  })

// Of a checkout that is to be divided, a merchant of whom nothing is left in it gets no order.
const apartOf = (
  { apart }: OrderRow['details'],
  lines: RepricedFacts['lines'],
  priced: { readonly input: PriceCartInput; readonly price: PricedCart },
): Pick<OrderRow['details'], 'apart'> => {
  if (apart === undefined) return {}
  const left = apart.filter(({ merchantId }) => lines.some((line) => line.merchantId === merchantId))
  return { apart: standingAlone(left, priced, giftsIn(lines, priced.price).giftMerchants) }
}

/**
 * What a change of an order is priced by: an offer of limited use that the order had no part in is not the order's to use
 * now, nor is what only a first order is offered, unless it is the one that has it.
 */
export const withLimits = (draft: OrderDraft, order: OrderRow, input: PriceCartInput): PriceCartInput => {
  const { applied } = order.details.price
  const closed = input.offers.filter(
    ({ offerId, limits }) => limits !== undefined && !applied.some((each) => each.offerId === offerId),
  )
  const usesLeft = { ...input.usesLeft, ...Object.fromEntries(closed.map(({ offerId }) => [offerId, { left: 0 }])) }
  return {
    ...input,
    buyer: { ...input.buyer, firstOrder: input.buyer.firstOrder && hasFirstOrder(draft.read, order) },
    ...(closed.length === 0 ? {} : { usesLeft }),
  }
}

/** What a changed price was made of, with what `withLimits` said. */
export const recordLimits = (priced: PriceRecord, { buyer, usesLeft }: PriceCartInput): PriceRecord => ({
  ...priced,
  input: { ...priced.input, buyer, ...(usesLeft === undefined ? {} : { usesLeft }) },
})

// Should an attempt that was shown to the payer still bring the old amount, or bring it by a way that the order is not priced
// for any more, it goes back; of one that is under way nobody can say yet what it brought.
const endAttempts = (
  draft: OrderDraft,
  orderId: string,
  isWrong: (payment: Payment) => boolean,
): Result<void, EditOrderError> =>
  safeTry(function* () {
    for (const paymentId of yield* attemptsToEnd(orderId, paymentsIn(draft).filter(isWrong))) {
      yield* draftPayment(draft, paymentId, [{ type: 'RequestClose', reason: 'replacedByAnother', at: draft.at }])
    }
    return ok(undefined)
  })

const isGift = (order: OrderRow, lineId: string): boolean =>
  order.lines.some((line) => line.gift && line.lineId === lineId)

const idsOf = (uses: readonly Change[]): readonly string[] =>
  uses.flatMap((change) => (change.kind === 'adjust' ? [change.id] : []))

/** Uses that the order had and has no more are free again; those it has now and had not are taken. */
const usesMoved = (before: readonly string[], now: readonly Change[]): readonly Change[] => {
  const left = [...before]
  const taken = now.filter((change) => {
    const place = change.kind === 'adjust' ? left.indexOf(change.id) : -1
    if (place >= 0) left.splice(place, 1)
    return place < 0
  })
  return [...taken, ...left.map((id) => adjust(offerUses, { id, by: 1 }))]
}

const factsOf = (order: OrderRow, price: PricedCart, removed: readonly LineQuantity[]): RepricedFacts => ({
  lines: order.lines.flatMap((line) => {
    const { shippedQuantity: _, signedQuantity: __, lostQuantity: ___, refundedQuantity: ____, ...placed } = line
    const now = price.lines.find((each) => each.lineId === line.lineId)
    if (now === undefined) {
      const left = line.quantity - (removed.find((each) => each.lineId === line.lineId)?.quantity ?? 0)
      return line.gift && left > 0 ? [{ ...placed, quantity: left }] : []
    }
    const { quantity, netMinor, taxMinor } = now
    return [{ ...placed, quantity, paidMinor: netMinor + (price.taxInclusive ? 0 : taxMinor) }]
  }),
  totals: totalsOf(price),
  tenders: tendersOf(order.orderId, price.currency, totalsOf(price)),
  couponIds: price.couponsUsed,
  pointsSpent: price.pointsSpent,
  pointsEarned: price.pointsEarned,
})
