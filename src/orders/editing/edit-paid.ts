import { err, ok, type Result, safeTry } from 'neverthrow'
import type { LineQuantity } from '../../inventory/reservation.js'
import { lostGifts } from '../../pricing/gift-holdback.js'
import { priceCart } from '../../pricing/price-cart.js'
import type { PricedCart } from '../../pricing/priced-cart.js'
import { giftLineOf, givenUpByBuyer, keptPriceOf, losesOffers, paidForShipping } from '../money/refund-shares.js'
import type { OrderDraft } from '../order-draft.js'
import { cancelledPieces, refundableShippingMinor, unshippedQuantity } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { rebuildInput } from '../price-record/price-record.js'
import { changeRecord, type EditAsked, type EditOrderError } from './order-edit.js'
import { takeOut } from './take-out.js'

/**
 * Changes an order that is paid: pieces that have not left are taken out and go back by the terms it was placed under,
 * gifts that it loses by that stay here, and carriage that costs less to where it goes now is given back. By what the shop
 * takes out the buyer loses no discount and no gift.
 *
 * @errors EditCostsMore, EditNeedsNewOrder, EditOrderError
 */
export const editPaid = (draft: OrderDraft, order: OrderRow, asked: EditAsked): Result<void, EditOrderError> =>
  safeTry(function* () {
    const { by, newRecipient, editId } = asked
    const removed = by === 'buyer' ? yield* withLostGifts(draft, order, asked.removed) : asked.removed
    const cheaperMinor = yield* cheaperCarriage(draft, order, { ...asked, removed })
    yield* takeOut(draft, order, { by, newRecipient, removed, shippingMinor: cheaperMinor, editId })
    return ok(undefined)
  })

// A gift that the order loses and that is still here is not kept by the buyer, so nothing is held back for it.
const withLostGifts = (
  draft: OrderDraft,
  order: OrderRow,
  removed: readonly LineQuantity[],
): Result<readonly LineQuantity[], EditOrderError> => {
  if (removed.length === 0 || order.details.price.gifts.length === 0 || !losesOffers(order)) return ok(removed)
  return keptPriceOf({ order, books: draft.read.books })
    .andThen((kept) => lostGifts(kept, givenUpByBuyer(order, removed)))
    .map((lost) => [
      ...removed,
      ...order.details.price.gifts.flatMap((gift, place) => {
        const lineId = giftLineOf(order, place)
        const line = order.lines.find((each) => each.gift && each.lineId === lineId)
        if (line === undefined || !lost.includes(gift) || removed.some((each) => each.lineId === lineId)) return []
        const here = unshippedQuantity(line)
        return here === 0 ? [] : [{ lineId, quantity: here }]
      }),
    ])
}

/** How much less carriage costs to where the order goes now, for the pieces that stay in it; at most what was paid more. */
const cheaperCarriage = (draft: OrderDraft, order: OrderRow, asked: EditAsked): Result<number, EditOrderError> => {
  const { details, orderId, currency } = order
  if (asked.region === details.region || details.price.shipping === null) return ok(0)
  const gone = [...asked.removed, ...cancelledPieces(order)]
  return priceAt(draft, order, { region: details.region, removed: gone, rates: asked.ratesHere }).andThen((before) =>
    priceAt(draft, order, { region: asked.region, removed: gone, rates: asked.rates }).andThen((after) => {
      if (!sameGoods(before, after)) {
        return err<never, EditOrderError>({ type: 'EditNeedsNewOrder', orderId, reason: 'goodsPricedOtherwise' })
      }
      const differenceMinor = paidForShipping(after) - paidForShipping(before)
      // What the seller took over to where it was to go before, the buyer has not paid.
      const sparedMinor = Math.max(0, refundableShippingMinor(order) - paidForShipping(after))
      if (differenceMinor <= 0) return ok(Math.min(0 - differenceMinor, sparedMinor))
      return details.policy.dearerCarriage === 'seller'
        ? ok(0)
        : err<never, EditOrderError>({ type: 'EditCostsMore', orderId, differenceMinor, currency })
    }),
  )
}

const priceAt = (
  draft: OrderDraft,
  order: OrderRow,
  change: Parameters<typeof changeRecord>[1],
): Result<PricedCart, EditOrderError> =>
  rebuildInput(changeRecord(order, change), draft.read.books).andThen((input) =>
    priceCart({ ...input, points: null }, { trace: false }),
  )

/** Whether goods cost the same, tax and all. */
export const sameGoods = (one: PricedCart, other: PricedCart): boolean =>
  one.lines.every((line, place) => {
    const there = other.lines[place]
    return there !== undefined && line.netMinor === there.netMinor && line.taxMinor === there.taxMinor
  })
