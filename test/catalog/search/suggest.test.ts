import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import type { DocumentFacet } from '../../../src/catalog/search/index/search-document.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { completionsOf } from '../../../src/catalog/search/suggest/complete.js'
import { askRelated } from '../../../src/catalog/search/suggest/related.js'
import { document, indexOf, query } from './documents.js'

type Goods = readonly [title: string, category: string, brand: string, ...attributes: readonly string[]]

const goods: readonly Goods[] = [
  ['小米 降噪 耳机 入耳式', '耳机', '小米', '降噪', '无线'],
  ['漫步者 蓝牙 耳机', '耳机', '漫步者', '蓝牙', '无线'],
  ['漫步者 降噪 蓝牙 耳机', '耳机', '漫步者', '降噪', '蓝牙'],
  ['小米 有线 耳机', '耳机', '小米', '有线'],
  ['小米 手机 5G', '手机', '小米', '双卡'],
  ['Wireless headphones with noise cancelling', 'Headphones', 'Orrin', 'Wireless', 'Noise cancelling'],
  ['Wired studio headphones', 'Headphones', 'Orrin', 'Wired', 'Closed back'],
  ['Wireless sport headphones', 'Headphones', 'Tidal', 'Wireless', 'Sport'],
  ['Sport headphones, closed', 'Headphones', 'Tidal', 'Wired', 'Sport'],
  ['Bluetooth speaker', 'Speakers', 'Orrin', 'Wireless'],
]

const shelf = indexOf(
  ...goods.map(([title, category, brand, ...attributes], at) => {
    const facet = (name: string, value: string): DocumentFacet => ({ facet: name, value, label: value })
    return document(`p${at}`, title, {
      texts: { title: [title], brand: [brand], category: [category], codes: [], attributes, description: [] },
      facets: [
        facet('category', category),
        facet('brand', brand),
        ...attributes.map((value) => facet('attribute:kind', value)),
      ],
    })
  }),
)

const textsOf = (typed: string) => completionsOf(shelf, typed, 8).map(({ text }) => text)

describe('completions', () => {
  it.each([
    ['head', 'Headphones'],
    ['耳', '耳机'],
    ['erj', '耳机'],
    ['xiaom', '小米'],
    ['xm', '小米'],
    ['mbz', '漫步者'],
    ['ti', 'Tidal'],
    ['cancell', 'Noise cancelling'],
    ['wireless hea', 'wireless headphones'],
    ['bluet', 'bluetooth'],
    ['heda', 'Headphones'],
    ['bleutooth', 'bluetooth'],
    ['ｈｅａｄ', 'Headphones'],
  ])('of %s begin with %s', (typed, expected) => {
    expect(textsOf(typed)[0]).toBe(expected)
  })

  it('say what each is and how many products it has, a name before a word', () => {
    expect(completionsOf(shelf, 'wire', 8)).toMatchObject([
      { text: 'Wireless', kind: 'attribute', products: 3 },
      { text: 'Wired', kind: 'attribute', products: 2 },
    ])
    expect(completionsOf(shelf, 'spea', 1)).toEqual([{ text: 'Speakers', kind: 'category', products: 1 }])
  })

  it('are nothing that is sold no more, and have what was saved a moment ago', () => {
    const facet = { facet: 'brand', value: 'Tidewater', label: 'Tidewater' }
    const later = updateIndex(shelf, { changed: [document('new', 'Kayak', { facets: [facet] })], gone: ['p7', 'p8'] })
    expect(completionsOf(later, 'tid', 8).map(({ text }) => text)).toEqual(['Tidewater'])
    expect(completionsOf(later, 'kay', 8).map(({ text }) => text)).toEqual(['kayak'])
  })

  it('are few, each once, and each found, whatever is typed', () => {
    const typed = fc.string({
      unit: fc.constantFrom('w', 'i', 'r', 'e', 'h', 'a', 'd', 'x', 'm', ' ', '耳', '小', '\ud800', '*', '1'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(typed, fc.integer({ min: 1, max: 5 }), (text, most) => {
        const completions = completionsOf(shelf, text, most)
        expect(completions.length).toBeLessThanOrEqual(most)
        expect(new Set(completions.map((each) => each.text.toLowerCase())).size).toBe(completions.length)
        for (const each of completions) {
          expect(each.products).toBeGreaterThan(0)
          expect(searchIndex(shelf, query(each.text)).total).toBeGreaterThan(0)
        }
      }),
      // 无线 stands among the attributes and in no title.
      { examples: [['w', 3]] },
    )
  })
})

describe('related searches', () => {
  const relatedOf = (asked: Parameters<typeof askRelated>[1]) => {
    const related = askRelated(shelf, asked)
    return related === null ? [] : related.told(searchIndex(shelf, related.query))
  }

  it.each([
    ['无线耳机', ['蓝牙耳机', '降噪耳机']],
    ['wireless headphones', ['Sport Headphones', 'Wired Headphones']],
    ['Orrin headphones', ['Sport Headphones', 'Wired Headphones', 'Wireless Headphones']],
  ])('of %s are the same kind of goods with other attributes', (text, expected) => {
    const related = relatedOf({ text, within: [], most: 8 }).map((each) => each.text)
    expect(related.map((each) => each.toLowerCase()).sort()).toEqual(expected.map((each) => each.toLowerCase()).sort())
  })

  it('count what lies within the asker’s reach, and nothing else', () => {
    const within = [{ kind: 'facet', facet: 'brand', values: new Set(['Tidal']) }] as const
    expect(relatedOf({ text: 'wireless headphones', within, most: 8 })).toEqual([])
    expect(relatedOf({ text: 'zeppelin', within: [], most: 8 })).toEqual([])
  })
})
