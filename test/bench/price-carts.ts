import type { PriceCartInput, PriceCoupon, PriceLine } from '../../src/pricing/priced-cart.js'
import type { Offer } from '../../src/promotions/offer.js'

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

/** A part off some lines, an amount off the order, and free carriage: what the engine compared with can say as well. */
export const promotions: readonly Offer[] = [
  offer('member', {
    stage: 'line',
    benefit: { kind: 'percentOff', offBasisPoints: 1500 },
    scope: { categoryIds: ['even'] },
  }),
  offer('full', {
    benefit: { kind: 'amountOff', offMinor: 1200 },
    threshold: { amountMinor: 3000, basis: 'activity' },
  }),
  offer('ship', {
    stage: 'shipping',
    benefit: { kind: 'freeShipping' },
    threshold: { amountMinor: 3900, basis: 'activity' },
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
  // 15 % of it is whole, so that an engine which rounds nothing comes to the same.
  listUnitMinor: 5000 + ((place * 7919) % 1000) * 20,
  weightGrams: 300,
  taxClass: 'standard',
  discountable: true,
})

const nameless = { 'zh-CN': '', en: '' }

/** A cart of so many lines, carried and taxed. */
export const cartOf = (lines: number, offers: readonly Offer[]): PriceCartInput => ({
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
          title: nameless,
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
      roundPer: 'order',
      rounding: 'halfUp',
      regions: [
        {
          region: '*',
          inclusive: true,
          classes: { standard: [{ rateId: 'vat', title: nameless, rateMillionths: 130_000 }] },
          shippingClass: null,
        },
      ],
    },
  },
  points: null,
})

/** Draws of whole numbers within bounds, the same for the same seed (mulberry32). */
const drawsOf = (seed: number): ((least: number, most: number) => number) => {
  let state = seed
  return (least, most) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return least + (((mixed ^ (mixed >>> 14)) >>> 0) % (most - least + 1))
  }
}

const pick = <Item>(draw: (least: number, most: number) => number, items: readonly [Item, ...Item[]]): Item =>
  items[draw(0, items.length - 1)] ?? items[0]

/**
 * A cart with a wallet as a buyer on a large market place holds it: coupons of merchants, of kinds of goods and of the
 * platform, one of each sort to an order, from 满49 to 满499, an amount or a capped part off.
 */
export const walletOf = (seed: number, coupons: number, lines: number): PriceCartInput => {
  const draw = drawsOf(seed)
  const cart = cartOf(lines, [])
  const offers = Array.from({ length: coupons }, (_, place): Offer => {
    const merchantId = `m${draw(0, 2)}`
    const sort = pick(draw, ['merchant', 'category', 'platform'])
    const thresholdMinor = pick(draw, [0, 4900, 9900, 19_900, 29_900, 49_900])
    return offer(`coupon-${place}`, {
      stage: sort === 'platform' ? 'platformCoupon' : 'shopCoupon',
      form: { kind: 'coupon', issues: 1000, claimsPerCustomer: 1, claimable: true },
      ...(sort === 'merchant' ? { issuer: { kind: 'merchant' as const, merchantId } } : {}),
      ...(sort === 'category' ? { scope: { categoryIds: [pick(draw, ['even', 'odd'])] } } : {}),
      benefit:
        draw(0, 2) === 0
          ? { kind: 'percentOff', offBasisPoints: 100 * draw(5, 20), capMinor: 1000 * draw(2, 10) }
          : { kind: 'amountOff', offMinor: Math.max(300, (thresholdMinor / 100) * draw(5, 15)) },
      ...(thresholdMinor === 0 ? {} : { threshold: { amountMinor: thresholdMinor, basis: 'activity' as const } }),
      stacking: { group: sort === 'merchant' ? `merchant ${merchantId}` : sort, stackable: true },
    })
  })
  return {
    ...cart,
    lines: cart.lines.map((line) => ({ ...line, listUnitMinor: 100 * draw(5, 300) - pick(draw, [0, 1, 10, 50]) })),
    offers,
    coupons: offers.map(
      ({ offerId }): PriceCoupon => ({
        couponId: offerId,
        offerId,
        status: 'claimed',
        validFrom: 0,
        validTo: 1_900_000_000_000,
      }),
    ),
  }
}
