import { amountShape, basisPointsShape, type Effect, type OfferKind, partWords } from '../offer-kind.js'
import { partOf } from '../pieces.js'

/** Carriage free (包邮), or a part of it, up to an amount. */
export type FreeShipping = {
  readonly kind: 'freeShipping'
  /** The most it gives; all of it when absent. */
  readonly upToMinor?: number
  /** The part of carriage it gives, a half rounded up; all of it when absent. */
  readonly offBasisPoints?: number
}

/**
 * `满99包邮`: with a threshold of 99.00, goods of 99.00 and carriage of 10.00 cost 99.00. Of a merchant it frees no more
 * than the merchant's part of carriage, by goods.
 *
 * @example { kind: 'freeShipping' }
 */
export const freeShipping: OfferKind<FreeShipping> = {
  kind: 'freeShipping',
  stages: ['shipping', 'shippingCoupon'],
  shape: {
    upToMinor: { ...amountShape, optional: true },
    offBasisPoints: { ...basisPointsShape, optional: true },
  },
  words: ({ upToMinor, offBasisPoints = 10_000 }, { locale, money }) => {
    const whole = offBasisPoints === 10_000
    if (whole && upToMinor === undefined) return locale === 'en' ? 'free shipping' : '包邮'
    if (whole)
      return locale === 'en' ? `up to ${money(upToMinor ?? 0)} off shipping` : `运费最高减${money(upToMinor ?? 0)}`
    const part =
      locale === 'en' ? `${partWords(offBasisPoints, locale)} shipping` : `运费${partWords(offBasisPoints, locale)}`
    if (upToMinor === undefined) return part
    return locale === 'en' ? `${part}, at most ${money(upToMinor)}` : `${part}，最高减${money(upToMinor)}`
  },
  effect: ({ upToMinor, offBasisPoints = 10_000 }, goods): Effect => {
    const off = partOf(goods.shippingMinor, offBasisPoints)
    return { goodsMinor: 0, shippingMinor: Math.min(off, upToMinor ?? off) }
  },
}
