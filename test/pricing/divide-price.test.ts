import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dividePrice } from '../../src/pricing/divide-price.js'
import type { PricedCart } from '../../src/pricing/priced-cart.js'
import type { Offer } from '../../src/promotions/offer.js'
import type { Benefit } from '../../src/promotions/offer-kinds.js'
import { offer } from '../promotions/offers.js'
import { carriage, cart, carts, line, pointsOf, priced, taxOf } from './carts.js'

const merchants = ['m0', 'm1', 'm2'] as const
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const merchantAt = (place: number): string => merchants[place % merchants.length] ?? 'm0'
const taxOfRate = (price: PricedCart, rateId: string): number =>
  sum(price.taxes.filter((tax) => tax.rateId === rateId).map((tax) => tax.taxMinor))

describe('a price that is divided among merchants', () => {
  it('gives each its goods, and carriage by what they come to', () => {
    // 90.00 and 30.00 of goods, 12.00 off them together, 8.00 of carriage: 3 to 1.
    const price = priced(
      cart([line('a', 9_000, { merchantId: 'm0' }), line('b', 3_000, { merchantId: 'm1' })], {
        offers: [offer('off', { benefit: { kind: 'amountOff', offMinor: 1_200 } })],
        shipping: carriage({ kind: 'flat', chargeMinor: 800 }),
      }),
    )
    const parts = dividePrice(price, ['m0', 'm1'], [])
    expect(parts.map(({ totals }) => [totals.goodsMinor, totals.shippingMinor, totals.payableMinor])).toEqual([
      [8_100, 600, 8_700],
      [2_700, 200, 2_900],
    ])
  })

  it('leaves what a merchant’s offer freed to that merchant, and what the platform’s freed to all', () => {
    const free = (offerId: string, issuer: Offer['issuer'], benefit: Benefit = { kind: 'freeShipping' }): Offer =>
      offer(offerId, { issuer, benefit, stage: 'shipping', funding: { platformBasisPoints: 0 } })
    const parts = (...offers: readonly Offer[]) =>
      dividePrice(
        priced(
          cart([line('a', 5_000, { merchantId: 'm0' }), line('b', 5_000, { merchantId: 'm1' })], {
            offers,
            shipping: carriage({ kind: 'flat', chargeMinor: 800 }),
          }),
        ),
        ['m0', 'm1'],
        [],
      ).map(({ shipping, totals, applied }) => [
        shipping?.grossMinor,
        totals.shippingMinor,
        ...applied.map((each) => each.shippingMinor),
      ])
    const own = free('own', { kind: 'merchant', merchantId: 'm0' })
    expect(parts(own)).toEqual([
      [400, 0, 400],
      [400, 400],
    ])
    expect(parts(free('all', { kind: 'platform' }, { kind: 'freeShipping', upToMinor: 300 }))).toEqual([
      [400, 250, 150],
      [400, 250, 150],
    ])
  })

  it('lets no merchant’s offers free more than its own part', () => {
    const freeing = fc.record({
      issuer: fc.constantFrom<Offer['issuer']>(
        { kind: 'platform' },
        ...merchants.map((merchantId) => ({ kind: 'merchant' as const, merchantId })),
      ),
      benefit: fc.oneof(
        fc.constant({ kind: 'freeShipping' as const }),
        fc.record({ kind: fc.constant('freeShipping' as const), upToMinor: fc.integer({ min: 1, max: 900 }) }),
        fc.record({ kind: fc.constant('freeShipping' as const), offBasisPoints: fc.integer({ min: 1, max: 9_999 }) }),
      ),
    })
    const minors = fc.array(fc.nat(9_000), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(
        minors,
        fc.array(freeing, { maxLength: 5 }),
        fc.integer({ min: 1, max: 900 }),
        (sums, drawn, gross) => {
          const lines = sums.map((minor, place) => line(`l${place}`, minor, { merchantId: merchantAt(place) }))
          const whole = priced(
            cart(lines, {
              offers: drawn.map((each, place) =>
                offer(`o${place}`, { ...each, stage: 'shipping', funding: { platformBasisPoints: 0 } }),
              ),
              shipping: carriage({ kind: 'flat', chargeMinor: gross }),
            }),
          )
          const plain = dividePrice(
            priced(cart(lines, { shipping: carriage({ kind: 'flat', chargeMinor: gross }) })),
            merchants,
            [],
          )
          for (const [place, part] of dividePrice(whole, merchants, []).entries()) {
            const merchantId = merchants[place]
            const ofOthers = part.applied.filter(({ carriageOf = merchantId }) => carriageOf !== merchantId)
            expect(ofOthers).toEqual([])
            expect(part.shipping?.grossMinor).toBe(plain[place]?.shipping?.grossMinor)
            expect(sum(part.applied.map((each) => each.shippingMinor))).toBe(part.shipping?.discountMinor)
            expect(part.totals.shippingMinor).toBeGreaterThanOrEqual(0)
          }
        },
      ),
    )
  })

  it('comes to the whole in every amount, and each part adds up by itself', () => {
    const several = carts().map((input) => ({
      ...input,
      lines: input.lines.map((each, place) => ({ ...each, merchantId: merchantAt(place) })),
    }))
    const laden = fc
      .tuple(several, fc.nat({ max: 3_000 }), fc.nat({ max: 500 }), fc.boolean())
      .map(([input, carriageMinor, points, inclusive]) => ({
        ...input,
        shipping: input.shipping ?? carriage({ kind: 'flat', chargeMinor: carriageMinor }),
        tax: input.tax ?? taxOf(130_000, { inclusive }),
        points: input.points ?? pointsOf(points, points),
      }))
    fc.assert(
      fc.property(laden, (input) => {
        const whole = priced(input)
        const parts = dividePrice(
          whole,
          merchants,
          whole.gifts.map((_, place) => merchantAt(place)),
        )
        for (const name of [
          'listMinor',
          'discountMinor',
          'goodsMinor',
          'shippingMinor',
          'taxMinor',
          'taxOnTopMinor',
          'pointsMinor',
          'payableMinor',
        ] as const) {
          expect(sum(parts.map(({ totals }) => totals[name])), name).toBe(whole.totals[name])
        }
        for (const name of ['pointsSpent', 'pointsEarned'] as const)
          expect(sum(parts.map((part) => part[name]))).toBe(whole[name])
        expect(parts.flatMap(({ lines }) => lines).length).toBe(whole.lines.length)
        expect(parts.flatMap(({ gifts }) => gifts).length).toBe(whole.gifts.length)
        for (const { rateId } of whole.taxes) {
          expect(sum(parts.map((part) => taxOfRate(part, rateId))), rateId).toBe(taxOfRate(whole, rateId))
        }
        for (const [
          place,
          { goodsMinor, shippingMinor, platformGoodsMinor, offerId, couponId },
        ] of whole.applied.entries()) {
          const same = parts.flatMap(({ applied }) =>
            applied.filter((each) => each.offerId === offerId && each.couponId === couponId),
          )
          const twins = whole.applied.filter((each) => each.offerId === offerId && each.couponId === couponId)
          if (twins.length > 1) continue
          expect(sum(same.map((each) => each.goodsMinor)), `${place}`).toBe(goodsMinor)
          expect(sum(same.map((each) => each.shippingMinor))).toBe(shippingMinor)
          expect(sum(same.map((each) => each.platformGoodsMinor))).toBe(platformGoodsMinor)
        }
        for (const { lines, totals, applied, shipping } of parts) {
          expect(Math.min(...Object.values(totals))).toBeGreaterThanOrEqual(0)
          expect(totals.payableMinor).toBe(
            totals.goodsMinor + totals.shippingMinor + totals.taxOnTopMinor - totals.pointsMinor,
          )
          if (shipping !== null) expect(shipping.grossMinor - shipping.discountMinor).toBe(shipping.chargeMinor)
          for (const { shares } of lines) {
            // What took something off a line is among the offers of its own part.
            for (const share of shares) expect(applied[share.applied]?.offerId).toBe(share.offerId)
          }
        }
      }),
    )
  })
})

