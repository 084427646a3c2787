import { err, ok, type Result } from 'neverthrow'
import type { ItemUnavailable, PersonLimitExceeded } from '../../cart/cart.js'
import type { LineQuantity } from '../../inventory/reservation.js'
import type { OutOfStock } from '../../inventory/stock.js'
import type { PriceCartError, PricedCart } from '../../pricing/priced-cart.js'
import type { QuotedRates } from '../../pricing/quote-rates.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'
import type { AttemptUnderway } from '../money/attempt-underway.js'
import { earnedPointsLeft } from '../money/order-points.js'
import { type NewRefund, paidForShipping, type ReckonRefundError } from '../money/refund-shares.js'
import type { OnDeliveryNotOffered } from '../on-delivery/on-delivery-terms.js'
import type { EndedBy } from '../order.js'
import type { OrderDraft, OrderMoveError } from '../order-draft.js'
import type { OrderError } from '../order-error.js'
import type { LineTarget } from '../order-inputs.js'
import {
  editOf,
  payEditBy,
  quantityOf,
  refundableCashMinor,
  refundableShippingMinor,
  spentPointsLeft,
} from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { PriceNotReplayable, PriceRecord } from '../price-record/price-record.js'
import { couponsFreed, couponsHeld } from '../refunds/coupons-back.js'

/** What a change of an order comes to. */
export type EditOutcome = {
  readonly orderId: string
  readonly currency: string
  readonly newRecipient: boolean
  /** Where it goes. */
  readonly region: string
  /** Lines of which fewer pieces are left, gifts that are lost with them included. */
  readonly lines: readonly {
    readonly lineId: string
    readonly sku: string
    readonly before: number
    readonly after: number
  }[]
  /** What carriage costs the buyer, minor units. */
  readonly shippingBeforeMinor: number
  readonly shippingAfterMinor: number
  /** What the order costs in money, minor units: to be paid, or paid less what goes back. */
  readonly payableBeforeMinor: number
  readonly payableAfterMinor: number
  readonly pointsSpentBefore: number
  readonly pointsSpentAfter: number
  readonly pointsEarnedBefore: number
  readonly pointsEarnedAfter: number
  /** Coupons that are the buyer's again. */
  readonly couponIdsFreed: readonly string[]
  /** The difference that a dearer change of a paid order waits for, minor units; 0 where there is none. */
  readonly toPayMinor: number
  /** Until when that is to be paid; null where nothing is. */
  readonly payBy: Instant | null
  /** What goes back by each means; null where the order is not paid or nothing goes back. */
  readonly refund: Omit<NewRefund, 'refundId' | 'reason' | 'lines' | 'discounts'> | null
}

/** A paid order would cost more than was paid for it, which the shop's terms do not take over. */
export type EditCostsMore = {
  readonly type: 'EditCostsMore'
  readonly orderId: string
  readonly differenceMinor: number
  readonly currency: string
}

/** The order cannot be changed so and stay one order; it is to be given up and placed anew. */
export type EditNeedsNewOrder = {
  readonly type: 'EditNeedsNewOrder'
  readonly orderId: string
  /** The goods would be taxed, or priced, otherwise; other gifts would come with them; or nothing would be left to pay. */
  readonly reason:
    | 'goodsPricedOtherwise'
    | 'otherGifts'
    | 'nothingToPay'
    /** Money went back for more than pieces that were taken out. */
    | 'partlyRefunded'
    /** It is a part of a checkout that was divided. */
    | 'ofCheckout'
    /** Pieces are added and others taken out; that is two changes. */
    | 'moreAndFewer'
    /** A line that it had is not in it any more. */
    | 'lineGone'
}

/** Why an order is not changed. */
export type EditOrderError =
  | OrderMoveError
  | ReckonRefundError
  | PriceCartError
  | PriceNotReplayable
  | AttemptUnderway
  | OnDeliveryNotOffered
  | EditCostsMore
  | EditNeedsNewOrder
  | AddPiecesError

/** Why no more pieces are added. */
export type AddPiecesError = OutOfStock | PersonLimitExceeded | ItemUnavailable

/** A place that an order can be priced for. */
export type PricedPlace = Pick<EditAsked, 'region' | 'rates'>

/** What is to be changed, with everything that a decision may not find for itself. */
export type EditAsked = {
  readonly by: EndedBy
  readonly newRecipient: boolean
  readonly region: string
  readonly removed: readonly LineQuantity[]
  /** Pieces more of lines that it has. */
  readonly added: readonly LineQuantity[]
  /** Rates from outside that were quoted for the change; null where none had to be. */
  readonly rates: QuotedRates | null
  /** Rates from outside for where it goes now; null where those that it was priced by are for its goods alone. */
  readonly ratesHere: QuotedRates | null
  /** Where it was to go before, which dearer carriage of a paid order with more pieces is held against. */
  readonly before: readonly PricedPlace[]
  /** What the change is done under; a refund it brings has this id. */
  readonly editId: string
}

/**
 * The pieces that are taken out, or added, where so many are wanted. A gift is never added by hand.
 *
 * @errors OrderLineUnknown; QuantityExceedsOrder
 */
