import type { GatewayErrorCode, PaymentSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { type PayPalMoney, readMoney } from './amount.js'

const money = z.object({ currency_code: z.string(), value: z.string() })
const moment = z.iso.datetime({ offset: true })

const captureBody = z.object({
  id: z.string().min(1),
  status: z.enum(['COMPLETED', 'DECLINED', 'PARTIALLY_REFUNDED', 'PENDING', 'REFUNDED', 'FAILED']),
  amount: money,
  create_time: moment.optional(),
  seller_receivable_breakdown: z.object({ paypal_fee: money.optional() }).optional(),
})

const authorizationBody = z.object({
  id: z.string().min(1),
  status: z.enum(['CREATED', 'CAPTURED', 'DENIED', 'PARTIALLY_CAPTURED', 'VOIDED', 'PENDING', 'EXPIRED']),
  amount: money,
  create_time: moment.optional(),
})

const orderBody = z.object({
  id: z.string().min(1),
  intent: z.enum(['CAPTURE', 'AUTHORIZE']).default('CAPTURE'),
  status: z.enum(['CREATED', 'SAVED', 'APPROVED', 'VOIDED', 'COMPLETED', 'PAYER_ACTION_REQUIRED']),
  purchase_units: z
    .array(
      z.object({
        custom_id: z.string().optional(),
        invoice_id: z.string().optional(),
        amount: money,
        payee: z.object({ merchant_id: z.string().optional() }).optional(),
        payments: z
          .object({
            captures: z.array(captureBody).default([]),
            authorizations: z.array(authorizationBody).default([]),
            refunds: z.array(z.unknown()).default([]),
          })
          .default({ captures: [], authorizations: [], refunds: [] }),
      }),
    )
    .length(1),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).default([]),
})

type Order = z.infer<typeof orderBody>
type Unit = Order['purchase_units'][number]

/** An order of PayPal's with its one part. */
export type PayPalOrder = Omit<Order, 'purchase_units'> & { readonly unit: Unit }

/** Reads an order; null where it is none of one part. */
export const readOrder = (value: unknown): PayPalOrder | null => {
  const read = orderBody.safeParse(value)
  const unit = read.success ? read.data.purchase_units[0] : undefined
  return read.success && unit !== undefined ? { ...read.data, unit } : null
}

// An order at PayPal cannot be ended; one so marked is not taken any more.
const closedMark = 'closed:'

/** What marks an order of the shop's as closed. */
export const closedMarkOf = ({ unit }: PayPalOrder): string => `${closedMark}${unit.custom_id ?? ''}`

/** Whether the shop has closed an order. */
export const isMarkedClosed = ({ unit }: PayPalOrder): boolean => unit.custom_id?.startsWith(closedMark) ?? false

const taken = ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED']

const sumOf = (amounts: readonly PayPalMoney[], currency: string): number | null => {
  let sum = 0
  for (const amount of amounts) {
    const read = readMoney(amount)
    if (read === null || read.currency !== currency) return null
    sum += read.minor
  }
  return sum
}

/**
 * Says an order in the words of the port.
 *
 * @param merchantId - who is paid where the order does not say
 * @param at - when it was told, for states that come without a time
 * @returns null where it is not the shop's, or an amount is none
 */
export const snapshotOf = (order: PayPalOrder, merchantId: string, at: number): PaymentSnapshot | null => {
  const { unit } = order
  const attemptRef = unit.invoice_id ?? ''
  const total = readMoney(unit.amount)
  if (attemptRef === '' || total === null) return null
  const { captures, authorizations } = unit.payments
  const own = captures.filter(({ status }) => taken.includes(status))
  const live = authorizations.filter(({ status }) => ['CREATED', 'PARTIALLY_CAPTURED'].includes(status))
  const capturedMinor = sumOf(
    own.map(({ amount }) => amount),
    total.currency,
  )
  const heldMinor = sumOf(
    live.map(({ amount }) => amount),
    total.currency,
  )
  if (capturedMinor === null || heldMinor === null) return null
  const fees = own.map((capture) => capture.seller_receivable_breakdown?.paypal_fee)
  const told = fees.filter((fee) => fee !== undefined)
  const status = statusOf(order, capturedMinor, heldMinor)
  // Of what is taken in parts, all of it was taken with the last.
  const moments = (own.length > 0 ? own : live).flatMap(({ create_time: time }) =>
    time === undefined ? [] : [Date.parse(time)],
  )
  const since = moments.length === 0 ? undefined : own.length > 0 ? Math.max(...moments) : Math.min(...moments)
  const failures: Partial<Record<PaymentSnapshot['status'], GatewayErrorCode>> = {
    failed: 'InstrumentDeclined',
    closed: 'Expired',
  }
  return {
    kind: 'payment',
    attemptRef,
    orderRef: unit.custom_id?.replace(closedMark, '') ?? null,
    gatewayRef: order.id,
    merchantAccount: unit.payee?.merchant_id ?? merchantId,
    status,
    total,
    authorisedMinor: order.intent === 'AUTHORIZE' ? Math.max(heldMinor, capturedMinor) : 0,
    capturedMinor,
    feeMinor: told.length > 0 && told.length === fees.length ? sumOf(told, total.currency) : null,
    failure: failures[status] ?? null,
    at: (status === 'captured' || status === 'authorised') && since !== undefined ? since : at,
  }
}

const statusOf = (order: PayPalOrder, capturedMinor: number, heldMinor: number): PaymentSnapshot['status'] => {
  const { captures, authorizations } = order.unit.payments
  // What is held stands at its whole amount for as long as any of it can be taken.
  if (capturedMinor > 0) return heldMinor > capturedMinor ? 'authorised' : 'captured'
  if (heldMinor > 0) return 'authorised'
  if ([...captures, ...authorizations].some(({ status }) => status === 'PENDING')) return 'processing'
  if (isMarkedClosed(order)) return 'closed'
  switch (order.status) {
    case 'CREATED':
    case 'SAVED':
    case 'PAYER_ACTION_REQUIRED':
      return 'requiresAction'
    case 'APPROVED':
      return 'processing'
    case 'VOIDED':
      return 'closed'
    case 'COMPLETED':
      return authorizations.some(({ status }) => status === 'VOIDED' || status === 'EXPIRED') ? 'closed' : 'failed'
  }
}
