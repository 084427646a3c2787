import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { GatewayErrorCode } from './gateway-error.js'

/** A way in which what a gateway says does not fit what was asked of it. */
export type Mismatch = {
  readonly kind: 'amount' | 'currency' | 'merchantAccount' | 'order'
  readonly expected: string
  readonly actual: string
}

/** The end of a payment at the gateway without money; `Expired` where it was closed or ran out. */
export type PaymentFailure = { readonly code: GatewayErrorCode; readonly at: Instant }

/** An amount and when it was so, by the gateway's clock. */
export type MoneyFact = { readonly minor: number; readonly at: Instant }

/** What had been taken in all, when it was first said, and what is known of what was kept of it; minor units. */
export type CaptureFact = MoneyFact & {
  /** What the gateway says that it has kept of all of it; absent where it has not said. */
  readonly keptMinor?: number
  /** What a bill says was kept of what was taken since the total before; absent where none was read. */
  readonly billedFeeMinor?: number
}

/**
 * Everything a gateway has said of a payment, merged so that neither the order of the words nor saying them twice makes
 * a difference: amounts are the highest heard of, mismatches a set, and of two moments one is always preferred.
 */
export type KnownFacts = {
  readonly gatewayRef: string | null
  /** How far it had come before money or its end was heard of. */
  readonly stage: 'none' | 'requiresAction' | 'processing'
  /** Held, minor units of the payment's currency; when it was last said. */
  readonly authorised: MoneyFact | null
  /** Taken, minor units of the payment's currency; when it was first said. */
  readonly captured: MoneyFact | null
  /** Every total that was said of money taken in steps, the lowest first; absent where `captured` says all of it. */
  readonly captures?: readonly CaptureFact[]
  /** Kept by the gateway, minor units of the payment's currency. */
  readonly feeMinor: number
  /** The latest. */
  readonly failure: PaymentFailure | null
  /** After how many milliseconds the gateway wants to be asked about it first; at the shop's own pace when absent. */
  readonly pollAfterMs?: number
  /** The rest of what was held is given up: nothing more will be taken. */
  readonly restReleased?: true
  /** Sorted, each once. */
  readonly mismatches: readonly Mismatch[]
  /** Money in words that do not fit, by currency, sorted: it stands in suspense. */
  readonly suspended: readonly { readonly currency: Currency; readonly minor: number }[]
}
