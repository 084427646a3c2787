import { err, ok, type Result, safeTry } from 'neverthrow'
import { reserveStock } from '../inventory/move-stock.js'
import { priceCart } from '../pricing/price-cart.js'
import type { PricedCart } from '../pricing/priced-cart.js'
import { withLimits } from './edit-unpaid.js'
import { countMore, type More, wantedMore } from './more-pieces.js'
import { draftOrder, type OrderDraft } from './order-draft.js'
import { changeRecord, type EditAsked, type EditNeedsNewOrder, type EditOrderError, sameGifts } from './order-edit.js'
import { hasOnePrice, refundableCashMinor, spentPointsLeft } from './order-pieces.js'
import type { OrderRow } from './order-row.js'
import { type PriceRecord, rebuildInput } from './price-record.js'
import { freeStockOf } from './quoted-gifts.js'
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
    draft.details = { ...draft.details, proposed: { price, priced, region } }
    draft.further.push(...(yield* countMore(order, added, more.read)))
    const rows = draft.read.reservation?.state.lines ?? []
    const wanted = wantedMore(order, added, rows)
    if (wanted.length > 0) {
      const { warehouses } = more
      const free = freeStockOf(more.read, warehouses)
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

const priceWith = (
  draft: OrderDraft,
  order: OrderRow,
  { added, region, rates }: EditAsked,
): Result<{ readonly price: PricedCart; readonly priced: PriceRecord }, EditOrderError> =>
  safeTry(function* () {
    const { orderId, details } = order
    const removed = order.lines.flatMap(({ lineId, cancelledQuantity = 0 }) =>
      cancelledQuantity === 0 ? [] : [{ lineId, quantity: cancelledQuantity }],
    )
    const spent = spentPointsLeft(order)
    const changed = changeRecord(order, { region, removed, added, rates })
    const { points } = changed.input
    const priced = {
      ...changed,
      input: { ...changed.input, points: points === null ? null : { ...points, spend: spent } },
    }
    const input = withLimits(yield* rebuildInput(priced, draft.read.books), details.price)
    const price = { ...(yield* priceCart(input)), trace: [] }
    const gifts = order.lines.filter((line) => line.gift)
    if (!sameGifts(details.price, price) || gifts.some(({ cancelledQuantity = 0 }) => cancelledQuantity > 0)) {
      return err<never, EditOrderError>(needsNewOrder(orderId, 'otherGifts'))
    }
    const same =
      price.pointsSpent === spent &&
      sameTexts(price.couponsUsed, order.couponIds) &&
      sameTexts(limitedOf(price), limitedOf(details.price))
    return same ? ok({ price, priced }) : err<never, EditOrderError>(needsNewOrder(orderId, 'goodsPricedOtherwise'))
  })

const limitedOf = ({ applied }: PricedCart): readonly string[] =>
  applied.filter(({ limited }) => limited).map(({ offerId }) => offerId)

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n')
