import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { MethodId } from '../shared/payment-method.js'
import type { GatewayErrorCode } from './gateway-error.js'
import type { Payment } from './payment.js'
import { refundableMinor } from './payment-machine.js'
import type { Refund, RefundReason } from './refund.js'

/** A payment as its owner sees it. */
export type PaymentView = {
  readonly paymentId: string
  readonly attempt: number
  readonly status: Payment['status']
  readonly method: MethodId
  readonly amount: Money
  readonly capturedMinor: number
  readonly refundedMinor: number
  /** What may still be asked back. */
  readonly refundableMinor: number
  /** Why it failed; null unless it did. */
  readonly failure: GatewayErrorCode | null
  readonly startedAt: Instant
  readonly expiresAt: Instant
}

/** A refund as its owner sees it. */
export type RefundView = {
  readonly refundId: string
  readonly paymentId: string
  readonly status: Refund['status']
  readonly reason: RefundReason
  readonly amount: Money
  readonly requestedAt: Instant
}

/** Shows a payment. */
export const viewPayment = (payment: Payment): PaymentView => ({
  paymentId: payment.paymentId,
  attempt: payment.attempt,
  status: payment.status,
  method: payment.method,
  amount: { minor: payment.amountMinor, currency: payment.currency },
  capturedMinor: payment.known.captured?.minor ?? 0,
  refundedMinor: payment.refundedMinor,
  refundableMinor: refundableMinor(payment),
  failure: payment.status === 'failed' ? payment.known.failure.code : null,
  startedAt: payment.startedAt,
  expiresAt: payment.expiresAt,
})

/** Shows a refund. */
export const viewRefund = (refund: Refund): RefundView => ({
  refundId: refund.refundId,
  paymentId: refund.paymentId,
  status: refund.status,
  reason: refund.reason,
  amount: { minor: refund.amountMinor, currency: refund.currency },
  requestedAt: refund.requestedAt,
})
