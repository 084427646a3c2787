import {
  basisPointsShape,
  countShape,
  type Effect,
  type GoodsView,
  goodsStages,
  noEffect,
  type OfferKind,
  partWords,
  timesWords,
} from '../offer-kind.js'
import { partOf, piecesByPrice } from '../pieces.js'

/**
 * Buy some, get some free or for less (买二送一): for every full group the cheapest of all meant pieces. Where the
 * threshold counts other goods than those meant, these are the ones to buy, and no piece counts twice.
 */
export type BuyXGetY = {
  readonly kind: 'buyXGetY'
  /** Pieces paid for in a group. */
  readonly buy: number
  /** Pieces free in a group. */
  readonly get: number
  /** Off those pieces; they are free when absent. */
  readonly offBasisPoints?: number
  /** The most groups; without bound when absent. */
  readonly maxTimes?: number
}

/**
 * `买二送一` on two pieces of 30.00 and one of 10.00 gives the 10.00.
 *
 * @example { kind: 'buyXGetY', buy: 2, get: 1 }
 */
export const buyXGetY: OfferKind<BuyXGetY> = {
  kind: 'buyXGetY',
  stages: goodsStages,
  shape: {
    buy: countShape,
    get: countShape,
    offBasisPoints: { ...basisPointsShape, optional: true },
    maxTimes: { ...countShape, optional: true },
  },
  words: ({ buy, get, offBasisPoints = 10_000, maxTimes }, { locale }) => {
    const part = partWords(offBasisPoints, locale)
    const english = `buy ${buy}, get ${get} ${part}`
    const chinese = offBasisPoints === 10_000 ? `买${buy}送${get}` : `买${buy}件，另${get}件${part}`
    return (locale === 'en' ? english : chinese) + timesWords(maxTimes, locale)
  },
  effect: (benefit, goods): Effect => {
    const given = goods.counted === goods.lines ? givenOfSame(benefit, goods) : givenOfOthers(benefit, goods)
    if (given.free === 0) return { ...noEffect, missingPieces: given.missing }
    let { free, shared } = given
    const weights = goods.lines.map(() => 0)
    let total = 0
    for (const { place, pieces, unitMinor } of piecesByPrice(goods).reverse()) {
      const line = goods.lines[place] ?? 0
      const isShared = goods.counted !== goods.lines && goods.counted.includes(line)
      const taken = Math.min(pieces, free, isShared ? shared : pieces)
      if (taken === 0) continue
      free -= taken
      if (isShared) shared -= taken
      const off = taken * partOf(unitMinor, benefit.offBasisPoints ?? 10_000)
      weights[place] = (weights[place] ?? 0) + off
      total += off
    }
    return { goodsMinor: total, weights }
  },
}

/** How many pieces are free, how many of them may be counted goods too, and what is missing when none is. */
type Given = { readonly free: number; readonly shared: number; readonly missing: number }

const givenOfSame = ({ buy, get, maxTimes }: BuyXGetY, goods: GoodsView): Given => {
  const groups = Math.floor(goods.pieces / (buy + get))
  const free = Math.min(groups, maxTimes ?? groups) * get
  return { free, shared: free, missing: buy + get - goods.pieces }
}

const givenOfOthers = ({ buy, get, maxTimes }: BuyXGetY, goods: GoodsView): Given => {
  const sum = (lines: readonly number[]): number =>
    lines.reduce((total, line) => total + (goods.quantity[line] ?? 0), 0)
  const both = sum(goods.lines.filter((line) => goods.counted.includes(line)))
  const onlyBought = goods.basisPieces - both
  const onlyMeant = goods.pieces - both
  // With every further group fewer pieces are left to be free, and more may be.
  const left = (groups: number): number => both - Math.max(0, buy * groups - onlyBought)
  const freeIn = (groups: number): number => (left(groups) < 0 ? 0 : Math.min(get * groups, onlyMeant + left(groups)))
  const most = Math.min(maxTimes ?? Number.MAX_SAFE_INTEGER, Math.floor(goods.basisPieces / buy))
  // The groups that all their free pieces are there for, and one more where some are.
  const full = Math.min(most, fullGroups(buy, get, onlyBought, onlyMeant, both))
  const groups = full < most && freeIn(full + 1) > freeIn(full) ? full + 1 : full
  const bought = Math.max(0, buy - goods.basisPieces)
  return { free: freeIn(groups), shared: Math.max(0, left(groups)), missing: bought > 0 ? bought : 1 }
}

/** The most groups g with `get × g` pieces free beside `buy × g` bought ones. */
const fullGroups = (buy: number, get: number, onlyBought: number, onlyMeant: number, both: number): number =>
  Math.min(
    Math.floor((onlyBought + both) / buy),
    Math.floor((onlyMeant + both) / get),
    Math.floor((onlyBought + onlyMeant + both) / (buy + get)),
  )
