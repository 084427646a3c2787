import { err, type Result } from 'neverthrow'
import { at, splitOver, sumOf } from './goods.js'
import { addPieces, type KeptPrice, nameOfOffer, priceOfRest } from './price-of-rest.js'
import type { PriceCartError, PricedCart } from './priced-cart.js'
import { type LinePieces, type RefundShare, type RefundSplit, type RefundSplitError, refundOf } from './refund-of.js'
import { type UnitTable, unitTableOf } from './unit-table.js'

/** Pieces that are given back together. */
export type PiecesBack = {
  readonly pieces: readonly LinePieces[]
  /**
   * The buyer gives them back, or is given money for them, by the seller's doing: they give at least what they were paid
   * with, whatever the rest would cost. Not so when absent.
   */
  readonly sellerAtFault?: boolean
}

/** What has been given back by some point, in sum. */
type Given = {
  /** At list price. */
  readonly listMinor: number
  /** Money and worth of points. */
  readonly backMinor: number
  readonly pointsMinor: number
  readonly points: number
  readonly taxMinor: number
  /** What each offer of the order has taken back of what it gave, in the order they were applied. */
  readonly shares: readonly RefundShare[]
}

/**
 * Reckons a return by what the buyer keeps: all returns so far give back what was paid less the price of what is left,
 * made anew by the rules of the order, and never less than they gave before. So it never charges, and the last piece
 * gives back all the rest, in whatever order and grouping pieces come. What the returns do not give of the list price of
 * their pieces, the offers take back of what they gave. Carriage is left aside; earned points go by the unit table.
 *
 * @param earlier - the returns before this one, in their order
 * @errors LineUnknown, PiecesExceeded, PiecesInvalid, PriceCartError
 * @source docs/refunds.md
 */
export const reevaluatedRefundOf = (
  kept: KeptPrice,
  earlier: readonly PiecesBack[],
  now: PiecesBack,
): Result<RefundSplit, RefundSplitError | PriceCartError> => {
  const table = unitTableOf(kept.price)
  let returned: Readonly<Record<string, number>> = {}
  let before = nothingGiven(kept.price)
  for (const each of earlier) {
    const step = giveOn(kept, table, returned, before, each)
    if (step.isErr()) return err(step.error)
    returned = addPieces(returned, each.pieces)
    before = step.value.given
  }
  return giveOn(kept, table, returned, before, now).map(({ prorated, given }) =>
    toSplit(prorated, before, given, kept.price),
  )
}

const nothingGiven = (price: PricedCart): Given => ({
  listMinor: 0,
  backMinor: 0,
  pointsMinor: 0,
  points: 0,
  taxMinor: 0,
  shares: sharesOf(price).map((share) => ({ ...share, amountMinor: 0, platformMinor: 0 })),
})

const sharesOf = ({ applied }: PricedCart): readonly RefundShare[] =>
  applied
    .filter(({ goodsMinor }) => goodsMinor > 0)
    .map(({ offerId, couponId, goodsMinor, platformGoodsMinor }) => ({
      offerId,
      couponId,
      amountMinor: goodsMinor,
      platformMinor: platformGoodsMinor,
    }))

const giveOn = (
  kept: KeptPrice,
  table: UnitTable,
  returned: Readonly<Record<string, number>>,
  before: Given,
  { pieces, sellerAtFault = false }: PiecesBack,
): Result<{ readonly prorated: RefundSplit; readonly given: Given }, RefundSplitError | PriceCartError> =>
  refundOf(table, returned, pieces).andThen((prorated) =>
    priceOfRest(kept, addPieces(returned, pieces)).map((rest) => {
      const least = sellerAtFault ? prorated : nothingBack
      return { prorated, given: given(kept.price, rest, before, { least, listMinor: listOf(table, pieces) }) }
    }),
  )

const nothingBack = { cashMinor: 0, pointsMinor: 0, taxMinor: 0 }

