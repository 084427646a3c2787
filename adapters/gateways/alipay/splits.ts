import { createHash } from 'node:crypto'
import { ResultAsync } from 'neverthrow'
import { toDecimalText } from 'shopwright'
import type { GatewayErrorCode, MovedSplit, Outcome, SplitPort, SplitRequest } from 'shopwright/payments'
import * as z from 'zod'
import { writeReference } from '../reference.js'
import type { AlipayClient, AlipayReply } from './client.js'
import { errorOf, plainSubCode } from './error-codes.js'
import { readYuan } from './facts.js'
import type { AlipaySetup, AlipaySplits } from './options.js'

/** How long a reference of ours may be in a division; in a trade it may be twice as long. */
const referenceLength = 32
const usualBasisPoints = 3_000
const askAgainMs = 10_000

const settleBody = z.object({ settle_no: z.string().default('') })
const detail = z.object({
  operation_type: z.string(),
  amount: z.coerce.string(),
  state: z.enum(['SUCCESS', 'FAIL', 'PROCESSING']),
  detail_id: z.string().default(''),
  error_code: z.string().default(''),
  /** Not there where Alipay knows the other side by an id under the application alone. */
  trans_in: z.string().default(''),
  trans_out: z.string().default(''),
})
const divisionBody = z.object({
  out_request_no: z.string().default(''),
  royalty_detail_list: z.array(detail).default([]),
})
const leftBody = z.object({ unsettled_amount: z.coerce.string() })
const bindBody = z.object({ result_code: z.literal('SUCCESS') })

/** An answer that names no move of money. */
type NoMove = Extract<Outcome<never>, { kind: 'declined' | 'pending' | 'unknown' }>

/** What is asked of Alipay for one move of money, and how the move is known in its answer. */
type Move = {
  readonly trade: string
  readonly number: string
  readonly kind: 'transfer' | 'transfer_refund'
  readonly account: string
  readonly yuan: string
  readonly at: number
}

/**
 * Divides trades of a merchant (商家分账), part by part and at once: `alipay.trade.order.settle`. A part comes back by a
 * refund of nothing that names the payee it is to come from. Alipay knows a request again by its number, for ever.
 *
 * @source opendocs.alipay.com: 商家分账 (接入指南), alipay.trade.order.settle, alipay.trade.order.settle.query,
 * alipay.trade.order.onsettle.query, alipay.trade.royalty.relation.bind, alipay.trade.refund with `refund_royalty_parameters`
 */
export const createSplitPort = (setup: AlipaySetup, client: AlipayClient, splits: AlipaySplits): SplitPort => {
  const { accountOf, mostBasisPoints = usualBasisPoints } = splits
  const alipay = { setup, client, text: [...splits.description].slice(0, 100).join('') }
  return {
    mostBasisPoints,
    accountOf: (payee) =>
      ResultAsync.fromSafePromise(
        Promise.resolve(accountOf(payee)).then((value): Outcome<string | null> => ({ kind: 'ok', value })),
      ),
    send: (request) => ResultAsync.fromSafePromise(send(alipay, request)),
    takeBack: (request) => ResultAsync.fromSafePromise(takeBack(alipay, request)),
    finish: (request) => ResultAsync.fromSafePromise(finish(alipay, request)),
  }
}

type Alipay = { readonly setup: AlipaySetup; readonly client: AlipayClient; readonly text: string }

const send = async (alipay: Alipay, request: SplitRequest): Promise<Outcome<MovedSplit>> => {
  const move = moveOf('transfer', request.splitRef, request)
  if ('error' in move) return move
  const { client, setup, text } = alipay
  const { trade, number, account, yuan, at } = move
  const part = { royalty_type: 'transfer', ...from(setup.sellerId), ...to(account), amount: yuan, desc: text }
  const content = { out_request_no: number, trade_no: trade, royalty_parameters: [part] }
  const ask = () => client.ask({ method: 'alipay.trade.order.settle', content, at })
  let reply = await ask()
  if (isRefused(reply, 'ROYALTY_RECEIVER_INVALID')) {
    const bound = await bind(alipay, account, at)
    if (bound !== null) return bound
    reply = await ask()
  }
  if (reply.kind !== 'done') return afterRefusal(alipay, move, reply)
  // Where it is not said otherwise, a division is done when it is answered, as a whole or not at all.
  const { settle_no: id = '' } = settleBody.safeParse(reply.body).data ?? {}
  return id === '' ? unparsable : { kind: 'ok', value: { gatewayRef: id } }
}

