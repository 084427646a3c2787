import type { Instant } from '../shared/instant.js'
import type { MethodId } from '../shared/payment-method.js'
import type { Payment } from './payment.js'
import type { Refund } from './refund.js'
import type { PaymentSnapshot, RefundSnapshot } from './snapshot.js'

/**
 * What a person has seen: a transfer on the shop's bank statement, or cash that a courier brought. Money that does not
 * fit is booked in suspense by `recordReceipt` and never gets here; were it told of as a payment's, it would be held.
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

/** The method by which money is collected as goods are handed over. Until then it is promised, as money that is held is. */
export const onDelivery: MethodId = 'cashOnDelivery'

/** What is promised of a payment on delivery as it is chosen: all of it, and nothing is taken. */
export const promiseOnDelivery = (
  payment: Pick<Payment, 'paymentId' | 'orderId' | 'merchantAccount' | 'amountMinor' | 'currency'>,
  at: Instant,
): PaymentSnapshot => collectionOnDelivery(payment, { takenMinor: 0, isLast: false, at })

/**
 * What a courier has collected of a payment so far.
 *
 * @param taken.takenMinor - by all parcels together, minor units
 * @param taken.isLast - nothing more of it is to be collected
 */
export const collectionOnDelivery = (
  payment: Pick<Payment, 'paymentId' | 'orderId' | 'merchantAccount' | 'amountMinor' | 'currency'>,
  taken: { readonly takenMinor: number; readonly isLast: boolean; readonly at: Instant },
): PaymentSnapshot => ({
  kind: 'payment',
  attemptRef: payment.paymentId,
  orderRef: payment.orderId,
  gatewayRef: null,
  merchantAccount: payment.merchantAccount,
  status: taken.isLast ? 'captured' : 'authorised',
  total: { minor: payment.amountMinor, currency: payment.currency },
  authorisedMinor: payment.amountMinor,
  capturedMinor: taken.takenMinor,
  feeMinor: null,
  failure: null,
  at: taken.at,
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
