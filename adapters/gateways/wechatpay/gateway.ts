import { type Result, ResultAsync } from 'neverthrow'
import {
  type CreatedPayment,
  type CreateRequest,
  type GatewayErrorCode,
  holdsCardNumber,
  type Outcome,
  type PaymentGateway,
  type PaymentSnapshot,
  type RefundRequest,
  type RefundSnapshot,
} from 'shopwright/payments'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import { createHttpSender } from '../http.js'
import { writeReference } from '../reference.js'
import { createClient, type WechatPayClient, type WechatPayReply } from './client.js'
import { createComplaintPort, hearComplaint } from './complaints.js'
import { errorOf, isAbsent, plainCode } from './error-codes.js'
import { accountOf, readRefund, readTransaction } from './facts.js'
import { nextStepOf } from './next-step.js'
import { verifyNotification } from './notification.js'
import { checkOptions, type WechatPayOptions, type WechatPaySetup } from './options.js'
import { createSplitPort } from './splits.js'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** How long a reference of ours may be at WeChat Pay. */
const tradeNumberLength = 32
const refundNumberLength = 64

/**
 * Payments by WeChat Pay, API v3, of a merchant in China. It knows a request again by our own reference, for ever.
 *
 * @errors GatewayConfigInvalid
 */
export const createWechatPay = (options: WechatPayOptions): Result<PaymentGateway, GatewayConfigInvalid> =>
  checkOptions(options).andThen((setup) =>
    createHttpSender('https://api.mch.weixin.qq.com', options)
      .map((http) => gatewayOf(setup, createClient(setup, http)))
      .orElse((option) => refuseOption(setup.gatewayId, option, option === 'baseUrl' ? 'notHttps' : 'malformed')),
  )

const gatewayOf = (setup: WechatPaySetup, client: WechatPayClient): PaymentGateway => ({
  gatewayId: setup.gatewayId,
  merchantAccount: accountOf(setup.appId, setup.signer.mchId),
  capabilities: {
    methods: ['wechatPay'],
    currencies: ['CNY'],
    capture: 'automatic',
    partialCapture: false,
    multiCapture: false,
    holdMs: null,
    refund: 'api',
    // What the payer is shown works for two hours.
    expiry: { minMs: 5 * minuteMs, maxMs: 2 * hourMs },
    query: true,
    notifications: 'signed',
    idempotency: { style: 'reference', windowMs: null },
    redirectHosts: setup.scene === 'h5' ? ['wx.tenpay.com'] : [],
    bills: { timeZone: 'Asia/Shanghai' },
  },
  create: (request) => ResultAsync.fromSafePromise(create(setup, client, request)),
  query: ({ attemptRef, at }) => ResultAsync.fromSafePromise(query(setup, client, attemptRef, at)),
  close: ({ attemptRef, at }) => ResultAsync.fromSafePromise(close(setup, client, attemptRef, at)),
  refund: (request) => ResultAsync.fromSafePromise(refund(setup, client, request)),
  queryRefund: ({ refundRef, at }) => ResultAsync.fromSafePromise(queryRefund(client, refundRef, at)),
  ...(setup.splits === null ? {} : { splits: createSplitPort(setup, client, setup.splits) }),
  disputes: createComplaintPort(setup, client),
  verifyNotification: (notification) =>
    verifyNotification(
      {
        keys: client.keys,
        apiV3Key: setup.apiV3Key,
        mchId: setup.signer.mchId,
        appId: setup.appId,
        hearComplaint: (complaintId, at) => hearComplaint(setup, client, complaintId, at),
      },
      notification,
    ),
  acknowledge: (handled) => {
    if (handled === 'ok') return { status: 204, headers: {}, body: '' }
    const message = handled === 'retry' ? 'send again' : 'not believed'
    return {
      status: handled === 'retry' ? 503 : 401,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'FAIL', message }),
    }
  },
})

