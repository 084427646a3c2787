import type { Outcome } from 'shopwright/payments'
import * as z from 'zod'
import type { Statement } from '../complaint-words.js'

/** An answer that says nothing of what was asked. */
export type Refusal = Extract<Outcome<never>, { kind: 'declined' | 'unknown' }>

/** A complaint as WeChat Pay tells it. */
export type Complaint = {
  readonly id: string
  readonly mchId: string
  readonly begunAt: number
  readonly state: 'PENDING' | 'PROCESSING' | 'PROCESSED'
  /** Whether the payer has said something since that nobody answered. */
  readonly waits: boolean
  readonly text: string
  /** Sealed for the merchant's key; null where the payer left none. */
  readonly phone: string | null
  readonly reason: string
  /** What the payer wants back; null where they do not say. */
  readonly wantedMinor: number | null
  /** The payment; null where it is about something else, as a service order. */
  readonly order: { readonly tradeNumber: string; readonly totalMinor: number } | null
}

const moment = z.iso.datetime({ offset: true })

const complaintBody = z.object({
  complaint_id: z.string().min(1),
  complaint_time: moment,
  complaint_detail: z.string().default(''),
  complaint_state: z.enum(['PENDING', 'PROCESSING', 'PROCESSED']),
  complainted_mchid: z.string(),
  payer_phone: z.string().default(''),
  complaint_order_info: z
    .array(z.object({ out_trade_no: z.string().min(1), amount: z.int().min(1) }))
    .nullable()
    .default([]),
  incoming_user_response: z.boolean().default(false),
  problem_type: z.string().default(''),
  apply_refund_amount: z.int().optional(),
})

/** Reads a complaint; null where it is none. */
export const readComplaint = (value: unknown): Complaint | null => {
  const read = complaintBody.safeParse(value)
  if (!read.success) return null
  const { payer_phone: phone, complaint_order_info: orders, apply_refund_amount: wanted = 0 } = read.data
  const [order] = orders ?? []
  return {
    id: read.data.complaint_id,
    mchId: read.data.complainted_mchid,
    begunAt: Date.parse(read.data.complaint_time),
    state: read.data.complaint_state,
    waits: read.data.incoming_user_response,
    text: read.data.complaint_detail,
    phone: phone === '' ? null : phone,
    reason: read.data.problem_type,
    wantedMinor: wanted > 0 ? wanted : null,
    order: order === undefined ? null : { tradeNumber: order.out_trade_no, totalMinor: order.amount },
  }
}

const statementBody = z.object({
  operate_time: moment,
  operate_type: z.string(),
  operate_details: z.string().default(''),
})

/** Reads what was said and done, oldest first; null where something else stands among it. */
export const readStatements = (values: readonly unknown[]): readonly Statement[] | null => {
  const read = z.array(statementBody).safeParse(values)
  if (!read.success) return null
  return read.data
    .map(({ operate_time, operate_type, operate_details: text }) => ({
      by: speakerOf(operate_type),
      text,
      at: Date.parse(operate_time),
    }))
    .sort((left, right) => left.at - right.at)
}

const speakerOf = (type: string): Statement['by'] => {
  if (type.endsWith('_SYSTEM_MESSAGE')) return 'gateway'
  return type.startsWith('USER_') ? 'payer' : type.startsWith('MERCHANT_') ? 'shop' : 'gateway'
}
