import type { ResultAsync } from 'neverthrow'
import type { StorageUnavailable } from '../../../shared/errors.js'
import type { Instant } from '../../../shared/instant.js'
import type { CoverCount } from '../query/score-segments.js'
import { savedFileVersion } from '../saved/saved-file.js'

/**
 * Keeps the products of a catalog as they were at a moment, an epoch, where they can be looked up without being held in
 * process: in tables of a database. An epoch that is ready never changes; what changed since is the asker's to know.
 */
export type SealedIndex = {
  /** The newest epoch of a format that is ready, or null; those of other formats are for other releases of the library. */
  readonly newest: (of: {
    readonly shop: string
    readonly format: number
  }) => ResultAsync<SealedEpoch | null, StorageUnavailable>
  /** What processes keep of an epoch, as it was written; null where the epoch is no more. */
  readonly knowledge: (place: EpochPlace) => ResultAsync<Uint8Array | null, StorageUnavailable>
  /** Where products stand in an epoch; those that it does not have are left out. */
  readonly placesOf: (
    place: EpochPlace & { readonly ids: readonly string[] },
  ) => ResultAsync<readonly SealedPlace[], StorageUnavailable>
  /** Answers questions in one round trip, each in its place; null where the epoch is no more. */
  readonly find: (
    questions: readonly SealedQuestion[],
  ) => ResultAsync<readonly SealedFindings[] | null, StorageUnavailable>
  /**
   * The epoch that is being written; begun now where there is none of this format, and the newest is still the one that
   * was seen. One that began too long ago is given up, for all that was saved since would count as changed. Null where
   * another machine has made a newer one meanwhile.
   */
  readonly begin: (start: {
    readonly shop: string
    readonly format: number
    readonly at: Instant
    /** The newest epoch of the format that was seen; 0 for none. */
    readonly after: number
    /** What began before this is given up, and before the other moment where nothing is written of it. */
    readonly since: Instant
    readonly emptySince: Instant
  }) => ResultAsync<EpochDraft | null, StorageUnavailable>
  /** Adds products to an epoch that is being written; false where another machine has written this part of it. */
  readonly write: (part: EpochPart) => ResultAsync<boolean, StorageUnavailable>
  /**
   * Makes a written epoch the newest of its format, and gives up those before the last of it; false where another machine
   * has changed it meanwhile. What another release has made since that last one stays. It is short, however large the
   * epoch is.
   */
  readonly publish: (place: EpochPlace & { readonly parts: number }) => ResultAsync<boolean, StorageUnavailable>
  /** Drops some of what was written of epochs that are given up; true where there may be more. */
  readonly drop: (shop: string) => ResultAsync<boolean, StorageUnavailable>
}

/** Another number where words are analysed or weighed in another way, or what is known of an epoch is told in another. */
const sealedWay = 1

/** How epochs are written now. What is known of one is a saved file, so that one of another version is of another format. */
export const sealedFormat = sealedWay * 100 + savedFileVersion

/** An epoch of a shop. */
export type EpochPlace = { readonly shop: string; readonly epoch: number }

/** An epoch that is ready. */
export type SealedEpoch = {
  readonly epoch: number
  /** The way in which it was written; another one cannot be read. */
  readonly format: number
  /** Products that were saved from this moment on may be missing, or be as they were before. */
  readonly from: Instant
}

/** An epoch that is being written. */
export type EpochDraft = SealedEpoch & {
  /** How many parts are written. */
  readonly parts: number
  /** The last product that is written; null before the first. */
  readonly lastId: string | null
}

/** Products that are written together, in order of ids. */
export type EpochPart = EpochPlace & {
  /** How many parts come before it. */
  readonly part: number
  readonly lastId: string
  /** What processes keep of the epoch up to here. */
  readonly knowledge: Uint8Array
  readonly documents: readonly SealedDocument[]
  readonly postings: readonly SealedPostings[]
  /** Numbers made of SKUs and models, each with its product. */
  readonly codes: readonly { readonly code: number; readonly document: number }[]
}

/** A product as it stands in an epoch; its number is its place among all, in order of ids. */
export type SealedDocument = {
  readonly document: number
  readonly id: string
  /** Minor units; null without one. */
  readonly price: number | null
  readonly columns: SealedColumns
  /** Numbers of what it is counted under. */
  readonly values: readonly number[]
  /** Numbers of the words of its title, less than 0 where they say what the product is for. */
  readonly title: readonly number[]
}

/** What products are sorted by, beside their price. */
export type SealedColumns = {
  readonly createdAt: number
  readonly launchedAt: number
  readonly sold: number
  readonly trend: number
  readonly recommendation: number
}

