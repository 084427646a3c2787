import { type Result, ResultAsync } from 'neverthrow'
import { toDecimalText } from 'shopwright'
import type {
  CreatedPayment,
  CreateRequest,
  GatewayErrorCode,
  NextStep,
  Outcome,
  PaymentGateway,
  PaymentSnapshot,
  RefundRequest,
  RefundSnapshot,
} from 'shopwright/payments'
import * as z from 'zod'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import { createHttpSender, type HttpSender } from '../http.js'
import { writeReference } from '../reference.js'
import { inShanghai } from '../shanghai-time.js'
import { type AlipayClient, type AlipayReply, createClient, writeForm } from './client.js'
import { createComplaintPort, hearComplaint } from './complaints.js'
import { errorOf, plainSubCode } from './error-codes.js'
import { readRefund, readTrade } from './facts.js'
import { accountOf, verifyNotification } from './notification.js'
import { type AlipayOptions, type AlipaySetup, checkOptions } from './options.js'
import { createSplitPort } from './splits.js'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** How long a reference of ours may be at Alipay. */
const referenceLength = 64

/** Before this a refund may be under way and yet not be found. */
const refundQueryAfterMs = 10_000

/**
 * Payments by Alipay of a merchant in China. It knows a request again by our own reference, for ever.
 *
 * @errors GatewayConfigInvalid
 */
export const createAlipay = (options: AlipayOptions): Result<PaymentGateway, GatewayConfigInvalid> =>
  checkOptions(options).andThen((setup) =>
    createHttpSender('https://openapi.alipay.com', options)
      .map((http) => gatewayOf(setup, http))
      .orElse((option) => refuseOption(setup.gatewayId, option, option === 'baseUrl' ? 'notHttps' : 'malformed')),
  )

/** A gateway, with what its methods share. */
type Alipay = { readonly setup: AlipaySetup; readonly client: AlipayClient; readonly http: HttpSender }

const gatewayOf = (setup: AlipaySetup, http: HttpSender): PaymentGateway => {
  const alipay: Alipay = { setup, client: createClient(setup, http), http }
  const shown = setup.scene === 'page' || setup.scene === 'wap'
  return {
    gatewayId: setup.gatewayId,
    merchantAccount: accountOf(setup.appId, setup.sellerId),
    capabilities: {
      methods: ['alipay'],
      currencies: ['CNY'],
      capture: 'automatic',
      partialCapture: false,
      multiCapture: false,
      holdMs: null,
      refund: 'api',
      // A code works for two hours.
      expiry: { minMs: 5 * minuteMs, maxMs: setup.scene === 'precreate' ? 120 * minuteMs : 15 * dayMs },
      query: true,
      notifications: 'signed',
      idempotency: { style: 'reference', windowMs: null },
      redirectHosts: shown ? [new URL(http.baseUrl).hostname] : [],
      bills: { timeZone: 'Asia/Shanghai' },
    },
    create: (request) => ResultAsync.fromSafePromise(create(alipay, request)),
    query: ({ attemptRef, at }) => ResultAsync.fromSafePromise(query(alipay, attemptRef, at)),
    close: ({ attemptRef, at }) => ResultAsync.fromSafePromise(close(alipay, attemptRef, at)),
    refund: (request) => ResultAsync.fromSafePromise(refund(alipay, request)),
    queryRefund: ({ refundRef, attemptRef, at }) =>
      ResultAsync.fromSafePromise(queryRefund(alipay, { refundRef, attemptRef, at })),
    disputes: createComplaintPort(setup, alipay.client),
    ...(setup.splits === null ? {} : { splits: createSplitPort(setup, alipay.client, setup.splits) }),
    verifyNotification: (notification) =>
      verifyNotification(
        {
          ...setup,
          hearComplaint: (complaintId, at) => hearComplaint(setup, alipay.client, complaintId, at),
          hearRefund: (told, at) => hearRefund(alipay, told, at),
        },
        notification,
      ),
    acknowledge: (handled) => ({
      status: { ok: 200, retry: 503, rejected: 401 }[handled],
      headers: { 'content-type': 'text/plain' },
      body: handled === 'ok' ? 'success' : 'failure',
    }),
  }
}

const scenes = {
  page: { method: 'alipay.trade.page.pay', product: 'FAST_INSTANT_TRADE_PAY' },
  wap: { method: 'alipay.trade.wap.pay', product: 'QUICK_WAP_WAY' },
  app: { method: 'alipay.trade.app.pay', product: 'QUICK_MSECURITY_PAY' },
  precreate: { method: 'alipay.trade.precreate', product: 'FACE_TO_FACE_PAYMENT' },
} as const

