import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { MethodId } from '../shared/payment-method.js'

/** What a payment is begun with. */
export type PaymentStart = {
  readonly paymentId: string
  readonly orderId: string
  readonly accountId: string
  readonly payerAccountId?: string | null
  readonly merchantId: string | null
  readonly gatewayId: string
  readonly merchantAccount: string
  readonly method: MethodId
  readonly attempt: number
  /** Above zero. */
  readonly amountMinor: number
  readonly currency: Currency
  readonly capture: 'automatic' | 'manual'
  readonly isSplit?: boolean
  readonly expiresAt: Instant
  /** Whether asking the gateway can tell anything; false where only a person knows. */
  readonly queryable: boolean
  /** How long what is held stays so; not known where absent. */
  readonly holdUntil?: Instant
  readonly at: Instant
}
