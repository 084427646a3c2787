import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { MethodId } from '../shared/payment-method.js'

/** What a payment is begun with, and has from its beginning to its end. */
export type PaymentStart = {
  /** Also the reference at the gateway. */
  readonly paymentId: string
  readonly orderId: string
  /** The buyer, whose order it is for. */
  readonly accountId: string
  /** The account of another who pays; null of a visitor who has none. Absent where the buyer pays. */
  readonly payerAccountId?: string | null
  /** Whose goods are paid; null where the shop is the only seller. */
  readonly merchantId: string | null
  readonly gatewayId: string
  /** The shop's account at the gateway. */
  readonly merchantAccount: string
  readonly method: MethodId
  /** Which attempt of the order, from 1. */
  readonly attempt: number
  /** In the minor units of `currency`, above zero. */
  readonly amountMinor: number
  readonly currency: Currency
  readonly capture: 'automatic' | 'manual'
  /** Whether its gateway was told that parts of it go to payees; not known of those begun before that was kept. */
  readonly isSplit?: boolean
  /** When the gateway gives up waiting for the payer. */
  readonly expiresAt: Instant
  /** Whether asking the gateway can tell anything; false where only a person knows. */
  readonly queryable: boolean
  /** How long what is held stays so; not known where absent. */
  readonly holdUntil?: Instant
  readonly at: Instant
}
