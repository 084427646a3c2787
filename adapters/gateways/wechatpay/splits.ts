import { ResultAsync } from 'neverthrow'
import type { GatewayErrorCode, MovedSplit, Outcome, SplitPort, SplitRequest } from 'shopwright/payments'
import * as z from 'zod'
import { writeReference } from '../reference.js'
import type { WechatPayClient, WechatPayReply } from './client.js'
import { errorOf } from './error-codes.js'
import type { WechatPaySetup, WechatPaySplits } from './options.js'

/** How long a reference of ours may be there. */
const referenceLength = 64
const usualBasisPoints = 3_000
const askAgainMs = 10_000

const receiver = z.object({
  account: z.string(),
  amount: z.int(),
  result: z.enum(['PENDING', 'SUCCESS', 'CLOSED']),
  fail_reason: z.string().optional(),
})
const splitBody = z.object({
  out_order_no: z.string(),
  order_id: z.string(),
  receivers: z.array(receiver),
})
const returnBody = z.object({
  out_return_no: z.string(),
  return_id: z.string(),
  amount: z.int(),
  result: z.enum(['PROCESSING', 'SUCCESS', 'FAILED']),
  fail_reason: z.string().optional(),
})
const finishBody = z.object({ out_order_no: z.string() })
const amountsBody = z.object({ unsplit_amount: z.int() })

/** Why a receiver, or one who gives back, got or gave nothing. */
const failures: Readonly<Record<string, GatewayErrorCode>> = {
  ACCOUNT_ABNORMAL: 'InstrumentInvalid',
  BALANCE_NOT_ENOUGH: 'InsufficientFunds',
  RECEIVER_HIGH_RISK: 'FraudSuspected',
  RECEIVER_REAL_NAME_NOT_VERIFIED: 'InstrumentInvalid',
  RECEIVER_RECEIPT_LIMIT: 'LimitExceeded',
  TIME_OUT_CLOSED: 'Expired',
}

/** Divides payments of a merchant by API v3. */
export const createSplitPort = (
  setup: WechatPaySetup,
  client: WechatPayClient,
  { accountOf, mostBasisPoints = usualBasisPoints, description }: WechatPaySplits,
): SplitPort => {
  const text = [...description].slice(0, 80).join('')
  return {
    mostBasisPoints,
    accountOf: (payee) =>
      ResultAsync.fromSafePromise(
        Promise.resolve(accountOf(payee)).then((value): Outcome<string | null> => ({ kind: 'ok', value })),
      ),
    send: (request) => ResultAsync.fromSafePromise(send(setup, client, text, request)),
    takeBack: (request) => ResultAsync.fromSafePromise(takeBack(client, text, request)),
    finish: ({ attemptRef, gatewayRef, at }) =>
      ResultAsync.fromSafePromise(finish(client, text, { attemptRef, gatewayRef, at })),
  }
}

const isMerchant = (account: string): boolean => /^\d{6,32}$/.test(account)

const send = async (
  { appId }: WechatPaySetup,
  client: WechatPayClient,
  description: string,
  { splitRef, gatewayRef, account, amount, at }: SplitRequest,
): Promise<Outcome<MovedSplit>> => {
  const number = writeReference(splitRef, referenceLength)
  if (number === null || gatewayRef === null) return decline('MerchantConfig', 'no reference')
  if (amount.currency !== 'CNY') return decline('CurrencyUnsupported', 'not offered')
  const type = isMerchant(account) ? 'MERCHANT_ID' : 'PERSONAL_OPENID'
  const body = {
    appid: appId,
    transaction_id: gatewayRef,
    out_order_no: number,
    receivers: [{ type, account, amount: amount.minor, description }],
    unfreeze_unsplit: false,
  }
  const reply = await client.ask({ method: 'POST', path: '/v3/profitsharing/orders', body, at })
  const path = `/v3/profitsharing/orders/${number}?transaction_id=${encodeURIComponent(gatewayRef)}`
  return readMove(client, { reply, path, at }, (told) => {
    const read = splitBody.safeParse(told)
    if (!read.success || read.data.out_order_no !== number) return null
    const [found, ...others] = read.data.receivers.filter((each) => each.account === account)
    if (found === undefined || others.length > 0) return null
    if (found.amount !== amount.minor) return decline('DuplicateReference', 'out_order_no')
    return stateOf(found.result, read.data.order_id, found.fail_reason)
  })
}

