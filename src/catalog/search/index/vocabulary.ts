import { createSpeller, type Speller } from '../spelling/speller.js'
import { createNames, type Names } from './names.js'

/** The values of a facet under numbers. */
export type FacetValues = {
  readonly names: Names
  /** As each is shown: as it was first written. */
  readonly labels: readonly string[]
}

/** What the segments of an index have in common: numbers for words, facets and their values. It only grows. */
export type Vocabulary = {
  readonly terms: Names
  readonly facets: Names
  /** The values of a facet that has a number. */
  readonly valuesOf: (facet: number) => FacetValues
  readonly valueIdOf: (facet: number, value: string, label: string) => number
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
export const createVocabulary = (given: GivenVocabulary = nothing): Vocabulary => {
  const values: { readonly names: Names; readonly labels: string[] }[] = given.facets.map((facet) => ({
    names: createNames(facet.values),
    labels: [...facet.labels],
  }))
  const facets = createNames(given.facets.map(({ name }) => name))
  const valuesOf = (facet: number) => {
    let held = values[facet]
    if (held === undefined) {
      held = { names: createNames(), labels: [] }
      values[facet] = held
    }
    return held
  }
  return {
    terms: createNames(given.terms),
    facets,
    valuesOf,
    valueIdOf: (facet, value, label) => {
      const { names, labels } = valuesOf(facet)
      const id = names.idOf(value)
      if (id === labels.length) labels.push(label)
      return id
    },
    speller: createSpeller(given.heard),
  }
}
