import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BasketCount,
  boughtWith,
  countBasket,
  mostPartners,
  supportFloor,
} from '../../../src/catalog/recommend/basket-count.js'
import { mostSimilar, similarityOf } from '../../../src/catalog/recommend/similarity.js'

const counted = (baskets: readonly (readonly string[])[]): ReadonlyMap<string, BasketCount> => {
  const counts = new Map<string, BasketCount>()
  for (const basket of baskets) {
    for (const id of basket) counts.set(id, countBasket(counts.get(id), id, basket))
  }
  return counts
}
const withOf = (baskets: readonly (readonly string[])[], id: string) => {
  const counts = counted(baskets)
  const own = counts.get(id)
  return own === undefined ? [] : boughtWith(own, [...counts.values()], baskets.length)
}
const times = (count: number, ...basket: readonly string[]) => Array.from({ length: count }, () => basket)

describe('what is bought together', () => {
  it('is told by lift, not by what everybody buys: 4 of 20 with tea, all with a bag', () => {
    const baskets = [...times(4, 'pot', 'tea', 'bag'), ...times(14, 'cup', 'bag'), ...times(2, 'tea', 'bag')]
    // Tea: 4 * 20 / (4 * 6) = 3.33. The bag is in every order, and says nothing: lift 1.
    expect(withOf(baskets, 'pot')).toEqual([{ productId: 'tea', orders: 4, liftHundredths: 333 }])
  })

  it('keeps silent below the support floor', () => {
    const noise = times(50, 'other')
    expect(withOf([...noise, ...times(supportFloor - 1, 'a', 'b')], 'a')).toEqual([])
    expect(withOf([...noise, ...times(supportFloor, 'a', 'b')], 'a')).toMatchObject([{ productId: 'b' }])
  })

  it('counts as a recount of all orders does, alike from both sides', () => {
    const basket = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e'), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(basket, { maxLength: 40 }), (baskets) => {
        const counts = counted(baskets)
        for (const [id, count] of counts) {
          expect(count.orders).toBe(baskets.filter((each) => each.includes(id)).length)
          for (const other of count.with) {
            const both = baskets.filter((each) => each.includes(id) && each.includes(other.productId)).length
            expect(other.orders).toBe(both)
            expect(counts.get(other.productId)?.with).toContainEqual({ productId: id, orders: both })
          }
          for (const found of withOf(baskets, id)) {
            const back = withOf(baskets, found.productId).find(({ productId }) => productId === id)
            expect(back?.liftHundredths).toBe(found.liftHundredths)
          }
        }
      }),
    )
  })

  it('remembers the most frequent where there are many', () => {
    const many = Array.from({ length: mostPartners + 50 }, (_, at) => ['a', `p${at}`])
    const own = counted([...many, ['a', 'p0']]).get('a')
    expect(own?.with).toHaveLength(mostPartners)
    expect(own?.with[0]).toEqual({ productId: 'p0', orders: 2 })
  })
})

const product = (productId: string, facets: readonly string[], brand = '', minPriceMinor = 100) => ({
  productId,
  facets,
  brand,
  minPriceMinor,
})

describe('what is like a product', () => {
  it('agrees with it in what it states, and says in what', () => {
    const kettle = product('kettle', ['#=summer', 'colour=red', 'volume=500 ml'], 'Brew')
    const others = [
      product('same', ['colour=red', 'volume=500 ml'], 'Brew'),
      product('red', ['colour=red', 'volume=900 ml'], 'Else', 400),
      product('tagged', ['#=summer']),
      product('none', ['colour=blue']),
      kettle,
    ]
    expect(mostSimilar(kettle, others)).toEqual([
      // Two of three facets are shared: 5333, the brand 1000, the same price 1000.
      { productId: 'same', alikeBasisPoints: 7_333, shared: ['colour', 'volume'] },
      // One of four: 2000; a quarter of the price: 250.
      { productId: 'red', alikeBasisPoints: 2_250, shared: ['colour'] },
    ])
  })

  it('is alike in both directions, and never more than all', () => {
    const any = fc.record({
      productId: fc.constantFrom('a', 'b'),
      facets: fc.uniqueArray(fc.constantFrom('x=1', 'x=2', 'y=1', 'z=1')),
      brand: fc.constantFrom('', 'A', 'B'),
      minPriceMinor: fc.constantFrom(null, 0, 1, 50, 900),
    })
    fc.assert(
      fc.property(any, any, (left, right) => {
        const there = similarityOf(left, right)
        expect(there.alikeBasisPoints).toBe(similarityOf(right, left).alikeBasisPoints)
        expect(there.alikeBasisPoints).toBeLessThanOrEqual(10_000)
      }),
    )
  })
})
