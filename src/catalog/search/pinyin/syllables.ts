import { pinyinTable } from './pinyin-table.js'

/** Characters by syllable, and the first reading of each character. */
type Readings = { readonly charactersOf: ReadonlyMap<string, string>; readonly readingOf: ReadonlyMap<string, string> }

let readings: Readings | undefined

// Made when the first Latin word comes that nothing has.
const readingsOf = (): Readings => {
  if (readings !== undefined) return readings
  const charactersOf = new Map<string, string>()
  const readingOf = new Map<string, string>()
  for (const [, syllable = '', characters = ''] of pinyinTable.matchAll(/([a-z]+)([^a-z]+)/g)) {
    charactersOf.set(syllable, characters)
    for (const character of characters) if (!readingOf.has(character)) readingOf.set(character, syllable)
  }
  for (const [written, syllable] of [
    ['lue', 'lve'],
    ['nue', 'nve'],
  ] as const) {
    charactersOf.set(written, charactersOf.get(syllable) ?? '')
  }
  readings = { charactersOf, readingOf }
  return readings
}

/** The characters that are read as a syllable. */
export const charactersReadAs = (syllable: string): string => readingsOf().charactersOf.get(syllable) ?? ''

/** How a character is read; undefined for what the table does not have. */
export const readingOf = (character: string): string | undefined => readingsOf().readingOf.get(character)

const longestSyllable = 6
const mostWays = 8

/** The ways to take letters apart into syllables, those of fewer syllables first; at most a few. */
export const syllablesIn = (letters: string): readonly (readonly string[])[] => {
  const { charactersOf } = readingsOf()
  const ways: (readonly string[])[] = []
  const dead = new Set<number>()
  const walk = (at: number, before: readonly string[]): boolean => {
    if (at === letters.length) {
      ways.push(before)
      return true
    }
    if (dead.has(at)) return false
    let isWay = false
    for (let length = Math.min(longestSyllable, letters.length - at); length > 0; length -= 1) {
      if (ways.length >= mostWays) return true
      const syllable = letters.slice(at, at + length)
      if (charactersOf.has(syllable) && walk(at + length, [...before, syllable])) isWay = true
    }
    if (!isWay) dead.add(at)
    return isWay
  }
  walk(0, [])
  return ways.sort((a, b) => a.length - b.length)
}

/** The text in pinyin, and by first letters; Latin letters and digits stay, and undefined where no character is Chinese. */
export const pinyinOf = (folded: string): { readonly full: string; readonly initials: string } | undefined => {
  let full = ''
  let initials = ''
  let isChinese = false
  for (const character of folded) {
    const reading = readingOf(character)
    if (reading !== undefined) {
      full += reading
      initials += reading.charAt(0)
      isChinese = true
    } else if (/[a-z0-9]/.test(character)) {
      full += character
      initials += character
    }
  }
  return isChinese ? { full, initials } : undefined
}