const codeBody = z.object({ qr_code: z.string().min(1) })

const create = async ({ setup, client, http }: Alipay, request: CreateRequest): Promise<Outcome<CreatedPayment>> => {
  const { attemptRef, amount, method, capture, expiresAt, returnUrl, at } = request
  const { scene, notifyUrl } = setup
  const tradeNumber = writeReference(attemptRef, referenceLength)
  if (method !== 'alipay' || capture !== 'automatic') return decline('MerchantConfig', 'not offered')
  if (amount.currency !== 'CNY') return decline('CurrencyUnsupported', 'not offered')
  const yuan = yuanOf(amount.minor)
  if (yuan === null) return decline('AmountInvalid', 'not offered')
  if (tradeNumber === null) return decline('MerchantConfig', 'reference too long')
  const content = {
    out_trade_no: tradeNumber,
    total_amount: yuan,
    subject: [...setup.subjectOf(request)].slice(0, 256).join(''),
    product_code: scenes[scene].product,
    time_expire: inShanghai(expiresAt),
    // Alipay keeps it apart until it is told that nothing more is divided, for 30 days at most.
    ...(request.isSplit === true && setup.splits !== null ? { extend_params: { royalty_freeze: 'true' } } : {}),
  }
  const back: Readonly<Record<string, string>> = returnUrl === null ? {} : { return_url: returnUrl }
  const asked = { method: scenes[scene].method, content, at, extra: { notify_url: notifyUrl, ...back } }
  const show = (next: NextStep): Outcome<CreatedPayment> => ({
    kind: 'ok',
    value: { gatewayRef: null, next, snapshot: null },
  })
  switch (scene) {
    case 'page':
    case 'wap':
      return show({ kind: 'redirect', url: `${http.baseUrl}/gateway.do?${writeForm(client.sign(asked))}` })
    case 'app':
      return show({ kind: 'sdk', params: { orderStr: writeForm(client.sign(asked)) } })
    case 'precreate': {
      const reply = await client.ask(asked)
      if (reply.kind !== 'done') return refuse(reply)
      const code = codeBody.safeParse(reply.body)
      return code.success ? show({ kind: 'qr', content: code.data.qr_code }) : unparsable
    }
  }
}

const query = async (
  { setup, client }: Alipay,
  attemptRef: string,
  at: number,
): Promise<Outcome<PaymentSnapshot | 'notFound'>> => {
  const tradeNumber = writeReference(attemptRef, referenceLength)
  if (tradeNumber === null) return { kind: 'ok', value: 'notFound' }
  const reply = await client.ask({ method: 'alipay.trade.query', content: { out_trade_no: tradeNumber }, at })
  if (isAbsent(reply)) return { kind: 'ok', value: 'notFound' }
  if (reply.kind !== 'done') return refuse(reply)
  const found = readTrade(reply.body, accountOf(setup.appId, setup.sellerId), at)
  // An answer about something else proves nothing about this.
  return found === null || found.attemptRef !== attemptRef ? unparsable : { kind: 'ok', value: found }
}

const close = async (
  alipay: Alipay,
  attemptRef: string,
  at: number,
): Promise<Outcome<'closed' | 'alreadyPaid' | 'notFound'>> => {
  const tradeNumber = writeReference(attemptRef, referenceLength)
  if (tradeNumber === null) return { kind: 'ok', value: 'notFound' }
  const content = { out_trade_no: tradeNumber }
  const reply = await alipay.client.ask({ method: 'alipay.trade.close', content, at })
  if (reply.kind === 'done') return { kind: 'ok', value: 'closed' }
  // The payer has not come to Alipay yet, and still may.
  if (isAbsent(reply)) return { kind: 'ok', value: 'notFound' }
  if (reply.kind === 'unknown') return reply
  // That the state does not allow it is said of a paid trade and of a closed one alike.
  const found = await query(alipay, attemptRef, at)
  const status = found.kind === 'ok' && found.value !== 'notFound' ? found.value.status : null
  if (status === 'captured') return { kind: 'ok', value: 'alreadyPaid' }
  return status === 'closed' ? { kind: 'ok', value: 'closed' } : refuse(reply)
}

const refundBody = z.object({
  out_trade_no: z.string(),
  trade_no: z.string().default(''),
  fund_change: z.string().default('N'),
})

