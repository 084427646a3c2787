/** What a search word is: a whole word or number, a joined model name, a pair of Chinese characters, or one of them. */
export type TermKind = 'word' | 'model' | 'pair' | 'character'

/** A search word of a text, normalised. */
export type Term = {
  readonly term: string
  readonly kind: TermKind
  /** Whether a product must have it to answer a query that holds it. */
  readonly required: boolean
  /** Whether it is a letter or a character of a longer run, of use only when pairs find nothing. */
  readonly loose: boolean
}

/** The longest text that is analysed, in UTF-16 units; what follows is left out. */
export const longestAnalysed = 20_000

/**
 * Splits a text into search words; the same for what is indexed and what is asked.
 *
 * Full width becomes half, upper case lower, Latin plurals singular; model names are kept whole and in parts
 * (`iPhone15`: iphone, 15, iphone15); Chinese becomes pairs of characters and single ones.
 *
 * @returns the words in order of appearance, each once
 */
export const analyse = (text: string): readonly Term[] => {
  const found = new Map<string, Term>()
  const add = (term: string, kind: TermKind, required: boolean, loose: boolean): void => {
    const before = found.get(term)
    if (before === undefined) found.set(term, { term, kind, required, loose })
    else if ((required && !before.required) || (loose && !before.loose)) {
      found.set(term, { ...before, required: before.required || required, loose: before.loose || loose })
    }
  }
  const normal = text.slice(0, longestAnalysed).normalize('NFKC').toLowerCase()
  for (const [run] of normal.matchAll(runs)) {
    if (hanStart.test(run)) addHan(run, add)
    else addLatin(run, add)
  }
  return [...found.values()]
}

type Add = (term: string, kind: TermKind, required: boolean, loose: boolean) => void

const runs = /\p{Script=Han}+|[^\p{Script=Han}\s]+/gu
const hanStart = /^\p{Script=Han}/u
const tokens = /[\p{L}\p{N}]+(?:[.\-_/&+][\p{L}\p{N}]+)*/gu
const pieces = /\d+(?:\.\d+)?|[^\d\p{P}\p{S}]+/gu
const possessive = /['’]s(?![\p{L}\p{N}])/gu

const addHan = (run: string, add: Add): void => {
  const characters = [...run]
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1]
    if (next !== undefined) add(character + next, 'pair', true, false)
    add(character, 'character', characters.length === 1, true)
  }
}

const addLatin = (run: string, add: Add): void => {
  for (const [token] of run.replace(possessive, '').matchAll(tokens)) {
    const parts = [...token.matchAll(pieces)].map(([part]) => part)
    if (parts.length === 0) continue
    const whole = token.replace(/[-_/&+]/g, '')
    // A short model such as 5g or m2 means nothing in parts; a longer one is often written with a gap.
    const isShort = parts.length > 1 && whole.length <= 3
    if (parts.length > 1) add(whole, 'model', isShort, isShort)
    for (const part of parts) {
      const word = stem(part)
      if (!stopWords.has(word)) add(word, 'word', !isShort, !isShort)
    }
  }
}

const stopWords: ReadonlySet<string> = /* @__PURE__ */ new Set(
  'a an and are as at by for from in is it of on or the this to with'.split(' '),
)

const stem = (word: string): string => {
  if (word.length < 4 || !/[a-z]$/.test(word)) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.endsWith('ie')) return `${word.slice(0, -2)}y`
  if (/(?:x|ch|sh|ss|zz)es$/.test(word)) return word.slice(0, -2)
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word
}