const takeBack = async (
  alipay: Alipay,
  request: SplitRequest & { readonly returnRef: string },
): Promise<Outcome<MovedSplit>> => {
  const move = moveOf('transfer_refund', request.returnRef, request)
  if ('error' in move) return move
  const { client, setup, text } = alipay
  const { trade, number, account, yuan, at } = move
  const part = { royalty_type: 'transfer', ...from(account), ...to(setup.sellerId), amount: yuan, desc: text }
  const content = {
    trade_no: trade,
    out_request_no: number,
    // Nothing goes to the payer by this.
    refund_amount: '0.00',
    refund_royalty_parameters: [part],
  }
  const reply = await client.ask({ method: 'alipay.trade.refund', content, at })
  if (reply.kind !== 'done') return afterRefusal(alipay, move, reply)
  // That a refund was accepted says of no money that it moved.
  return (await look(alipay, move)) ?? { kind: 'pending', gatewayRef: null, pollAfterMs: askAgainMs }
}

const finish = async (
  { client }: Alipay,
  {
    attemptRef,
    gatewayRef,
    at,
  }: { readonly attemptRef: string; readonly gatewayRef: string | null; readonly at: number },
): Promise<Outcome<'finished'>> => {
  if (gatewayRef === null) return decline('MerchantConfig', 'no reference')
  const content = {
    out_request_no: numberOf(`rest_${attemptRef}`),
    trade_no: gatewayRef,
    extend_params: { royalty_finish: 'true' },
  }
  const reply = await client.ask({ method: 'alipay.trade.order.settle', content, at })
  if (reply.kind === 'done' || isRefused(reply, 'ALREADY_FINISH_ALLOC')) return { kind: 'ok', value: 'finished' }
  const isOver = reply.kind === 'refused' && reply.code === '40004' && (await isNothingLeft(client, gatewayRef, at))
  return isOver ? { kind: 'ok', value: 'finished' } : refuse(reply)
}

// A trade of which nothing is left is refused for its state, with the code of every such refusal: not at the door.
const isNothingLeft = async (client: AlipayClient, trade: string, at: number): Promise<boolean> => {
  const reply = await client.ask({ method: 'alipay.trade.order.onsettle.query', content: { trade_no: trade }, at })
  const left = reply.kind === 'done' ? leftBody.safeParse(reply.body).data : undefined
  return left !== undefined && readYuan(left.unsettled_amount)?.minor === 0
}

/** Makes an account known as one that may be given parts. @returns null once it is */
const bind = async ({ client, text }: Alipay, account: string, at: number): Promise<NoMove | null> => {
  const content = {
    out_request_no: numberOf(`bind_${account}_${at}`),
    receiver_list: [{ type: 'userId', account, memo: text }],
  }
  const reply = await client.ask({ method: 'alipay.trade.royalty.relation.bind', content, at })
  if (reply.kind !== 'done') return refuse(reply)
  return bindBody.safeParse(reply.body).success ? null : unparsable
}

/** A refusal says nothing of what an earlier try has done, so that is looked for. */
const afterRefusal = async (
  alipay: Alipay,
  move: Move,
  reply: Exclude<AlipayReply, { kind: 'done' }>,
): Promise<Outcome<MovedSplit>> => {
  if (reply.kind === 'unknown') return reply
  const refused = refuse(reply)
  if (refused.kind !== 'declined') return refused
  const isPayeeShort =
    move.kind === 'transfer_refund' && refused.error.gatewayCode.includes('SELLER_BALANCE_NOT_ENOUGH')
  // Whoever gives back is the one who sells, in these words.
  return (
    (await look(alipay, move)) ?? (isPayeeShort ? decline('InsufficientFunds', refused.error.gatewayCode) : refused)
  )
}

