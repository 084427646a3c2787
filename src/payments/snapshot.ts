import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { GatewayErrorCode } from './gateway-error.js'

/** What a gateway says of a payment at one moment: facts, never orders; sums are totals so far, not steps. */
export type PaymentSnapshot = {
  readonly kind: 'payment'
  /** Our id of the payment. */
  readonly attemptRef: string
  /** Our order, where the gateway keeps it; null where it does not. */
  readonly orderRef: string | null
  /** The gateway's id of the payment. */
  readonly gatewayRef: string | null
  /** The account at the gateway that the money is for (merchant id, app id, seller id). */
  readonly merchantAccount: string
  /** `authorised` for as long as more can be taken, also where part is taken. */
  readonly status: 'requiresAction' | 'processing' | 'authorised' | 'captured' | 'failed' | 'closed'
  /** What was to be paid, as the gateway has it; a payer's own discount at the gateway does not lower it. */
  readonly total: Money
  /** Held so far, in the currency of `total`. */
  readonly authorisedMinor: number
  /** Taken so far, in the currency of `total`. */
  readonly capturedMinor: number
  /** What the gateway kept for itself so far, in the currency of `total`; null where it does not say. */
  readonly feeMinor: number | null
  /** Why it failed; null unless it did. */
  readonly failure: GatewayErrorCode | null
  /** When it was so, by the gateway's clock. */
  readonly at: Instant
}

/** What a gateway says of a refund at one moment. */
export type RefundSnapshot = {
  readonly kind: 'refund'
  /** Our id of the refund. */
  readonly refundRef: string
  /** Our id of the payment. */
  readonly attemptRef: string
  /** The gateway's id of the refund. */
  readonly gatewayRef: string | null
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly amount: Money
  /** Why it failed; null unless it did. */
  readonly failure: GatewayErrorCode | null
  /** When it was so, by the gateway's clock. */
  readonly at: Instant
}
