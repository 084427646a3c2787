import type { Instant } from '../shared/instant.js'
import type { Payment } from './payment.js'
import type { Refund } from './refund.js'
import type { PaymentSnapshot, RefundSnapshot } from './snapshot.js'

/**
 * What a person has seen: a transfer on the shop's bank statement, or cash that a courier brought. Another amount than
 * asked for leads to a hold, like any gateway's.
 */
export const offlineReceipt = (
  payment: Pick<Payment, 'paymentId' | 'orderId' | 'merchantAccount'>,
  received: { readonly minor: number; readonly currency: string; readonly at: Instant },
): PaymentSnapshot => ({
  kind: 'payment',
  attemptRef: payment.paymentId,
  orderRef: payment.orderId,
  gatewayRef: null,
  merchantAccount: payment.merchantAccount,
  status: 'captured',
  total: { minor: received.minor, currency: received.currency },
  authorisedMinor: 0,
  capturedMinor: received.minor,
  feeMinor: null,
  failure: null,
  at: received.at,
})

/** What a person has done: sent a refund by bank transfer, or given cash. */
export const offlineRefund = (
  refund: Pick<Refund, 'refundId' | 'paymentId' | 'amountMinor' | 'currency'>,
  at: Instant,
): RefundSnapshot => ({
  kind: 'refund',
  refundRef: refund.refundId,
  attemptRef: refund.paymentId,
  gatewayRef: null,
  status: 'succeeded',
  amount: { minor: refund.amountMinor, currency: refund.currency },
  failure: null,
  at,
})
