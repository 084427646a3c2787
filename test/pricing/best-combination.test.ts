import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { PriceCartInput, PricedCart } from '../../src/pricing/priced-cart.js'
import type { Offer } from '../../src/promotions/offer.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { appliedIds, cart, carts, coupon, line, priced, reasonOf } from './carts.js'

/** What the buyer owes before points. */
const owed = (price: PricedCart): number => price.totals.payableMinor + price.totals.pointsMinor

/** The price when only these offers exist, if all of them take effect. */
const forced = (input: PriceCartInput, ids: ReadonlySet<string>): PricedCart | undefined => {
  const offers = input.offers.filter((each) => each.stage === 'line' || ids.has(each.offerId))
  const coupons = input.coupons.filter((each) => ids.has(each.couponId))
  const answer = priceCart({ ...input, offers, coupons }).unwrapOr(undefined)
  if (answer === undefined) return undefined
  const applied = new Set(answer.applied.map((each) => each.offerId))
  return [...ids].every((id) => applied.has(id)) ? answer : undefined
}

const compatible = (input: PriceCartInput, ids: readonly string[]): boolean =>
  ids.every((a, place) =>
    ids.slice(place + 1).every((b) => {
      const [left, right] = [a, b].map((id) => input.offers.find((each) => each.offerId === id))
      if (left === undefined || right === undefined) return false
      if (left.stacking?.exclusive || right.stacking?.exclusive) return false
      if (left.stacking?.group !== undefined && left.stacking.group === right.stacking?.group) return false
      const couponsOf = [left, right].filter((each) => each.form.kind === 'coupon')
      if (couponsOf.length === 2) return left.stacking?.stackable === true && right.stacking?.stackable === true
      if (couponsOf.length === 0) return left.stacking?.stackable !== false && right.stacking?.stackable !== false
      return couponsOf.every((each) => each.stacking?.withPromotions !== false)
    }),
  )

const subsets = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_, place) => (bits >> place) % 2 === 1))

