import type { InvalidInput } from '../../shared/errors.js'
import type { LocalText } from '../local-text.js'
import type { AttributeValue } from '../product.js'

/** A text of a catalog file: in one language, found out by its script, or named by language. */
export type ImportText = string | Partial<LocalText>

/** A choice of a product in a catalog file. */
export type ImportVariant = {
  /** The product's external id when absent, where there is only one. */
  readonly sku?: string
  readonly options?: Readonly<Record<string, string>>
  /** In major units, a decimal text or number (`49.9`); or `priceMinor`. */
  readonly price?: string | number
  /** Minor units. */
  readonly priceMinor?: number
  readonly weightGrams?: number
  readonly taxClass?: string
  readonly discountable?: boolean
  /** Pieces to be received; the import hands them on. */
  readonly stock?: number
}

/**
 * A product in a catalog file. One without `variants` has a single one, stated in the row itself. Of a product that is there
 * already everything stays that the row leaves out, variant by variant and language by language.
 */
export type ImportRow = ImportVariant & {
  readonly externalId: string
  readonly title?: ImportText
  readonly description?: ImportText
  readonly brand?: string
  /** Names from the top down; categories that are not there are made. Where it is, when absent or empty. */
  readonly categoryPath?: readonly ImportText[]
  readonly variants?: readonly ImportVariant[]
  /** ISO 4217 code; the import's own when absent. */
  readonly currency?: string
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  /** Words that it is found by beside the tree. */
  readonly tags?: readonly string[]
  /** Links to pictures; films stay. */
  readonly images?: readonly string[]
  /** Null for no limit. */
  readonly perPersonLimit?: number | null
  /** What the product shall be; as it is, or on sale when it is new, when absent. */
  readonly status?: 'draft' | 'active'
}

/** How many variants a product has at most. */
export const mostVariants = 200

/** One thing that is wrong with a row. */
export type RowIssue = InvalidInput['issues'][number]

/** A row that was not imported. */
export type RowError = {
  /** Where the row begins, from 1. */
  readonly line: number
  /** Null where it cannot be told. */
  readonly externalId: string | null
  readonly issues: readonly RowIssue[]
}

/** A row as a parser hands it out: what it holds, unchecked, or why it cannot be read. */
export type ParsedRow =
  | { readonly kind: 'row'; readonly line: number; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly line: number; readonly issue: RowIssue }

/** A parser that is fed text in pieces of any size. */
export type RowParser = {
  /** Takes a piece and hands out the rows that are complete. */
  readonly push: (chunk: string) => readonly ParsedRow[]
  /** Says that nothing follows, and hands out what is left. */
  readonly end: () => readonly ParsedRow[]
}

/** The longest row, UTF-16 units; a longer one is an error of its line. */
export const longestRow = 1_000_000
