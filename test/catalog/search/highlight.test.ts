import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { highlight } from '../../../src/catalog/search/query/highlight.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { document, indexOf, query } from './documents.js'

const marked = (title: string, text: string): readonly string[] => {
  const { terms } = searchIndex(indexOf(document('a', title)), query(text))
  return highlight(title, new Set(terms)).map(({ start, end }) => title.slice(start, end))
}

describe('marks in a text', () => {
  it.each([
    ['Ｗｉｒｅｌｅｓｓ Headphones — <b>Wireless</b>', 'wireless', ['Ｗｉｒｅｌｅｓｓ', 'Wireless']],
    ['無線藍牙耳機 降噪', '蓝牙耳机', ['藍牙耳機']],
    ['Café crème sets', 'cafe set', ['Café', 'sets']],
    ['Sofa of oak', 'couch', ['Sofa']],
    ['Card 16GB', '16 gb', ['16GB']],
    ['Bluetooth speaker', 'bluetoth', ['Bluetooth']],
    ['小米手机', 'xiaomi', ['小米']],
    ['Lamp', 'zeppelin', []],
  ])('of %s for %s', (title, text, expected) => {
    expect(marked(title, text)).toEqual(expected)
  })

  it('lie in the text, ascend and stand apart, whatever is in it', () => {
    const texts = fc.string({
      unit: fc.constantFrom('無', 'ﬁ', '½', 'e\u0301', '<', 'a', ' ', '耳', '𠮷', '\ud800', 'ẞ'),
      maxLength: 20,
    })
    fc.assert(
      fc.property(texts, texts, (title, text) => {
        const { terms } = searchIndex(indexOf(document('a', title)), query(text))
        let end = -1
        for (const range of highlight(title, new Set(terms))) {
          expect(range.start).toBeGreaterThan(end)
          expect(range.end).toBeGreaterThan(range.start)
          end = range.end
        }
        expect(end).toBeLessThanOrEqual(title.length)
      }),
    )
  })
})
