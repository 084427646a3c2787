import { type GatewayErrorCode, gatewayErrorCodes, type PaymentSnapshot } from 'shopwright/payments'
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
  update_time: z.string().optional(),
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

/** How a part of what is held stands that was to be taken; null where it does not say. */
export const captureStatusOf = (value: unknown): z.infer<typeof captureBody>['status'] | null =>
  captureBody.pick({ status: true }).safeParse(value).data?.status ?? null

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

// An order at PayPal cannot be ended; one so marked is not taken any more. The mark stands before our id of the order.
const closedMark = /^(?:closed|failed:(\w+)):/

/** The longest id of an order that has room beside a mark, characters. */
export const mostOrderCharacters = 100

const nameOf = ({ unit }: PayPalOrder): string => unit.custom_id?.replace(closedMark, '') ?? ''

/**
 * What marks an order of the shop's as closed.
 *
 * @param failure - why PayPal would not give the money that its payer had approved; null where the shop closed it
 */
export const closedMarkOf = (order: PayPalOrder, failure: GatewayErrorCode | null = null): string =>
  failure === null ? `closed:${nameOf(order)}` : `failed:${failure}:${nameOf(order)}`

/** Whether the shop has closed an order. */
export const isMarkedClosed = ({ unit }: PayPalOrder): boolean => closedMark.test(unit.custom_id ?? '')

const markedFailure = ({ unit }: PayPalOrder): GatewayErrorCode | null => {
  const code = closedMark.exec(unit.custom_id ?? '')?.[1]
  return gatewayErrorCodes.find((each) => each === code) ?? null
}

/** Whether PayPal is still at work on taking part of what it holds. */
export const hasPendingCapture = ({ unit }: PayPalOrder): boolean =>
  unit.payments.captures.some(({ status }) => status === 'PENDING')

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
    failed: markedFailure(order) ?? 'InstrumentDeclined',
    closed: 'Expired',
  }
  return {
    kind: 'payment',
    attemptRef,
    orderRef: unit.custom_id === undefined ? null : nameOf(order),
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
  const { authorizations } = order.unit.payments
  const waits = hasPendingCapture(order)
  // What is held stands at its whole amount for as long as any of it can be taken, or is being taken.
  if (capturedMinor > 0) return heldMinor > capturedMinor || waits ? 'authorised' : 'captured'
  if (heldMinor > 0) return 'authorised'
  if (waits || authorizations.some(({ status }) => status === 'PENDING')) return 'processing'
  if (isMarkedClosed(order)) return markedFailure(order) === null ? 'closed' : 'failed'
  switch (order.status) {
    case 'CREATED':
    case 'SAVED':
    case 'PAYER_ACTION_REQUIRED':
    // Of what its payer has approved and PayPal does not give, they may pay another way: nothing is under way.
    case 'APPROVED':
      return 'requiresAction'
    case 'VOIDED':
      return 'closed'
    case 'COMPLETED':
      return authorizations.some(({ status }) => status === 'VOIDED' || status === 'EXPIRED') ? 'closed' : 'failed'
  }
}
