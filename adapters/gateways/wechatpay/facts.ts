import type { GatewayErrorCode, PaymentSnapshot, RefundSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { readReference } from '../reference.js'

const moment = z.iso.datetime({ offset: true })
// An unpaid transaction is told without its currency; WeChat Pay within China knows one.
const currency = z.string().default('CNY')

const transactionBody = z.object({
  appid: z.string().optional(),
  mchid: z.string(),
  out_trade_no: z.string().min(1),
  transaction_id: z.string().optional(),
  trade_state: z.enum(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR']),
  attach: z.string().optional(),
  success_time: moment.optional(),
  amount: z.object({ total: z.int(), currency }).optional(),
})

const refundBody = z.object({
  refund_id: z.string(),
  out_refund_no: z.string().min(1),
  out_trade_no: z.string().min(1),
  success_time: moment.optional(),
  status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
  amount: z.object({ refund: z.int(), currency }),
})

const refundNotice = refundBody
  .omit({ status: true })
  .extend({ mchid: z.string(), refund_status: z.enum(['SUCCESS', 'CLOSED', 'ABNORMAL']) })

type TradeState = z.infer<typeof transactionBody>['trade_state']

const statuses: Readonly<Record<TradeState, PaymentSnapshot['status']>> = {
  SUCCESS: 'captured',
  // Part or all of it went back; that is told of each refund.
  REFUND: 'captured',
  NOTPAY: 'requiresAction',
  USERPAYING: 'processing',
  PAYERROR: 'failed',
  CLOSED: 'closed',
  REVOKED: 'closed',
}

const failures: Partial<Readonly<Record<PaymentSnapshot['status'], GatewayErrorCode>>> = {
  failed: 'InstrumentDeclined',
  closed: 'Expired',
}

/** The shop's account there: money for another of a merchant's applications is not this gateway's. */
export const accountOf = (appId: string, mchId: string): string => `${appId}/${mchId}`

/**
 * Reads a transaction. What counts is `amount.total`: a coupon of WeChat's own makes the payer pay less and the shop
 * receive it all.
 *
 * @param at - when it was told, for states that come without a time
 * @param appId - the shop's own application, which is meant where none is named
 * @returns `untold` where an unpaid transaction comes without its amount; null where it is no transaction
 */
export const readTransaction = (value: unknown, at: number, appId: string): PaymentSnapshot | 'untold' | null => {
  const read = transactionBody.safeParse(value)
  if (!read.success) return null
  const { appid = appId, mchid, out_trade_no, transaction_id, trade_state, attach, success_time, amount } = read.data
  const status = statuses[trade_state]
  const paid = status === 'captured'
  if (amount === undefined) return paid ? null : 'untold'
  if (paid && success_time === undefined) return null
  return {
    kind: 'payment',
    attemptRef: readReference(out_trade_no),
    orderRef: attach === undefined || attach === '' ? null : attach,
    gatewayRef: transaction_id === undefined || transaction_id === '' ? null : transaction_id,
    merchantAccount: accountOf(appid, mchid),
    status,
    total: { minor: amount.total, currency: amount.currency },
    authorisedMinor: 0,
    capturedMinor: paid ? amount.total : 0,
    feeMinor: null,
    failure: failures[status] ?? null,
    at: paid && success_time !== undefined ? Date.parse(success_time) : at,
  }
}

const refundStatuses = { SUCCESS: 'succeeded', PROCESSING: 'pending', CLOSED: 'failed', ABNORMAL: 'failed' } as const

/** Reads a refund as it is answered; null where it is none. */
export const readRefund = (value: unknown, at: number): RefundSnapshot | null => {
  const read = refundBody.safeParse(value)
  return read.success ? refundOf(read.data, at) : null
}

/** Reads a refund as it is notified, and of which merchant; null where it is none. */
export const readRefundNotice = (
  value: unknown,
  at: number,
): { readonly mchId: string; readonly refund: RefundSnapshot } | null => {
  const read = refundNotice.safeParse(value)
  if (!read.success) return null
  const { refund_status: status, mchid, ...facts } = read.data
  return { mchId: mchid, refund: refundOf({ ...facts, status }, at) }
}

const refundOf = (refund: z.infer<typeof refundBody>, at: number): RefundSnapshot => {
  const status = refundStatuses[refund.status]
  return {
    kind: 'refund',
    refundRef: readReference(refund.out_refund_no),
    attemptRef: readReference(refund.out_trade_no),
    gatewayRef: refund.refund_id,
    status,
    amount: { minor: refund.amount.refund, currency: refund.amount.currency },
    // Abnormal: the payer's account or card takes nothing any more; a person pays it out another way.
    failure: refund.status === 'ABNORMAL' ? 'InstrumentInvalid' : status === 'failed' ? 'InstrumentDeclined' : null,
    at: status === 'succeeded' && refund.success_time !== undefined ? Date.parse(refund.success_time) : at,
  }
}
