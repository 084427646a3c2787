import { ResultAsync } from 'neverthrow'
import {
  type CreatedPayment,
  type CreateRequest,
  holdsCardNumber,
  mayRedirect,
  type NextStep,
  type Outcome,
  type PaymentGateway,
  type PaymentSnapshot,
  type RefundRequest,
  type RefundSnapshot,
} from 'shopwright/payments'
import type { GatewayConfigInvalid } from '../config.js'
import { untold } from '../untold.js'
import { listWholeCurrencies, toStripeAmount } from './amount.js'
import { ask, askUnder, decline, refuse, unparsable } from './ask.js'
import { disputePort } from './disputes.js'
import { intentIdOf, readIntent, refundOf, type StripeIntent, snapshotOf } from './facts.js'
import { expand, expandRefund, find, isIntent, listRefunds, type Reference, type Setup } from './find.js'
import { verifyNotification } from './notification.js'
import { checkOptions, isLiveKey, type StripeOptions } from './options.js'
import { loadPackage, type PackageMissing } from './package.js'
import { createSplitPort } from './splits.js'

const capabilities: Omit<PaymentGateway['capabilities'], 'currencies'> = {
  methods: ['creditCard', 'debitCard'],
  capture: 'both',
  partialCapture: true,
  // What is not taken by the first capture is given up.
  multiCapture: false,
  // That of a card which is not there; some cards hold for less, and then the payment says that it ended.
  holdMs: 7 * 86_400_000,
  refund: 'api',
  // A payment does not run out by itself.
  expiry: { minMs: 600_000, maxMs: 7 * 86_400_000 },
  query: true,
  notifications: 'signed',
  idempotency: { style: 'key', windowMs: 86_400_000 },
  redirectHosts: ['hooks.stripe.com', 'pm-redirects.stripe.com'],
  bills: { timeZone: 'UTC' },
}

/**
 * Payments by card at Stripe, by its own package `stripe`, an optional peer.
 *
 * @errors GatewayConfigInvalid; PackageMissing, which says what to install
 */
export const createStripe = (
  options: StripeOptions,
): ResultAsync<PaymentGateway, GatewayConfigInvalid | PackageMissing> =>
  checkOptions(options).asyncAndThen(({ gatewayId, client }) =>
    ResultAsync.fromPromise((options.load ?? loadPackage)(), (): PackageMissing => missing).map((createClient) =>
      gatewayOf(
        { ...options, client: createClient(options.secretKey, client), isLive: isLiveKey(options.secretKey) },
        gatewayId,
        options.webhookSecrets,
      ),
    ),
  )

const missing: PackageMissing = { type: 'PackageMissing', package: 'stripe', install: 'npm install stripe' }

const gatewayOf = (setup: Setup, gatewayId: string, webhookSecrets: readonly string[]): PaymentGateway => ({
  gatewayId,
  merchantAccount: setup.accountId,
  capabilities: { ...capabilities, currencies: listWholeCurrencies() },
  create: (request) => ResultAsync.fromSafePromise(create(setup, request)),
  query: (question) => ResultAsync.fromSafePromise(query(setup, question)),
  close: (request) => ResultAsync.fromSafePromise(close(setup, request)),
  capture: (request) => ResultAsync.fromSafePromise(capture(setup, request)),
  refund: (request) => ResultAsync.fromSafePromise(refund(setup, request)),
  queryRefund: (question) => ResultAsync.fromSafePromise(queryRefund(setup, question)),
  disputes: disputePort(setup),
  ...(setup.splits === undefined ? {} : { splits: createSplitPort(setup, setup.splits) }),
  verifyNotification: (notification) =>
    verifyNotification({ ...setup, webhookSecrets, merchantAccount: setup.accountId }, notification),
  acknowledge: (handled) => ({ status: { ok: 200, retry: 503, rejected: 400 }[handled], headers: {}, body: '' }),
})

