import { countShape, type Effect, largestOfferMinor, type OfferKind } from '../offer-kind.js'
import { runningOfPieces } from '../pieces.js'

/** A price of its own for a piece: flash price (秒杀), member price; nothing where the goods cost less already. */
export type FixedPrice = {
  readonly kind: 'fixedPrice'
  readonly unitMinor: number
  /** How many pieces of a line have it; all of them when absent. */
  readonly maxPieces?: number
}

/**
 * A flash price of 19.00 for one piece, on 3 pieces of 99.00, gives 80.00.
 *
 * @example { kind: 'fixedPrice', unitMinor: 1900, maxPieces: 1 }
 */
export const fixedPrice: OfferKind<FixedPrice> = {
  kind: 'fixedPrice',
  stages: ['line'],
  shape: {
    unitMinor: { type: 'integer', least: 0, most: largestOfferMinor },
    maxPieces: { ...countShape, optional: true },
  },
  words: ({ unitMinor, maxPieces }, { locale, money }) => {
    if (locale === 'en')
      return `${money(unitMinor)} each${maxPieces === undefined ? '' : ` for up to ${maxPieces} pieces`}`
    return `每件${money(unitMinor)}${maxPieces === undefined ? '' : `，限${maxPieces}件`}`
  },
  effect: (benefit, goods): Effect => {
    const weights = goods.lines.map((line) => {
      const quantity = goods.quantity[line] ?? 0
      const pieces = Math.min(quantity, benefit.maxPieces ?? quantity)
      return Math.max(0, runningOfPieces(goods, line, pieces) - pieces * benefit.unitMinor)
    })
    return { goodsMinor: weights.reduce((sum, weight) => sum + weight, 0), weights }
  },
}
