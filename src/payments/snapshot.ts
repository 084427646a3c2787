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
  /** When it was so, by the gateway's clock; of money that was taken, the time that the gateway's bill has for it. */
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
  /** What of it has reached the payer all the same, where it failed in part, in the currency of `amount`; nothing when absent. */
  readonly goneMinor?: number
  /** When it was so, by the gateway's clock; of one that succeeded, the time that the gateway's bill has for it. */
  readonly at: Instant
}

/** Why a payer disputes a payment, as the bank or the gateway has it. */
export type DisputeReason =
  /** The payer says that they did not pay. */
  | 'fraudulent'
  | 'notReceived'
  | 'notAsDescribed'
  /** Paid twice, or another amount than agreed. */
  | 'wrongCharge'
  /** A refund was promised and did not come. */
  | 'refundMissing'
  | 'other'

/** What a gateway says of a dispute at one moment. */
export type DisputeSnapshot = {
  readonly kind: 'dispute'
  /** The gateway's id of the dispute. */
  readonly disputeRef: string
  /** Our id of the payment. */
  readonly attemptRef: string
  /**
   * `inquiry` while no money has moved, as of a complaint; `evidenceDue` and `underReview` while the gateway holds it;
   * `won` is the shop's, also where the payer gave it up or the complaint was settled.
   */
  readonly status: 'inquiry' | 'evidenceDue' | 'underReview' | 'won' | 'lost'
  readonly reason: DisputeReason
  /** What the payer wants back; above zero. */
  readonly amount: Money
  /** Whether it is lost and may still be appealed; not so when absent. */
  readonly mayAppeal?: boolean
  /** What of it the shop has lost, in the currency of `amount`; null unless it is lost, or where it is all of it. */
  readonly lostMinor: number | null
  /** What the gateway keeps for the dispute so far, in the currency of `amount`; null where it does not say. */
  readonly feeMinor: number | null
  /** Until when it can be contested; null where nobody says, or nothing can be done. */
  readonly evidenceDueAt: Instant | null
  /** When it was so, by the gateway's clock. */
  readonly at: Instant
}
