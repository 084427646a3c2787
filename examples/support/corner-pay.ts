import { createHmac, timingSafeEqual } from 'node:crypto'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import {
  type CreatedPayment,
  type GatewayAnswer,
  type GatewayErrorCode,
  type NotificationRejected,
  notificationSkewMs,
  type Outcome,
  type PaymentGateway,
  type PaymentSnapshot,
  type RefundSnapshot,
  type UnknownCause,
  type VerifiedNotification,
} from 'shopwright/payments'
import * as z from 'zod'

/** A merchant's access to CornerPay. */
export type CornerPayOptions = {
  readonly baseUrl: string
  readonly merchantId: string
  readonly apiKey: string
  /** What CornerPay signs its notifications with. */
  readonly signingSecret: string
  /** How long an answer is waited for, milliseconds; 10 s when absent. */
  readonly timeoutMs?: number
}

// What CornerPay says, checked as it comes in: whatever does not fit is an outcome that nobody knows.
const paymentBody = z.object({
  kind: z.literal('payment'),
  id: z.string(),
  merchant: z.string(),
  reference: z.string(),
  order: z.string(),
  state: z.enum(['open', 'paid', 'closed']),
  amount: z.int(),
  currency: z.string(),
  qr: z.string(),
  at: z.int(),
})
const refundBody = z.object({
  kind: z.literal('refund'),
  id: z.string(),
  reference: z.string(),
  payment: z.string(),
  amount: z.int(),
  currency: z.string(),
  at: z.int(),
})
const noticeBody = z.object({ id: z.string().min(1), about: z.discriminatedUnion('kind', [paymentBody, refundBody]) })
const refusalBody = z.object({ code: z.string() })

const statuses = { open: 'requiresAction', paid: 'captured', closed: 'closed' } as const

const snapshotOf = (payment: z.infer<typeof paymentBody>): PaymentSnapshot => ({
  kind: 'payment',
  attemptRef: payment.reference,
  orderRef: payment.order,
  gatewayRef: payment.id,
  merchantAccount: payment.merchant,
  status: statuses[payment.state],
  total: { minor: payment.amount, currency: payment.currency },
  authorisedMinor: 0,
  capturedMinor: payment.state === 'paid' ? payment.amount : 0,
  feeMinor: null,
  failure: payment.state === 'closed' ? 'Expired' : null,
  at: payment.at,
})

const refundSnapshotOf = (refund: z.infer<typeof refundBody>): RefundSnapshot => ({
  kind: 'refund',
  refundRef: refund.reference,
  attemptRef: refund.payment,
  gatewayRef: refund.id,
  status: 'succeeded',
  amount: { minor: refund.amount, currency: refund.currency },
  failure: null,
  at: refund.at,
})

const codes: Readonly<Record<string, GatewayErrorCode>> = {
  reference_reused: 'DuplicateReference',
  amount_invalid: 'AmountInvalid',
  too_many_requests: 'RateLimited',
}

/** An answer that came, whatever it says. */
type Reply = { readonly kind: 'reply'; readonly status: number; readonly body: unknown }
type Lost = { readonly kind: 'unknown'; readonly cause: UnknownCause }

/**
 * Payments by QR code at CornerPay, over HTTP. It knows a request again by our own reference, so that whatever was lost
 * on the way can be sent again.
 */
