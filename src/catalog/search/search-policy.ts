import type { Instant } from '../../shared/instant.js'
import { fold } from './analysis/fold.js'
import type { Arrangement, BrandShare } from './query/arrangement.js'
import type { PreparedWords } from './query/search-words.js'

/** How a shop wants its searches answered. */
export type SearchPolicy = {
  /** Synonyms, rewritings and words to ignore, of `prepareWords`; those that every shop has when absent. */
  readonly words?: PreparedWords
  /** How many of the first places one brand may take; 4 of 10 when absent, null for as many as come. */
  readonly brands?: BrandShare | null
  /** What comes first or last for which query; the first rule that holds counts. */
  readonly rules?: readonly SearchRule[]
  /**
   * By which share a product counts for more than its words say, of sales, rating or margin as the shop knows them; no
   * more than 0.15 either way is taken.
   */
  readonly boost?: (productId: string) => number
  /** What others searched for, where it is offered; from five people on, and whatever it is, when absent. */
  readonly popular?: PopularPolicy
}

/** Which searches of others are offered. */
export type PopularPolicy = {
  /** How many people must have searched for it; never fewer than five. */
  readonly leastPeople?: number
  /** What is offered to nobody: texts that have any of these in them. */
  readonly blocked?: readonly string[]
}

/** What comes first or last for a query. */
export type SearchRule = {
  /** Queries that it holds for, as they are asked, whole, whatever their case or width; absent for all. */
  readonly queries?: readonly string[]
  /** From when it holds, and until when; always where absent. */
  readonly from?: Instant
  readonly until?: Instant
  /** Ids of products that come first, in this order, where they meet the filter. */
  readonly pinned?: readonly string[]
  /** Ids of products that come last. */
  readonly buried?: readonly string[]
}

const defaultBrands: BrandShare = { first: 10, most: 4 }

/**
 * What a policy asks of the order of a search.
 *
 * @param text - the query as it was asked, with the conditions it states
 * @param isOfBrand - whether a brand was asked for, which then may take every place
 */
export const arrangementFor = (
  { brands = defaultBrands, rules = [], boost }: SearchPolicy,
  { text, isOfBrand, now }: { readonly text: string; readonly isOfBrand: boolean; readonly now: Instant },
): Arrangement => {
  const asked = fold(text).trim()
  const rule = rules.find(
    ({ queries, from, until }) =>
      (queries === undefined || queries.some((each) => fold(each).trim() === asked)) &&
      (from === undefined || now >= from) &&
      (until === undefined || now < until),
  )
  return {
    ...(brands === null || isOfBrand ? {} : { brands }),
    ...(rule?.pinned === undefined ? {} : { pinned: rule.pinned }),
    ...(rule?.buried === undefined ? {} : { buried: rule.buried }),
    ...(boost === undefined ? {} : { boost }),
  }
}
