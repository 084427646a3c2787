import { describe, expect, it } from 'vitest'
import type { Offer } from '../../src/promotions/offer.js'
import { offer } from '../promotions/offers.js'
import { appliedIds, cart, line, priced, reasonOf } from './carts.js'

describe('groups of line offers', () => {
  const takes = (offerId: string, group: string, sku: string, offMinor: number): Offer =>
    offer(offerId, {
      stage: 'line',
      scope: { skus: [sku] },
      benefit: { kind: 'amountOff', offMinor },
      stacking: { group },
    })
  const offers = [
    takes('g1', 'g', 'sku-a', 30),
    takes('g2', 'g', 'sku-b', 25),
    takes('h1', 'h', 'sku-a', 29),
    takes('h2', 'h', 'sku-b', 1),
  ]

  it('take part with the members that take most together', () => {
    const price = priced(cart([line('a', 100), line('b', 100)], { offers }))
    expect(appliedIds(price)).toEqual(['g2', 'h1'])
    expect(price).toMatchObject({ totals: { payableMinor: 146 }, certificate: { optimal: true, gapMinor: 0 } })
    expect(reasonOf(price, 'g1')).toEqual({ type: 'ExcludedBy', offerId: 'g2', couponId: null })
  })

  it('are settled one after another where the search is cut short, and the price says what that may cost', () => {
    const price = priced(cart([line('a', 100), line('b', 100)], { offers, searchLimit: 3 }))
    expect(price).toMatchObject({ totals: { payableMinor: 169 }, certificate: { optimal: false, gapMinor: 24 } })
  })
})
