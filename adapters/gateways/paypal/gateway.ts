import { type Result, ResultAsync } from 'neverthrow'
import type {
  CreatedPayment,
  CreateRequest,
  GatewayErrorCode,
  Outcome,
  PaymentGateway,
  PaymentSnapshot,
  RefundRequest,
  RefundSnapshot,
} from 'shopwright/payments'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import { createHttpSender } from '../http.js'
import { untold } from '../untold.js'
import { createAccessTokens } from './access-token.js'
import { currencies, readMoney, writeMoney } from './amount.js'
import { createClient, type PayPalClient, refuse } from './client.js'
import { disputePort, hearDispute } from './disputes.js'
import {
  captureStatusOf,
  hasPendingCapture,
  mostOrderCharacters,
  type PayPalOrder,
  readOrder,
  snapshotOf,
} from './facts.js'
import { type HeardPayment, verifyNotification } from './notification.js'
import { checkOptions, type PayPalOptions, type PayPalSetup } from './options.js'
import {
  failuresOf,
  hasFailedOften,
  type RefundPart,
  readPart,
  refundMark,
  shareOverCaptures,
  tellParts,
  tellWhole,
} from './refund-parts.js'
import { isOrder, isTakable, markClosed, readAt, settle } from './settle.js'

const minuteMs = 60_000

/**
 * Payments by PayPal. The payer approves, then the shop takes: it does so when it asks how a payment stands, at once where
 * it is told of the approval. Other programs may use the same account at PayPal, so only what the shop knows is taken.
 * Nobody can pay what nobody was shown, so a payment whose order never came back is not found.
 *
 * @errors GatewayConfigInvalid
 */
export const createPayPal = (options: PayPalOptions): Result<PaymentGateway, GatewayConfigInvalid> =>
  checkOptions(options).andThen((setup) =>
    createHttpSender('https://api-m.paypal.com', options)
      .map((http) => gatewayOf(setup, createClient(http, createAccessTokens(http, options))))
      .orElse((option) => refuseOption(setup.gatewayId, option, option === 'baseUrl' ? 'notHttps' : 'malformed')),
  )

/** A gateway, with what its methods share. */
type PayPal = { readonly setup: PayPalSetup; readonly client: PayPalClient }

const gatewayOf = (setup: PayPalSetup, client: PayPalClient): PaymentGateway => {
  const payPal: PayPal = { setup, client }
  return {
    gatewayId: setup.gatewayId,
    merchantAccount: setup.merchantId,
    capabilities: {
      methods: ['payPal'],
      currencies,
      capture: 'both',
      partialCapture: true,
      multiCapture: true,
      // Sure for three days, and as a rule for twenty-nine.
      holdMs: 29 * 1440 * minuteMs,
      refund: 'api',
      // An order that nobody approves is gone after three hours.
      expiry: { minMs: 10 * minuteMs, maxMs: 180 * minuteMs },
      query: true,
      notifications: 'vouched',
      idempotency: { style: 'key', windowMs: 6 * 60 * minuteMs },
      redirectHosts: ['www.paypal.com', 'www.sandbox.paypal.com'],
      bills: { timeZone: 'UTC' },
    },
    create: (request) => ResultAsync.fromSafePromise(create(payPal, request)),
    query: (question) => ResultAsync.fromSafePromise(query(payPal, question)),
    close: (request) => ResultAsync.fromSafePromise(close(payPal, request)),
    capture: (request) => ResultAsync.fromSafePromise(capture(payPal, request)),
    refund: (request) => ResultAsync.fromSafePromise(refund(payPal, request)),
    queryRefund: (question) => ResultAsync.fromSafePromise(queryRefund(payPal, question)),
    disputes: disputePort(client, setup.merchantId),
    verifyNotification: (notification) =>
      verifyNotification(
        client,
        setup.webhookId,
        {
          payment: (orderId, at) => hear(payPal, orderId, at),
          dispute: (disputeRef, at) => hearDispute(client, setup.merchantId, disputeRef, at),
        },
        notification,
      ),
    acknowledge: (handled) => ({ status: { ok: 200, retry: 503, rejected: 400 }[handled], headers: {}, body: '' }),
  }
}

