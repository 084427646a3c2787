import { err, ok, type Result } from 'neverthrow'
import { at, splitOver, sumOf } from './goods.js'
import { priceCart } from './price-cart.js'
import type { PriceCartError, PriceCartInput, PricedCart, PricedGift } from './priced-cart.js'
import { type LinePieces, type RefundShare, type RefundSplit, type RefundSplitError, refundOf } from './refund-of.js'
import { unitTableOf } from './unit-table.js'

/** A price as an order keeps it: what it was made of, and what it came to. */
export type KeptPrice = { readonly input: PriceCartInput; readonly price: PricedCart }

/** What an order has given back so far or gives back now, in sum. */
type Sums = {
  readonly cashMinor: number
  readonly pointsMinor: number
  readonly points: number
  readonly taxMinor: number
  readonly shares: ReadonlyMap<string, RefundShare>
}

/**
 * Reckons a return by what the buyer keeps: all returns together give back what was paid less the price of what is left,
 * made anew by the rules of the order. It never charges, depends on nothing but what is returned, and gives everything
 * back with the last piece. Carriage is left aside; earned points are taken back by the unit table.
 *
 * @param earlier - the returns before this one, in their order
 * @errors LineUnknown, PiecesExceeded, PiecesInvalid, PriceCartError
 * @source docs/refunds.md
 */
export const reevaluatedRefundOf = (
  kept: KeptPrice,
  earlier: readonly (readonly LinePieces[])[],
  pieces: readonly LinePieces[],
): Result<RefundSplit, RefundSplitError | PriceCartError> => {
  const table = unitTableOf(kept.price)
  return refundOf(table, returnedBy(earlier), pieces).andThen((prorated) =>
    cumulate(kept, earlier).andThen((before) =>
      cumulateOne(kept, [...earlier, pieces], before).map((after) => toSplit(prorated, before, after, kept.price)),
    ),
  )
}

/**
 * Gifts of an order that what is left of it no longer brings, by the rules of the order.
 *
 * @param returns - all returns so far, in any order
 * @errors PriceCartError
 */
export const lostGifts = (
  kept: KeptPrice,
  returns: readonly (readonly LinePieces[])[],
): Result<readonly PricedGift[], PriceCartError> => {
  if (kept.price.gifts.length === 0) return ok([])
  return priceOfRest(kept, returns).map((rest) => {
    const stays = new Set(rest?.gifts.map(nameOfGift))
    return kept.price.gifts.filter((gift) => !stays.has(nameOfGift(gift)))
  })
}

/**
 * What is held back of a refund for gifts that are kept without right: their declared worth, never more than is paid
 * back. What could not be held back is held back from the next refund.
 *
 * @param payMinor - what the refund would pay
 * @param lost - gifts that the order lost and the buyer keeps
 * @param heldMinor - what earlier refunds held back
 */
export const giftHoldback = (payMinor: number, lost: readonly PricedGift[], heldMinor: number): number =>
  Math.min(payMinor, Math.max(0, lost.reduce((sum, gift) => sum + gift.valueMinor, 0) - heldMinor))

const nameOfGift = ({ offerId, couponId }: PricedGift): string => `${offerId}\n${couponId ?? ''}`

const returnedBy = (returns: readonly (readonly LinePieces[])[]): Readonly<Record<string, number>> => {
  const returned = new Map<string, number>()
  for (const { lineId, quantity } of returns.flat()) returned.set(lineId, (returned.get(lineId) ?? 0) + quantity)
  return Object.fromEntries(returned)
}

const nothing: Sums = { cashMinor: 0, pointsMinor: 0, points: 0, taxMinor: 0, shares: new Map() }

const cumulate = (kept: KeptPrice, returns: readonly (readonly LinePieces[])[]): Result<Sums, PriceCartError> => {
  let sums = nothing
  for (let count = 1; count <= returns.length; count += 1) {
    const next = cumulateOne(kept, returns.slice(0, count), sums)
    if (next.isErr()) return err(next.error)
    sums = next.value
  }
  return ok(sums)
}

const cumulateOne = (
  kept: KeptPrice,
  returns: readonly (readonly LinePieces[])[],
  before: Sums,
): Result<Sums, PriceCartError> =>
  priceOfRest(kept, returns).map((rest) => {
    const { price } = kept
    const paid = price.totals.goodsMinor
    const back = Math.max(
      before.cashMinor + before.pointsMinor,
      paid - (rest === undefined ? 0 : rest.totals.goodsMinor),
    )
    const pointsMinor = partOfWhole(price.totals.pointsMinor, back, paid)
    return {
      cashMinor: back - pointsMinor,
      pointsMinor,
      points: partOfWhole(price.pointsSpent, back, paid),
      taxMinor: Math.max(before.taxMinor, taxOfGoods(price) - (rest === undefined ? 0 : taxOfGoods(rest))),
      shares: cumulateShares(price, rest, before.shares),
    }
  })

