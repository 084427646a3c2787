import { performance } from 'node:perf_hooks'
import { explainPrice } from '../../src/pricing/explain-price.js'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { PriceCartInput, PriceLine } from '../../src/pricing/priced-cart.js'
import type { Offer } from '../../src/promotions/offer.js'
import type { Bench, Figure } from './bench.js'

const offer = (offerId: string, changes: Partial<Offer> & Pick<Offer, 'benefit'>): Offer => ({
  version: 1,
  offerId,
  title: { 'zh-CN': offerId, en: offerId },
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'platform',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', from: 1_700_000_000_000, to: 1_900_000_000_000 },
  funding: { platformBasisPoints: 7000 },
  ...changes,
})

const promotions: readonly Offer[] = [
  offer('member', {
    stage: 'line',
    benefit: { kind: 'percentOff', offBasisPoints: 500 },
    scope: { categoryIds: ['even'] },
  }),
  offer('full', {
    benefit: { kind: 'amountOff', offMinor: 5000, perFullMinor: 30_000, maxTimes: 3 },
    threshold: { amountMinor: 30_000, basis: 'activity' },
  }),
  offer('ship', {
    stage: 'shipping',
    benefit: { kind: 'freeShipping' },
    threshold: { amountMinor: 9900, basis: 'activity' },
  }),
]

const lineOf = (place: number): PriceLine => ({
  lineId: `line-${place}`,
  productId: `product-${place}`,
  sku: `sku-${place}`,
  merchantId: `m${place % 3}`,
  categoryIds: ['all', place % 2 === 0 ? 'even' : 'odd'],
  brand: `brand-${place % 7}`,
  quantity: 1 + (place % 3),
  listUnitMinor: 999 + ((place * 7919) % 20_000),
  weightGrams: 300,
  taxClass: 'standard',
  discountable: true,
})

const words = { 'zh-CN': '', en: '' }

const cartOf = (lines: number, offers: readonly Offer[]): PriceCartInput => ({
  pricingVersion: 1,
  now: 1_790_000_000_000,
  currency: 'CNY',
  lines: Array.from({ length: lines }, (_, place) => lineOf(place)),
  offers,
  coupons: [],
  buyer: { levelId: 'silver', firstOrder: false, birthdayToday: false },
  channel: 'app',
  paymentMethod: null,
  shipping: {
    methodId: 'standard',
    region: 'CN-31',
    book: {
      bookId: 'shipping',
      currency: 'CNY',
      methods: [
        {
          methodId: 'standard',
          title: words,
          zones: [
            {
              zoneId: 'all',
              regions: ['*'],
              rate: { kind: 'flat', chargeMinor: 1000 },
              freeFromMinor: null,
              days: { earliest: 1, latest: 3 },
            },
          ],
        },
      ],
    },
  },
  tax: {
    region: '*',
    book: {
      bookId: 'tax',
      roundPer: 'line',
      rounding: 'halfUp',
      regions: [
        {
          region: '*',
          inclusive: true,
          classes: { standard: [{ rateId: 'vat', title: words, rateMillionths: 130_000 }] },
          shippingClass: null,
        },
      ],
    },
  },
  points: null,
})

/** A wallet of coupons of several sorts, as a buyer on a large market place holds them. */
const walletOf = (count: number): Pick<PriceCartInput, 'offers' | 'coupons'> => {
  const offers = Array.from({ length: count }, (_, place): Offer => {
    const group = ['shop', 'platform', 'category'][place % 3] ?? 'shop'
    return offer(`coupon-${place}`, {
      stage: group === 'platform' ? 'platformCoupon' : 'shopCoupon',
      form: { kind: 'coupon', issues: 1000, claimsPerCustomer: 1, claimable: true },
      ...(group === 'shop' ? { issuer: { kind: 'merchant' as const, merchantId: `m${place % 2}` } } : {}),
      ...(group === 'category' ? { scope: { categoryIds: [place % 2 === 0 ? 'even' : 'odd'] } } : {}),
      benefit:
        place % 4 === 0
          ? { kind: 'percentOff', offBasisPoints: 500 + 100 * place }
          : { kind: 'amountOff', offMinor: 500 + 300 * place },
      threshold: { amountMinor: 5000 * (1 + (place % 5)), basis: 'activity' },
      stacking: { group, stackable: true },
    })
  })
  return {
    offers,
    coupons: offers.map(({ offerId }) => ({
      couponId: offerId,
      offerId,
      status: 'claimed' as const,
      validFrom: 0,
      validTo: 1_900_000_000_000,
    })),
  }
}