const create = async ({ setup, client }: PayPal, request: CreateRequest): Promise<Outcome<CreatedPayment>> => {
  const { attemptRef, orderRef, key, method, instrumentToken, returnUrl, at } = request
  if (method !== 'payPal' || instrumentToken !== null) return decline('MerchantConfig', 'not offered')
  if (!currencies.includes(request.amount.currency)) return decline('CurrencyUnsupported', 'not offered')
  const amount = writeMoney(request.amount)
  if (amount === null) return decline('AmountInvalid', 'not offered')
  if (attemptRef.length > 127 || orderRef.length > mostOrderCharacters)
    return decline('MerchantConfig', 'reference too long')
  const unit = {
    reference_id: 'default',
    invoice_id: attemptRef,
    custom_id: orderRef,
    amount,
    ...(setup.description === '' ? {} : { description: setup.description }),
  }
  const back = returnUrl === null ? {} : { return_url: returnUrl, cancel_url: returnUrl }
  const paypal = { experience_context: { user_action: 'PAY_NOW', shipping_preference: 'NO_SHIPPING', ...back } }
  const intent = request.capture === 'manual' ? 'AUTHORIZE' : 'CAPTURE'
  const text = JSON.stringify({ intent, purchase_units: [unit], payment_source: { paypal } })
  const reply = await client({ method: 'POST', path: '/v2/checkout/orders', text, key, at })
  const order = reply.kind === 'done' ? readOrder(reply.body) : null
  if (order === null) return refuse(reply)
  // Under a key that it knows PayPal answers what it answered before, whatever is asked now.
  const asked = readMoney(order.unit.amount)
  if (asked?.minor !== request.amount.minor || asked.currency !== request.amount.currency) {
    return decline('IdempotencyReuse', 'PayPal-Request-Id')
  }
  const url = order.links.find(({ rel }) => rel === 'payer-action' || rel === 'approve')?.href
  return url === undefined
    ? unparsable
    : { kind: 'ok', value: { gatewayRef: order.id, next: { kind: 'redirect', url }, snapshot: null } }
}

type Reference = { readonly attemptRef: string; readonly gatewayRef: string | null; readonly at: number }

const query = async (
  payPal: PayPal,
  { attemptRef, gatewayRef, at }: Reference,
): Promise<Outcome<PaymentSnapshot | 'notFound'>> => {
  if (gatewayRef === null) return { kind: 'ok', value: 'notFound' }
  const found = await settle(payPal.client, gatewayRef, attemptRef, at)
  if (found === 'notFound') return { kind: 'ok', value: 'notFound' }
  if (!isOrder(found)) return found
  const snapshot = snapshotOf(found, payPal.setup.merchantId, at)
  // An answer about something else proves nothing about this.
  return snapshot === null || snapshot.attemptRef !== attemptRef ? unparsable : { kind: 'ok', value: snapshot }
}

// The order may be of another program: nothing of it is taken before the shop asks for what it knows as its own.
const hear = async (payPal: PayPal, orderId: string, at: number): Promise<HeardPayment | 'unknown' | null> => {
  const found = await readAt(payPal.client, orderId, at)
  if (found === 'notFound') return null
  if (!isOrder(found)) return 'unknown'
  const snapshot = snapshotOf(found, payPal.setup.merchantId, at)
  return snapshot === null ? null : { snapshot, waitsToBeTaken: isTakable(found) }
}

const close = async (
  payPal: PayPal,
  { gatewayRef, at }: Reference,
): Promise<Outcome<'closed' | 'alreadyPaid' | 'notFound'>> => {
  if (gatewayRef === null) return { kind: 'ok', value: 'notFound' }
  const found = await readAt(payPal.client, gatewayRef, at)
  if (found === 'notFound') return { kind: 'ok', value: 'notFound' }
  if (!isOrder(found)) return found
  const status = snapshotOf(found, payPal.setup.merchantId, at)?.status
  if (status === 'captured') return { kind: 'ok', value: 'alreadyPaid' }
  if (status === 'closed' || status === 'failed') return { kind: 'ok', value: 'closed' }
  if (status === 'authorised') return giveUp(payPal, found, at)
  const reply = await markClosed(payPal.client, found, at)
  if (reply.kind === 'done') return { kind: 'ok', value: 'closed' }
  if (reply.kind === 'unknown') return reply
  const after = await readAt(payPal.client, gatewayRef, at)
  const paid = isOrder(after) && snapshotOf(after, payPal.setup.merchantId, at)?.status === 'captured'
  return paid ? { kind: 'ok', value: 'alreadyPaid' } : refuse(reply)
}