/** Rises with the part and is the whole with it, so that returns in any grouping give back the same. */
const partOfWhole = (amount: number, part: number, whole: number): number =>
  whole === 0 ? 0 : Number((BigInt(amount) * BigInt(part)) / BigInt(whole))

const taxOfGoods = (price: PricedCart): number => sumOf(price.lines.map((line) => line.taxMinor))

const nameOfShare = ({ offerId, couponId }: Pick<RefundShare, 'offerId' | 'couponId'>): string =>
  `${offerId}\n${couponId ?? ''}`

const sharesOf = (price: PricedCart): ReadonlyMap<string, RefundShare> => {
  const shares = new Map<string, RefundShare>()
  for (const { offerId, couponId, goodsMinor, platformGoodsMinor } of price.applied) {
    if (goodsMinor === 0) continue
    const share = { offerId, couponId, amountMinor: goodsMinor, platformMinor: platformGoodsMinor }
    shares.set(nameOfShare(share), share)
  }
  return shares
}

const cumulateShares = (
  price: PricedCart,
  rest: PricedCart | undefined,
  before: ReadonlyMap<string, RefundShare>,
): ReadonlyMap<string, RefundShare> => {
  const left = rest === undefined ? new Map<string, RefundShare>() : sharesOf(rest)
  const shares = new Map<string, RefundShare>()
  for (const [name, share] of sharesOf(price)) {
    const stays = left.get(name)
    const gone = before.get(name)
    shares.set(name, {
      ...share,
      amountMinor: Math.max(gone?.amountMinor ?? 0, share.amountMinor - (stays?.amountMinor ?? 0)),
      platformMinor: Math.max(gone?.platformMinor ?? 0, share.platformMinor - (stays?.platformMinor ?? 0)),
    })
  }
  return shares
}

/** The price of what is left, made as the order's was, with the coupons that it used; nothing when all is returned. */
const priceOfRest = (
  { input, price }: KeptPrice,
  returns: readonly (readonly LinePieces[])[],
): Result<PricedCart | undefined, PriceCartError> => {
  const returned = returnedBy(returns)
  const lines = input.lines.flatMap((line) => {
    const gone = Object.hasOwn(returned, line.lineId) ? (returned[line.lineId] ?? 0) : 0
    return gone >= line.quantity ? [] : [{ ...line, quantity: line.quantity - gone }]
  })
  if (lines.length === 0) return ok(undefined)
  const coupons = input.coupons.filter(({ couponId }) => price.couponsUsed.includes(couponId))
  return priceCart({ ...input, lines, coupons, shipping: null, points: null }, { trace: false })
}

const toSplit = (prorated: RefundSplit, before: Sums, after: Sums, price: PricedCart): RefundSplit => {
  const cashMinor = after.cashMinor - before.cashMinor
  const pointsMinor = after.pointsMinor - before.pointsMinor
  const points = after.points - before.points
  const taxMinor = after.taxMinor - before.taxMinor
  const shares = [...after.shares].flatMap(([name, share]) => {
    const gone = before.shares.get(name)
    const amountMinor = share.amountMinor - (gone?.amountMinor ?? 0)
    const platformMinor = share.platformMinor - (gone?.platformMinor ?? 0)
    return amountMinor === 0 && platformMinor === 0 ? [] : [{ ...share, amountMinor, platformMinor }]
  })
  const weights = prorated.lines.map((line) => line.cashMinor + line.pointsMinor)
  const over = weights.some((weight) => weight > 0) ? weights : weights.map(() => 1)
  const parts = [cashMinor, pointsMinor, points, taxMinor].map((amount) => splitOver(amount, over))
  const sharesOfLines = shares.map((share) => ({
    share,
    amounts: splitOver(share.amountMinor, over),
    platform: splitOver(share.platformMinor, over),
  }))
  return {
    ...prorated,
    cashMinor,
    pointsMinor,
    points,
    taxMinor,
    payMinor: cashMinor + (price.taxInclusive ? 0 : taxMinor),
    shares,
    lines: prorated.lines.map((line, place) => {
      const [cash = [], worth = [], spent = [], tax = []] = parts
      return {
        ...line,
        cashMinor: at(cash, place),
        pointsMinor: at(worth, place),
        points: at(spent, place),
        taxMinor: at(tax, place),
        shares: sharesOfLines.map(({ share, amounts, platform }) => ({
          ...share,
          amountMinor: at(amounts, place),
          platformMinor: at(platform, place),
        })),
      }
    }),
  }
}
