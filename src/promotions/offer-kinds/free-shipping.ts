import { amountShape, type Effect, type OfferKind } from '../offer-kind.js'

/** Carriage free (包邮), or up to an amount of it. */
export type FreeShipping = {
  readonly kind: 'freeShipping'
  /** The most it gives; all of it when absent. */
  readonly upToMinor?: number
}

/**
 * `满99包邮`: with a threshold of 99.00, goods of 99.00 and carriage of 10.00 cost 99.00.
 *
 * @example { kind: 'freeShipping' }
 */
export const freeShipping: OfferKind<FreeShipping> = {
  kind: 'freeShipping',
  stages: ['shipping', 'shippingCoupon'],
  shape: { upToMinor: { ...amountShape, optional: true } },
  words: ({ upToMinor }, { locale, money }) => {
    if (upToMinor === undefined) return locale === 'en' ? 'free shipping' : '包邮'
    return locale === 'en' ? `up to ${money(upToMinor)} off shipping` : `运费最高减${money(upToMinor)}`
  },
  effect: (benefit, goods): Effect => ({
    goodsMinor: 0,
    shippingMinor: Math.min(goods.shippingMinor, benefit.upToMinor ?? goods.shippingMinor),
  }),
}