const listOf = (table: UnitTable, pieces: readonly LinePieces[]): number =>
  sumOf(
    pieces.map(
      ({ lineId, quantity }) => quantity * (table.lines.find((line) => line.lineId === lineId)?.unitListMinor ?? 0),
    ),
  )

/** What is given back in sum once some pieces more are returned; `rest` is the price of what is left, if anything is. */
const given = (
  price: PricedCart,
  rest: PricedCart | undefined,
  before: Given,
  step: { readonly least: typeof nothingBack; readonly listMinor: number },
): Given => {
  const paidMinor = price.totals.goodsMinor
  const { least } = step
  const backMinor = Math.min(
    paidMinor,
    Math.max(before.backMinor + least.cashMinor + least.pointsMinor, paidMinor - (rest?.totals.goodsMinor ?? 0)),
  )
  const listMinor = before.listMinor + step.listMinor
  return {
    listMinor,
    backMinor,
    pointsMinor: partOfWhole(price.totals.pointsMinor, backMinor, paidMinor),
    points: partOfWhole(price.pointsSpent, backMinor, paidMinor),
    taxMinor: Math.min(
      taxOfGoods(price),
      Math.max(before.taxMinor + least.taxMinor, taxOfGoods(price) - (rest === undefined ? 0 : taxOfGoods(rest))),
    ),
    shares: takeBack(price, rest, before.shares, listMinor - backMinor),
  }
}

/** Rises with the part and is the whole with it, so that returns in any grouping give back the same. */
const partOfWhole = (amount: number, part: number, whole: number): number =>
  whole === 0 ? 0 : Number((BigInt(amount) * BigInt(part)) / BigInt(whole))

const taxOfGoods = (price: PricedCart): number => sumOf(price.lines.map((line) => line.taxMinor))

/**
 * Lets the offers of an order take back so much in sum: first each what it would not give to the rest, then, where that
 * is not enough, of whatever else they gave.
 */
const takeBack = (
  price: PricedCart,
  rest: PricedCart | undefined,
  before: readonly RefundShare[],
  wholeMinor: number,
): readonly RefundShare[] => {
  const offered = sharesOf(price)
  const amounts = offered.map((share) => share.amountMinor)
  const taken = before.map((share) => share.amountMinor)
  const stays = new Map(
    rest === undefined ? [] : sharesOf(rest).map((share) => [nameOfOffer(share), share.amountMinor]),
  )
  const lost = offered.map((share, place) =>
    Math.max(0, share.amountMinor - (stays.get(nameOfOffer(share)) ?? 0) - at(taken, place)),
  )
  const moreMinor = Math.min(sumOf(amounts), Math.max(sumOf(taken), wholeMinor)) - sumOf(taken)
  const firstMinor = Math.min(moreMinor, sumOf(lost))
  const first = splitWithin(firstMinor, lost)
  const left = amounts.map((amount, place) => amount - at(taken, place) - at(first, place))
  const second = splitWithin(moreMinor - firstMinor, left)
  return offered.map((share, place) => {
    const amountMinor = at(taken, place) + at(first, place) + at(second, place)
    return { ...share, amountMinor, platformMinor: partOfWhole(share.platformMinor, amountMinor, share.amountMinor) }
  })
}

const splitWithin = (amountMinor: number, most: readonly number[]): readonly number[] =>
  amountMinor === 0 ? most.map(() => 0) : splitOver(amountMinor, most, most)

const toSplit = (prorated: RefundSplit, before: Given, after: Given, price: PricedCart): RefundSplit => {
  const pointsMinor = after.pointsMinor - before.pointsMinor
  const cashMinor = after.backMinor - before.backMinor - pointsMinor
  const points = after.points - before.points
  const taxMinor = after.taxMinor - before.taxMinor
  const shares = after.shares.flatMap((share, place) => {
    const gone = before.shares[place]
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
