import { nothingKnown } from '../../src/payments/known-facts.js'
import type { KnownFacts } from '../../src/payments/payment.js'
import type { PaymentStart } from '../../src/payments/payment-start.js'
import type { RefundStart } from '../../src/payments/refund.js'
import type { PaymentSnapshot, RefundSnapshot } from '../../src/payments/snapshot.js'

/** 2026-03-02T04:00:00Z. */
export const t0 = 1_772_424_000_000

/** 88.88 CNY by WeChat Pay for order_1. */
export const samplePayment: PaymentStart = {
  paymentId: 'pay_1',
  orderId: 'order_1',
  accountId: 'account_1',
  merchantId: null,
  gatewayId: 'sandbox',
  merchantAccount: 'merchant-1',
  method: 'wechatPay',
  attempt: 1,
  amountMinor: 8888,
  currency: 'CNY',
  capture: 'automatic',
  expiresAt: t0 + 1_800_000,
  queryable: true,
  at: t0,
}

/** What a gateway says of it when nothing has happened to the money. */
export const sampleSnapshot = (facts: Partial<PaymentSnapshot> = {}): PaymentSnapshot => ({
  kind: 'payment',
  attemptRef: 'pay_1',
  orderRef: 'order_1',
  gatewayRef: 'gw_1',
  merchantAccount: 'merchant-1',
  status: 'processing',
  total: { minor: 8888, currency: 'CNY' },
  authorisedMinor: 0,
  capturedMinor: 0,
  feeMinor: null,
  failure: null,
  at: t0 + 1000,
  ...facts,
})

/** The same, paid in full. */
export const capturedSnapshot = (facts: Partial<PaymentSnapshot> = {}): PaymentSnapshot =>
  sampleSnapshot({ status: 'captured', capturedMinor: 8888, at: t0 + 2000, ...facts })

/** What is known, from nothing up. */
export const knownFacts = (facts: Partial<KnownFacts> = {}): KnownFacts => ({ ...nothingKnown, ...facts })

/** 60.00 CNY of it back. */
export const sampleRefund: RefundStart = {
  refundId: 'refund_1',
  paymentId: 'pay_1',
  orderId: 'order_1',
  accountId: 'account_1',
  merchantId: null,
  gatewayId: 'sandbox',
  amountMinor: 6000,
  currency: 'CNY',
  reason: 'returned',
  sources: [{ account: 'escrow:order_1', amountMinor: 6000 }],
  at: t0,
}

/** What a gateway says of it. */
export const refundSnapshot = (facts: Partial<RefundSnapshot> = {}): RefundSnapshot => ({
  kind: 'refund',
  refundRef: 'refund_1',
  attemptRef: 'pay_1',
  gatewayRef: 'gwr_1',
  status: 'pending',
  amount: { minor: 6000, currency: 'CNY' },
  failure: null,
  at: t0 + 5000,
  ...facts,
})
