import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import type { SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { prepareWords } from '../../../src/catalog/search/query/search-words.js'
import { document, indexOf, query } from './documents.js'

const idsFor = (titles: Readonly<Record<string, string>>, text: string) =>
  searchIndex(indexOf(...Object.entries(titles).map(([id, title]) => document(id, title))), query(text)).found.map(
    ({ productId }) => productId,
  )

describe('a search of an index', () => {
  it.each([
    ['toilet seat', { a: 'Toilet seat', b: 'Toilet', c: 'Garden seat near the toilet door' }, 'a'],
    ['toiletseat', { a: 'Toilet seat', b: 'Toilet brush', c: 'Car seat' }, 'a'],
    ['sub woofer', { a: 'Subwoofer 200 W', b: 'Sub sandwich maker' }, 'a'],
    ['bluetoth speaker', { a: 'Bluetooth speaker', b: 'Speaker stand' }, 'a'],
    ['16 gb card', { a: 'Memory card 16GB', b: 'Card holder 16 slots', c: 'Memory card 32GB' }, 'a'],
    ['iphone15 case', { a: 'Case for iPhone 15', b: 'Case for iPhone 14' }, 'a'],
    ['無線耳機', { a: '无线耳机', b: '有线耳机' }, 'a'],
    ['500毫升水杯', { a: '水杯 500ml', b: '水杯 300ml' }, 'a'],
    ['running shoes', { a: 'Running shoe', b: 'Shoe rack, long running length' }, 'a'],
  ])('for %s finds first what is meant', (text, titles, expected) => {
    expect(idsFor(titles, text)[0]).toBe(expected)
  })

  it.each([
    ['iphone 15', { a: 'Case for iPhone 15', b: 'iPhone 15 smartphone, 128 GB, with charger' }, 'b'],
    ['iphone 15 case', { a: 'iPhone 15, 128 GB', b: 'Case for iPhone 15' }, 'b'],
    ['联想 电脑', { a: '适用于联想电脑的键盘膜', b: '联想小新 14英寸 电脑' }, 'b'],
    ['couch', { a: 'Sofa of linen', b: 'Couch table' }, 'b'],
  ])(
    'for %s puts the thing itself before what is made for it, and the word before one that means the same',
    (text, titles, expected) => {
      expect(idsFor(titles, text)[0]).toBe(expected)
    },
  )

  it.each([
    ['notebook', 'Laptop 14 inch'],
    ['耳麦', '降噪耳机'],
    ['隨身碟', 'U盘 64GB'],
  ])('for %s finds what is called otherwise', (text, title) => {
    expect(idsFor({ a: title, b: 'Garden gnome' }, text)).toEqual(['a'])
  })

  it('knows what the shop says of words', () => {
    const index = indexOf(document('a', 'Trousers of corduroy'), document('b', 'Slacks'), document('c', 'Cap'))
    const words = prepareWords({ alike: [['trousers', 'slacks']], rewritten: [['head gear', 'cap']], ignored: ['buy'] })
    const ids = (text: string) => searchIndex(index, query(text), words).found.map(({ productId }) => productId)
    expect(ids('slacks')).toEqual(['b', 'a'])
    expect(ids('Head Gear')).toEqual(['c'])
    expect(searchIndex(index, query('buy cap'), words).dropped).toEqual([])
    expect(ids('buy')).toEqual([])
    expect(searchIndex(index, query('overhead gear'), words).dropped).not.toContain('cap')
  })

  it.each([
    ['WH-1000XM4', 'a'],
    ['wh1000xm4', 'a'],
    ['ｗｈ 1000 xm4', 'a'],
    ['1000', 'b'],
  ])('for the code %s puts the product first that has it', (text, expected) => {
    const coded = (id: string, title: string, codes: readonly string[]) => {
      const plain = document(id, title)
      return { ...plain, texts: { ...plain.texts, codes } }
    }
    const index = updateIndex(
      indexOf(
        coded('a', 'Headphones', ['WH-1000XM4']),
        coded('z', 'Case for WH-1000XM4 WH-1000XM4 wh 1000 xm4, 1000 1000', ['CASE-7']),
      ),
      { changed: [coded('b', 'Nails', ['1000'])], gone: [] },
    )
    expect(searchIndex(index, query(text, { limit: 1 })).found.map(({ productId }) => productId)).toEqual([expected])
  })

  it('says what it looked for instead', () => {
    const { corrected, dropped } = searchIndex(indexOf(document('a', 'Bluetooth speaker')), query('bluetoth speaker'))
    expect(corrected).toEqual([{ from: 'bluetoth', to: 'bluetooth' }])
    expect(dropped).toEqual([])
  })

  it('names Chinese text that nothing has as it was written', () => {
    const { dropped } = searchIndex(indexOf(document('a', '降噪耳机')), query('太空船 耳机'))
    expect(dropped).toEqual(['太空船'])
  })

  it('looks for the characters where no pair of them stands anywhere, and titles have them all', () => {
    expect(idsFor({ a: '跑步鞋 女', b: '登山鞋 男' }, '女跑鞋')).toEqual(['a', 'b'])
    expect(idsFor({ a: '空调', b: '登山鞋 男' }, '太空船')).toEqual([])
  })

  it('orders ties by id, whatever part of the index they stand in', () => {
    const index = ['c', 'a', 'd', 'b'].reduce(
      (held, id) => updateIndex(held, { changed: [document(id, 'Lamp')], gone: [] }),
      emptyIndex(),
    )
    expect(searchIndex(index, query('lamp')).found.map(({ productId }) => productId)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('knows the words that objects have of their own as words', () => {
    expect(idsFor({ a: 'Constructor set', b: '__proto__ valueOf' }, 'constructor')).toEqual(['a'])
    expect(idsFor({ a: 'Constructor set' }, 'toString hasOwnProperty')).toEqual([])
  })
})

const words = ['lamp', 'desk', 'red', 'oak', '耳机', '无线', '15', 'usb-c', 'lamps'] as const

const goods = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    title: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }),
    brand: fc.constantFrom('', 'Orrin', 'Knot', 'Tidal'),
    colours: fc.uniqueArray(fc.constantFrom('red', 'blue', 'green'), { maxLength: 2 }),
    rare: fc.boolean(),
    priceMinor: fc.option(fc.integer({ min: 1, max: 20_000 })),
    createdAt: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    ({ id, title, brand, colours, rare, priceMinor, createdAt }): SearchDocument =>
      document(id, title.join(' '), {
        facets: [
          ...(brand === '' ? [] : [{ facet: 'brand', value: brand, label: brand }]),
          ...colours.map((value) => ({ facet: 'attribute:colour', value, label: value })),
          ...(rare && id === 'a' ? [{ facet: 'attribute:rare', value: 'yes', label: 'yes' }] : []),
        ],
        priceMinor,
        createdAt,
      }),
  )

const asked = fc
  .record({
    text: fc.array(fc.constantFrom(...words, 'lmap', 'zeppelin'), { maxLength: 3 }).map((all) => all.join(' ')),
    brands: fc.subarray(['Orrin', 'Knot', 'Tidal']),
    colours: fc.subarray(['red', 'blue']),
    minPriceMinor: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
    sort: fc.constantFrom('relevance', 'newest', 'priceAscending', 'priceDescending'),
    offset: fc.integer({ min: 0, max: 3 }),
    limit: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ brands, colours, minPriceMinor, text, ...rest }) =>
    query(text, {
      ...rest,
      filter: { brands, attributes: { colour: colours }, ...(minPriceMinor === undefined ? {} : { minPriceMinor }) },
    }),
  )

