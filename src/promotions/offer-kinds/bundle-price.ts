import {
  amountShape,
  countShape,
  type Effect,
  noEffect,
  type OfferKind,
  orderStages,
  timesWords,
} from '../offer-kind.js'
import { piecesByPrice, runningOfPieces } from '../pieces.js'

/** Any so many pieces for one price (任选3件99元); the dearest pieces are bundled first, as long as it pays. */
export type BundlePrice = {
  readonly kind: 'bundlePrice'
  readonly pieces: number
  readonly priceMinor: number
  /** The most bundles; without bound when absent. */
  readonly maxTimes?: number
}

/**
 * `任选2件99元` on pieces of 80.00, 60.00 and 20.00 gives 140.00 - 99.00 = 41.00.
 *
 * @example { kind: 'bundlePrice', pieces: 2, priceMinor: 9900 }
 */
export const bundlePrice: OfferKind<BundlePrice> = {
  kind: 'bundlePrice',
  stages: orderStages,
  shape: {
    pieces: { ...countShape, least: 2, most: 1000 },
    priceMinor: amountShape,
    maxTimes: { ...countShape, optional: true },
  },
  words: ({ pieces, priceMinor, maxTimes }, { locale, money }) =>
    (locale === 'en' ? `any ${pieces} pieces for ${money(priceMinor)}` : `任选${pieces}件${money(priceMinor)}`) +
    timesWords(maxTimes, locale),
  effect: (benefit, goods): Effect => {
    if (goods.pieces < benefit.pieces) return { ...noEffect, missingPieces: benefit.pieces - goods.pieces }
    const sorted = piecesByPrice(goods)
    const taken = goods.lines.map(() => 0)
    let bundles = Math.min(Math.floor(goods.pieces / benefit.pieces), benefit.maxTimes ?? Number.MAX_SAFE_INTEGER)
    let total = 0
    let next = 0
    let usedOfNext = 0
    // Bundles of falling worth: the first that is not worth its price ends the walk.
    for (; bundles > 0; bundles -= 1) {
      const before = total
      const start = { next, usedOfNext }
      const inBundle: { readonly place: number; readonly pieces: number }[] = []
      let worth = 0
      for (let missing = benefit.pieces; missing > 0; ) {
        const from = sorted[next]
        if (from === undefined) return spread(total, taken, goods.lines, goods)
        const pieces = Math.min(missing, from.pieces - usedOfNext)
        worth += pieces * from.unitMinor
        inBundle.push({ place: from.place, pieces })
        missing -= pieces
        usedOfNext += pieces
        if (usedOfNext === from.pieces) {
          next += 1
          usedOfNext = 0
        }
      }
      total += worth - benefit.priceMinor
      if (total <= before) {
        next = start.next
        usedOfNext = start.usedOfNext
        total = before
        break
      }
      for (const each of inBundle) taken[each.place] = (taken[each.place] ?? 0) + each.pieces
    }
    return spread(total, taken, goods.lines, goods)
  },
}

/** Over the lines by the worth of their bundled pieces. */
const spread = (
  total: number,
  taken: readonly number[],
  lines: readonly number[],
  goods: Parameters<typeof runningOfPieces>[0],
): Effect => ({
  goodsMinor: total,
  weights: taken.map((pieces, place) => (pieces === 0 ? 0 : runningOfPieces(goods, lines[place] ?? 0, pieces))),
})