const takeBack = async (
  client: WechatPayClient,
  description: string,
  { returnRef, splitRef, account, amount, at }: SplitRequest & { readonly returnRef: string },
): Promise<Outcome<MovedSplit>> => {
  const number = writeReference(splitRef, referenceLength)
  const back = writeReference(returnRef, referenceLength)
  if (number === null || back === null) return decline('MerchantConfig', 'no reference')
  if (!isMerchant(account)) return decline('MerchantConfig', 'a person gives nothing back')
  const body = {
    out_order_no: number,
    out_return_no: back,
    return_mchid: account,
    amount: amount.minor,
    description,
  }
  const reply = await client.ask({ method: 'POST', path: '/v3/profitsharing/return-orders', body, at })
  const path = `/v3/profitsharing/return-orders/${back}?out_order_no=${number}`
  return readMove(client, { reply, path, at }, (told) => {
    const read = returnBody.safeParse(told)
    if (!read.success || read.data.out_return_no !== back) return null
    if (read.data.amount !== amount.minor) return decline('DuplicateReference', 'out_return_no')
    return stateOf(read.data.result, read.data.return_id, read.data.fail_reason)
  })
}

const stateOf = (
  result: 'PENDING' | 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'FAILED',
  gatewayRef: string,
  reason = result as string,
): Outcome<MovedSplit> => {
  switch (result) {
    case 'SUCCESS':
      return { kind: 'ok', value: { gatewayRef } }
    case 'PENDING':
    case 'PROCESSING':
      return { kind: 'pending', gatewayRef, pollAfterMs: askAgainMs }
    case 'CLOSED':
    case 'FAILED':
      return decline((Object.hasOwn(failures, reason) ? failures[reason] : undefined) ?? 'MerchantConfig', reason)
  }
}

/** Reads what came of a move of money; a refusal says nothing of what an earlier try has done, so that is looked for. */
const readMove = async (
  client: WechatPayClient,
  { reply, path, at }: { readonly reply: WechatPayReply; readonly path: string; readonly at: number },
  read: (told: unknown) => Outcome<MovedSplit> | null,
): Promise<Outcome<MovedSplit>> => {
  const unreadable: Outcome<MovedSplit> = { kind: 'unknown', cause: 'unparsable' }
  if (reply.kind === 'done') return read(reply.body) ?? unreadable
  if (reply.kind === 'unknown') return reply
  const before = await client.ask({ method: 'GET', path, at })
  switch (before.kind) {
    case 'done':
      return read(before.body) ?? unreadable
    case 'unknown':
      return before
    case 'refused': {
      // A refusal of the question is no word on what was asked about, unless there is nothing.
      if (before.status !== 404) return { kind: 'pending', gatewayRef: null, pollAfterMs: askAgainMs }
      const error = errorOf(reply, 'pay')
      return error.code === 'RateLimited'
        ? { kind: 'pending', gatewayRef: null, pollAfterMs: askAgainMs }
        : { kind: 'declined', error }
    }
  }
}

// It has no code of its own for that: what is over is refused like a misuse. Who is turned away at the door, by 401 or
// 403, has not been told that.
const isNothingLeft = async (client: WechatPayClient, transaction: string, at: number): Promise<boolean> => {
  const path = `/v3/profitsharing/transactions/${encodeURIComponent(transaction)}/amounts`
  const reply = await client.ask({ method: 'GET', path, at })
  return reply.kind === 'done' && amountsBody.safeParse(reply.body).data?.unsplit_amount === 0
}

const finish = async (
  client: WechatPayClient,
  description: string,
  asked: { readonly attemptRef: string; readonly gatewayRef: string | null; readonly at: number },
): Promise<Outcome<'finished'>> => {
  const number = writeReference(`rest_${asked.attemptRef}`, referenceLength)
  if (number === null || asked.gatewayRef === null) return decline('MerchantConfig', 'no reference')
  const body = { transaction_id: asked.gatewayRef, out_order_no: number, description }
  const reply = await client.ask({ method: 'POST', path: '/v3/profitsharing/orders/unfreeze', body, at: asked.at })
  if (reply.kind === 'unknown') return reply
  if (reply.kind === 'refused') {
    const error = errorOf(reply, 'pay')
    if (error.code === 'RateLimited') return { kind: 'pending', gatewayRef: null, pollAfterMs: askAgainMs }
    return reply.status === 400 && (await isNothingLeft(client, asked.gatewayRef, asked.at))
      ? { kind: 'ok', value: 'finished' }
      : { kind: 'declined', error }
  }
  const read = finishBody.safeParse(reply.body)
  return read.success && read.data.out_order_no === number
    ? { kind: 'ok', value: 'finished' }
    : { kind: 'unknown', cause: 'unparsable' }
}

const decline = (code: GatewayErrorCode, gatewayCode: string): Outcome<never> => ({
  kind: 'declined',
  error: { code, gatewayCode },
})