describe('an index that was updated', () => {
  it('answers what one made of the same products at once answers', () => {
    const changes = fc.array(
      fc.record({
        changed: fc.uniqueArray(goods, { selector: ({ id }) => id, maxLength: 4 }),
        gone: fc.subarray(['a', 'b']),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(changes, asked, (turns, wanted) => {
        let index = emptyIndex()
        const held = new Map<string, SearchDocument>()
        for (const { changed, gone } of turns) {
          const left = gone.filter((id) => !changed.some((each) => each.id === id))
          index = updateIndex(index, { changed, gone: left })
          for (const id of left) held.delete(id)
          for (const each of changed) held.set(each.id, each)
        }
        expect(index.size).toBe(held.size)
        const whole = updateIndex(emptyIndex(), { changed: [...held.values()], gone: [] })
        // What was once heard may still be proposed for a word that nothing has.
        fc.pre(searchIndex(index, wanted).corrected.length === 0)
        expect(searchIndex(index, wanted)).toEqual(searchIndex(whole, wanted))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a filter', () => {
  it('finds and counts what a look at every product finds and counts', () => {
    fc.assert(
      fc.property(fc.uniqueArray(goods, { selector: ({ id }) => id }), asked, (held, wanted) => {
        const { found, total, facets } = searchIndex(indexOf(...held), { ...wanted, text: '', offset: 0, limit: 100 })
        const { brands = [], attributes = {}, minPriceMinor } = wanted.filter
        const colours = attributes.colour ?? []
        const has = (each: SearchDocument, facet: string, values: readonly unknown[]) =>
          values.length === 0 || each.facets.some((stated) => stated.facet === facet && values.includes(stated.value))
        const byBrand = (each: SearchDocument) => has(each, 'brand', brands)
        const byColour = (each: SearchDocument) => has(each, 'attribute:colour', colours)
        const byPrice = ({ priceMinor }: SearchDocument) =>
          minPriceMinor === undefined || (priceMinor !== null && priceMinor >= minPriceMinor)
        const open = held.filter((each) => byBrand(each) && byColour(each) && byPrice(each))
        expect(found.map(({ productId }) => productId).sort()).toEqual(open.map(({ id }) => id).sort())
        expect(total).toBe(open.length)
        const ofBrands = held.filter((each) => byColour(each) && byPrice(each))
        expect(Object.fromEntries(facets.brands.map(({ brand, count }) => [brand, count]))).toEqual(
          countBy(ofBrands, 'brand'),
        )
        const ofColours = held.filter((each) => byBrand(each) && byPrice(each))
        const colour = facets.attributes.find(({ name }) => name === 'colour')
        expect(Object.fromEntries((colour?.values ?? []).map(({ value, count }) => [value, count]))).toEqual(
          countBy(ofColours, 'attribute:colour'),
        )
        const silent = ofColours.filter(
          ({ facets: stated }) => !stated.some(({ facet }) => facet === 'attribute:colour'),
        )
        if (colour !== undefined) expect(colour.notStated).toBe(silent.length)
        const ofPrices = held.filter((each) => byBrand(each) && byColour(each) && each.priceMinor !== null)
        expect(facets.prices.reduce((sum, { count }) => sum + count, 0)).toBe(ofPrices.length)
      }),
      { numRuns: 300 },
    )
  })

  it('pages through what it found, each once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(goods, { selector: ({ id }) => id }), asked, (held, wanted) => {
        const index = indexOf(...held)
        const all = searchIndex(index, { ...wanted, offset: 0, limit: 100 }).found
        const { offset, limit } = wanted
        expect(searchIndex(index, wanted).found).toEqual(all.slice(offset, offset + limit))
        expect(new Set(all.map(({ productId }) => productId)).size).toBe(all.length)
      }),
    )
  })
})

const countBy = (held: readonly SearchDocument[], facet: string): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { facets } of held) {
    for (const { facet: stated, value } of facets) if (stated === facet) counts[value] = (counts[value] ?? 0) + 1
  }
  return counts
}