const create = async (
  setup: WechatPaySetup,
  client: WechatPayClient,
  request: CreateRequest,
): Promise<Outcome<CreatedPayment>> => {
  const { attemptRef, orderRef, amount, method, instrumentToken, capture, expiresAt, at } = request
  const { appId, signer, scene, notifyUrl } = setup
  const tradeNumber = writeReference(attemptRef, tradeNumberLength)
  if (method !== 'wechatPay' || capture !== 'automatic') return decline('MerchantConfig', 'not offered')
  if (amount.currency !== 'CNY') return decline('CurrencyUnsupported', 'not offered')
  if (!Number.isSafeInteger(amount.minor) || amount.minor <= 0) return decline('AmountInvalid', 'not offered')
  if (tradeNumber === null || tradeNumber.length < 6) return decline('MerchantConfig', 'reference too long')
  const needed = neededToken[scene]
  if (needed !== null && (instrumentToken === null || !isToken(needed, instrumentToken))) {
    return decline('InstrumentInvalid', `no ${needed}`)
  }
  const body = {
    appid: appId,
    mchid: signer.mchId,
    description: [...setup.descriptionOf(request)].slice(0, 127).join(''),
    out_trade_no: tradeNumber,
    time_expire: inShanghai(expiresAt),
    attach: orderRef,
    notify_url: notifyUrl,
    amount: { total: amount.minor, currency: amount.currency },
    // What is not held together when it is paid cannot be divided later.
    ...(request.isSplit === true && setup.splits !== null ? { settle_info: { profit_sharing: true } } : {}),
    ...(needed === 'openid' ? { payer: { openid: instrumentToken } } : {}),
    ...(needed === 'IP address' ? { scene_info: { payer_client_ip: instrumentToken, h5_info: { type: 'Wap' } } } : {}),
  }
  const reply = await client.ask({ method: 'POST', path: `/v3/pay/transactions/${scene}`, body, at })
  if (reply.kind !== 'done') return refuse(reply, 'pay')
  const next = nextStepOf(setup, request, reply.body)
  return next === null
    ? { kind: 'unknown', cause: 'unparsable' }
    : { kind: 'ok', value: { gatewayRef: null, next, snapshot: null } }
}

const neededToken = { native: null, app: null, jsapi: 'openid', h5: 'IP address' } as const

const isToken = (needed: 'openid' | 'IP address', token: string): boolean =>
  (needed === 'openid' ? /^[\w-]{1,128}$/ : /^[\d.]{7,15}$|^[\da-fA-F:.]{2,45}$/).test(token) && !holdsCardNumber(token)

const query = async (
  { signer, appId }: WechatPaySetup,
  client: WechatPayClient,
  attemptRef: string,
  at: number,
): Promise<Outcome<PaymentSnapshot | 'notFound'>> => {
  const path = tradePath(attemptRef)
  if (path === null) return { kind: 'ok', value: 'notFound' }
  const reply = await client.ask({ method: 'GET', path: `${path}?mchid=${signer.mchId}`, at })
  if (isAbsent(reply)) return { kind: 'ok', value: 'notFound' }
  if (reply.kind !== 'done') return refuse(reply, 'pay')
  const found = readTransaction(reply.body, at, appId)
  if (found === 'untold') return { kind: 'pending', gatewayRef: null, pollAfterMs: null }
  // An answer about something else proves nothing about this.
  return found === null || found.attemptRef !== attemptRef
    ? { kind: 'unknown', cause: 'unparsable' }
    : { kind: 'ok', value: found }
}

const close = async (
  setup: WechatPaySetup,
  client: WechatPayClient,
  attemptRef: string,
  at: number,
): Promise<Outcome<'closed' | 'alreadyPaid' | 'notFound'>> => {
  const path = tradePath(attemptRef)
  if (path === null) return { kind: 'ok', value: 'notFound' }
  const body = { mchid: setup.signer.mchId }
  const reply = await client.ask({ method: 'POST', path: `${path}/close`, body, at })
  if (reply.kind === 'done') return { kind: 'ok', value: 'closed' }
  if (isAbsent(reply)) return { kind: 'ok', value: 'notFound' }
  if (reply.kind === 'unknown') return reply
  const code = plainCode(reply.code)
  if (code === 'ORDERPAID') return { kind: 'ok', value: 'alreadyPaid' }
  if (code === 'ORDERCLOSED') return { kind: 'ok', value: 'closed' }
  // The same code says many things here; how the payment stands says which.
  const found = await query(setup, client, attemptRef, at)
  const status = found.kind === 'ok' && found.value !== 'notFound' ? found.value.status : null
  if (status === 'captured') return { kind: 'ok', value: 'alreadyPaid' }
  return status === 'closed' ? { kind: 'ok', value: 'closed' } : refuse(reply, 'pay')
}