/** The products of a part that have a word, or, under `-1 - value`, what they are counted under. */
export type SealedPostings = {
  readonly term: number
  /** Added to the number of each product. */
  readonly base: number
  /** The number of a product times 256, and what the word says of it, 1 to 255; ascending. */
  readonly entries: readonly number[]
}

/** A product of an epoch, and what it is counted under. */
export type SealedPlace = { readonly id: string; readonly document: number; readonly values: readonly number[] }

/** What an epoch is asked: candidates by words, filter, counts, order and page in one. */
export type SealedQuestion = EpochPlace & {
  /** Products that are no more what they were; the same list in all questions of a moment. */
  readonly dead: readonly number[]
  /** Null where all products are in question. */
  readonly words: SealedWords | null
  /** Conditions that must be met; nothing else is found or counted. */
  readonly within: readonly SealedWithin[]
  /** Conditions of the filter, each counted by itself; at most 48. */
  readonly parts: readonly SealedPart[]
  /** Ids of the only products in question; null for all. */
  readonly among: readonly string[] | null
  readonly sort: SealedSort
  /** How many of the first are wanted, and of how many it is told what they state and, where words are asked for, their titles. */
  readonly most: number
  readonly mostLooked: number
  /** Ids of products that are told apart, wherever they stand; they are not among the first. */
  readonly apart: readonly string[]
  /** Whether products are counted under what they state, and whether what the first state is told. */
  readonly isCounted: boolean
  readonly wantsValues: boolean
  /** Whether it is told what each word says of each of the first. */
  readonly isExplained: boolean
}

/** The order of the first: by score, or by a column; ties by id. */
export type SealedSort =
  | { readonly by: 'score' }
  | {
      readonly by: keyof SealedColumns | 'price'
      /** The least first; its key is then told below 0. */
      readonly isRising: boolean
      /** Only what comes behind this. */
      readonly after: { readonly key: number; readonly id: string } | null
    }

/** Words that are looked for. All sums are whole numbers. */
export type SealedWords = {
  /** The writings of each word; of several that a product has the one of most worth counts: `1 + ((worth * impact) >> 4)`. */
  readonly writings: readonly { readonly slot: number; readonly term: number; readonly worth: number }[]
  /** By slot: what it adds to how much of the query a product has. */
  readonly covers: readonly number[]
  readonly total: number
  /** By parts of 64 of the total that a product has: of 1,024, the share of its sum that it scores. */
  readonly shares: readonly number[]
  /** How many products outside the epoch have how much. */
  readonly others: readonly CoverCount[]
  /**
   * What is enough: `usual` of the most that any product has, in the epoch or outside; where fewer than `enough` have
   * that, `least` of it.
   */
  readonly enough: { readonly usual: number; readonly least: number; readonly products: number }
  /** What has this very code is found too, and scores `worth` more. */
  readonly code: { readonly code: number; readonly worth: number } | null
}

/** A condition: to have one of some values, a price within bounds, or, too, not to have a mark. */
export type SealedPart = {
  readonly values: readonly number[]
  readonly price: { readonly from: number; readonly to: number } | null
  readonly lacking: number | null
}

/** What must be met at all; of several choices all conditions of one. */
export type SealedWithin =
  | { readonly kind: 'part'; readonly part: SealedPart }
  | { readonly kind: 'atLeast'; readonly column: 'launchedAt' | 'trend'; readonly least: number }
  | { readonly kind: 'products'; readonly ids: readonly string[] }
  | { readonly kind: 'anyOf'; readonly choices: readonly (readonly SealedWithin[])[] }

/** What an epoch answers. Of a mask the lowest bit is the first part of the filter, or the first slot. */
export type SealedFindings = {
  /** The newest epoch that is ready. */
  readonly newest: number
  /** How much of the words was enough. */
  readonly least: number
  readonly rows: readonly SealedRow[]
  /** The product of the highest score, whatever the filter, and which words it has. */
  readonly best: { readonly id: string; readonly score: number; readonly slots: number } | null
  /** How many of the products in question miss which parts of the filter. */
  readonly missing: readonly { readonly parts: number; readonly count: number }[]
  /** Of those that miss one part at most: how many miss it and have each value that any of them has. */
  readonly counts: readonly {
    readonly parts: number
    readonly values: readonly number[]
    readonly counts: readonly number[]
  }[]
  readonly impacts: readonly { readonly document: number; readonly term: number; readonly impact: number }[]
}

/** One of the first, or one that is told apart. Price, launch and trend may be left out where all is by score and none is apart. */
export type SealedRow = {
  readonly document: number
  readonly id: string
  readonly price: number | null
  /** Its score, or what it is sorted by. */
  readonly key: number
  /** Whether it meets words and filter. */
  readonly isFound: boolean
  readonly launchedAt: number
  readonly trend: number
  readonly values: readonly number[]
  readonly title: readonly number[]
}
