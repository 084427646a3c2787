import { countShape, type Effect, goodsStages, noEffect, type OfferKind, timesWords } from '../offer-kind.js'
import { piecesByPrice, runningOfPieces } from '../pieces.js'

/** Buy some, get some free (买二送一): for every full group the cheapest of all meant pieces cost nothing. */
export type BuyXGetY = {
  readonly kind: 'buyXGetY'
  /** Pieces paid for in a group. */
  readonly buy: number
  /** Pieces free in a group. */
  readonly get: number
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
  shape: { buy: countShape, get: countShape, maxTimes: { ...countShape, optional: true } },
  words: ({ buy, get, maxTimes }, { locale }) =>
    (locale === 'en' ? `buy ${buy}, get ${get} free` : `买${buy}送${get}`) + timesWords(maxTimes, locale),
  effect: (benefit, goods): Effect => {
    const size = benefit.buy + benefit.get
    const groups = Math.floor(goods.pieces / size)
    if (groups === 0) return { ...noEffect, missingPieces: size - goods.pieces }
    let free = Math.min(groups, benefit.maxTimes ?? groups) * benefit.get
    const weights = goods.lines.map(() => 0)
    let total = 0
    for (const { place, pieces } of piecesByPrice(goods).reverse()) {
      const taken = Math.min(pieces, free)
      const off = taken === 0 ? 0 : runningOfPieces(goods, goods.lines[place] ?? 0, taken)
      free -= taken
      weights[place] = off
      total += off
    }
    return { goodsMinor: total, weights }
  },
}
