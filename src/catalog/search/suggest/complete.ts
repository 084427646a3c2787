import { fold } from '../analysis/fold.js'
import { stem } from '../analysis/stem.js'
import type { CatalogFigures } from '../index/catalog-figures.js'
import { type CatalogName, namesFrom } from './name-keys.js'
import { wordsFrom } from './word-list.js'

/** A text to search for instead of what was typed. */
export type Suggestion = {
  readonly text: string
  /**
   * Where it is from: what the shopper searched for before, what many others did, a name of the catalog, a word of titles, or a name with one of
   * its attributes.
   */
  readonly kind: 'history' | 'popular' | 'brand' | 'category' | 'attribute' | 'word' | 'phrase'
  /** How many products there are for it. */
  readonly products: number
}

/** Names and words of the catalog that what is typed may become, the likeliest first. */
export const completionsOf = (figures: CatalogFigures, typed: string, most: number): readonly Suggestion[] => {
  const folded = fold(typed).trimStart().slice(0, 60)
  if (folded.trim() === '') return []
  const found = [...namesOf(figures, folded), ...wordsOf(figures, folded)]
  const ranked = found.length > 0 ? found : misspelt(figures, folded)
  const seen = new Set([folded.trim()])
  return ranked
    .sort((a, b) => b.worth - a.worth || (a.text < b.text ? -1 : 1))
    .filter(({ text }) => {
      const key = fold(text).trim()
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
    .slice(0, most)
    .map(({ text, kind, products }) => ({ text, kind, products }))
}

type Ranked = Suggestion & { readonly worth: number }

const mostKeys = 400

// As powers of two of products: a category stands with an attribute of eight times its products.
const worthOfKind = { category: 4, brand: 3, attribute: 1, word: 0 } as const
const worthOfKey = { text: 4, pinyin: 3, initials: 2, laterWord: 0 } as const

const namesOf = (figures: CatalogFigures, folded: string): Ranked[] => {
  const countOf = createNameCount(figures)
  return namesFrom(figures.vocabulary, folded.trimEnd(), mostKeys).flatMap(({ name, by, key }) => {
    // First letters are meant whole: xm is 小米 and not what goes on behind it.
    if (by === 'initials' && key.length > folded.length + 1) return []
    const products = countOf(name)
    if (products === 0) return []
    const worth = worthOfKind[name.kind] + worthOfKey[by] + Math.log2(products)
    return [{ text: name.text.trim(), kind: name.kind, products, worth }]
  })
}

/** How many products on sale have a value; each facet is counted when a name of it is asked for. */
export const createNameCount = (figures: CatalogFigures): ((name: CatalogName) => number) => {
  const known = new Map<number, Uint32Array>()
  return ({ facet, value }) => {
    const counts = known.get(facet) ?? figures.countsOf(facet)
    known.set(facet, counts)
    return counts[value] ?? 0
  }
}

const lastWord = /[a-z]+$/
const mostWords = 30

/** What is typed with its last word completed by a word of titles, one that stands behind the word before. */
const wordsOf = (figures: CatalogFigures, folded: string): Ranked[] => {
  const beginning = lastWord.exec(folded)?.[0] ?? ''
  if (beginning.length < 2) return []
  return completedBy(figures, folded.slice(0, -beginning.length), wordsFrom(figures.vocabulary, beginning, mostWords))
}

const completedBy = (figures: CatalogFigures, before: string, words: readonly string[]): Ranked[] => {
  const { terms } = figures.vocabulary
  const previous = /([a-z]+)[\s-]*$/.exec(before)?.[1]
  const left = previous === undefined ? undefined : terms.find(stem(previous))
  return words.flatMap((word) => {
    const term = terms.find(stem(word))
    const products =
      term === undefined
        ? 0
        : previous === undefined
          ? figures.frequencyOf(term)
          : left === undefined
            ? 0
            : figures.titlesWith(left, term)
    if (products === 0) return []
    return [{ text: before + word, kind: 'word' as const, products, worth: worthOfKind.word + Math.log2(products) }]
  })
}

/** The same for a last word that nothing begins with: as it may have been meant. */
const misspelt = (figures: CatalogFigures, folded: string): Ranked[] => {
  const beginning = lastWord.exec(folded)?.[0] ?? ''
  if (beginning.length < 4) return []
  const before = folded.slice(0, -beginning.length)
  const whole = figures.vocabulary.speller.candidates(beginning).slice(0, 4)
  const begun = slips(beginning).flatMap((each) => wordsFrom(figures.vocabulary, each, 3))
  const words = [...new Set([...whole.map(({ word }) => word), ...begun])].slice(0, mostWords)
  const names = words.flatMap((word) => namesOf(figures, before + word))
  return [...names, ...completedBy(figures, before, words)]
}

/** A beginning with a letter too many taken out, two neighbours swapped, or its last letters left out. */
const slips = (beginning: string): readonly string[] => {
  const found: string[] = []
  for (let at = 1; at < beginning.length; at += 1) {
    found.push(beginning.slice(0, at) + beginning.slice(at + 1))
    if (at + 1 < beginning.length) {
      found.push(beginning.slice(0, at) + beginning.charAt(at + 1) + beginning.charAt(at) + beginning.slice(at + 2))
    }
  }
  return found
}
