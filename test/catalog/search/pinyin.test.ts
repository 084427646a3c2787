import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pinyinOf, readingOf, syllablesIn } from '../../../src/catalog/search/pinyin/syllables.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { document, indexOf, query } from './documents.js'

const branded = (id: string, title: string, brand: string) =>
  document(id, title, { facets: [{ facet: 'brand', value: brand, label: brand }] })

const shelf = indexOf(
  branded('buds', '蓝牙耳机 降噪 运动', '漫步者'),
  branded('wired', '有线耳机 入耳式', '小米'),
  branded('phone', '小米手机 5G', '小米'),
  branded('bank', '充电宝 重低音', '绿联'),
  document('tuna', 'Tuna in oil'),
  document('lamp', 'Desk lamp'),
)

const ask = (text: string) => {
  const { found, corrected } = searchIndex(shelf, query(text))
  return { first: found[0]?.productId, corrected }
}

describe('a word in pinyin', () => {
  it.each([
    ['lanyaerji', 'buds', '蓝牙耳机'],
    ['xiaomi shouji', 'phone', '小米'],
    ['XiaoMi', 'phone', '小米'],
    ['chongdianbao', 'bank', '充电宝'],
    ['zhongdiyin', 'bank', '重低音'],
  ])('%s finds %s', (text, first, to) => {
    const answer = ask(text)
    expect(answer.first).toBe(first)
    expect(answer.corrected[0]?.to).toBe(to)
  })

  it.each([
    ['mbz', '漫步者', undefined],
    ['xm shouji', '小米', 'phone'],
  ])('%s is read by the first letters of a brand', (text, to, first) => {
    const answer = ask(text)
    expect(answer.corrected[0]).toEqual({ from: text.split(' ')[0], to })
    expect(answer.first).toBe(first)
  })

  it.each(['tuna', 'lamp', 'desk lamps'])('%s stays what it is, for a product has it', (text) => {
    expect(ask(text).corrected).toEqual([])
  })

  // Of the second, titles have 蓝牙 and 耳, but no word of the one character.
  it.each(['dianshiji', 'erlanya'])('%s is no Chinese word that the catalog has', (text) => {
    expect(ask(text).corrected).toEqual([])
  })
})

describe('syllables', () => {
  it('are found again in what they spell', () => {
    const characters = fc.array(fc.constantFrom(...'小米手机蓝牙耳充电宝西安女绿长重行'), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(characters, (chosen) => {
        const spelt = chosen.map((character) => readingOf(character) ?? '')
        const ways = syllablesIn(spelt.join(''))
        for (const way of ways) expect(way.join('')).toBe(spelt.join(''))
        if (ways.length < 8) expect(ways).toContainEqual(spelt)
      }),
    )
  })

  it('stop at a few ways, however long the word', () => {
    expect(syllablesIn('xian'.repeat(200)).length).toBeLessThanOrEqual(8)
    expect(syllablesIn('xian'.repeat(9))).toHaveLength(8)
    expect(syllablesIn(`${'xian'.repeat(8)}vvv`)).toEqual([])
  })

  it.each([
    ['小米14 pro', 'xiaomi14pro', 'xm14pro'],
    ['绿联', 'lvlian', 'll'],
  ])('of %s are told in full and by first letters', (text, full, initials) => {
    expect(pinyinOf(text)).toEqual({ full, initials })
    expect(pinyinOf('lamp')).toBeUndefined()
  })
})
