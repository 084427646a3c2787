import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyse, longestAnalysed } from '../../../src/catalog/search/analysis/analyse.js'
import { fold, foldWithOrigins } from '../../../src/catalog/search/analysis/fold.js'

const termsOf = (text: string, ...kinds: readonly string[]) =>
  analyse(text)
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ term }) => term)

describe('folding', () => {
  it.each([
    ['ＵＳＢ－Ｃ', 'usb-c'],
    ['Café Crème', 'cafe creme'],
    ['LabelWriter™ 450', 'labelwriter  450'],
    ['無線藍牙耳機', '无线蓝牙耳机'],
    ['無印良品', '无印良品'],
    ['½ m²', '1⁄2 m2'],
    ['ガラス', 'ガラス'],
  ])('makes %s %s', (text, expected) => {
    expect(fold(text)).toBe(expected)
  })

  it('comes to the same piece by piece, and knows where each piece stood', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('无', '無', 'Ａ', 'é', 'e\u0301', '™', ' ', '½', 'ß', '𠮷'), { maxLength: 12 }),
        (parts) => {
          const text = parts.join('')
          const { text: folded, origins } = foldWithOrigins(text)
          expect(folded).toBe(fold(text))
          expect(origins).toHaveLength(folded.length + 1)
          expect([...origins].sort((a, b) => a - b)).toEqual(origins)
          expect(origins.at(-1)).toBe(text.length)
        },
      ),
    )
  })
})

describe('the analyser', () => {
  it.each([
    ['Running Shoes', ['running', 'shoe']],
    ['watches, batteries and knives', ['watch', 'battery', 'knife']],
    ['glasses, bus, lens and boxes', ['glass', 'bus', 'len', 'box']],
    ["men's shirt", ['men', 'shirt']],
    ['!!! ---', []],
  ])('takes the words of %s', (text, expected) => {
    expect(termsOf(text)).toEqual(expected)
  })

  it.each([
    ['iPhone15', ['iphone', '15', 'iphone15']],
    ['Wi-Fi', ['wi', 'fi', 'wifi']],
    ['USB-C', ['usb', 'c', 'usbc']],
    ['WH-1000XM4', ['wh', '1000', 'xm', '4', '1000xm4', 'wh1000xm4']],
    ['5G', ['5g']],
  ])('keeps the name %s whole and in parts', (text, expected) => {
    expect(termsOf(text)).toEqual(expected)
  })

  it.each([
    ['500ml', '500ml'],
    ['500 ML', '500ml'],
    ['500毫升', '500ml'],
    ['6.1寸', '6.1in'],
    ['6.10-inch', '6.1in'],
    ['6.1"', '6.1in'],
    ['1,000 g', '1000g'],
    ['2米', '2m'],
    ['2 meters', '2m'],
    ['.5 in', '0.5in'],
    ['1/2 in.', '1/2in'],
  ])('reads the measure %s as %s', (text, expected) => {
    expect(termsOf(text, 'measure')).toEqual([expected])
  })

  it.each([
    ['5G手机', ['5g', '手', '手机', '机']],
    ['降噪耳机', ['降', '降噪', '噪', '噪耳', '耳', '耳机', '机']],
    ['壳', ['壳']],
  ])('takes Chinese text as characters and pairs: %s', (text, expected) => {
    expect(termsOf(text)).toEqual(expected)
  })

  it('gives every word a place inside the folded text, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const folded = fold(text)
        const found = analyse(text)
        for (const { term, start, end, span } of found) {
          expect(term).not.toBe('')
          expect(span).toBeGreaterThan(0)
          expect(start).toBeLessThan(end)
          expect(end).toBeLessThanOrEqual(folded.length)
        }
        const places = found.filter(({ span }) => span === 1).map(({ at }) => at)
        expect(places).toEqual([...places].sort((a, b) => a - b))
      }),
    )
  })

  it('looks at so much of a text and no more', () => {
    expect(analyse('word '.repeat(1_000_000)).at(-1)?.end).toBeLessThanOrEqual(longestAnalysed)
  })
})
