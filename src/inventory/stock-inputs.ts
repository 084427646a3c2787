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

/** Which stock is asked for. */
export type StockOfInput = {
  readonly skus: readonly string[]
  /** All of the shop's together when absent. */
  readonly warehouse?: string
}