/** Asks what became of a move; null where Alipay has never heard of it. */
const look = async (
  { client }: Alipay,
  { trade, number, kind, account, yuan, at }: Move,
): Promise<Outcome<MovedSplit> | null> => {
  const content = { trade_no: trade, out_request_no: number }
  const reply = await client.ask({ method: 'alipay.trade.order.settle.query', content, at })
  // Its pages name no code for a division that is none; of those they name only this can mean it.
  if (isRefused(reply, 'INVALID_PARAMETER')) return null
  // Another refusal of the question is no word on what was asked about.
  if (reply.kind === 'refused') return { kind: 'pending', gatewayRef: null, pollAfterMs: askAgainMs }
  if (reply.kind === 'unknown') return reply
  const read = divisionBody.safeParse(reply.body)
  if (!read.success || !['', number].includes(read.data.out_request_no)) return unparsable
  const [found, ...others] = read.data.royalty_detail_list
  if (found === undefined) return null
  const other = kind === 'transfer' ? found.trans_in : found.trans_out
  if (others.length > 0) return unparsable
  const isSame =
    found.operation_type === kind &&
    ['', account].includes(other) &&
    readYuan(found.amount)?.minor === readYuan(yuan)?.minor
  return isSame ? stateOf(found) : decline('DuplicateReference', 'out_request_no')
}

const stateOf = ({ state, detail_id: id, error_code: code }: z.infer<typeof detail>): Outcome<MovedSplit> => {
  switch (state) {
    case 'SUCCESS':
      return { kind: 'ok', value: { gatewayRef: id === '' ? null : id } }
    case 'PROCESSING':
      return { kind: 'pending', gatewayRef: id === '' ? null : id, pollAfterMs: askAgainMs }
    case 'FAIL':
      return { kind: 'declined', error: errorOf({ code: state, subCode: code }) }
  }
}

const moveOf = (
  kind: Move['kind'],
  reference: string,
  { gatewayRef, account, amount, at }: SplitRequest,
): Move | Extract<NoMove, { kind: 'declined' }> => {
  if (gatewayRef === null) return decline('MerchantConfig', 'no reference')
  if (amount.currency !== 'CNY') return decline('CurrencyUnsupported', 'not offered')
  if (!/^2088\d{12}$/.test(account)) return decline('InstrumentInvalid', 'no user id')
  const yuan = amount.minor > 0 ? toDecimalText(amount).unwrapOr(null) : null
  if (yuan === null) return decline('AmountInvalid', 'not offered')
  return { trade: gatewayRef, number: numberOf(reference), kind, account, yuan, at }
}

const from = (account: string) => ({ trans_out_type: 'userId', trans_out: account })
const to = (account: string) => ({ trans_in_type: 'userId', trans_in: account })

/** A reference of ours as Alipay takes it: as it stands where it fits, half of its SHA-256 where it does not. */
const numberOf = (reference: string): string =>
  writeReference(reference, referenceLength) ??
  createHash('sha256').update(reference).digest('hex').slice(0, referenceLength)

const isRefused = (reply: AlipayReply, code: string): boolean =>
  reply.kind === 'refused' && plainSubCode(reply.subCode) === code

const unparsable: Extract<Outcome<never>, { kind: 'unknown' }> = { kind: 'unknown', cause: 'unparsable' }

// Too many calls leave open what an earlier one has done.
const refuse = (reply: Exclude<AlipayReply, { kind: 'done' }>): NoMove => {
  if (reply.kind === 'unknown') return reply
  const error = errorOf(reply)
  return error.code === 'RateLimited'
    ? { kind: 'pending', gatewayRef: null, pollAfterMs: askAgainMs }
    : { kind: 'declined', error }
}

const decline = (code: GatewayErrorCode, gatewayCode: string): Extract<Outcome<never>, { kind: 'declined' }> => ({
  kind: 'declined',
  error: { code, gatewayCode },
})