/** Gives up what is held. */
const giveUp = async ({ client }: PayPal, order: PayPalOrder, at: number): Promise<Outcome<'closed'>> => {
  for (const { id, status } of order.unit.payments.authorizations) {
    if (status !== 'CREATED' && status !== 'PARTIALLY_CAPTURED') continue
    const reply = await client({
      method: 'POST',
      path: `/v2/payments/authorizations/${encodeURIComponent(id)}/void`,
      at,
    })
    if (reply.kind !== 'done' && !(reply.kind === 'refused' && reply.issue === 'PREVIOUSLY_VOIDED'))
      return refuse(reply)
  }
  return { kind: 'ok', value: 'closed' }
}

const capture = async (
  payPal: PayPal,
  request: Parameters<NonNullable<PaymentGateway['capture']>>[0],
): Promise<Outcome<PaymentSnapshot>> => {
  const { attemptRef, gatewayRef, key, final, at } = request
  const amount = writeMoney(request.amount)
  if (amount === null) return decline('AmountInvalid', 'not offered')
  const found = gatewayRef === null ? 'notFound' : await settle(payPal.client, gatewayRef, attemptRef, at)
  if (found === 'notFound' || gatewayRef === null) return decline('MerchantConfig', 'RESOURCE_NOT_FOUND')
  if (!isOrder(found)) return untold(found)
  // PayPal forgets a key in time; that it is still at work on the one capture that is under way it does not.
  if (hasPendingCapture(found)) return { kind: 'pending', gatewayRef, pollAfterMs: null }
  const [held] = found.unit.payments.authorizations
  if (held === undefined) return decline('MerchantConfig', 'ORDER_NOT_AUTHORIZED')
  const text = JSON.stringify({ amount, final_capture: final })
  const path = `/v2/payments/authorizations/${encodeURIComponent(held.id)}/capture`
  const reply = await payPal.client({ method: 'POST', path, text, key, at })
  if (reply.kind !== 'done') return refuse(reply)
  const status = captureStatusOf(reply.body)
  if (status === 'DECLINED' || status === 'FAILED') return decline('InstrumentDeclined', `CAPTURE_${status}`)
  if (status === 'PENDING') return { kind: 'pending', gatewayRef, pollAfterMs: null }
  const after = await query(payPal, request)
  if (after.kind !== 'ok') return after.kind === 'declined' ? unparsable : after
  return after.value === 'notFound' ? unparsable : { kind: 'ok', value: after.value }
}