const create = async (setup: Setup, request: CreateRequest): Promise<Outcome<CreatedPayment>> => {
  const { attemptRef, orderRef, key, amount, method, instrumentToken, returnUrl, at } = request
  if (!capabilities.methods.includes(method)) return decline('MerchantConfig', 'not offered')
  const units = amount.minor > 0 ? toStripeAmount(amount) : null
  if (units === null) return decline('AmountInvalid', 'not offered')
  if (instrumentToken !== null && (!/^pm_\w{1,200}$/.test(instrumentToken) || holdsCardNumber(instrumentToken))) {
    return decline('InstrumentInvalid', 'no payment method')
  }
  const params = {
    amount: units,
    currency: amount.currency.toLowerCase(),
    capture_method: request.capture,
    payment_method_types: ['card'],
    metadata: { attempt_ref: attemptRef, order_ref: orderRef },
    expand,
    ...(instrumentToken === null ? {} : { payment_method: instrumentToken, confirm: true }),
    ...(instrumentToken === null || returnUrl === null ? {} : { return_url: returnUrl }),
    // What is transferred of it is found again by this.
    ...(request.isSplit === true && setup.splits !== undefined ? { transfer_group: attemptRef } : {}),
  }
  const answer = await ask(() => setup.client.paymentIntents.create(params, { idempotencyKey: key }))
  const intent = answer.kind === 'done' ? readIntent(answer.value) : null
  if (intent === null) return refuse(answer)
  const snapshot = snapshotOf(intent, setup.accountId, at)
  const waits = snapshot?.status === 'requiresAction'
  if (snapshot === null) return unparsable
  return {
    kind: 'ok',
    value: {
      gatewayRef: intent.id,
      next: waits ? nextStepOf(setup, intent) : { kind: 'none' },
      snapshot: waits ? null : snapshot,
    },
  }
}

const nextStepOf = ({ publishableKey }: Setup, intent: StripeIntent): NextStep => {
  const url = intent.next_action?.redirect_to_url?.url
  if (url !== undefined && mayRedirect(capabilities, url)) return { kind: 'redirect', url }
  return { kind: 'sdk', params: { publishableKey, clientSecret: intent.client_secret ?? '' } }
}

const query = async (setup: Setup, question: Reference): Promise<Outcome<PaymentSnapshot | 'notFound'>> => {
  const found = await find(setup, question)
  if (found === 'notFound') return { kind: 'ok', value: 'notFound' }
  if (!isIntent(found)) return found
  const snapshot = snapshotOf(found, setup.accountId, question.at)
  return snapshot === null ? unparsable : { kind: 'ok', value: snapshot }
}

// No key: Stripe would say the first refusal again for a day, and a payment ends once however often it is asked to.
const close = async (setup: Setup, request: Reference): Promise<Outcome<'closed' | 'alreadyPaid' | 'notFound'>> => {
  const found = request.gatewayRef === null ? await find(setup, request) : null
  if (found === 'notFound') return { kind: 'ok', value: 'notFound' }
  if (found !== null && !isIntent(found)) return found
  const id = found?.id ?? request.gatewayRef ?? ''
  const answer = await ask(() => setup.client.paymentIntents.cancel(id))
  if (answer.kind === 'absent') return { kind: 'ok', value: 'notFound' }
  if (answer.kind === 'unknown') return answer
  const after = answer.kind === 'done' ? readIntent(answer.value) : await find(setup, { ...request, gatewayRef: id })
  if (after === null) return unparsable
  if (after === 'notFound') return { kind: 'ok', value: 'notFound' }
  if (!isIntent(after)) return after
  if (after.status === 'canceled') return { kind: 'ok', value: 'closed' }
  return after.amount_received > 0 ? { kind: 'ok', value: 'alreadyPaid' } : refuse(answer)
}

