import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import { didYouMean } from '../../../src/catalog/search/spelling/did-you-mean.js'

const titles = [
  ...Array.from({ length: 30 }, (_, at) => `Screen door ${at + 60} in`),
  ...Array.from({ length: 25 }, () => 'Toilet seat'),
  ...Array.from({ length: 12 }, () => 'Garden hose reel'),
  'House of horse hair',
  'Bose soundbar',
]

const index = updateIndex(emptyIndex(), {
  changed: titles.map((title, at) => ({
    id: `p${at}`,
    texts: { title: [title], brand: [], category: [], codes: [], attributes: [], description: [] },
    facets: [],
    priceMinor: null,
    createdAt: 0,
  })),
  gone: [],
})

describe('what a query may have meant', () => {
  it.each([
    ['scren door', 'screen door'],
    ['toiletseat', 'toilet seat'],
    ['toilet seet white', 'toilet seat white'],
    // Beside garden a hose is meant, though bose is as near.
    ['garden hosse', 'garden hose'],
    ['screan doors 36"', 'screen doors 36"'],
    ['toilet seets', 'toilet seats'],
  ])('of %s is %s', (text, meant) => {
    expect(didYouMean(index, text)?.text).toBe(meant)
  })

  it.each(['screen door', 'the toilet with seat', 'wh-1000xm4', '500ml', '无线耳机', '', '36 x 80'])(
    'of %s is nothing else',
    (text) => {
      expect(didYouMean(index, text)).toBeNull()
    },
  )

  it('names each change, and leaves all other text as it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        const meant = didYouMean(index, text)
        if (meant === null) return
        expect(meant.changed.length).toBeGreaterThan(0)
        for (const { from, to } of meant.changed) {
          expect(from).not.toBe(to)
          expect(meant.text).toContain(to)
        }
      }),
    )
  })
})
