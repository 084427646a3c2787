import type { Money } from 'shopwright'
import type { DisputeReference, DisputeSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { lastAsked, lastSaid, type Statement } from '../complaint-words.js'
import { readReference } from '../reference.js'
import { readShanghai } from '../shanghai-time.js'
import { readYuan } from './facts.js'

/** A complaint over a trade. */
export type Complaint = {
  readonly id: string
  readonly attemptRef: string
  readonly isOver: boolean
  /** Whether it is the shop's turn to settle it. */
  readonly waitsForShop: boolean
  readonly begunAt: number
  readonly changedAt: number
  readonly total: Money
  readonly phone: string | null
  readonly statements: readonly Statement[]
}

const text = z.string().default('')

const complaintBody = z.object({
  complain_event_id: z.string().min(1),
  merchant_order_no: z.string().min(1),
  status: z.string(),
  gmt_create: z.string(),
  gmt_modified: text,
  content: text,
  phone_no: text,
  trade_amount: z.string(),
  reply_detail_infos: z
    .array(z.object({ replier_role: text, gmt_create: z.string(), content: text }))
    .nullable()
    .default([]),
})

const nameBody = complaintBody.pick({ complain_event_id: true, merchant_order_no: true })

/** Which complaint a line of a list names; null where it is over no order of a merchant. */
export const complaintNameOf = (value: unknown): Omit<DisputeReference, 'at'> | null => {
  const read = nameBody.safeParse(value)
  if (!read.success) return null
  return { disputeRef: read.data.complain_event_id, attemptRef: readReference(read.data.merchant_order_no) }
}

/** A status that nobody has heard of is open: a person is to look. */
const over = ['FINISHED', 'CANCELLED', 'CLOSED', 'PLATFORM_FINISH']
const waiting = ['MERCHANT_PROCESSING', 'MERCHANT_FEEDBACK_OVERTIME']

/** Reads a complaint; null where it is none. */
export const readComplaint = (value: unknown): Complaint | null => {
  const read = complaintBody.safeParse(value)
  if (!read.success) return null
  const { status, gmt_create, gmt_modified, content, phone_no, reply_detail_infos: replies } = read.data
  const begunAt = readShanghai(gmt_create)
  const total = readYuan(read.data.trade_amount)
  if (begunAt === null || total === null || total.minor <= 0) return null
  const said = (replies ?? []).map((each) => ({
    by: speakers[each.replier_role] ?? ('gateway' as const),
    text: each.content,
    at: readShanghai(each.gmt_create) ?? begunAt,
  }))
  return {
    id: read.data.complain_event_id,
    attemptRef: readReference(read.data.merchant_order_no),
    isOver: over.includes(status),
    waitsForShop: waiting.includes(status),
    begunAt,
    changedAt: readShanghai(gmt_modified) ?? begunAt,
    total,
    phone: phone_no === '' ? null : phone_no,
    statements: [
      { by: 'payer' as const, text: content, at: begunAt },
      ...said.sort((left, right) => left.at - right.at),
    ],
  }
}

const speakers: Readonly<Partial<Record<string, Statement['by']>>> = { USER: 'payer', MERCHANT: 'shop' }

/** Says a complaint in the words of the port. It wants an answer while it is the shop's turn and the payer spoke last. */
export const snapshotOf = (
  { answerComplaintsWithinMs }: { readonly answerComplaintsWithinMs: number },
  { id, attemptRef, isOver, waitsForShop, begunAt, changedAt, total, statements }: Complaint,
): DisputeSnapshot => {
  const askedAt = lastAsked(statements, begunAt)
  const isAnswered = statements.some(({ by, at }) => by === 'shop' && at >= askedAt)
  return {
    kind: 'dispute',
    disputeRef: id,
    attemptRef,
    status: isOver ? 'won' : 'inquiry',
    reason: 'other',
    amount: total,
    lostMinor: null,
    feeMinor: null,
    evidenceDueAt: waitsForShop && !isAnswered ? askedAt + answerComplaintsWithinMs : null,
    at: Math.max(changedAt, lastSaid(statements, begunAt)),
  }
}