const capture = async (
  setup: Setup,
  request: Parameters<NonNullable<PaymentGateway['capture']>>[0],
): Promise<Outcome<PaymentSnapshot>> => {
  const units = request.amount.minor > 0 ? toStripeAmount(request.amount) : null
  if (units === null) return decline('AmountInvalid', 'not offered')
  const found = await find(setup, request)
  if (found === 'notFound') return decline('MerchantConfig', 'resource_missing')
  if (!isIntent(found)) return untold(found)
  const params = { amount_to_capture: units, expand }
  const { key, since, at } = request
  const isMissing = async () => {
    const now = await find(setup, { ...request, gatewayRef: found.id })
    return isIntent(now) && now.status === 'requires_capture'
  }
  const answer = await askUnder(
    (idempotencyKey) => setup.client.paymentIntents.capture(found.id, params, { idempotencyKey }),
    { key, since, at, isMissing },
  )
  const intent = answer.kind === 'done' ? readIntent(answer.value) : null
  const snapshot = intent === null ? null : snapshotOf(intent, setup.accountId, request.at)
  return snapshot === null ? refuse(answer) : { kind: 'ok', value: snapshot }
}

const refund = async (setup: Setup, request: RefundRequest): Promise<Outcome<RefundSnapshot>> => {
  const { refundRef, attemptRef, amount, key, since, at } = request
  const units = amount.minor > 0 ? toStripeAmount(amount) : null
  if (units === null) return decline('AmountInvalid', 'not offered')
  const found = await find(setup, request)
  if (found === 'notFound') return decline('MerchantConfig', 'resource_missing')
  if (!isIntent(found)) return untold(found)
  // Stripe forgets a key after a day; that the refund was made before it does not.
  const before = await listRefunds(setup, found.id, at)
  if ('kind' in before) return before
  const same = before.find((each) => each.refundRef === refundRef && each.status !== 'failed')
  if (same !== undefined) {
    return same.amount.minor === amount.minor
      ? { kind: 'ok', value: same }
      : decline('DuplicateReference', 'refund_ref')
  }
  const params = {
    payment_intent: found.id,
    amount: units,
    metadata: { refund_ref: refundRef, attempt_ref: attemptRef },
    expand: expandRefund,
  }
  const isMissing = async () => {
    const after = await listRefunds(setup, found.id, at)
    return !('kind' in after) && !after.some((each) => each.refundRef === refundRef && each.status !== 'failed')
  }
  const answer = await askUnder((idempotencyKey) => setup.client.refunds.create(params, { idempotencyKey }), {
    key,
    since,
    at,
    isMissing,
  })
  const made = answer.kind === 'done' ? refundOf(answer.value, at) : null
  return made === null ? refuse(answer) : { kind: 'ok', value: made }
}

const queryRefund = async (
  setup: Setup,
  { refundRef, attemptRef, gatewayRef, paymentGatewayRef, at }: Parameters<PaymentGateway['queryRefund']>[0],
): Promise<Outcome<RefundSnapshot | 'notFound'>> => {
  const intentId = gatewayRef === null ? paymentGatewayRef : await askRefund(setup, { refundRef, gatewayRef, at })
  if (intentId !== null && typeof intentId !== 'string') return intentId
  const found = await find(setup, { attemptRef, gatewayRef: intentId, at })
  if (found === 'notFound') return { kind: 'ok', value: 'notFound' }
  if (!isIntent(found)) return found
  const all = await listRefunds(setup, found.id, at)
  if ('kind' in all) return all
  const own = all.filter((each) => each.refundRef === refundRef)
  return { kind: 'ok', value: own.find((each) => each.status !== 'failed') ?? own[0] ?? 'notFound' }
}

/** How a refund stands; of one that failed the payment it is of, for it may have been sent anew since. */
const askRefund = async (
  { client }: Setup,
  { refundRef, gatewayRef, at }: { readonly refundRef: string; readonly gatewayRef: string; readonly at: number },
): Promise<Outcome<RefundSnapshot | 'notFound'> | string> => {
  const answer = await ask(() => client.refunds.retrieve(gatewayRef, { expand: expandRefund }))
  if (answer.kind === 'absent') return { kind: 'ok', value: 'notFound' }
  if (answer.kind !== 'done') return refuse(answer)
  const known = refundOf(answer.value, at)
  if (known?.refundRef !== refundRef) return unparsable
  return (known.status === 'failed' ? intentIdOf(answer.value) : null) ?? { kind: 'ok', value: known }
}
