import fc from 'fast-check'
import { expect } from 'vitest'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { PriceCartInput, PriceCoupon, PricedCart, PriceLine } from '../../src/pricing/priced-cart.js'
import type { ShippingBook, ShippingRate } from '../../src/pricing/shipping-book.js'
import type { TaxBook } from '../../src/pricing/tax-book.js'
import type { Offer } from '../../src/promotions/offer.js'
import type { Benefit } from '../../src/promotions/offer-kinds.js'
import { couponOffer, offer } from '../promotions/offers.js'

/** 11 November 2026, 10:00 in Shanghai, a Wednesday. */
export const singlesDay = Date.UTC(2026, 10, 11, 2)

/** A line of one merchant, with what a test changes about it. */
export const line = (lineId: string, listUnitMinor: number, changes: Partial<PriceLine> = {}): PriceLine => ({
  lineId,
  productId: `product-${lineId}`,
  sku: `sku-${lineId}`,
  merchantId: 'm1',
  categoryIds: [],
  brand: '',
  quantity: 1,
  listUnitMinor,
  weightGrams: 500,
  taxClass: 'standard',
  discountable: true,
  ...changes,
})

/** A coupon in the buyer's hands, of an offer by the same name. */
export const coupon = (couponId: string, changes: Partial<PriceCoupon> = {}): PriceCoupon => ({
  couponId,
  offerId: couponId,
  status: 'claimed',
  validFrom: 0,
  validTo: 2_000_000_000_000,
  ...changes,
})

/** A cart of an ordinary buyer, nothing carried, taxed or paid with points, with what a test changes about it. */
export const cart = (lines: readonly PriceLine[], changes: Partial<PriceCartInput> = {}): PriceCartInput => ({
  pricingVersion: 1,
  now: singlesDay,
  currency: 'CNY',
  lines,
  offers: [],
  coupons: [],
  buyer: { levelId: null, firstOrder: false, birthdayToday: false },
  channel: 'app',
  paymentMethod: null,
  shipping: null,
  tax: null,
  points: null,
  ...changes,
})

const nameless = { 'zh-CN': '', en: '' }

/** Carriage by one method to anywhere. */
export const carriage = (
  rate: ShippingRate,
  freeFromMinor: number | null = null,
): NonNullable<PriceCartInput['shipping']> => {
  const book: ShippingBook = {
    bookId: 'shipping',
    currency: 'CNY',
    methods: [
      {
        methodId: 'standard',
        title: nameless,
        zones: [{ zoneId: 'all', regions: ['*'], rate, freeFromMinor, days: { earliest: 1, latest: 3 } }],
      },
    ],
  }
  return { book, methodId: 'standard', region: 'CN-31' }
}

/** Tax of one rate on everything but carriage. */
export const taxOf = (
  rateMillionths: number,
  changes: Partial<Pick<TaxBook, 'roundPer' | 'rounding'>> & { readonly inclusive?: boolean } = {},
): NonNullable<PriceCartInput['tax']> => {
  const { inclusive = true, ...rest } = changes
  const book: TaxBook = {
    bookId: 'tax',
    roundPer: 'line',
    rounding: 'halfUp',
    ...rest,
    regions: [
      {
        region: '*',
        inclusive,
        classes: {
          standard: [{ rateId: 'vat', title: nameless, rateMillionths }],
          reduced: [{ rateId: 'low', title: nameless, rateMillionths: Math.floor(rateMillionths / 2) }],
          exempt: [],
        },
        shippingClass: null,
      },
    ],
  }
  return { book, region: 'CN-31' }
}

/** Points as most shops have them: a point is worth a minor unit, a point is earned for every 100 paid. */
export const pointsOf = (
  balance: number,
  spend: number,
  changes: Partial<NonNullable<PriceCartInput['points']>> = {},
): NonNullable<PriceCartInput['points']> => ({
  balance,
  spend,
  spendRule: { blockPoints: 1, blockMinor: 1, minimumPoints: 0, capBasisPoints: 10_000 },
  earnRule: { points: 1, perMinor: 100 },
  earnMultiplierBasisPoints: 10_000,
  ...changes,
})

