import type { Instant } from '../shared/instant.js'
import type { SoundFinding, UnsoundFinding } from './stock.js'

/** Pieces that came in, or that a count found to be fewer. */
export type ReceiveStockInput = {
  /** The delivery or the count; names the movements. */
  readonly reference: string
  readonly lines: readonly {
    readonly sku: string
    /** One of the shop's, or, to take pieces out, one that was; the first when absent. */
    readonly warehouse?: string
    /** Above zero what came in; below zero what a count found missing; zero makes the SKU known with nothing free. */
    readonly quantity: number
  }[]
}

/** What becomes of pieces in quarantine. */
export type DecideQuarantineInput = {
  /** The return or the inspection; names the movements. */
  readonly reference: string
  /** 1 to 100. */
  readonly lines: readonly QuarantineDecision[]
}

/** What becomes of some pieces of a SKU in quarantine, and why. */
export type QuarantineDecision = {
  readonly sku: string
  /** The one they lie in, of the shop's or one that was; the first when absent. */
  readonly warehouse?: string
  /** At least 1. */
  readonly quantity: number
} & (
  | { readonly outcome: 'restock'; readonly reason: SoundFinding }
  | { readonly outcome: 'scrap'; readonly reason: UnsoundFinding }
)

/** Which stock is asked for. */
export type StockOfInput = {
  readonly skus: readonly string[]
  /** All of the shop's together when absent. */
  readonly warehouse?: string
}

/** Of which SKUs the levels are asked for. */
export type StockLevelsInput = {
  /** 1 to 100. */
  readonly skus: readonly string[]
  /** One of the shop's, or one that was; all of the shop's when absent. */
  readonly warehouse?: string
}

/** Asks for a page of the movements of a SKU, the latest first. */
export type ListMovementsInput = {
  readonly sku: string
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: MovementCursor
}

/** Where a page of movements ends. */
export type MovementCursor = { readonly at: Instant; readonly movementId: string }
