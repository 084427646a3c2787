import { describe, expect, it } from 'vitest'
import type { JudgedQuery } from './judged-set.js'
import { bootstrapInterval, ndcg10, recall100, reciprocalRank, standardError } from './relevance-metric.js'

const query: JudgedQuery = {
  id: '1',
  text: 'lamp',
  gains: new Map([
    ['a', 1],
    ['b', 0.5],
    ['c', 0],
  ]),
}

describe('the measures of relevance', () => {
  it('are 1 for the best order and less for every other', () => {
    expect(ndcg10(query, ['a', 'b', 'c'])).toBe(1)
    // b first, a second: 0.5 / log2(2) + 1 / log2(3), over 1 / log2(2) + 0.5 / log2(3).
    expect(ndcg10(query, ['b', 'a'])).toBeCloseTo((0.5 + 1 / Math.log2(3)) / (1 + 0.5 / Math.log2(3)), 12)
    expect(ndcg10(query, ['unjudged', 'c'])).toBe(0)
    expect(ndcg10(query, [...Array.from({ length: 10 }, (_, at) => `x${at}`), 'a'])).toBe(0)
  })

  it('look for the first sure find and for all that is worth anything', () => {
    expect(reciprocalRank(query, ['b', 'c', 'a'])).toBe(1 / 3)
    expect(recall100(query, ['c', 'b'])).toBe(0.5)
  })

  it('say how far chance moves a mean', () => {
    expect(standardError([0, 1, 0, 1])).toBeCloseTo(0.288675, 6)
    const [low, high] = bootstrapInterval([0, 1, 0, 1, 1, 1, 0, 1])
    expect(low).toBeLessThan(0.625)
    expect(high).toBeGreaterThan(0.625)
    expect(bootstrapInterval([0.2, 0.2])).toEqual([0.2, 0.2].map((value) => expect.closeTo(value, 12)))
  })
})