export const createCornerPay = (options: CornerPayOptions): PaymentGateway => {
  const { baseUrl, merchantId, apiKey, signingSecret, timeoutMs = 10_000 } = options

  // A request that got no answer may have been done: that is `unknown`, never a refusal.
  const send = async (method: string, path: string, body?: object): Promise<Reply | Lost> => {
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (response.status >= 500) return { kind: 'unknown', cause: 'serverError' }
      return { kind: 'reply', status: response.status, body: text === '' ? null : JSON.parse(text) }
    } catch (error) {
      if (error instanceof SyntaxError) return { kind: 'unknown', cause: 'unparsable' }
      const isLate = error instanceof Error && error.name === 'TimeoutError'
      return { kind: 'unknown', cause: isLate ? 'timeout' : 'reset' }
    }
  }

  const ask = <T>(request: Promise<Reply | Lost>, read: (reply: Reply) => Outcome<T> | undefined): GatewayAnswer<T> => {
    const outcome = request.then((reply): Outcome<T> => {
      if (reply.kind === 'unknown') return reply
      const known = read(reply)
      if (known !== undefined) return known
      const refusal = refusalBody.safeParse(reply.body)
      if (!refusal.success) return { kind: 'unknown', cause: 'unparsable' }
      const gatewayCode = refusal.data.code
      return { kind: 'declined', error: { code: codes[gatewayCode] ?? 'MerchantConfig', gatewayCode } }
    })
    return ResultAsync.fromSafePromise(outcome)
  }

  const paymentIn = ({ status, body }: Reply): PaymentSnapshot | undefined => {
    const payment = status === 200 ? paymentBody.safeParse(body) : undefined
    return payment?.success ? snapshotOf(payment.data) : undefined
  }
  const refundIn = ({ status, body }: Reply): RefundSnapshot | undefined => {
    const refund = status === 200 ? refundBody.safeParse(body) : undefined
    return refund?.success ? refundSnapshotOf(refund.data) : undefined
  }
  const done = <T>(value: T | undefined): Outcome<T> | undefined =>
    value === undefined ? undefined : { kind: 'ok', value }
  const doneOrAbsent = <T>(reply: Reply, value: T | undefined): Outcome<T | 'notFound'> | undefined =>
    reply.status === 404 ? { kind: 'ok', value: 'notFound' } : done(value)

  const pathOf = (reference: string): string => `/payments/${encodeURIComponent(reference)}`

  return {
    gatewayId: 'cornerPay',
    merchantAccount: merchantId,
    capabilities: {
      methods: ['eCny'],
      currencies: ['CNY'],
      capture: 'automatic',
      partialCapture: false,
      multiCapture: false,
      holdMs: null,
      refund: 'api',
      expiry: { minMs: 60_000, maxMs: 86_400_000 },
      query: true,
      notifications: 'signed',
      idempotency: { style: 'reference', windowMs: null },
      redirectHosts: [],
    },
    create: ({ attemptRef, orderRef, amount, expiresAt }) => {
      const facts = { amount: amount.minor, currency: amount.currency, expiresAt }
      const request = send('POST', '/payments', { reference: attemptRef, order: orderRef, ...facts })
      return ask<CreatedPayment>(request, ({ status, body }) => {
        const payment = status === 200 ? paymentBody.safeParse(body) : undefined
        if (!payment?.success) return undefined
        const { id, qr, state } = payment.data
        return state === 'open'
          ? { kind: 'ok', value: { gatewayRef: id, next: { kind: 'qr', content: qr }, snapshot: null } }
          : { kind: 'ok', value: { gatewayRef: id, next: { kind: 'none' }, snapshot: snapshotOf(payment.data) } }
      })
    },
    query: ({ attemptRef }) =>
      ask<PaymentSnapshot | 'notFound'>(send('GET', pathOf(attemptRef)), (reply) =>
        doneOrAbsent(reply, paymentIn(reply)),
      ),
    close: ({ attemptRef }) =>
      ask<'closed' | 'alreadyPaid' | 'notFound'>(send('POST', `${pathOf(attemptRef)}/close`), (reply) => {
        const after = paymentIn(reply)
        return doneOrAbsent(reply, after && (after.status === 'captured' ? 'alreadyPaid' : 'closed'))
      }),
    refund: ({ refundRef, attemptRef, amount }) => {
      const facts = { payment: attemptRef, amount: amount.minor, currency: amount.currency }
      return ask<RefundSnapshot>(send('POST', '/refunds', { reference: refundRef, ...facts }), (reply) =>
        done(refundIn(reply)),
      )
    },
    queryRefund: ({ refundRef }) =>
      ask<RefundSnapshot | 'notFound'>(send('GET', `/refunds/${encodeURIComponent(refundRef)}`), (reply) =>
        doneOrAbsent(reply, refundIn(reply)),
      ),
    verifyNotification: ({ body, headers, receivedAt }) => {
      const reject = (reason: NotificationRejected['reason']) =>
        errAsync<VerifiedNotification, NotificationRejected>({ type: 'NotificationRejected', reason })
      const [time, signature] = [headers['corner-time'], headers['corner-signature']]
      if (time === undefined || signature === undefined) return reject('signatureMissing')
      if (!/^\d{1,15}$/.test(time)) return reject('malformed')
      const expected = createHmac('sha256', signingSecret).update(`${time}\n`).update(body).digest()
      const given = Buffer.from(signature, 'hex')
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reject('signatureInvalid')
      if (receivedAt - Number(time) > notificationSkewMs) return reject('stale')
      if (Number(time) - receivedAt > notificationSkewMs) return reject('fromFuture')
      const notice = noticeBody.safeParse(parseJson(body))
      if (!notice.success) return reject('malformed')
      const { id, about } = notice.data
      return okAsync({ eventId: id, facts: [about.kind === 'payment' ? snapshotOf(about) : refundSnapshotOf(about)] })
    },
    acknowledge: (handled) => ({ status: { ok: 204, retry: 503, rejected: 401 }[handled], headers: {}, body: '' }),
  }
}

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
