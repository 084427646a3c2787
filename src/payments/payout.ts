import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { GatewayErrorCode } from './gateway-error.js'
import type { GatewayAnswer } from './ports.js'

/** Money that a payee is to get: written down before anybody is told to send it. */
export type Payout = PayoutFacts &
  (
    | /**
     * Told to be sent, or about to be; told again until it is known what came of it, no sooner than `tellAt`. `isAsked` while
     * somebody has told it, or is about to, and no answer is noted.
     */
    { readonly status: 'submitted'; readonly tellAt: Instant; readonly isAsked?: true }
    /** Whoever was to send it says no in words that may hide a yes. It is not told again; a person says whether it was sent. */
    | { readonly status: 'unclear'; readonly unclearSince: Instant; readonly code: GatewayErrorCode }
    /** The payee has it. */
    | {
        readonly status: 'paid'
        readonly paidAt: Instant
        readonly payoutRef: string | null
        /** What of a split is being taken back. */
        readonly returning?: SplitReturn
        /** Since when a person is to say whether that came back; absent where there is nothing to say. */
        readonly unclearSince?: Instant
      }
    /** It was not sent, and stands to the payee's account again. */
    | { readonly status: 'failed'; readonly failedAt: Instant; readonly code: GatewayErrorCode }
  )

export type PayoutFacts = {
  /** Also the reference it is told under. */
  readonly payoutId: string
  readonly payee: string
  readonly currency: Currency
  /** Above zero. */
  readonly amountMinor: number
  /** What it is for, order by order; below zero where the payee owed something of one. */
  readonly parts: readonly { readonly orderId: string; readonly amountMinor: number }[]
  readonly submittedAt: Instant
  /** Where the gateway sends it, out of a payment that it has taken; absent where a bank or a person does. */
  readonly split?: PayoutSplit
}

/** A part of a payment that its gateway gives to a payee. */
export type PayoutSplit = {
  readonly gatewayId: string
  readonly paymentId: string
  /** The gateway's name of the payment. */
  readonly gatewayRef: string | null
  /** The payee's account there. */
  readonly account: string
  /** What came back of it so far. */
  readonly returnedMinor: number
  /** The payee's account gives nothing back. */
  readonly isReturnRefused: boolean
  /** When it last had too little to give back; never when absent. */
  readonly returnDeclinedAt?: Instant
}

/** A part of a split on its way back. */
export type SplitReturn = {
  readonly returnId: string
  readonly amountMinor: number
  /** Since when nobody has said what came of it; not known of one begun before that was kept. */
  readonly since?: Instant
} & (
  | /** Told again until it is known what came of it. */
  {
      readonly tellAt: Instant
      /** Somebody has asked for it and waits for the answer, no longer than to `tellAt`; not so when absent. */
      readonly isAsked?: true
    }
  /** The gateway's no may hide a yes: a person says whether it came back. */
  | { readonly code: GatewayErrorCode }
)

/** Money was sent. */
export type SentPayout = {
  /** What whoever sent it calls it; null where it has no name. */
  readonly payoutRef: string | null
}

/**
 * Sends money to payees: a bank, a payment provider that holds it, or a person. The library tells whom to pay and how
 * much; it holds no money.
 */
export type PayoutPort = {
  /**
   * Sends money. The same `payoutId` and amount is one payout, however often it is told: `unknown` and `pending` are
   * answered by telling it again.
   */
  readonly send: (request: {
    readonly payoutId: string
    readonly payee: string
    readonly amount: Money
    readonly at: Instant
  }) => GatewayAnswer<SentPayout>
}
