import { type PriceCartInput, type PriceList, priceCart, renderPrice, stagePresets } from 'shopwright/pricing'
import { must } from './support/must.js'

// A price needs no shop and no storage: everything it is made of stands in its input.
const tea = { lineId: 'tea', productId: 'tea', sku: 'TEA-250', merchantId: 'me', categoryIds: ['drinks'], brand: '' }
const cup = { lineId: 'cup', productId: 'cup', sku: 'CUP-1', merchantId: 'me', categoryIds: ['kitchen'], brand: '' }
const input: PriceCartInput = {
  pricingVersion: 1,
  now: Date.UTC(2026, 10, 11),
  currency: 'CNY',
  lines: [
    { ...tea, quantity: 3, listUnitMinor: 8800, weightGrams: 260, taxClass: 'food', discountable: true },
    { ...cup, quantity: 1, listUnitMinor: 4500, weightGrams: 400, taxClass: 'goods', discountable: true },
  ],
  offers: [
    {
      version: 1,
      offerId: 'fifty-off',
      title: { 'zh-CN': '满300减50', en: '50 off from 300' },
      issuer: { kind: 'platform' },
      form: { kind: 'promotion' },
      stage: 'shop',
      priority: 0,
      currency: 'CNY',
      window: { timeZone: 'Asia/Shanghai' },
      threshold: { amountMinor: 30_000, basis: 'activity' },
      benefit: { kind: 'amountOff', offMinor: 5000 },
      funding: { platformBasisPoints: 10_000 },
    },
  ],
  coupons: [],
  buyer: { levelId: null, firstOrder: false, birthdayToday: false },
  channel: 'web',
  paymentMethod: null,
  shipping: null,
  tax: null,
  points: null,
  stages: stagePresets.default,
}

// The trade buys tea from a list of its own, cheaper still from ten on.
const trade: PriceList = {
  listId: 'trade',
  kind: 'base',
  currency: 'CNY',
  groups: ['trade'],
  prices: [
    { sku: 'TEA-250', unitMinor: 7900 },
    { sku: 'TEA-250', unitMinor: 7200, fromQuantity: 10 },
  ],
}
for (const groups of [[], ['trade']]) {
  const [line] = must(priceCart({ ...input, priceLists: { lists: [trade], groups, region: null } })).lines
  console.log(`a tea at ${line?.listUnitMinor}, by ${line?.priceList?.listId ?? 'the catalog'}`)
}

const price = must(priceCart(input))
for (const { label, amount } of renderPrice(price, 'en', { offers: { 'fifty-off': { 'zh-CN': '', en: '50 off' } } })) {
  console.log(label, amount)
}
const shares = price.lines.map((line) => line.shares[0]?.amountMinor ?? 0)
console.log(`to pay: ${price.totals.payableMinor}; the 5000 off lies on the lines as ${shares.join(' + ')}`)