describe('the taxes of a price that is divided', () => {
  const rates = (tax: PricedCart['taxes']) =>
    tax.map(({ rateId, baseMinor, taxMinor }) => [rateId, baseMinor, taxMinor])

  it('are by rate those of the goods of each, not those of another: 13 % here, 6.5 % there', () => {
    // 113.00 at 13 % within it, and 106.50 at 6.5 % within it.
    const price = priced(
      cart([line('a', 11_300, { merchantId: 'm0' }), line('b', 10_650, { merchantId: 'm1', taxClass: 'reduced' })], {
        tax: taxOf(130_000),
      }),
    )
    expect(dividePrice(price, ['m0', 'm1'], []).map(({ taxes }) => rates(taxes))).toEqual([
      [['vat', 10_000, 1_300]],
      [['low', 10_000, 650]],
    ])
  })

  it('name one rate as before where there is one, and lines say nothing of it', () => {
    const price = priced(cart([line('a', 11_300, { merchantId: 'm0' })], { tax: taxOf(130_000) }))
    expect(price.lines[0]).not.toHaveProperty('taxes')
    expect(dividePrice(price, ['m0', 'm1'], []).map(({ taxes }) => rates(taxes))).toEqual([
      [['vat', 10_000, 1_300]],
      [['vat', 0, 0]],
    ])
  })

  const taxed = fc
    .record({
      lines: fc.array(
        fc.record({
          minor: fc.nat(30_000),
          quantity: fc.integer({ min: 1, max: 5 }),
          taxClass: fc.constantFrom('standard', 'reduced', 'both', 'exempt'),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      chargeMinor: fc.nat(3_000),
      shippingClass: fc.constantFrom('standard', 'both', null),
      inclusive: fc.boolean(),
      roundPer: fc.constantFrom('order' as const, 'line' as const, 'unit' as const),
      offMinor: fc.nat(5_000),
    })
    .map(({ lines, chargeMinor, shippingClass, inclusive, roundPer, offMinor }) => {
      const tax = taxOf(130_000, { inclusive, roundPer })
      const regions = tax.book.regions.map((region) => ({
        ...region,
        shippingClass,
        classes: {
          ...region.classes,
          both: [...(region.classes.standard ?? []), ...(region.classes.reduced ?? [])],
        },
      }))
      return cart(
        lines.map(({ minor, quantity, taxClass }, place) =>
          line(`l${place}`, minor, { quantity, taxClass, merchantId: merchantAt(place) }),
        ),
        {
          tax: { ...tax, book: { ...tax.book, regions } },
          shipping: carriage({ kind: 'flat', chargeMinor }),
          offers: [offer('off', { benefit: { kind: 'amountOff', offMinor } })],
        },
      )
    })

  it('are those of its own lines and carriage, to the unit, and of all together those of the whole', () => {
    fc.assert(
      fc.property(taxed, (input) => {
        const whole = priced(input)
        const parts = dividePrice(whole, merchants, [])
        for (const amount of ['baseMinor', 'taxMinor'] as const) {
          for (const { rateId, [amount]: expected } of whole.taxes) {
            const all = parts.flatMap(({ taxes }) => taxes).filter((tax) => tax.rateId === rateId)
            expect(sum(all.map((tax) => tax[amount])), `${rateId} ${amount}`).toBe(expected)
          }
        }
        for (const { lines, shipping, taxes, totals, taxInclusive } of parts) {
          expect(sum(taxes.map(({ taxMinor }) => taxMinor))).toBe(totals.taxMinor)
          if (whole.lines.every((each) => each.taxes === undefined)) continue
          for (const { taxes: own = [], taxMinor, netMinor } of lines) {
            expect(sum(own.map((tax) => tax.taxMinor))).toBe(taxMinor)
            for (const { baseMinor } of own) expect(baseMinor).toBe(taxInclusive ? netMinor - taxMinor : netMinor)
          }
          const kept = [...lines.flatMap((each) => each.taxes ?? []), ...(shipping?.taxes ?? [])]
          expect(new Set(taxes.map(({ rateId }) => rateId))).toEqual(new Set(kept.map(({ rateId }) => rateId)))
        }
      }),
    )
  })
})
