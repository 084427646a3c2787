import type { GatewayErrorCode, PaymentSnapshot, RefundSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { fromStripeAmount } from './amount.js'
import { refundFailureOf } from './error-codes.js'

const metadata = z.record(z.string(), z.string()).default({})

const intentBody = z.object({
  id: z.string().min(1),
  object: z.literal('payment_intent'),
  status: z.enum([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'processing',
    'requires_capture',
    'succeeded',
    'canceled',
  ]),
  amount: z.int(),
  amount_capturable: z.int().default(0),
  amount_received: z.int().default(0),
  capture_method: z.string().default('automatic'),
  currency: z.string(),
  client_secret: z.string().nullish(),
  metadata,
  latest_charge: z.unknown().optional(),
  transfer_group: z.string().nullish(),
  next_action: z.object({ redirect_to_url: z.object({ url: z.string() }).nullish() }).nullish(),
})

const chargeBody = z.object({
  created: z.int(),
  balance_transaction: z.object({ fee: z.int(), currency: z.string(), created: z.int() }).nullish().catch(null),
})

type Charge = z.infer<typeof chargeBody>

const refundBody = z.object({
  id: z.string().min(1),
  object: z.literal('refund'),
  amount: z.int(),
  currency: z.string(),
  created: z.int(),
  balance_transaction: z.object({ created: z.int() }).nullish().catch(null),
  status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']),
  failure_reason: z.string().nullish(),
  metadata: metadata.nullable().transform((given) => given ?? {}),
  payment_intent: z.unknown().optional(),
})

/** A payment as Stripe has it. */
export type StripeIntent = z.infer<typeof intentBody>

/** Reads a payment; null where it is none. */
export const readIntent = (value: unknown): StripeIntent | null => {
  const read = intentBody.safeParse(value)
  return read.success ? read.data : null
}

/** Reads a list; null where it is none. */
export const readList = (value: unknown): readonly unknown[] | null => {
  const read = z.object({ data: z.array(z.unknown()) }).safeParse(value)
  return read.success ? read.data.data : null
}

/** Stripe's id of the charge that a payment was taken by; null where none was. */
export const chargeIdOf = ({ latest_charge: charge }: StripeIntent): string | null =>
  z.union([z.string().min(1), z.object({ id: z.string().min(1) }).transform(({ id }) => id)]).safeParse(charge).data ??
  null

const statuses: Readonly<Record<StripeIntent['status'], PaymentSnapshot['status']>> = {
  // Also after a card was declined: the payer may take another for the same payment.
  requires_payment_method: 'requiresAction',
  requires_confirmation: 'requiresAction',
  requires_action: 'requiresAction',
  processing: 'processing',
  requires_capture: 'authorised',
  succeeded: 'captured',
  canceled: 'closed',
}

/** Whether money was taken, and the payment does not say what was booked of it: its charge is named, and not told. */
export const lacksCharge = (intent: StripeIntent): boolean =>
  intent.amount_received > 0 && !chargeBody.safeParse(intent.latest_charge).success

/**
 * Says a payment in the words of the port. Money that was taken is dated by what Stripe booked of it, as Stripe's own
 * bills are: a charge is as old as the hold, and what it held may be taken days later.
 *
 * @param at - when it was told, where Stripe does not say when it was so
 * @returns null where it is not one of the shop's, or an amount is none
 */
export const snapshotOf = (intent: StripeIntent, merchantAccount: string, at: number): PaymentSnapshot | null => {
  const attemptRef = intent.metadata.attempt_ref ?? ''
  const { currency } = intent
  const total = fromStripeAmount(intent.amount, currency)
  const received = fromStripeAmount(intent.amount_received, currency)
  const held = fromStripeAmount(intent.amount_capturable, currency)
  if (attemptRef === '' || total === null || received === null || held === null) return null
  const status = statuses[intent.status]
  const charge = chargeBody.safeParse(intent.latest_charge)
  const inSteps = intent.capture_method === 'manual'
  const failures: Partial<Record<PaymentSnapshot['status'], GatewayErrorCode>> = { closed: 'Expired' }
  return {
    kind: 'payment',
    attemptRef,
    orderRef: intent.metadata.order_ref ?? null,
    gatewayRef: intent.id,
    merchantAccount,
    status,
    total,
    authorisedMinor: inSteps ? held.minor + received.minor : 0,
    capturedMinor: received.minor,
    feeMinor: charge.success && received.minor > 0 ? feeOf(charge.data, total.currency) : null,
    failure: failures[status] ?? null,
    at: (charge.success ? momentOf(charge.data, status, inSteps) : null) ?? at,
  }
}

/** When it was so, as far as its charge says. */
const momentOf = (
  { created, balance_transaction: booked }: Charge,
  status: PaymentSnapshot['status'],
  inSteps: boolean,
): number | null => {
  if (status === 'authorised') return created * 1000
  if (status !== 'captured') return null
  const seconds = booked?.created ?? (inSteps ? null : created)
  return seconds === null ? null : seconds * 1000
}

// A fee in the currency that Stripe pays out in is none of the payment's.
const feeOf = ({ balance_transaction: booked }: Charge, currency: string): number | null => {
  const fee = booked === null || booked === undefined ? null : fromStripeAmount(booked.fee, booked.currency)
  return fee?.currency === currency ? fee.minor : null
}

const refundStatuses = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
} as const

/** The payment that a refund is of; null where it does not say. */
export const intentIdOf = (refund: unknown): string | null => {
  const { payment_intent: id } = refundBody.safeParse(refund).data ?? {}
  return typeof id === 'string' ? id : null
}

/**
 * Says a refund in the words of the port. One that went is dated by what Stripe booked of it, as Stripe's own bills are.
 *
 * @param at - when it was told, for what did not go
 * @returns null where it is not one of the shop's
 */
export const refundOf = (value: unknown, at: number): RefundSnapshot | null => {
  const read = refundBody.safeParse(value)
  if (!read.success) return null
  const { refund_ref: refundRef = '', attempt_ref: attemptRef = '' } = read.data.metadata
  return refundRef === '' || attemptRef === '' ? null : tellRefund(read.data, { refundRef, attemptRef }, at)
}

/**
 * Says a refund that the shop did not ask for, as one made on Stripe's pages, in the words of the port: under Stripe's id.
 *
 * @param attemptRef - the payment that it is of, by our reference
 */
export const foreignRefundOf = (value: unknown, attemptRef: string, at: number): RefundSnapshot | null => {
  const read = refundBody.safeParse(value)
  return read.success ? tellRefund(read.data, { refundRef: read.data.id, attemptRef }, at) : null
}

const tellRefund = (
  { id, amount, currency, created, balance_transaction: booked, status, failure_reason }: z.infer<typeof refundBody>,
  references: Pick<RefundSnapshot, 'refundRef' | 'attemptRef'>,
  at: number,
): RefundSnapshot | null => {
  const money = fromStripeAmount(amount, currency)
  if (money === null) return null
  const told = refundStatuses[status]
  return {
    kind: 'refund',
    ...references,
    gatewayRef: id,
    status: told,
    amount: money,
    failure: told === 'failed' ? refundFailureOf(failure_reason ?? '') : null,
    at: told === 'succeeded' ? (booked?.created ?? created) * 1000 : at,
  }
}