/** Microseconds a call takes: the median of several rounds, each of many calls. */
const timeOf = (call: () => unknown, rounds = 15, atLeastMs = 20): number => {
  let calls = 1
  for (;;) {
    const start = performance.now()
    for (let call_ = 0; call_ < calls; call_ += 1) call()
    if (performance.now() - start >= atLeastMs) break
    calls *= 2
  }
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    for (let call_ = 0; call_ < calls; call_ += 1) call()
    return ((performance.now() - start) * 1000) / calls
  })
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
}

const rate = (label: string, microseconds: number): Figure => ({
  case: label,
  value: Math.round(1_000_000 / microseconds),
  unit: 'carts per second',
  baseline: null,
  ratio: null,
  target: null,
  kind: 'time',
})

/** Prices carts of several sizes, with and without trace, and looks for the best of a wallet of coupons. */
const measure = (): readonly Figure[] => {
  const results: Figure[] = []
  for (const lines of [1, 10, 100, 1000]) {
    for (const count of [0, 1, 3]) {
      const input = cartOf(lines, promotions.slice(0, count))
      results.push(
        rate(
          `${lines} lines x ${count} promotions`,
          timeOf(() => priceCart(input)),
        ),
      )
    }
  }
  const input = cartOf(10, promotions)
  const without = timeOf(() => priceCart(input, { trace: false }))
  const withTrace = timeOf(() => priceCart(input))
  results.push({
    case: '10 lines x 3 promotions, trace against none',
    value: Math.round(withTrace * 10) / 10,
    unit: 'microseconds',
    baseline: Math.round(without * 10) / 10,
    ratio: Math.round((withTrace / without) * 100) / 100,
    target: { kind: 'atMost', value: 1.5 },
    kind: 'time',
  })
  const wallet = { ...cartOf(20, []), ...walletOf(20) }
  const times = timesOf(() => priceCart(wallet), 2000)
  const quantile = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  for (const [label, part] of [
    ['median', 0.5],
    ['p99', 0.99],
  ] as const) {
    results.push({
      case: `best of 20 coupons on 20 lines, ${label}`,
      value: quantile(part),
      unit: 'microseconds',
      baseline: null,
      ratio: null,
      target: { kind: 'atMost', value: 1000 },
      kind: 'time',
    })
  }
  results.push(explained({ ...cartOf(10, promotions), ...walletOf(6) }), garbageOf(input))
  return results
}

/** Microseconds of each of many calls, ascending. */
const timesOf = (call: () => unknown, calls: number): readonly number[] =>
  Array.from({ length: calls }, () => {
    const start = performance.now()
    call()
    return (performance.now() - start) * 1000
  }).sort((a, b) => a - b)

/** How many carts an explanation prices, against the most that it may. */
const explained = (input: PriceCartInput): Figure => {
  const { pricings, offers, hints } = explainPrice(input)._unsafeUnwrap()
  return {
    case: `explanation of ${offers.length} offers with ${hints.length} hints`,
    value: pricings,
    unit: 'pricings',
    baseline: null,
    ratio: null,
    target: { kind: 'atMost', value: 2 * offers.length + hints.length + 2 },
    kind: 'correctness',
  }
}

/** What is left to collect for each cart of 10 lines and 3 promotions: the heap's growth while nothing is collected. */
const garbageOf = (input: PriceCartInput): Figure => {
  const carts = 200
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 9; round += 1) {
    const before = process.memoryUsage().heapUsed
    for (let cart = 0; cart < carts; cart += 1) priceCart(input)
    const grown = process.memoryUsage().heapUsed - before
    // A round that a collection fell into shrinks or hardly grows.
    if (grown > 0) least = Math.min(least, grown / carts)
  }
  return {
    case: '10 lines x 3 promotions, garbage of a cart',
    value: least / 1024,
    unit: 'KiB',
    baseline: null,
    ratio: null,
    target: null,
    kind: 'memory',
  }
}

/** What a price costs to make, and what its trace adds. */
export const bench: Bench = {
  name: 'price',
  summary: 'carts priced a second, with and without their trace, and the search for the best coupons',
  options: {},
  run: measure,
}
