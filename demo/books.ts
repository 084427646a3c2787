import type { Offer } from 'shopwright'

const both = (en: string, zh: string) => ({ en, 'zh-CN': zh })

/** What the shop offers: one of each family, and a coupon of the spring campaign. Amounts fit the currency's size. */
export const offersOf = (currency: string, now: number): readonly Offer[] => {
  const common = {
    version: 1,
    issuer: { kind: 'platform' },
    priority: 0,
    currency,
    window: { timeZone: 'Asia/Shanghai', from: now, to: now + 365 * 86_400_000 },
    funding: { platformBasisPoints: 5_000 },
  } as const
  const promotion = { ...common, form: { kind: 'promotion' } } as const
  return [
    {
      ...promotion,
      offerId: 'second-half',
      title: both('Second piece at half price', '第二件半价'),
      stage: 'shop',
      benefit: { kind: 'nthItem', nth: 2, offBasisPoints: 5_000 },
    },
    {
      ...promotion,
      offerId: 'full-300-50',
      title: both('50 off every 300', '每满300减50'),
      stage: 'platform',
      threshold: { amountMinor: 30_000, basis: 'activity' },
      benefit: { kind: 'amountOff', offMinor: 5_000, perFullMinor: 30_000 },
    },
    {
      ...promotion,
      offerId: 'free-shipping',
      title: both('Free carriage from 1,000', '满1000包邮'),
      stage: 'shipping',
      threshold: { amountMinor: 100_000, basis: 'running' },
      benefit: { kind: 'freeShipping' },
    },
    {
      ...common,
      offerId: 'spring-20',
      title: both('Spring coupon, 20 off from 199', '春季优惠券 满199减20'),
      issuer: { kind: 'campaign', campaignId: 'spring' },
      form: { kind: 'coupon', issues: 1_000, claimsPerCustomer: 1, claimable: true, validMs: 7 * 86_400_000 },
      stage: 'platformCoupon',
      threshold: { amountMinor: 19_900, basis: 'activity' },
      benefit: { kind: 'amountOff', offMinor: 2_000 },
    },
  ]
}

/** How the shop sends. */
export const shippingOf = (currency: string) => ({
  expectedRevision: 0,
  currency,
  methods: [
    {
      methodId: 'express',
      title: both('Express', '快递'),
      zones: [
        {
          zoneId: 'all',
          regions: ['*'],
          rate: { kind: 'stepped', firstGrams: 1_000, firstMinor: 1_000, stepGrams: 1_000, stepMinor: 300 },
          freeFromMinor: null,
          days: { earliest: 1, latest: 3 },
        },
      ],
    },
  ],
})

/** What is taxed how: prices include it. */
export const taxes = {
  expectedRevision: 0,
  regions: [
    {
      region: '*',
      inclusive: true,
      classes: {
        standard: [{ rateId: 'vat13', title: both('VAT 13 %', '增值税13%'), rateMillionths: 130_000 }],
        reduced: [{ rateId: 'vat9', title: both('VAT 9 %', '增值税9%'), rateMillionths: 90_000 }],
      },
      shippingClass: 'standard',
    },
  ],
  roundPer: 'line',
  rounding: 'halfUp',
} as const
