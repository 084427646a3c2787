import { fold } from '../analysis/fold.js'
import type { CatalogFigures } from '../index/catalog-figures.js'
import { pinyinOf } from '../pinyin/syllables.js'

/** A word of a catalog that is more than a word: a brand, a category, a value of an attribute. */
export type KnownName =
  | { readonly kind: 'brand'; readonly brand: string }
  | { readonly kind: 'category'; readonly categoryId: string }
  | { readonly kind: 'attribute'; readonly name: string; readonly value: string }

/** What a catalog calls its brands, categories and attributes. */
export type Lexicon = {
  /** What a folded text is the name of. */
  readonly find: (folded: string) => readonly KnownName[]
  readonly isAttribute: (folded: string) => boolean
  /** The brand or category whose first letters in pinyin are these; brands first. */
  readonly namedByInitials: (letters: string) => string | undefined
  /** Every name, folded, and what it is the name of. */
  readonly names: ReadonlyMap<string, readonly KnownName[]>
  /** Characters of the longest name. */
  readonly longest: number
  /** Currencies that something on sale is sold in. */
  readonly currencies: readonly string[]
}

const lexicons = new WeakMap<CatalogFigures, Lexicon>()

/** The names that stand in an index; made once for each. */
export const lexiconOf = (figures: CatalogFigures): Lexicon => {
  const known = lexicons.get(figures)
  if (known !== undefined) return known
  const made = makeLexicon(figures)
  lexicons.set(figures, made)
  return made
}

const longestName = 40
const attributeMark = 'attribute:'

const makeLexicon = (figures: CatalogFigures): Lexicon => {
  const { facets, valuesOf } = figures.vocabulary
  const names = new Map<string, KnownName[]>()
  const attributes = new Set<string>()
  let initials: ReadonlyMap<string, string> | undefined
  let longest = 0
  const add = (text: string, name: KnownName): void => {
    const folded = fold(text).trim()
    // A single letter or digit is a size or a count in most texts, and its attribute has to be named.
    if (folded === '' || folded.length > longestName || isSlight(folded)) return
    const held = names.get(folded)
    if (held === undefined) names.set(folded, [name])
    else held.push(name)
    longest = Math.max(longest, folded.length)
  }
  for (const [id, facet] of facets.list.entries()) {
    const values = valuesOf(id)
    if (facet.startsWith(attributeMark)) attributes.add(fold(facet.slice(attributeMark.length)))
    for (const [at, value] of values.names.list.entries()) {
      const label = values.labels[at]
      if (label === undefined) continue
      if (facet === 'brand') add(label, { kind: 'brand', brand: value })
      else if (facet === 'category') {
        for (const name of label.split('\n')) add(name, { kind: 'category', categoryId: value })
      } else if (facet.startsWith(attributeMark)) {
        add(label, { kind: 'attribute', name: facet.slice(attributeMark.length), value: label })
      }
    }
  }
  return {
    find: (folded) => names.get(folded) ?? [],
    isAttribute: (folded) => attributes.has(folded),
    namedByInitials: (letters) => {
      initials ??= initialsOf(names)
      return initials.get(letters)
    },
    names,
    longest,
    currencies: currenciesOf(figures),
  }
}

// A single one need not be counted.
const currenciesOf = ({ vocabulary, countsOf }: CatalogFigures): readonly string[] => {
  const facet = vocabulary.facets.find('currency')
  const all = facet === undefined ? [] : vocabulary.valuesOf(facet).names.list
  if (facet === undefined || all.length < 2) return all
  const counts = countsOf(facet)
  return all.filter((_, value) => (counts[value] ?? 0) > 0)
}

const initialsOf = (names: ReadonlyMap<string, readonly KnownName[]>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const wanted of ['brand', 'category'] as const) {
    for (const [name, meanings] of names) {
      if (!meanings.some(({ kind }) => kind === wanted)) continue
      const letters = pinyinOf(name)?.initials
      if (letters !== undefined && letters.length > 1 && !found.has(letters)) found.set(letters, name)
    }
  }
  return found
}

const isSlight = (folded: string): boolean =>
  /^(?:[\x21-\x7e]|\d+(?:\.\d+)?|true|false|yes|no|\p{Script=Han})$/u.test(folded)
