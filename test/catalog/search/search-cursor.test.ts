import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FoundProduct, SearchSort } from '../../../src/catalog/search/query/catalog-query.js'
import { mostPaged, searchFrom, windowOf } from '../../../src/catalog/search/search-cursor.js'

type Goods = ReadonlyMap<string, number>

/** Answers as an index does: highest key first, then by id. */
const answer = (goods: Goods, { offset, limit, after }: ReturnType<typeof windowOf>['asks']): readonly FoundProduct[] =>
  [...goods]
    .map(([productId, key]): FoundProduct => ({ productId, key, score: key }))
    .filter(
      ({ productId, key }) => after === undefined || key < after.key || (key === after.key && productId > after.id),
    )
    .sort((a, b) => b.key - a.key || (a.productId < b.productId ? -1 : 1))
    .slice(offset, offset + limit)

/** Pages to the end, over goods that are others at every page. */
const pageThrough = (turns: readonly Goods[], sort: SearchSort, limit: number): readonly string[] => {
  const seen: string[] = []
  let after: string | undefined
  for (let turn = 0; turn < 100; turn += 1) {
    const goods = turns[Math.min(turn, turns.length - 1)] ?? new Map()
    const window = windowOf(sort, searchFrom(sort, after)._unsafeUnwrap(), { offset: 0, limit })
    const { page, next } = window.cut(answer(goods, window.asks))
    expect(page.length).toBeLessThanOrEqual(limit)
    seen.push(...page.map(({ productId }) => productId))
    if (next === null) return seen
    after = next
  }
  throw new Error('no end')
}

const keys = fc.integer({ min: -3, max: 9 })
const goods = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), keys)
  .map((held) => new Map(Object.entries(held)))

describe('the pages of a search', () => {
  it('have what stays in the catalog once by relevance, though every score moves from page to page', () => {
    fc.assert(
      fc.property(fc.array(goods, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (turns, limit) => {
        const seen = pageThrough(turns, 'relevance', limit)
        expect(new Set(seen).size).toBe(seen.length)
        const first = turns[0] ?? new Map()
        for (const id of first.keys()) if (turns.every((turn) => turn.has(id))) expect(seen).toContain(id)
      }),
    )
  })

  it('have what stays as it is once by another sort, though others come, move and go', () => {
    fc.assert(
      fc.property(fc.array(goods, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (turns, limit) => {
        const seen = pageThrough(turns, 'sales', limit)
        for (const [id, key] of turns[0] ?? new Map()) {
          if (turns.every((turn) => turn.get(id) === key)) expect(seen.filter((each) => each === id)).toEqual([id])
        }
      }),
    )
  })

  it('end by relevance behind so many, and begin anywhere by their number', () => {
    const many: Goods = new Map(Array.from({ length: 2 * mostPaged }, (_, at) => [`p${at}`, at]))
    const seen = pageThrough([many], 'relevance', 100)
    expect(seen.length).toBe(mostPaged)
    const deep = windowOf('relevance', searchFrom('relevance', undefined)._unsafeUnwrap(), { offset: 1_500, limit: 10 })
    expect(deep.cut(answer(many, deep.asks)).page[0]?.productId).toBe('p499')
    const from = windowOf('relevance', searchFrom('relevance', undefined)._unsafeUnwrap(), { offset: 3, limit: 2 })
    expect(from.cut(answer(many, from.asks)).page.map(({ productId }) => productId)).toEqual(['p1996', 'p1995'])
  })

  it.each([
    '',
    'x',
    'relevance',
    'relevance~abc',
    'relevance~abc;ef',
    'sales~1~x',
    'newest~1',
    'newest~1~',
    'newest~x~y',
  ])('are not begun behind %j', (after) => {
    const sort = after.startsWith('newest') ? 'newest' : 'relevance'
    expect(searchFrom(sort, after)._unsafeUnwrapErr()).toMatchObject({ issues: [{ path: 'after' }] })
  })
})
