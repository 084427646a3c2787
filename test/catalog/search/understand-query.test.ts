import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import { applyUnderstood } from '../../../src/catalog/search/understanding/apply-understood.js'
import { lexiconOf } from '../../../src/catalog/search/understanding/lexicon.js'
import { type UnderstoodPart, understandQuery } from '../../../src/catalog/search/understanding/understand-query.js'

const facets = [
  ['brand', '华为', '华为'],
  ['brand', '小米', '小米'],
  ['brand', 'Tidal Works', 'Tidal Works'],
  ['category', 'cat_audio', 'Headphones\n耳机'],
  ['category', 'cat_phones', 'Phones\n手机'],
  ['attribute:colour', 'red', 'Red'],
  ['attribute:颜色', '红色', '红色'],
  ['attribute:网络', '5g', '5G'],
  ['attribute:size', '42', '42'],
  ['attribute:尺码', '42', '42'],
  ['currency', 'CNY', 'CNY'],
] as const

const index = updateIndex(emptyIndex(), {
  changed: facets.map(([facet, value, label], at) => ({
    id: `p${at}`,
    texts: { title: ['x'], brand: [], category: [], codes: [], attributes: [], description: [] },
    facets: [{ facet, value, label }],
    priceMinor: 100,
    createdAt: 0,
  })),
  gone: [],
})
const lexicon = lexiconOf(index)

const inWords = (part: UnderstoodPart): string => {
  switch (part.kind) {
    case 'price':
      return `${part.source} price ${part.from ?? ''}..${part.to ?? ''}`
    case 'brand':
      return `${part.source} brand ${part.brand}`
    case 'category':
      return `${part.source} category ${part.categoryId}`
    case 'attribute':
      return `${part.source} ${part.name} ${part.value}`
  }
}

const read = (query: string, literally: readonly string[] = []) => {
  const { text, parts } = understandQuery(lexicon, query, literally)
  return {
    text,
    parts: parts.map(inWords),
  }
}

describe('what a query says beyond words', () => {
  it.each([
    [
      '价格:500元以内+品牌:华为+类目:耳机',
      '',
      ['stated price ..500', 'stated brand 华为', 'stated category cat_audio'],
    ],
    [
      '小米手机5G价格2000元',
      '小米手机5G',
      ['inferred brand 小米', 'inferred category cat_phones', 'inferred 网络 5G', 'inferred price 1600..2400'],
    ],
    ['1000到2000元的降噪耳机', '降噪耳机', ['stated price 1000..2000', 'inferred category cat_audio']],
    [
      'red running shoes under $50 size 42',
      'red running shoes',
      ['inferred colour Red', 'stated price ..50', 'stated size 42'],
    ],
    ['brand: Tidal Works; category: headphones', '', ['stated brand Tidal Works', 'stated category cat_audio']],
    ['品牌：华为 颜色：红色 跑鞋', '跑鞋', ['stated brand 华为', 'stated 颜色 红色']],
    ['红色跑鞋 尺码42', '红色跑鞋', ['inferred 颜色 红色', 'stated 尺码 42']],
    ['tidal works speaker', 'tidal works speaker', ['inferred brand Tidal Works']],
    ['tidal works', 'tidal works', ['inferred brand Tidal Works']],
    ['tidal workshop', 'tidal workshop', []],
    ['10元话费充值', '10元话费充值', []],
    ['60元', '60元', []],
    ['品牌:没有的', '品牌:没有的', []],
    ['lamp', 'lamp', []],
  ] as const)('%s', (query, text, parts) => {
    expect(read(query)).toEqual({ text, parts })
  })

  it('is left to be words where the shopper takes it away', () => {
    expect(read('red shoes under $50', ['under $50'])).toEqual({
      text: 'red shoes under $50',
      parts: ['inferred colour Red'],
    })
    expect(read('red shoes under $50', ['red shoes under $50'])).toEqual({ text: 'red shoes under $50', parts: [] })
  })

  it('tells where in the query it stands, as it is written there', () => {
    const query = 'Ｒｅｄ 鞋 ５００元以内'
    const { parts } = understandQuery(lexicon, query)
    expect(parts.map(({ written }) => written)).toEqual(['Ｒｅｄ', '５００元以内'])
    for (const { start, end, written } of parts) expect(query.slice(start, end)).toBe(written)
  })

  it('is part of the query for every text, and never fails', () => {
    const piece = fc.constantFrom(
      '价格:',
      '500',
      '元以内',
      '+',
      '品牌:',
      '华为',
      ' ',
      'under $',
      '耳机',
      'ﬁ',
      '𠮷',
      ':',
      'size 42',
      '\ud800',
    )
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(texts, (query) => {
        const { parts } = understandQuery(lexicon, query)
        let before = 0
        for (const { start, end, written } of parts) {
          expect(start).toBeGreaterThanOrEqual(before)
          expect(query.slice(start, end)).toBe(written)
          before = end
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a filter with what a query states', () => {
  const stated = (query: string, filter = {}, currencies: readonly string[] = ['CNY']) =>
    applyUnderstood(filter, understandQuery(lexicon, query).parts, currencies).filter

  it('has its conditions in minor units of the currency of the shop', () => {
    expect(stated('价格:499.5元以内+品牌:华为+类目:耳机')).toEqual({
      maxPriceMinor: 49_950,
      brands: ['华为'],
      categoryId: 'cat_audio',
    })
    expect(stated('phone under 200', {}, ['JPY'])).toEqual({ maxPriceMinor: 200 })
  })

  it.each([
    ['CAD', 'lamp under $50', { maxPriceMinor: 5_000 }],
    ['CAD', 'price: under $50', { maxPriceMinor: 5_000 }],
    ['CAD', 'lamp under 50 usd', {}],
    ['JPY', '¥5000以下', { maxPriceMinor: 5_000 }],
    ['EUR', 'lamp under $50', {}],
  ])('has in a shop that sells in %s only, for %s, %j', (currency, query, filter) => {
    const sold = { ...lexicon, currencies: [currency] }
    expect(applyUnderstood({}, understandQuery(sold, query).parts, sold.currencies).filter).toEqual(filter)
  })

  it('keeps what the filter says of the same, and leaves other currencies and what is inferred alone', () => {
    expect(stated('品牌:华为', { brands: ['小米'] })).toEqual({ brands: ['小米'] })
    expect(stated('500元以内', { minPriceMinor: 1 })).toEqual({ minPriceMinor: 1 })
    expect(stated('shoes under $50')).toEqual({})
    expect(stated('shoes under 500', {}, ['CNY', 'USD'])).toEqual({})
    expect(stated('小米手机 价格2000元')).toEqual({})
  })
})
