import {
  basisPointsShape,
  countShape,
  type Effect,
  goodsStages,
  noEffect,
  type OfferKind,
  partWords,
} from '../offer-kind.js'
import { partOf, piecesByPrice } from '../pieces.js'

/** Every n-th piece for less (第二件半价); over several lines the pieces are counted from the dearest down. */
export type NthItem = {
  readonly kind: 'nthItem'
  readonly nth: number
  /** Off the n-th piece; 5000 is half its price. */
  readonly offBasisPoints: number
}

/**
 * `第二件半价` on 3 pieces of 19.99 gives half of one of them: 999.5 -> 10.00.
 *
 * @example { kind: 'nthItem', nth: 2, offBasisPoints: 5000 }
 */
export const nthItem: OfferKind<NthItem> = {
  kind: 'nthItem',
  stages: goodsStages,
  shape: { nth: { ...countShape, least: 2 }, offBasisPoints: basisPointsShape },
  words: ({ nth, offBasisPoints }, { locale }) => {
    const part = partWords(offBasisPoints, locale)
    if (locale === 'en') return `of every ${nth} pieces one ${part}`
    return offBasisPoints === 5_000 ? `第${nth}件半价` : `第${nth}件${part}`
  },
  effect: (benefit, goods): Effect => {
    if (goods.pieces < benefit.nth) return { ...noEffect, missingPieces: benefit.nth - goods.pieces }
    const weights = goods.lines.map(() => 0)
    let counted = 0
    let total = 0
    for (const { place, pieces, unitMinor } of piecesByPrice(goods)) {
      const times = Math.floor((counted + pieces) / benefit.nth) - Math.floor(counted / benefit.nth)
      const off = times * partOf(unitMinor, benefit.offBasisPoints)
      counted += pieces
      weights[place] = (weights[place] ?? 0) + off
      total += off
    }
    return { goodsMinor: total, weights }
  },
}