describe('the best combination', () => {
  it('is no dearer than any set that could be forced', () => {
    fc.assert(
      fc.property(carts({ promotions: 3, coupons: 3 }), (input) => {
        const best = priced(input)
        expect(best.certificate.optimal).toBe(true)
        const ids = input.offers.filter((each) => each.stage !== 'line').map((each) => each.offerId)
        for (const set of subsets(ids)) {
          if (!compatible(input, set)) continue
          const price = forced(input, new Set(set))
          if (price === undefined) continue
          expect(owed(best)).toBeLessThanOrEqual(owed(price))
          if (owed(price) > owed(best)) continue
          const gifts = (each: PricedCart) => each.gifts.reduce((sum, gift) => sum + gift.valueMinor, 0)
          expect(gifts(best)).toBeGreaterThanOrEqual(gifts(price))
          if (gifts(best) === gifts(price))
            expect(best.couponsUsed.length).toBeLessThanOrEqual(price.couponsUsed.length)
        }
      }),
    )
  })

  it('takes a coupon for its gift, of no declared worth as it may be, and the one that brings more', () => {
    const gift = (id: string, pieces: number): Offer =>
      couponOffer(id, { benefit: { kind: 'gift', sku: 'MUG', pieces, unitValueMinor: 0 } })
    const price = (...ids: readonly Offer[]) =>
      priced(cart([line('a', 100)], { offers: ids, coupons: ids.map(({ offerId }) => coupon(offerId)) }))
    expect(price(gift('one', 1))).toMatchObject({ couponsUsed: ['one'], gifts: [{ sku: 'MUG', quantity: 1 }] })
    expect(price(gift('one', 1), gift('two', 2)).couponsUsed).toEqual(['two'])
  })

  it('P15: never costs more with another coupon in the wallet', () => {
    fc.assert(
      fc.property(carts(), (input) => {
        const fewer = { ...input, coupons: input.coupons.slice(0, -1) }
        expect(owed(priced(input))).toBeLessThanOrEqual(owed(priced(fewer)))
      }),
    )
  })

  it('takes two that stack over one that is larger', () => {
    const price = priced(
      cart([line('a', 10000)], {
        offers: [
          couponOffer('big', { benefit: { kind: 'amountOff', offMinor: 5000 }, stacking: { exclusive: true } }),
          couponOffer('one', { benefit: { kind: 'amountOff', offMinor: 3000 }, stacking: { stackable: true } }),
          couponOffer('two', { benefit: { kind: 'amountOff', offMinor: 3000 }, stacking: { stackable: true } }),
        ],
        coupons: [coupon('big'), coupon('one'), coupon('two')],
      }),
    )
    expect(price.totals.payableMinor).toBe(4000)
    expect(appliedIds(price)).toEqual(['one', 'two'])
    expect(reasonOf(price, 'big')).toEqual({ type: 'ExcludedBy', offerId: 'one', couponId: 'one' })
  })

  it('takes one promotion where one of two will not stand beside another, and both where none says so', () => {
    const off = (offMinor: number, changes: Partial<Offer> = {}) => ({
      benefit: { kind: 'amountOff', offMinor } as const,
      ...changes,
    })
    const alone = { stacking: { stackable: false } }
    const with2 = (first: Partial<Offer>) =>
      priced(
        cart([line('a', 10000)], {
          offers: [offer('five', off(500, first)), offer('seven', off(700)), couponOffer('ten', off(1000))],
          coupons: [coupon('ten')],
        }),
      )
    expect(with2({}).totals.payableMinor).toBe(10_000 - 500 - 700 - 1000)
    const price = with2(alone)
    // A coupon stands beside either.
    expect(price.totals.payableMinor).toBe(10_000 - 700 - 1000)
    expect(reasonOf(price, 'five')).toEqual({ type: 'ExcludedBy', offerId: 'seven', couponId: null })
  })

  it('leaves out a coupon that would cost free carriage', () => {
    const price = priced(
      cart([line('a', 10000)], {
        shipping: {
          methodId: 'x',
          region: 'CN',
          book: {
            bookId: 'shipping',
            currency: 'CNY',
            methods: [
              {
                methodId: 'x',
                title: { 'zh-CN': '', en: '' },
                zones: [
                  {
                    zoneId: 'z',
                    regions: ['CN'],
                    rate: { kind: 'flat', chargeMinor: 1000 },
                    freeFromMinor: null,
                    days: { earliest: 1, latest: 1 },
                  },
                ],
              },
            ],
          },
        },
        offers: [
          offer('free', {
            stage: 'shippingCoupon',
            benefit: { kind: 'freeShipping' },
            threshold: { amountMinor: 9900, basis: 'running' },
          }),
          couponOffer('five', { benefit: { kind: 'amountOff', offMinor: 500 } }),
        ],
        coupons: [coupon('five')],
      }),
    )
    expect(price.totals.payableMinor).toBe(10000)
    expect(appliedIds(price)).toEqual(['free'])
    expect(reasonOf(price, 'five')).toEqual({ type: 'NotBest' })
  })

  it('keeps the larger coupon, and of two alike the one that holds longer', () => {
    const wallet = (ends: readonly [number, number]) =>
      priced(
        cart([line('a', 2000)], {
          offers: [
            couponOffer('ten', { benefit: { kind: 'amountOff', offMinor: 3000 } }),
            couponOffer('thirty', { benefit: { kind: 'amountOff', offMinor: 9000 } }),
          ],
          coupons: [coupon('ten', { validTo: ends[0] }), coupon('thirty', { validTo: ends[1] })],
        }),
      )
    expect(appliedIds(wallet([1_900_000_000_000, 1_800_000_000_000]))).toEqual(['ten'])
    const twins = (ends: readonly [number, number]) =>
      priced(
        cart([line('a', 9000)], {
          offers: [couponOffer('twin', { benefit: { kind: 'amountOff', offMinor: 3000 } })],
          coupons: [
            coupon('first', { offerId: 'twin', validTo: ends[0] }),
            coupon('second', { offerId: 'twin', validTo: ends[1] }),
          ],
        }),
      )
    expect(appliedIds(twins([1_900_000_000_000, 1_800_000_000_000]))).toEqual(['second'])
    expect(appliedIds(twins([1_800_000_000_000, 1_900_000_000_000]))).toEqual(['first'])
  })

  it('uses up no coupon that would give nothing', () => {
    const price = priced(
      cart([line('a', 3000)], {
        offers: [
          couponOffer('all', { benefit: { kind: 'amountOff', offMinor: 3000 }, stacking: { stackable: true } }),
          couponOffer('more', {
            stage: 'platformCoupon',
            benefit: { kind: 'amountOff', offMinor: 1000 },
            stacking: { stackable: true },
          }),
        ],
        coupons: [coupon('all'), coupon('more')],
      }),
    )
    expect(price.couponsUsed).toEqual(['all'])
    expect(reasonOf(price, 'more')).toEqual({ type: 'ZeroEffect' })
  })

  it('finds an offer that gives something only after another', () => {
    // By itself the mug would be free, and its floor forbids it; with the shirt at 15.00 that is the cheaper one.
    const shirt = { scope: { skus: ['sku-shirt'] } }
    const price = priced(
      cart([line('shirt', 3000), line('mug', 2000, { floorUnitMinor: 2000 })], {
        offers: [
          offer('alone', {
            ...shirt,
            benefit: { kind: 'amountOff', offMinor: 2000 },
            stacking: { exclusive: true },
            priority: 1,
          }),
          offer('half', { ...shirt, benefit: { kind: 'amountOff', offMinor: 1500 } }),
          offer('second-free', { benefit: { kind: 'buyXGetY', buy: 1, get: 1 }, stage: 'platform' }),
        ],
      }),
    )
    expect(appliedIds(price)).toEqual(['half', 'second-free'])
    expect(price.totals.payableMinor).toBe(2000)
  })

  it('says how far it may be from the best when it is cut short', () => {
    // Each coupon holds only while enough is left: the best sum that fits is a subset sum.
    const sizes = [997, 1201, 1409, 1601, 1801, 2003, 2207, 2411, 2609, 2801]
    const fits = 8000
    const input = cart([line('a', 30000)], {
      offers: sizes.map((offMinor, place) =>
        couponOffer(`c${place}`, {
          benefit: { kind: 'amountOff', offMinor },
          stacking: { stackable: true },
          threshold: { amountMinor: 30000 - fits + offMinor, basis: 'running' },
        }),
      ),
      coupons: sizes.map((_, place) => coupon(`c${place}`)),
    })
    const exact = priced(input)
    const sums = subsets(sizes).map((set) => set.reduce((sum, size) => sum + size, 0))
    const most = Math.max(...sums.filter((sum) => sum <= fits))
    expect(exact.certificate).toMatchObject({ optimal: true, gapMinor: 0 })
    expect(exact.totals.payableMinor).toBe(30000 - most)
    const short = priced({ ...input, searchLimit: 2 })
    expect(short.certificate.setsTried).toBe(2)
    expect(short.totals.payableMinor - short.certificate.gapMinor).toBeLessThanOrEqual(30000 - most)
  })
})
