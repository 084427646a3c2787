import { ok, type Result } from 'neverthrow'
import type { LineQuantity } from '../../inventory/reservation.js'
import { giftHoldback, lostGifts } from '../../pricing/gift-holdback.js'
import { addPieces, type KeptPrice } from '../../pricing/price-of-rest.js'
import type { PriceCartError, PricedCart, PricedGift } from '../../pricing/priced-cart.js'
import { type PiecesBack, reevaluatedRefundOf } from '../../pricing/reevaluated-refund.js'
import { freeCoupons, type RefundSplit, type RefundSplitError, refundOf } from '../../pricing/refund-of.js'
import type { Stored } from '../../shared/read-plan.js'
import type { LineAmount, OrderRefund } from '../order.js'
import { refundedLines, undecidedQuantity } from '../order-losses.js'
import { liveRefunds, refundableQuantity, refundableShippingMinor } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { unitsOf } from '../order-units.js'
import type { RefundPolicy } from '../policy/shop-policy.js'
import { type KeptBook, type PriceNotReplayable, rebuildInput } from '../price-record/price-record.js'
import { sumDiscounts } from './discounts.js'
import { setOffAmounts, sumAmounts, withAmounts } from './given-amounts.js'

/** A refund that is to begin. */
export type NewRefund = Omit<OrderRefund, 'status'>

/** What is paid for carriage, tax on it included, minor units. */
export const paidForShipping = (price: PricedCart): number =>
  price.shipping === null ? 0 : price.shipping.chargeMinor + (price.taxInclusive ? 0 : price.shipping.taxMinor)

/** What of an order is to be given back. */
export type RefundAsked = {
  readonly refundId: string
  readonly reason: OrderRefund['reason']
  readonly lines: readonly LineQuantity[]
  readonly withShipping: boolean
  /** Money given for lines without their pieces. */
  readonly amounts?: readonly LineAmount[]
  /** Carriage given back where it is neither all nor none of it, minor units. */
  readonly shippingMinor?: number
  /** The seller's doing: no discount and no gift is lost by it. */
  readonly sellerAtFault: boolean
  /** It is for pieces that the buyer had received; not so when absent. */
  readonly received?: true
}

/** An order as it stands, and the kept books by which what is left of it is priced, where a refund needs them. */
export type RefundableOrder = { readonly order: OrderRow; readonly books: readonly Stored<KeptBook>[] }

/** Why a refund cannot be reckoned. */
export type ReckonRefundError = RefundSplitError | PriceCartError | PriceNotReplayable

/**
 * What giving back some pieces of an order comes to, by each means they were paid with and by the terms it was placed
 * under; carriage is given back whole, or as much of it as is said.
 *
 * @errors LineUnknown, PiecesExceeded, PiecesInvalid; PriceNotReplayable when a book that the price was made of is gone
 */
export const newRefundOf = (refundable: RefundableOrder, asked: RefundAsked): Result<NewRefund, ReckonRefundError> => {
  const { order } = refundable
  const { refundId, reason, lines } = asked
  const pieces = goodsOf(order, lines)
  const shippingMinor = asked.withShipping ? refundableShippingMinor(order) : (asked.shippingMinor ?? 0)
  return splitOf(refundable, { pieces, sellerAtFault: asked.sellerAtFault }).andThen((split) =>
    heldForGifts(refundable, asked, pieces, split.payMinor).andThen((heldMinor) => {
      const cashMinor = split.payMinor + shippingMinor - heldMinor
      return setOffAmounts(order, pieces, { cashMinor }).map((setOff) => ({
        refundId,
        reason,
        lines,
        ...withAmounts([...(asked.amounts ?? []), ...setOff]),
        shippingMinor,
        cashMinor: sumAmounts([...(asked.amounts ?? []), ...setOff], cashMinor),
        pointsMinor: split.pointsMinor,
        points: split.points,
        earnedPoints: split.earnedPoints,
        subsidyMinor: split.shares.reduce((sum, share) => sum + share.platformMinor, 0),
        ...(reason === 'edited' ? givenUp(split) : {}),
        ...(heldMinor === 0 ? {} : { heldForGiftsMinor: heldMinor }),
        ...(asked.sellerAtFault ? { sellerAtFault: true } : {}),
        ...(asked.received === undefined ? {} : { received: asked.received }),
      }))
    }),
  )
}

/** The id of the order line of a gift, by its place among the gifts of the price as it was placed. */
export const giftLineId = (place: number): string => `gift-${place + 1}`

/** The id of the order line of a gift, by its place among the gifts of this order. */
export const giftLineOf = ({ details }: OrderRow, place: number): string =>
  details.partOf?.giftLineIds[place] ?? giftLineId(place)

/**
 * Whether what comes back of an order can lose it an offer. It cannot where the offers were reached only together with
 * what was bought of others in the same checkout: that stays bought, and no price of the rest would know it.
 */
export const losesOffers = ({ details }: OrderRow): boolean => details.partOf?.standsAlone !== false

// What comes back otherwise was sold at what it was sold at; what a change takes out is as if it had not been.
const givenUp = ({ shares }: RefundSplit): Pick<NewRefund, 'discounts'> => {
  const discounts = sumDiscounts(shares).filter(({ amountMinor }) => amountMinor !== 0)
  return discounts.length === 0 ? {} : { discounts }
}

