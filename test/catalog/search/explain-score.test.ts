import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { document, indexOf, query } from './documents.js'

const words = ['lamp', 'desk', 'oak', 'case', 'for', '耳机', '无线', 'AB-12', 'lamps', 'couch', 'sofa'] as const

const shelves = fc
  .array(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })
  .map((titles) =>
    indexOf(
      ...titles.map((title, at) => {
        const plain = document(`p${at}`, title.join(' '))
        return {
          ...plain,
          texts: { ...plain.texts, codes: [`AB-1${at}`], description: [[...title].reverse().join(' ')] },
        }
      }),
    ),
  )

describe('what a score is made of', () => {
  it('sums to the score exactly, whatever is asked, pinned, buried or boosted', () => {
    const asked = fc.array(fc.constantFrom(...words, 'deks', 'zeppelin', 'AB12'), { minLength: 1, maxLength: 4 })
    const arrangements = fc.record({
      pinned: fc.subarray(['p0', 'p3']),
      buried: fc.subarray(['p1']),
      boost: fc.integer({ min: -20, max: 20 }).map((share) => () => share / 100),
    })
    fc.assert(
      fc.property(shelves, asked, arrangements, (index, text, arrangement) => {
        const given = query(text.join(' '), { arrangement, isExplained: true })
        const { found } = searchIndex(index, given)
        for (const { parts = [], score } of found) {
          expect(parts.reduce((sum, { worth }) => sum + worth, 0)).toBe(score)
        }
        const plain = searchIndex(index, { ...given, isExplained: false }).found
        expect(plain).toEqual(found.map(({ productId, key, score }) => ({ productId, key, score })))
      }),
      { numRuns: 200 },
    )
  })

  it('names the words, the writing that was found, and what stands against the product', () => {
    const index = indexOf(document('a', 'Sofa of oak'), document('b', 'Case for couch'), document('c', 'Lamp'))
    const { found } = searchIndex(index, query('couch oak', { isExplained: true }))
    const partsOf = (id: string) => found.find(({ productId }) => productId === id)?.parts ?? []
    expect(partsOf('a')).toMatchObject([
      { kind: 'word', word: 'couch', as: 'sofa' },
      { kind: 'word', word: 'oak', as: null },
      { kind: 'title' },
    ])
    expect(partsOf('b').map(({ kind, worth }) => [kind, Math.sign(worth)])).toEqual([
      ['word', 1],
      ['partOfQuery', -1],
      ['title', 1],
      ['madeForIt', -1],
    ])
  })
})
