import { describe, expect, it } from 'vitest'
import type { SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import { meantCategories } from '../../../src/catalog/search/query/meant-categories.js'
import { planOf } from '../../../src/catalog/search/query/plan-query.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { prepareWords } from '../../../src/catalog/search/query/search-words.js'
import { document, indexOf, query } from './documents.js'

const goods = (id: string, title: string, ...categories: readonly string[]): SearchDocument =>
  document(id, title, {
    texts: { title: [title], brand: [], category: categories, codes: [], attributes: [], description: [] },
    facets: categories.map((name) => ({ facet: 'category', value: name, label: name })),
  })

const shelf = indexOf(
  goods('bag', 'Laptop bag, laptop sleeve', 'Bags', 'Laptop bags'),
  goods(
    'aero',
    'Aero 14 with sixteen hours of battery and a bright screen, laptop',
    'Computers',
    'Laptops\n笔记本电脑',
  ),
  goods('stand', 'Laptop stand', 'Desk'),
  goods('shell', '手机壳 手机 保护', '手机壳'),
  goods('nova', '新星 十二 大屏 长续航 手机', '手机'),
)
const idsOf = (text: string) => searchIndex(shelf, query(text)).found.map(({ productId }) => productId)
const meantBy = (text: string): readonly string[] => {
  const { labels } = shelf.vocabulary.valuesOf(shelf.vocabulary.facets.find('category') ?? -1)
  const slots = planOf(shelf, text, prepareWords({}))?.slots ?? []
  return [...meantCategories(shelf.vocabulary, slots)].map((value) => labels[value]?.split('\n')[0] ?? '')
}

describe('the category that a query names', () => {
  it.each([
    ['laptop', ['Laptops']],
    ['gaming laptops', ['Laptops']],
    ['laptop 16gb', ['Laptops']],
    ['aero laptop bag', ['Laptop bags']],
    ['手机', ['手机']],
    ['5G手机', ['手机']],
    ['新星手机壳', ['手机壳']],
    ['笔记本电脑', ['Laptops']],
    // What stands before another word is what it is for.
    ['laptop stand', []],
    ['battery', []],
    ['', []],
  ])('of %j is %j', (text, expected) => {
    expect(meantBy(text)).toEqual(expected)
  })

  it('has what stands in it before what is made for it, and says so in the score', () => {
    expect(idsOf('laptop')[0]).toBe('aero')
    expect(idsOf('手机')[0]).toBe('nova')
    expect(idsOf('laptop bag')[0]).toBe('bag')
    expect(idsOf('laptop stand')[0]).toBe('stand')
    const { found } = searchIndex(shelf, query('laptop', { isExplained: true }))
    const kindsOf = (id: string) =>
      found.find(({ productId }) => productId === id)?.parts?.some(({ kind }) => kind === 'category')
    expect([kindsOf('aero'), kindsOf('bag')]).toEqual([true, false])
  })
})