const goodsOf = (order: OrderRow, lines: readonly LineQuantity[]): readonly LineQuantity[] => {
  const gifts = new Set(order.lines.filter((line) => line.gift).map((line) => line.lineId))
  return lines.filter((line) => !gifts.has(line.lineId))
}

const returnedOf = (order: OrderRow): Readonly<Record<string, number>> =>
  Object.fromEntries(order.lines.map((line) => [line.lineId, line.refundedQuantity]))

/**
 * Pieces that the buyer gave back, or is giving back, of their own accord. By what went by the seller's doing (lost on the
 * way, faulty, taken out by the shop) no gift is lost, then or later.
 */
export const givenUpByBuyer = (order: OrderRow, now: readonly LineQuantity[]): Readonly<Record<string, number>> =>
  liveRefunds(order)
    .filter(({ sellerAtFault = false }) => !sellerAtFault)
    .reduce((sum: Readonly<Record<string, number>>, { lines }) => addPieces(sum, lines), addPieces({}, now))

/** An order's price with what it was made of. */
export const keptPriceOf = ({ order, books }: RefundableOrder): Result<KeptPrice, PriceNotReplayable> =>
  rebuildInput(order.details.priced, books).map((input) => ({
    // Of a checkout that was divided, the goods of others are in its price and not in the order.
    input: { ...input, lines: input.lines.filter(({ lineId }) => order.lines.some((line) => line.lineId === lineId)) },
    price: order.details.price,
  }))

const splitOf = (refundable: RefundableOrder, now: PiecesBack): Result<RefundSplit, ReckonRefundError> => {
  const { order } = refundable
  const policy: RefundPolicy = losesOffers(order) ? (order.details.policy.returns.refundPolicy ?? 'prorate') : 'prorate'
  switch (policy) {
    case 'prorate':
      return refundOf(unitsOf(order.details), returnedOf(order), now.pieces)
    case 'reevaluate': {
      const earlier = liveRefunds(order).map(
        ({ lines, sellerAtFault = false }): PiecesBack => ({ pieces: goodsOf(order, lines), sellerAtFault }),
      )
      return keptPriceOf(refundable).andThen((kept) => reevaluatedRefundOf(kept, earlier, now))
    }
  }
}

/** What is held back for gifts that the order loses by this refund or lost before, and that the buyer keeps. */
const heldForGifts = (
  refundable: RefundableOrder,
  asked: RefundAsked,
  pieces: readonly LineQuantity[],
  payMinor: number,
): Result<number, ReckonRefundError> => {
  const { order } = refundable
  if (!losesOffers(order)) return ok(0)
  const heldMinor = liveRefunds(order).reduce((sum, refund) => sum + (refund.heldForGiftsMinor ?? 0), 0)
  const kept = keptGiftsOf(order, asked)
  if (kept.every(({ worthMinor }) => worthMinor === 0)) return ok(0 - heldMinor)
  // What the buyer has no part in takes nothing; it may still give back.
  if (asked.sellerAtFault && heldMinor === 0) return ok(0)
  return keptPriceOf(refundable)
    .andThen((price) => lostGifts(price, givenUpByBuyer(order, asked.sellerAtFault ? [] : pieces)))
    .map((lost) => {
      const lostMinor = kept.reduce((sum, { gift, worthMinor }) => (lost.includes(gift) ? sum + worthMinor : sum), 0)
      return giftHoldback(payMinor, asked.sellerAtFault ? Math.min(lostMinor, heldMinor) : lostMinor, heldMinor)
    })
}

/** The gifts of an order, with the worth of those of their pieces that the buyer keeps. */
const keptGiftsOf = (
  order: OrderRow,
  asked: RefundAsked,
): readonly { readonly gift: PricedGift; readonly worthMinor: number }[] => {
  const after = refundedLines(order, asked)
  return order.details.price.gifts.map((gift, place) => {
    // A gift that had run out went without a line.
    const line = after.find((each) => each.gift && each.lineId === giftLineOf(order, place))
    if (line === undefined) return { gift, worthMinor: 0 }
    // What was lost is refunded, or has still to be.
    const pieces = Math.max(0, refundableQuantity(line) - undecidedQuantity(line))
    return { gift, worthMinor: (gift.valueMinor / gift.quantity) * pieces }
  })
}

/**
 * The coupons of an order whose every piece is given back; of one that brought a gift or paid for carriage, every piece of
 * the goods.
 *
 * @param order - as it stands after the refund
 */
export const couponsGivenBack = (order: OrderRow): readonly string[] => {
  const kept = new Map(order.lines.map((line) => [line.lineId, refundableQuantity(line)]))
  const free = freeCoupons(unitsOf(order.details), ({ lineId, quantity }) => kept.get(lineId) ?? quantity)
  // A merchant of a divided checkout may have brought nothing but the gift.
  const giftsKept = order.lines.every((line) => line.gift) && order.lines.some((line) => refundableQuantity(line) > 0)
  return giftsKept ? [] : order.couponIds.filter((couponId) => free.includes(couponId))
}
