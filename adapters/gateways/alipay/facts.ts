import { type Money, parseDecimalText } from 'shopwright'
import type { PaymentSnapshot, RefundSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { readReference } from '../reference.js'
import { readShanghai } from '../shanghai-time.js'

const tradeStatus = z.enum(['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'TRADE_SUCCESS', 'TRADE_FINISHED'])
const text = z.string().default('')

const tradeBody = z.object({
  out_trade_no: z.string().min(1),
  trade_no: text,
  trade_status: tradeStatus,
  total_amount: z.string(),
  /** When it was paid, as the question is answered and as a notification says it. */
  send_pay_date: text,
  gmt_payment: text,
})

const refundBody = z.object({
  out_trade_no: z.string().min(1),
  out_request_no: z.string().min(1),
  trade_no: text,
  refund_amount: z.string(),
  /** Not there where the request never came, or came to nothing. */
  refund_status: z.literal('REFUND_SUCCESS'),
  gmt_refund_pay: text,
})

const statuses = {
  WAIT_BUYER_PAY: 'requiresAction',
  TRADE_CLOSED: 'closed',
  TRADE_SUCCESS: 'captured',
  TRADE_FINISHED: 'captured',
} as const

/** An amount in yuan; null where it is none. */
export const readYuan = (amount: string): Money | null => parseDecimalText(amount, 'CNY').unwrapOr(null)

/**
 * Reads a trade, of an answer or of a notification.
 *
 * @param merchantAccount - whose it is
 * @param at - when it was told, for states that come without a time
 * @returns null where it is no trade
 */
export const readTrade = (value: unknown, merchantAccount: string, at: number): PaymentSnapshot | null => {
  const read = tradeBody.safeParse(value)
  const total = read.success ? readYuan(read.data.total_amount) : null
  if (!read.success || total === null) return null
  const { out_trade_no, trade_no, trade_status, send_pay_date, gmt_payment } = read.data
  const paidAt = readShanghai(send_pay_date) ?? readShanghai(gmt_payment)
  // A trade that was paid and given back in full is called closed too; when it was paid says which.
  const status = trade_status === 'TRADE_CLOSED' && paidAt !== null ? 'captured' : statuses[trade_status]
  const paid = status === 'captured'
  if (paid && paidAt === null) return null
  return {
    kind: 'payment',
    attemptRef: readReference(out_trade_no),
    orderRef: null,
    gatewayRef: trade_no === '' ? null : trade_no,
    merchantAccount,
    status,
    total,
    authorisedMinor: 0,
    capturedMinor: paid ? total.minor : 0,
    feeMinor: null,
    failure: status === 'closed' ? 'Expired' : null,
    at: paid && paidAt !== null ? paidAt : at,
  }
}

/** Reads a refund that has reached the payer; an answer that does not say so, with its amount, says that there is none: null. */
export const readRefund = (value: unknown, at: number): RefundSnapshot | null => {
  const read = refundBody.safeParse(value)
  const amount = read.success ? readYuan(read.data.refund_amount) : null
  if (!read.success || amount === null) return null
  const { out_trade_no, out_request_no, trade_no, gmt_refund_pay } = read.data
  return {
    kind: 'refund',
    refundRef: readReference(out_request_no),
    attemptRef: readReference(out_trade_no),
    gatewayRef: trade_no === '' ? null : trade_no,
    status: 'succeeded',
    amount,
    failure: null,
    at: readShanghai(gmt_refund_pay) ?? at,
  }
}