const refund = async (
  setup: WechatPaySetup,
  client: WechatPayClient,
  request: RefundRequest,
): Promise<Outcome<RefundSnapshot>> => {
  const { refundRef, attemptRef, captured, amount, at } = request
  const refundNumber = writeReference(refundRef, refundNumberLength)
  const tradeNumber = writeReference(attemptRef, tradeNumberLength)
  if (refundNumber === null || tradeNumber === null) return decline('MerchantConfig', 'reference too long')
  if (amount.currency !== 'CNY') return decline('CurrencyUnsupported', 'not offered')
  const body = {
    out_trade_no: tradeNumber,
    out_refund_no: refundNumber,
    notify_url: setup.notifyUrl,
    amount: { refund: amount.minor, total: captured.minor, currency: amount.currency },
  }
  const reply = await client.ask({ method: 'POST', path: '/v3/refund/domestic/refunds', body, at })
  if (reply.kind === 'done') return tellRefund(request, readRefund(reply.body, at))
  if (reply.kind === 'unknown') return reply
  // That a number was used before comes under the code for whatever does not fit; what it was used for says more.
  const before = await queryRefund(client, refundRef, at)
  if (before.kind !== 'ok') return before.kind === 'declined' ? { kind: 'unknown', cause: 'ambiguous' } : before
  return before.value === 'notFound' ? refuse(reply, 'refund') : tellRefund(request, before.value)
}

const tellRefund = (
  { refundRef, attemptRef, amount }: RefundRequest,
  found: RefundSnapshot | null,
): Outcome<RefundSnapshot> => {
  if (found === null || found.refundRef !== refundRef) return { kind: 'unknown', cause: 'unparsable' }
  const same =
    found.attemptRef === attemptRef && found.amount.minor === amount.minor && found.amount.currency === amount.currency
  return same ? { kind: 'ok', value: found } : decline('DuplicateReference', 'out_refund_no')
}

const queryRefund = async (
  client: WechatPayClient,
  refundRef: string,
  at: number,
): Promise<Outcome<RefundSnapshot | 'notFound'>> => {
  const refundNumber = writeReference(refundRef, refundNumberLength)
  if (refundNumber === null) return { kind: 'ok', value: 'notFound' }
  const reply = await client.ask({ method: 'GET', path: `/v3/refund/domestic/refunds/${refundNumber}`, at })
  if (isAbsent(reply)) return { kind: 'ok', value: 'notFound' }
  if (reply.kind !== 'done') return refuse(reply, 'refund')
  const found = readRefund(reply.body, at)
  return found === null || found.refundRef !== refundRef
    ? { kind: 'unknown', cause: 'unparsable' }
    : { kind: 'ok', value: found }
}

const tradePath = (attemptRef: string): string | null => {
  const tradeNumber = writeReference(attemptRef, tradeNumberLength)
  return tradeNumber === null ? null : `/v3/pay/transactions/out-trade-no/${tradeNumber}`
}

const refuse = (
  reply: Exclude<WechatPayReply, { kind: 'done' }>,
  operation: 'pay' | 'refund',
): Extract<Outcome<never>, { kind: 'declined' | 'unknown' }> =>
  reply.kind === 'unknown' ? reply : { kind: 'declined', error: errorOf(reply, operation) }

const decline = (code: GatewayErrorCode, gatewayCode: string): Outcome<never> => ({
  kind: 'declined',
  error: { code, gatewayCode },
})

// WeChat Pay writes moments by the clock of Beijing; whole seconds.
const inShanghai = (at: number): string => `${new Date(at + 8 * hourMs).toISOString().slice(0, 19)}+08:00`
