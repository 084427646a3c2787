import type { OfferStage } from '../promotions/offer-kind.js'

/** Orders in which stages take effect, by name; a stage that is left out takes none. Points and tax come after all. */
export const stagePresets = {
  /** Promotions of shops, then of the platform, then coupons. */
  default: ['line', 'shop', 'platform', 'shipping', 'shopCoupon', 'platformCoupon', 'shippingCoupon', 'lateGift'],
  /** As on the large Chinese market places: coupons of shops come before the promotions of the platform. */
  tmall: ['line', 'shop', 'shopCoupon', 'platform', 'shipping', 'platformCoupon', 'shippingCoupon', 'lateGift'],
} as const satisfies Readonly<Record<string, readonly OfferStage[]>>
