import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'

/** An exact amount that may be finer than the minor unit of its currency: `value` divided by 10 to the power of `scale`. */
export type FineAmount = {
  /** A safe integer, any sign. */
  readonly value: number
  /** Decimals of the major unit, 0 to 12: 0.01000 CNY is 1000 at scale 5. */
  readonly scale: number
}

/**
 * One line of a gateway's bill: a payment or a refund as the gateway counts it. A line that is about neither, such as a
 * payout or a heading, is no row. What was taken, or went back, in parts may be several rows of one reference.
 */
export type GatewayBillRow = {
  readonly kind: 'payment' | 'refund'
  /** Our id of the payment, or of the refund. */
  readonly reference: string
  /** Our id of the payment that is paid or given back; the same as `reference` of a payment. */
  readonly attemptRef: string
  /** The gateway's id of the payment or refund, by which its port asks about it; null where the bill says another or none. */
  readonly gatewayRef: string | null
  /** `pending` while it is under way, `failed` where it came to nothing or the payment was revoked. */
  readonly status: 'succeeded' | 'pending' | 'failed'
  readonly currency: Currency
  /** What was paid or given back, above zero, minor units; a payer's own discount at the gateway does not lower it. */
  readonly amountMinor: number
  /** What the gateway kept; below zero where it gave a fee back, null where the bill does not say. */
  readonly fee: FineAmount | null
  /** When it was so, by the gateway's clock. */
  readonly at: Instant
}