/** The price of a cart that can be priced. */
export const priced = (input: PriceCartInput): PricedCart => {
  const answer = priceCart(input)
  expect(answer.isOk() ? undefined : answer.error).toBeUndefined()
  return answer._unsafeUnwrap()
}

/** Offers and coupons that took effect, by id. */
export const appliedIds = (price: PricedCart): readonly string[] =>
  price.applied.map((each) => each.couponId ?? each.offerId)

/** Why an offer or coupon did not take effect. */
export const reasonOf = (price: PricedCart, id: string): unknown => {
  const trace = price.trace.find((each) => (each.couponId ?? each.offerId) === id)
  return trace?.outcome.kind === 'rejected' ? trace.outcome.reason : trace?.outcome.kind
}

const amount = fc.integer({ min: 1, max: 20_000 })

const goodsBenefits: fc.Arbitrary<Benefit> = fc.oneof(
  fc.record({ kind: fc.constant('amountOff' as const), offMinor: amount }),
  fc.record({
    kind: fc.constant('amountOff' as const),
    offMinor: fc.integer({ min: 1, max: 2000 }),
    perFullMinor: fc.integer({ min: 2000, max: 9000 }),
  }),
  fc.record({ kind: fc.constant('percentOff' as const), offBasisPoints: fc.integer({ min: 1, max: 6000 }) }),
  fc.record({
    kind: fc.constant('nthItem' as const),
    nth: fc.constant(2),
    offBasisPoints: fc.integer({ min: 1, max: 10_000 }),
  }),
)

const orderBenefits: fc.Arbitrary<Benefit> = fc.oneof(
  { weight: 4, arbitrary: goodsBenefits },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('buyXGetY' as const), buy: fc.constant(2), get: fc.constant(1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('bundlePrice' as const), pieces: fc.constant(2), priceMinor: amount }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('gift' as const),
      sku: fc.constantFrom('G1', 'G2'),
      pieces: fc.constant(1),
      unitValueMinor: fc.integer({ min: 0, max: 500 }),
    }),
  },
)

const scopes: fc.Arbitrary<Partial<Offer>> = fc.oneof(
  fc.constant({}),
  fc.constantFrom('food', 'book').map((category) => ({ scope: { categoryIds: [category] } })),
  fc.constantFrom('m1', 'm2').map((merchantId) => ({ issuer: { kind: 'merchant' as const, merchantId } })),
)

const thresholds: fc.Arbitrary<Partial<Offer>> = fc.oneof(
  fc.constant({}),
  fc.record({
    threshold: fc.record({
      amountMinor: amount,
      basis: fc.constantFrom('list' as const, 'activity' as const, 'running' as const),
    }),
  }),
)

const stackings: fc.Arbitrary<Partial<Offer>> = fc
  .record({
    exclusive: fc.nat({ max: 9 }).map((draw) => draw === 0),
    stackable: fc.boolean(),
    group: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    withPromotions: fc.nat({ max: 5 }).map((draw) => draw !== 0),
  })
  .map(({ group, ...rest }) => ({ stacking: { ...rest, ...(group === undefined ? {} : { group }) } }))

const funding = fc
  .integer({ min: 0, max: 10_000 })
  .map((platformBasisPoints): Partial<Offer> => ({ funding: { platformBasisPoints } }))

const priority = fc.integer({ min: 0, max: 2 }).map((each): Partial<Offer> => ({ priority: each }))

const changes = fc
  .tuple(scopes, thresholds, stackings, funding, priority)
  .map((parts) => Object.assign({}, ...parts) as Partial<Offer>)

const lineOffers = fc.tuple(goodsBenefits, scopes, funding, priority).map(([benefit, ...rest]) => ({
  ...(Object.assign({}, ...rest) as Partial<Offer>),
  stage: 'line' as const,
  benefit,
}))

