import type { Vocabulary } from './vocabulary.js'

/** What is asked of a catalog before a query is answered: which words and names it has, and how often. */
export type CatalogFigures = {
  readonly vocabulary: Vocabulary
  /** Of how many products the words were counted. */
  readonly counted: number
  /** How many of these are no more what they were, at most. */
  readonly outdated: number
  /** In how many products a word occurs. */
  readonly frequencyOf: (term: number | undefined) => number
  /** In how many titles two words stand one after the other; of frequent words at most so many are looked at. */
  readonly titlesWith: (left: number, right: number, most?: number) => number
  /** By the number of a value of a facet: how many products on sale have it. */
  readonly countsOf: (facet: number) => Uint32Array
}

/** How often words were at a moment, whatever changed since: what a score is made of for as long as an epoch lasts. */
export type EpochFigures = Pick<CatalogFigures, 'counted' | 'outdated' | 'frequencyOf' | 'titlesWith'>
