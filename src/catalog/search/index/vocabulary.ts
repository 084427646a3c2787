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

/** An empty vocabulary. */
export const createVocabulary = (): Vocabulary => {
  const values: { readonly names: Names; readonly labels: string[] }[] = []
  const facets = createNames()
  const valuesOf = (facet: number) => {
    let held = values[facet]
    if (held === undefined) {
      held = { names: createNames(), labels: [] }
      values[facet] = held
    }
    return held
  }
  return {
    terms: createNames(),
    facets,
    valuesOf,
    valueIdOf: (facet, value, label) => {
      const { names, labels } = valuesOf(facet)
      const id = names.idOf(value)
      if (id === labels.length) labels.push(label)
      return id
    },
    speller: createSpeller(),
  }
}