const orderOffers = fc
  .tuple(orderBenefits, fc.constantFrom('shop' as const, 'platform' as const), changes)
  .map(([benefit, stage, rest]) => ({ ...rest, stage, benefit }))

const shippingOffers = fc.tuple(fc.constantFrom(300, 5000), changes).map(([upToMinor, rest]) => ({
  ...rest,
  stage: 'shipping' as const,
  benefit: { kind: 'freeShipping' as const, upToMinor },
  funding: { platformBasisPoints: 0 },
}))

const couponOffers = fc
  .tuple(orderBenefits, fc.constantFrom('shopCoupon' as const, 'platformCoupon' as const), changes)
  .map(([benefit, stage, rest]) => ({ ...rest, stage, benefit }))

const lines = fc
  .array(
    fc.record({
      listUnitMinor: fc.oneof(fc.integer({ min: 0, max: 20 }), amount),
      quantity: fc.integer({ min: 1, max: 4 }),
      merchantId: fc.constantFrom('m1', 'm2'),
      category: fc.constantFrom('food', 'book'),
      discountable: fc.nat({ max: 7 }).map((draw) => draw !== 0),
      floorUnitMinor: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5000 })),
      taxClass: fc.constantFrom('standard', 'reduced', 'exempt'),
      earnsPoints: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((drawn) =>
    drawn.map(({ listUnitMinor, category, ...rest }, place) =>
      line(`l${place}`, listUnitMinor, { ...rest, categoryIds: [category] }),
    ),
  )

/** Carts of all sorts with promotions, coupons, carriage, tax and points. */
export const carts = (
  most: { readonly promotions: number; readonly coupons: number } = { promotions: 4, coupons: 4 },
): fc.Arbitrary<PriceCartInput> =>
  fc
    .record({
      lines,
      promotions: fc.array(
        fc.oneof(
          { weight: 1, arbitrary: lineOffers },
          { weight: 3, arbitrary: orderOffers },
          { weight: 1, arbitrary: shippingOffers },
        ),
        {
          maxLength: most.promotions,
        },
      ),
      coupons: fc.array(fc.tuple(couponOffers, fc.integer({ min: 1, max: 3 })), { maxLength: most.coupons }),
      shippingMinor: fc.option(fc.constantFrom(500, 1000)),
      tax: fc.option(
        fc.record({
          inclusive: fc.boolean(),
          roundPer: fc.constantFrom('unit' as const, 'line' as const, 'order' as const),
          rounding: fc.constantFrom('halfUp' as const, 'halfEven' as const, 'halfDown' as const),
          rate: fc.constantFrom(50_000, 88_750, 130_000),
        }),
      ),
      points: fc.option(
        fc.tuple(
          fc.nat({ max: 30_000 }),
          fc.nat({ max: 30_000 }),
          fc.constantFrom(10_000, 5000),
          fc.constantFrom(1, 10),
        ),
      ),
    })
    .map(({ lines, promotions, coupons, shippingMinor, tax, points }) =>
      cart(lines, {
        offers: [
          ...promotions.map((changes, place) => offer(`p${place}`, changes)),
          ...coupons.map(([changes], place) => couponOffer(`c${place}`, changes)),
        ],
        coupons: coupons.map(([, end], place) => coupon(`c${place}`, { validTo: 1_900_000_000_000 + end })),
        shipping: shippingMinor === null ? null : carriage({ kind: 'flat', chargeMinor: shippingMinor }),
        tax:
          tax === null
            ? null
            : taxOf(tax.rate, { inclusive: tax.inclusive, roundPer: tax.roundPer, rounding: tax.rounding }),
        points:
          points === null
            ? null
            : pointsOf(points[0], points[1], {
                spendRule: {
                  blockPoints: points[3] * 2,
                  blockMinor: points[3],
                  minimumPoints: 0,
                  capBasisPoints: points[2],
                },
              }),
      }),
    )