const refund = async (alipay: Alipay, request: RefundRequest): Promise<Outcome<RefundSnapshot>> => {
  const { refundRef, attemptRef, amount, at } = request
  const requestNumber = writeReference(refundRef, referenceLength)
  const tradeNumber = writeReference(attemptRef, referenceLength)
  if (requestNumber === null || tradeNumber === null) return decline('MerchantConfig', 'reference too long')
  if (amount.currency !== 'CNY') return decline('CurrencyUnsupported', 'not offered')
  const yuan = yuanOf(amount.minor)
  if (yuan === null) return decline('AmountInvalid', 'not offered')
  const content = { out_trade_no: tradeNumber, out_request_no: requestNumber, refund_amount: yuan }
  const reply = await alipay.client.ask({ method: 'alipay.trade.refund', content, at })
  if (reply.kind !== 'done') return refuse(reply)
  const read = refundBody.safeParse(reply.body)
  if (!read.success || read.data.out_trade_no !== tradeNumber) return unparsable
  if (read.data.fund_change === 'Y') {
    const gatewayRef = read.data.trade_no === '' ? null : read.data.trade_no
    return {
      kind: 'ok',
      value: { kind: 'refund', refundRef, attemptRef, gatewayRef, status: 'succeeded', amount, failure: null, at },
    }
  }
  // No money moved now: it moved before, under the same number, or it has yet to. Only the refund itself can say.
  const found = await queryRefund(alipay, { refundRef, attemptRef, at })
  const known = found.kind === 'ok' && found.value !== 'notFound' ? found.value : null
  if (known === null) return { kind: 'pending', gatewayRef: null, pollAfterMs: refundQueryAfterMs }
  return known.amount.minor === amount.minor
    ? { kind: 'ok', value: known }
    : decline('DuplicateReference', 'out_request_no')
}

const queryRefund = async (
  alipay: Alipay,
  { refundRef, attemptRef, at }: { readonly refundRef: string; readonly attemptRef: string; readonly at: number },
): Promise<Outcome<RefundSnapshot | 'notFound'>> => {
  const requestNumber = writeReference(refundRef, referenceLength)
  const tradeNumber = writeReference(attemptRef, referenceLength)
  if (requestNumber === null || tradeNumber === null) return { kind: 'ok', value: 'notFound' }
  const answer = await askRefund(alipay, { tradeNumber, requestNumber }, at)
  // An answer about something else proves nothing about this.
  const isOther = answer.kind === 'ok' && answer.value !== 'notFound' && answer.value.refundRef !== refundRef
  return isOther ? unparsable : answer
}

/** Asks by the numbers that Alipay has: those of a refund that was made on its own pages are none of ours. */
const askRefund = async (
  { client }: Alipay,
  { tradeNumber, requestNumber }: { readonly tradeNumber: string; readonly requestNumber: string },
  at: number,
): Promise<Outcome<RefundSnapshot | 'notFound'>> => {
  const content = { out_trade_no: tradeNumber, out_request_no: requestNumber, query_options: ['gmt_refund_pay'] }
  const reply = await client.ask({ method: 'alipay.trade.fastpay.refund.query', content, at })
  if (isAbsent(reply)) return { kind: 'ok', value: 'notFound' }
  if (reply.kind !== 'done') return refuse(reply)
  return { kind: 'ok', value: readRefund(reply.body, at) ?? 'notFound' }
}

const hearRefund = async (
  alipay: Alipay,
  told: Parameters<typeof askRefund>[1],
  at: number,
): Promise<RefundSnapshot | 'notFound' | 'unknown'> => {
  const answer = await askRefund(alipay, told, at)
  return answer.kind === 'ok' ? answer.value : 'unknown'
}

const yuanOf = (minor: number): string | null =>
  Number.isSafeInteger(minor) && minor > 0 ? toDecimalText({ minor, currency: 'CNY' }).unwrapOr(null) : null

const isAbsent = (reply: AlipayReply): boolean =>
  reply.kind === 'refused' && plainSubCode(reply.subCode) === 'TRADE_NOT_EXIST'

const refuse = (
  reply: Exclude<AlipayReply, { kind: 'done' }>,
): Extract<Outcome<never>, { kind: 'declined' | 'unknown' }> =>
  reply.kind === 'unknown' ? reply : { kind: 'declined', error: errorOf(reply) }

const unparsable: Outcome<never> = { kind: 'unknown', cause: 'unparsable' }

const decline = (code: GatewayErrorCode, gatewayCode: string): Outcome<never> => ({
  kind: 'declined',
  error: { code, gatewayCode },
})
