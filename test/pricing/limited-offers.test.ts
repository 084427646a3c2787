import { describe, expect, it } from 'vitest'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { PriceCartInput } from '../../src/pricing/priced-cart.js'
import type { Offer } from '../../src/promotions/offer.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { cart, coupon, line, priced, reasonOf } from './carts.js'

const off = (offMinor: number) => ({ kind: 'amountOff', offMinor }) as const
const percent = (offBasisPoints: number) => ({ kind: 'percentOff', offBasisPoints }) as const
const nets = (price: ReturnType<typeof priced>) => price.lines.map((each) => each.netMinor)

describe('coupons of one offer', () => {
  it('are used no more often than it may be, those first that end first', () => {
    const limited = (limits: Offer['limits'], usesLeft?: PriceCartInput['usesLeft'], insistOn?: string) =>
      priceCart(
        cart([line('a', 10_000)], {
          offers: [couponOffer('c', { benefit: off(100), stacking: { stackable: true }, ...(limits && { limits }) })],
          coupons: ['c1', 'c2', 'c3'].map((id, place) =>
            coupon(id, { offerId: 'c', validTo: 2_000_000_000_000 - place }),
          ),
          ...(usesLeft && { usesLeft }),
        }),
        insistOn === undefined ? {} : { insistOn: { offerId: 'c', couponId: insistOn } },
      )._unsafeUnwrap()
    expect(limited(undefined).couponsUsed).toEqual(['c1', 'c2', 'c3'])
    const once = limited({ usesPerCustomer: 1 })
    expect(once.couponsUsed).toEqual(['c3'])
    expect(once.certificate.optimal).toBe(true)
    expect(reasonOf(once, 'c1')).toEqual({ type: 'LimitReached', limit: 'usesPerCustomer' })
    expect(limited({ uses: 9, usesPerCustomer: 5 }, { c: { left: 2, leftForCustomer: 3 } }).couponsUsed).toEqual([
      'c2',
      'c3',
    ])
    expect(limited({ uses: 9 }, { c: { left: 1 } }, 'c1').couponsUsed).toEqual(['c1'])
  })
})

describe('a group with line offers', () => {
  it('has one that is used: the line offer with which the goods come cheapest, on whatever line or stage the others are', () => {
    const stacking = { group: 'spring' }
    const of = (id: string, sku: string, bp: number) =>
      offer(id, { stage: 'line', benefit: percent(bp), scope: { skus: [sku] }, stacking })
    const price = priced(
      cart([line('a', 10_000), line('b', 20_000)], {
        offers: [
          of('ten-a', 'sku-a', 1_000),
          of('ten-b', 'sku-b', 1_000),
          offer('five', { stage: 'line', benefit: percent(500) }),
          offer('order', { benefit: off(100), stacking }),
          couponOffer('coupon', { benefit: off(100), stacking }),
          offer('far', {
            stage: 'line',
            benefit: percent(9_000),
            threshold: { amountMinor: 30_001, basis: 'list' },
            stacking,
          }),
        ],
        coupons: [coupon('coupon')],
      }),
    )
    // 5 % off the first and 10 % off the second line is less to pay than the other way round.
    expect(nets(price)).toEqual([9_500, 18_000])
    for (const id of ['ten-a', 'order', 'coupon']) {
      expect(reasonOf(price, id)).toEqual({ type: 'ExcludedBy', offerId: 'ten-b', couponId: null })
    }
    expect(reasonOf(price, 'far')).toEqual({ type: 'ThresholdAmount', missingMinor: 1 })
  })
})