export const changedPieces = (
  order: OrderRow,
  targets: readonly LineTarget[],
): Result<{ readonly removed: readonly LineQuantity[]; readonly added: readonly LineQuantity[] }, OrderError> => {
  const removed: LineQuantity[] = []
  const added: LineQuantity[] = []
  for (const { lineId, quantity: asked } of targets) {
    const line = order.lines.find((each) => each.lineId === lineId)
    if (line === undefined) return err({ type: 'OrderLineUnknown', lineId })
    const left = line.quantity - (line.cancelledQuantity ?? 0)
    if (asked > left && line.gift) return err({ type: 'QuantityExceedsOrder', lineId, asked, left })
    if (asked > left) added.push({ lineId, quantity: asked - left })
    if (asked < left) removed.push({ lineId, quantity: left - asked })
  }
  return ok({ removed, added })
}

/** What a price was made of, changed: fewer pieces, or more, and another region; by the coupons that the order still counts on. */
export const changeRecord = (
  order: OrderRow,
  change: {
    readonly region: string
    readonly removed: readonly LineQuantity[]
    readonly added?: readonly LineQuantity[]
    readonly rates: QuotedRates | null
  },
): PriceRecord => {
  const { region, removed, added = [], rates } = change
  const { priced } = order.details
  const { input } = priced
  const held = couponsHeld(order)
  // Of a checkout that was divided, the goods of others are in its price and not in the order.
  const own = new Set(order.lines.map(({ lineId }) => lineId))
  const lines = input.lines.flatMap((line) => {
    if (!own.has(line.lineId)) return []
    const quantity = line.quantity - quantityOf(removed, line.lineId) + quantityOf(added, line.lineId)
    return quantity <= 0 ? [] : [{ ...line, quantity }]
  })
  return {
    ...priced,
    input: {
      ...input,
      lines,
      coupons: input.coupons.filter(({ couponId }) => held.includes(couponId)),
      ...(input.priceLists === undefined ? {} : { priceLists: { ...input.priceLists, region } }),
      shipping: input.shipping === null ? null : { ...input.shipping, region },
      tax: input.tax === null ? null : { region },
    },
    ...(rates === null ? {} : { rates }),
  }
}

/** Whether two prices bring the same gifts. */
export const sameGifts = (one: PricedCart, other: PricedCart): boolean =>
  one.gifts.length === other.gifts.length &&
  one.gifts.every((gift, place) => {
    const there = other.gifts[place]
    return there !== undefined && gift.sku === there.sku && gift.quantity === there.quantity
  })

/**
 * Tells what a change came to, of the order before and after it.
 *
 * @param siblings - the orders of its checkout
 */
export const outcomeOf = (
  before: OrderRow,
  after: OrderRow,
  newRecipient: boolean,
  siblings: readonly Stored<OrderRow>[],
): EditOutcome => {
  const there = new Map(after.lines.map((line) => [line.lineId, line.quantity - (line.cancelledQuantity ?? 0)]))
  const refund = after.refunds.length > before.refunds.length ? after.refunds.at(-1) : undefined
  const freedBefore = couponsFreed(before, siblings)
  return {
    orderId: before.orderId,
    currency: before.currency,
    newRecipient,
    region: after.details.region,
    lines: before.lines.flatMap(({ lineId, sku, quantity, cancelledQuantity = 0 }) => {
      const left = quantity - cancelledQuantity
      const stays = there.get(lineId) ?? 0
      return left === stays ? [] : [{ lineId, sku, before: left, after: stays }]
    }),
    shippingBeforeMinor: refundableShippingMinor(before),
    shippingAfterMinor: refundableShippingMinor(after),
    payableBeforeMinor: refundableCashMinor(before),
    payableAfterMinor: refundableCashMinor(after),
    pointsSpentBefore: spentPointsLeft(before),
    pointsSpentAfter: spentPointsLeft(after),
    pointsEarnedBefore: earnedPointsLeft(before),
    pointsEarnedAfter: earnedPointsLeft(after),
    couponIdsFreed:
      after.status === 'awaitingPayment'
        ? before.couponIds.filter((couponId) => !after.couponIds.includes(couponId))
        : couponsFreed(after, siblings).filter((couponId) => !freedBefore.includes(couponId)),
    toPayMinor: 0,
    payBy: null,
    refund: refund === undefined ? null : amountsOf(refund),
  }
}

/** Tells what a dearer change will come to that waits to be paid. */
export const proposedOutcomeOf = (before: OrderRow, after: OrderRow, newRecipient: boolean): EditOutcome => {
  const { edit } = editOf(after)
  const { proposed } = after.details
  const outcome = outcomeOf(before, before, newRecipient, [])
  if (edit === undefined || proposed === undefined) return outcome
  const { price, region } = proposed
  return {
    ...outcome,
    region,
    lines: before.lines.flatMap(({ lineId, sku, gift, quantity, cancelledQuantity = 0 }) => {
      const left = quantity - cancelledQuantity
      const then = price.lines.find((line) => line.lineId === lineId)?.quantity ?? (gift ? left : 0)
      return then === left ? [] : [{ lineId, sku, before: left, after: then }]
    }),
    shippingAfterMinor: paidForShipping(price),
    payableAfterMinor: price.totals.payableMinor,
    pointsEarnedAfter: price.pointsEarned,
    toPayMinor: edit.differenceMinor,
    payBy: payEditBy(after) ?? null,
  }
}

const amountsOf = ({
  refundId: _,
  reason: __,
  lines: ___,
  status: ____,
  discounts: _____,
  ...amounts
}: OrderRow['refunds'][number]): EditOutcome['refund'] => amounts

/** A change in the making, once it is decided. */
export type EditedDraft = { readonly draft: OrderDraft; readonly outcome: EditOutcome }
