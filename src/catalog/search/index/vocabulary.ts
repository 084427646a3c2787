import { createSpeller, type Speller } from '../spelling/speller.js'
import { createNames, type Names } from './names.js'

/** The values of a facet under numbers. */
export type FacetValues = {
  readonly names: Names
  /**
   * As each is shown: a category as it is called now, any other value as it was first written. Nothing for one that an
   * index apart has met, and this one has not.
   */
  readonly labels: readonly (string | undefined)[]
}

/** What the segments of an index have in common: numbers for words, facets and their values, which are never given anew. */
export type Vocabulary = {
  readonly terms: Names
  readonly facets: Names
  /** The values of a facet that has a number. */
  readonly valuesOf: (facet: number) => FacetValues
  readonly valueIdOf: (facet: number, value: string, label: string) => number
  /** The same object for as long as every value is shown as it was: what is made of the labels is kept by it. */
  readonly naming: () => object
  /** The same, with labels that go their own way from now on. */
  readonly apart: () => Vocabulary
  /** The words of titles as they are written. */
  readonly speller: Speller
}

/** What a vocabulary begins with. */
export type GivenVocabulary = {
  readonly terms: readonly string[]
  readonly facets: readonly {
    readonly name: string
    readonly values: readonly string[]
    readonly labels: readonly string[]
  }[]
  readonly heard: readonly (readonly [word: string, count: number])[]
}

const nothing: GivenVocabulary = { terms: [], facets: [], heard: [] }

/** A vocabulary of what is given; an empty one of nothing. */
export const createVocabulary = (given: GivenVocabulary = nothing): Vocabulary =>
  vocabularyOf({
    terms: createNames(given.terms),
    facets: createNames(given.facets.map(({ name }) => name)),
    values: given.facets.map((facet) => ({ names: createNames(facet.values), labels: [...facet.labels] })),
    speller: createSpeller(given.heard),
  })

type Held = Pick<Vocabulary, 'terms' | 'facets' | 'speller'> & {
  readonly values: { readonly names: Names; readonly labels: (string | undefined)[] }[]
  readonly named?: object
}

const vocabularyOf = ({ terms, facets, values, speller, named }: Held): Vocabulary => {
  let naming = named
  const valuesOf = (facet: number) => {
    let held = values[facet]
    if (held === undefined) {
      held = { names: createNames(), labels: [] }
      values[facet] = held
    }
    return held
  }
  const namingNow = (): object => {
    naming ??= {}
    return naming
  }
  return {
    terms,
    facets,
    valuesOf,
    valueIdOf: (facet, value, label) => {
      const { names, labels } = valuesOf(facet)
      const id = names.idOf(value)
      const before = labels[id]
      // Products write a value each in its own way; a category has one name at a time, and bears its id where it is unread.
      if (before === undefined || (before !== label && label !== value && facet === facets.find('category'))) {
        labels[id] = label
        naming = undefined
      }
      return id
    },
    naming: namingNow,
    apart: () => {
      const own = values.map(({ names, labels }) => ({ names, labels: [...labels] }))
      return vocabularyOf({ terms, facets, values: own, speller, named: namingNow() })
    },
    speller,
  }
}

/** The same for products that are in the index already: it hears no word of them again, and keeps all labels. */
export const asKnown = (vocabulary: Vocabulary): Vocabulary => ({
  ...vocabulary,
  valueIdOf: (facet, value) => vocabulary.valuesOf(facet).names.idOf(value),
  speller: { ...vocabulary.speller, hear: () => {} },
})
