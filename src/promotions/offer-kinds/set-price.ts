import { type Effect, largestOfferMinor, type OfferKind, orderStages } from '../offer-kind.js'
import { sumOver } from '../pieces.js'

/** One price for all the goods together (一口价); nothing where they cost less already. */
export type SetPrice = {
  readonly kind: 'setPrice'
  readonly priceMinor: number
}

/**
 * `全部99元` on goods of 80.00 and 60.00 gives 41.00.
 *
 * @example { kind: 'setPrice', priceMinor: 9900 }
 */
export const setPrice: OfferKind<SetPrice> = {
  kind: 'setPrice',
  stages: orderStages,
  shape: { priceMinor: { type: 'integer', least: 0, most: largestOfferMinor } },
  words: ({ priceMinor }, { locale, money }) =>
    locale === 'en' ? `all for ${money(priceMinor)}` : `一口价${money(priceMinor)}`,
  effect: ({ priceMinor }, goods): Effect => ({
    goodsMinor: Math.max(0, sumOver(goods.lines, goods.running) - priceMinor),
  }),
}
