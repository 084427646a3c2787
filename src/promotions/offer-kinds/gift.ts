import { countShape, type Effect, largestOfferMinor, type OfferKind, orderStages } from '../offer-kind.js'

/** Something on top (满赠). */
export type GiftBenefit = {
  readonly kind: 'gift'
  readonly sku: string
  readonly pieces: number
  /** Worth of a piece: what a refund deducts when the gift is kept without right. */
  readonly unitValueMinor: number
}

/**
 * `满199送赠品`: with a threshold of 199.00, goods of 199.00 bring the gift and cost what they cost.
 *
 * @example { kind: 'gift', sku: 'MUG-1', pieces: 1, unitValueMinor: 2900 }
 */
export const gift: OfferKind<GiftBenefit> = {
  kind: 'gift',
  stages: [...orderStages, 'lateGift'],
  shape: {
    sku: { type: 'text', longest: 100 },
    pieces: { ...countShape, most: 100 },
    unitValueMinor: { type: 'integer', least: 0, most: largestOfferMinor },
  },
  words: ({ sku, pieces }, { locale, goods }) =>
    locale === 'en' ? `a gift of ${pieces} × ${goods(sku)}` : `送${goods(sku)} × ${pieces}`,
  effect: (benefit): Effect => ({
    goodsMinor: 0,
    gift: { sku: benefit.sku, quantity: benefit.pieces, valueMinor: benefit.pieces * benefit.unitValueMinor },
  }),
}
