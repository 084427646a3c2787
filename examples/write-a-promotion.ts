import { priceCart } from 'shopwright/pricing'
import { offerSchema } from 'shopwright/promotions'
import { must } from './support/must.js'

// Offers are JSON. The schema says what is wrong by its path, before a shop publishes them.
const written = {
  version: 1,
  offerId: 'second-cup',
  title: { 'zh-CN': '买两包茶，杯子半价', en: 'Buy two teas, a cup at half price' },
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'shop',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', daysOfMonth: [11] },
  scope: { skus: ['CUP-1'] },
  threshold: { scope: { skus: ['TEA-250'] }, basis: 'activity' },
  benefit: { kind: 'buyXGetY', buy: 2, get: 1, offBasisPoints: 5000 },
  funding: { platformBasisPoints: 10_000 },
}
const misspelt = offerSchema.safeParse({ ...written, benefit: { ...written.benefit, gets: 2 } })
console.log('refused at', misspelt.error?.issues.map((issue) => issue.path.join('.')).join())
const offer = offerSchema.parse(written)

const line = { merchantId: 'me', categoryIds: [], brand: '', weightGrams: 0, taxClass: 'goods', discountable: true }
const buyer = { levelId: null, firstOrder: false, birthdayToday: false }
const nothing = { coupons: [], channel: 'web', paymentMethod: null, shipping: null, tax: null, points: null }
const payable = (teas: number): number =>
  must(
    priceCart({
      ...nothing,
      pricingVersion: 1,
      now: Date.UTC(2026, 10, 11),
      currency: 'CNY',
      buyer,
      offers: [offer],
      lines: [
        { ...line, lineId: 'tea', productId: 'tea', sku: 'TEA-250', quantity: teas, listUnitMinor: 8800 },
        { ...line, lineId: 'cup', productId: 'cup', sku: 'CUP-1', quantity: 2, listUnitMinor: 4500 },
      ],
    }),
  ).totals.payableMinor
console.log(`one tea: ${payable(1)}; two: ${payable(2)}; four: ${payable(4)}`)
