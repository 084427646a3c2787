import { explainPrice, type PriceCartInput, renderExplanation } from 'shopwright/pricing'
import type { Offer } from 'shopwright/promotions'
import { must } from './support/must.js'

const offer = (offerId: string, en: string, rest: Pick<Offer, 'benefit'> & Partial<Offer>): Offer => ({
  version: 1,
  offerId,
  title: { 'zh-CN': en, en },
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'shop',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', to: Date.UTC(2027, 0) },
  funding: { platformBasisPoints: 10_000 },
  ...rest,
})
const coupon = { kind: 'coupon', issues: 100, claimsPerCustomer: 1, claimable: true } as const
const offers = [
  offer('full', '30 off from 200', {
    threshold: { amountMinor: 20_000, basis: 'activity' },
    benefit: { kind: 'amountOff', offMinor: 3000 },
  }),
  offer('ten', 'the coupon for 10 %', {
    form: coupon,
    stage: 'platformCoupon',
    benefit: { kind: 'percentOff', offBasisPoints: 1000 },
  }),
  offer('fifteen', 'the coupon for 15.00', {
    form: coupon,
    stage: 'platformCoupon',
    benefit: { kind: 'amountOff', offMinor: 1500 },
  }),
]
const tea = { lineId: 'tea', productId: 'tea', sku: 'TEA-250', merchantId: 'me', categoryIds: [], brand: '' }
const held = { status: 'claimed', validFrom: 0, validTo: Date.UTC(2027, 0) } as const
const input: PriceCartInput = {
  pricingVersion: 1,
  now: Date.UTC(2026, 10, 11),
  currency: 'CNY',
  lines: [{ ...tea, quantity: 2, listUnitMinor: 9400, weightGrams: 0, taxClass: 'goods', discountable: true }],
  offers,
  coupons: ['ten', 'fifteen'].map((id) => ({ ...held, couponId: id, offerId: id })),
  buyer: { levelId: null, firstOrder: false, birthdayToday: false },
  channel: 'web',
  paymentMethod: null,
  shipping: null,
  tax: null,
  points: null,
}

const explanation = must(explainPrice(input))
const names = { offers: Object.fromEntries(offers.map((each) => [each.offerId, each.title])) }
for (const sentence of renderExplanation(explanation, 'zh-CN', names)) console.log(sentence)
for (const sentence of renderExplanation(explanation, 'en', names)) console.log(sentence)
