import type { Instant } from '../shared/instant.js'
import type { Message } from '../shared/messages.js'

/** For whom, where and when a list price holds; what is left out bounds nothing. */
export type PriceListTerms = {
  /** Member levels, as the audience of an offer names them; any of them will do. */
  readonly levels?: readonly string[]
  /** Groups that the host puts its customers in; any of them will do. */
  readonly groups?: readonly string[]
  readonly channels?: readonly string[]
  readonly regions?: readonly string[]
  /** From the first moment up to, not including, the last. */
  readonly from?: Instant
  readonly to?: Instant
}

/** The price of a piece, for so many pieces on a line; both bounds included. */
export type ListedPrice = PriceListTerms & {
  readonly sku: string
  readonly unitMinor: number
  readonly fromQuantity?: number
  readonly toQuantity?: number
}

/** Prices that hold together. */
export type PriceList = PriceListTerms & {
  readonly listId: string
  /** What a buyer reads beside its prices. */
  readonly title?: Message
  /**
   * `base`: stands in for the price of the catalog. `sale`: holds where it is lower, the price before is kept to be
   * shown. `override`: holds whether lower or not, and no price before is shown.
   */
  readonly kind: 'base' | 'sale' | 'override'
  /** ISO 4217 code of its prices. */
  readonly currency: string
  readonly prices: readonly ListedPrice[]
}

/** All price lists, at one revision: the version of the stored row. */
export type PriceListBook = { readonly bookId: string; readonly lists: readonly PriceList[] }

/** Who buys, where and when. */
export type PriceListContext = {
  readonly now: Instant
  readonly currency: string
  /** Member level, null without one. */
  readonly levelId: string | null
  /** The groups that the host puts the customer in. */
  readonly groups: readonly string[]
  readonly channel: string | null
  readonly region: string | null
}

/** Something to be bought, as the catalog prices it. */
export type ListedItem = {
  readonly sku: string
  readonly quantity: number
  /** The price of the catalog; null where it has none in this currency. */
  readonly catalogUnitMinor: number | null
}

/** The price of a piece and where it comes from. */
export type ResolvedPrice = {
  readonly unitMinor: number
  /** Before a sale; the same as `unitMinor` without one. */
  readonly originalUnitMinor: number
  /** Null: the price of the catalog. */
  readonly listId: string | null
  readonly kind: PriceList['kind'] | null
}

/** The price of a piece from so many pieces on. */
export type PriceTier = ResolvedPrice & {
  readonly fromQuantity: number
  /** The most pieces that are sold at it, where more are not sold at all; absent where they are. */
  readonly toQuantity?: number
}
