import { err, ok, type Result, safeTry } from 'neverthrow'
import { purchases } from '../../cart/purchases.js'
import { reserveStock } from '../../inventory/move-stock.js'
import { stockCounters } from '../../inventory/stock.js'
import { methodsOfOffers } from '../../pricing/methods-of-offers.js'
import { priceCart } from '../../pricing/price-cart.js'
import type { PricedCart } from '../../pricing/priced-cart.js'
import { paidForShipping } from '../money/refund-shares.js'
import { draftOrder, type OrderDraft, paymentsIn } from '../order-draft.js'
import { cancelledPieces, hasOnePrice, payingIdsOf, refundableCashMinor, spentPointsLeft } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { freeStockOf } from '../placing/quoted-gifts.js'
import { type PriceRecord, rebuildInput } from '../price-record/price-record.js'
import { couponsHeld } from '../refunds/coupons-back.js'
import { sameGoods } from './edit-paid.js'
import { recordLimits, withLimits } from './edit-unpaid.js'
import { countersAfter, countMore, type More, wantedMore } from './more-pieces.js'
import {
  changeRecord,
  type EditAsked,
  type EditNeedsNewOrder,
  type EditOrderError,
  type PricedPlace,
  sameGifts,
} from './order-edit.js'
import { dropEdit } from './settle-edit.js'

/**
 * Notes a dearer change of a paid order: it is priced as if it had been bought so, by the rules it was placed under; the
 * pieces are set aside and the difference is to be paid until then. Nothing of the order changes before.
 *
 * @returns what is to be paid, minor units
 * @errors OutOfStock, PersonLimitExceeded, ItemUnavailable; EditNeedsNewOrder, EditOrderError
 */
export const proposeEdit = (
  draft: OrderDraft,
  order: OrderRow,
  asked: EditAsked,
  more: More,
): Result<number, EditOrderError> =>
  safeTry(function* () {
    const { at } = draft
    const { added, editId, region } = asked
    const { orderId, accountId, details } = order
    yield* checkExtensible(order, asked)
    yield* dropEdit(draft)
    const { price, priced } = yield* priceWith(draft, order, asked)
    const differenceMinor = price.totals.payableMinor - refundableCashMinor(order)
    if (differenceMinor <= 0) return err<never, EditOrderError>(needsNewOrder(orderId, 'goodsPricedOtherwise'))
    const payBy = at + details.policy.payWithinMs
    yield* draftOrder(draft, { type: 'ProposeEdit', edit: { editId, by: asked.by, differenceMinor }, payBy, at })
    // Where it takes the place of another, the pieces of that are free again.
    const bought = countersAfter(draft.further, purchases, more.read.bought)
    const counted = yield* countMore(order, { added }, { ...more.read, bought })
    draft.details = { ...draft.details, ...counted.details, proposed: { price, priced, region } }
    draft.further.push(...counted.changes)
    const rows = draft.read.reservation?.state.lines ?? []
    const wanted = wantedMore(order, added, rows)
    if (wanted.length > 0) {
      const { warehouses } = more
      const free = countersAfter(draft.further, stockCounters, freeStockOf(more.read, warehouses))
      const aside = { orderId: editId, accountId, lines: wanted, warehouses, until: payBy, at }
      draft.further.push(...(yield* reserveStock(free, aside)))
    }
    return ok(differenceMinor)
  })

const needsNewOrder = (orderId: string, reason: EditNeedsNewOrder['reason']): EditNeedsNewOrder => ({
  type: 'EditNeedsNewOrder',
  orderId,
  reason,
})

const checkExtensible = (order: OrderRow, { removed, newRecipient }: EditAsked): Result<void, EditOrderError> => {
  const { orderId, details } = order
  if (newRecipient && order.status === 'partlyShipped') return err({ type: 'RecipientFixed', orderId })
  if (details.partOf !== undefined) return err(needsNewOrder(orderId, 'ofCheckout'))
  if (removed.length > 0) return err(needsNewOrder(orderId, 'moreAndFewer'))
  return hasOnePrice(order) ? ok(undefined) : err(needsNewOrder(orderId, 'partlyRefunded'))
}

type Priced = { readonly price: PricedCart; readonly priced: PriceRecord }

// What carriage costs more to where it goes now is the buyer's only where the terms say so.
const priceWith = (draft: OrderDraft, order: OrderRow, asked: EditAsked): Result<Priced, EditOrderError> =>
  safeTry(function* () {
    const { orderId, currency, details } = order
    const there = yield* priceAt(draft, order, asked, asked)
    let cheapest = there
    for (const place of asked.before) {
      const here = yield* priceAt(draft, order, asked, place)
      if (!sameGoods(here.price, there.price)) {
        return err<never, EditOrderError>(needsNewOrder(orderId, 'goodsPricedOtherwise'))
      }
      const differenceMinor = paidForShipping(there.price) - paidForShipping(here.price)
      if (differenceMinor > 0 && details.policy.dearerCarriage !== 'seller') {
        return err<never, EditOrderError>({ type: 'EditCostsMore', orderId, differenceMinor, currency })
      }
      if (paidForShipping(here.price) < paidForShipping(cheapest.price)) cheapest = here
    }
    return ok(cheapest)
  })

const priceAt = (
  draft: OrderDraft,
  order: OrderRow,
  { added }: EditAsked,
  { region, rates }: PricedPlace,
): Result<Priced, EditOrderError> =>
  safeTry(function* () {
    const { orderId, details } = order
    const removed = cancelledPieces(order)
    const spent = spentPointsLeft(order)
    const held = couponsHeld(order)
    const changed = changeRecord(order, { region, removed, added, rates })
    const { points } = changed.input
    // What was priced for a way of paying is priced for the one that it was paid by.
    const paidBy = paymentsIn(draft).flatMap(({ paymentId, method }) =>
      payingIdsOf(order).includes(paymentId) ? [method] : [],
    )
    const priced = {
      ...changed,
      input: {
        ...changed.input,
        points: points === null ? null : { ...points, spend: spent },
        paymentMethod: changed.input.paymentMethod === null ? null : (paidBy[0] ?? null),
      },
    }
    const input = withLimits(draft, order, yield* rebuildInput(priced, draft.read.books))
    const price = { ...(yield* priceCart(input)), trace: [] }
    const gifts = order.lines.filter((line) => line.gift)
    if (!sameGifts(details.price, price) || gifts.some(({ cancelledQuantity = 0 }) => cancelledQuantity > 0)) {
      return err<never, EditOrderError>(needsNewOrder(orderId, 'otherGifts'))
    }
    const methods = methodsOfOffers(price.applied)
    const same =
      (methods === null || paidBy.every((method) => methods.includes(method))) &&
      price.pointsSpent === spent &&
      sameTexts(price.couponsUsed, held) &&
      sameTexts(limitedOf(price, held), limitedOf(details.price, held))
    return same
      ? ok({ price, priced: recordLimits(priced, input) })
      : err<never, EditOrderError>(needsNewOrder(orderId, 'goodsPricedOtherwise'))
  })

// What a coupon brought that is the buyer's again, the order had no part in any more.
const limitedOf = ({ applied }: PricedCart, held: readonly string[]): readonly string[] =>
  applied
    .filter(({ limited, couponId }) => limited && (couponId === null || held.includes(couponId)))
    .map(({ offerId }) => offerId)

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n')