const refund = async (payPal: PayPal, request: RefundRequest): Promise<Outcome<RefundSnapshot>> => {
  const { refundRef, attemptRef, gatewayRef, key, at } = request
  const amount = writeMoney(request.amount)
  if (amount === null) return decline('AmountInvalid', 'not offered')
  const found = gatewayRef === null ? 'notFound' : await readAt(payPal.client, gatewayRef, at)
  if (found === 'notFound') return decline('MerchantConfig', 'RESOURCE_NOT_FOUND')
  if (!isOrder(found)) return untold(found)
  const { captures, refunds } = found.unit.payments
  const all = refunds.flatMap((each) => readPart(each, at, found.unit.invoice_id) ?? [])
  // PayPal forgets a key in time; that the refund was made before it does not.
  const own = all.filter((part) => part.refundRef === refundRef)
  const before = own.filter(({ status }) => status !== 'failed')
  if (before.some(({ totalMinor }) => totalMinor !== request.amount.minor)) {
    return decline('DuplicateReference', 'custom_id')
  }
  // What failed is sent once more under a key; whoever sends it by another, as a new try, sends it again.
  const givenUp = before.length > 0 && hasFailedOften(own, request.since) ? tellWhole(own) : null
  if (givenUp !== null) return { kind: 'ok', value: givenUp }
  const sentMinor = before.reduce((sum, { minor }) => sum + minor, 0)
  const takenAtOnce = captures.flatMap(({ id, status, amount: taken }) => {
    const minor = ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(status) ? readMoney(taken)?.minor : undefined
    return minor === undefined ? [] : [{ id, minor }]
  })
  const missing = shareOverCaptures(takenAtOnce, all, request.amount.minor - sentMinor)
  if (missing.length === 0 && before.length === 0) return decline('AmountInvalid', 'CAPTURE_STATUS_NOT_VALID')
  const inParts = missing.length + before.length > 1
  const mark = refundMark(refundRef, attemptRef, inParts ? request.amount.minor : null)
  if (mark === null) return decline('MerchantConfig', 'custom_id')
  const made = [...before]
  for (const { id, minor } of missing) {
    const text = JSON.stringify({
      amount: writeMoney({ minor, currency: request.amount.currency }),
      custom_id: mark,
    })
    const path = `/v2/payments/captures/${encodeURIComponent(id)}/refund`
    // Under the key of a part that failed PayPal says for ever that it failed.
    const failed = failuresOf(own, id)
    const partKey = inParts ? `${key}:${id}${failed === 0 ? '' : `:${failed}`}` : key
    const reply = await payPal.client({ method: 'POST', path, text, key: partKey, at })
    const part = reply.kind === 'done' ? readPart(reply.body, at) : null
    if (part === null) {
      // Part of it has gone, so the whole is neither done nor refused: what is missing is sent again.
      return made.length > 0 ? { kind: 'unknown', cause: 'ambiguous' } : refuse(reply, 'refund')
    }
    if (part.minor !== minor) return decline('IdempotencyReuse', 'PayPal-Request-Id')
    made.push(part)
  }
  const everything = [...own.filter(({ status }) => status === 'failed'), ...made]
  const told = tellParts(made) ?? (hasFailedOften(everything, request.since) ? tellWhole(everything) : null)
  return told === null ? { kind: 'unknown', cause: 'ambiguous' } : { kind: 'ok', value: told }
}

const queryRefund = async (
  { client }: PayPal,
  { refundRef, gatewayRef, paymentGatewayRef, at }: Parameters<PaymentGateway['queryRefund']>[0],
): Promise<Outcome<RefundSnapshot | 'notFound'>> => {
  const find = () => findRefund(client, refundRef, paymentGatewayRef, at)
  if (gatewayRef === null) return find()
  const parts: RefundPart[] = []
  for (const id of gatewayRef.split(',')) {
    const reply = await client({ method: 'GET', path: `/v2/payments/refunds/${encodeURIComponent(id)}`, at })
    if (reply.kind === 'refused' && reply.status === 404) return { kind: 'ok', value: 'notFound' }
    const part = reply.kind === 'done' ? readPart(reply.body, at) : null
    if (part === null) return untold(refuse(reply, 'refund'))
    if (part.refundRef !== refundRef) return unparsable
    parts.push(part)
  }
  const told = tellParts(parts)
  // Where parts differ, others may have been sent since in place of those that failed.
  return told === null ? find() : { kind: 'ok', value: told }
}

/** A refund whose answer was lost: the order that it is of lists it. */
const findRefund = async (
  client: PayPalClient,
  refundRef: string,
  orderId: string | null,
  at: number,
): Promise<Outcome<RefundSnapshot | 'notFound'>> => {
  // Nothing is sent of an order that has no name.
  if (orderId === null) return { kind: 'ok', value: 'notFound' }
  const order = await readAt(client, orderId, at)
  if (!isOrder(order)) return untold(order === 'notFound' ? decline('MerchantConfig', 'RESOURCE_NOT_FOUND') : order)
  const own = order.unit.payments.refunds
    .flatMap((each) => readPart(each, at) ?? [])
    .filter((part) => part.refundRef === refundRef)
  return { kind: 'ok', value: tellWhole(own) ?? 'notFound' }
}

const unparsable: Extract<Outcome<never>, { kind: 'unknown' }> = { kind: 'unknown', cause: 'unparsable' }

const decline = (code: GatewayErrorCode, gatewayCode: string): Extract<Outcome<never>, { kind: 'declined' }> => ({
  kind: 'declined',
  error: { code, gatewayCode },
})
