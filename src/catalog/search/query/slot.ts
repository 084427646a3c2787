import type { TermKind } from '../analysis/analyse.js'

/** The weight of a word itself. */
export const whole = 16

/** A word of the index that answers a word of the query. */
export type Alternative = {
  readonly term: number
  /** What it is worth beside the word itself, 1 to 16. */
  readonly weight: number
}

/** Something of the query that a product may have, in one of several writings. */
export type Slot = {
  /** As the query has it, folded. */
  readonly word: string
  readonly kind: TermKind
  /** Where it stands in the query, in words. */
  readonly at: number
  readonly alternatives: readonly Alternative[]
  /** How rare it is: a whole number, more is rarer. */
  readonly rarity: number
  /** Whether it only adds to what its parts say, and is not missed where it is not. */
  readonly isExtra: boolean
  /** What was looked for instead, where the word itself is unknown. */
  readonly corrected: string | null
}
