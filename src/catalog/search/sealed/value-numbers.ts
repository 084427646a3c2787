import type { Vocabulary } from '../index/vocabulary.js'
import { priceEdges } from '../query/price-steps.js'

/**
 * Numbers under which products of an epoch are counted: of the values of all facets one after the other, as they were
 * first met; of the steps of prices, below `firstValue`; and of the facets that a product states at all, below 0.
 */
export type ValueNumbers = {
  /** By the number of a value less `firstValue`: its facet, and its number in the vocabulary. */
  readonly facets: ArrayLike<number>
  readonly locals: ArrayLike<number>
  readonly find: (facet: number, local: number) => number | undefined
}

/** The first number of a value; those before are steps of prices. */
export const firstValue = 64

/** What says that a facet is stated. */
export const markOf = (facet: number): number => -1 - facet

/** Numbers that are given as values are met. */
export type GrowingValueNumbers = ValueNumbers & { readonly numberOf: (facet: number, local: number) => number }

/** Starts to number values; `given` are the first. */
export const createValueNumbers = (
  given: { readonly facets: ArrayLike<number>; readonly locals: ArrayLike<number> } = { facets: [], locals: [] },
): GrowingValueNumbers => {
  const facets = Array.from(given.facets)
  const locals = Array.from(given.locals)
  const known: (number | undefined)[][] = []
  const put = (facet: number, local: number, number: number): void => {
    const held = known[facet] ?? []
    known[facet] = held
    held[local] = number
  }
  for (const [at, facet] of facets.entries()) put(facet, locals[at] ?? 0, firstValue + at)
  const find = (facet: number, local: number): number | undefined => known[facet]?.[local]
  return {
    facets,
    locals,
    find,
    numberOf: (facet, local) => {
      const number = find(facet, local)
      if (number !== undefined) return number
      put(facet, local, firstValue + facets.length)
      facets.push(facet)
      locals.push(local)
      return firstValue + facets.length - 1
    },
  }
}

/** The values of a facet that have numbers, in the order of the vocabulary, with those numbers. */
export const numbersIn = (
  numbers: ValueNumbers,
  { valuesOf }: Vocabulary,
  facet: number,
): readonly (number | undefined)[] => valuesOf(facet).names.list.map((_, local) => numbers.find(facet, local))

/** How many steps of prices there are, with that of no price. */
export const priceSteps = priceEdges.length + 1
