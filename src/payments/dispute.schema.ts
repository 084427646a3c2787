import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { Dispute } from './dispute.js'
import { gatewayErrorCodes } from './gateway-error.js'
import { disputeReasons } from './snapshot.schema.js'

const instant = z.int()

const facts = {
  disputeId: z.string(),
  disputeRef: z.string(),
  paymentId: z.string(),
  orderId: z.string(),
  accountId: z.string(),
  payerAccountId: z.exactOptional(z.string().nullable()),
  merchantId: z.string().nullable(),
  parts: z.exactOptional(z.array(z.object({ merchantId: z.string(), orderId: z.string(), paidMinor: z.int().min(0) }))),
  merchantIds: z.exactOptional(z.array(z.string())),
  orderIds: z.exactOptional(z.array(z.string())),
  gatewayId: z.string(),
  currency: z.string(),
  queryable: z.boolean(),
  known: z.object({
    firstAt: instant,
    word: z.object({
      status: z.enum(['inquiry', 'evidenceDue', 'underReview', 'won', 'lost']),
      reason: z.enum(disputeReasons),
      mayAppeal: z.exactOptional(z.boolean()),
      amountMinor: z.int().min(1),
      lostMinor: z.int().min(0).nullable(),
      evidenceDueAt: instant.nullable(),
      at: instant,
    }),
    fee: z.object({ minor: z.int(), at: instant }).nullable(),
  }),
  decided: z.exactOptional(
    z.object({ status: z.enum(['won', 'lost']), lostMinor: z.int().min(1).nullable(), at: instant }),
  ),
  unheardSince: z.exactOptional(instant),
  evidence: z
    .object({
      evidenceId: z.string(),
      sentAt: instant,
      outcome: z.enum(['waiting', 'taken', 'refused']),
      accepts: z.exactOptional(z.literal(true)),
      code: z.enum(gatewayErrorCodes).nullable(),
    })
    .nullable(),
  askedAt: instant,
  queryAt: instant.nullable(),
  remindAt: z.exactOptional(instant.nullable()),
  remindedOf: z.exactOptional(instant),
}

const disputeSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('inquiry') }),
  z.object({ ...facts, status: z.literal('evidenceDue') }),
  z.object({ ...facts, status: z.literal('underReview') }),
  z.object({ ...facts, status: z.literal('won') }),
  z.object({ ...facts, status: z.literal('lost') }),
])

/** Money that payers want back past the shop. */
export const disputes: Collection<Dispute> = {
  name: 'dispute',
  rank: 76,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    payerAccountId: { type: 'text', path: 'payerAccountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    merchantIds: { type: 'textList', path: 'merchantIds' },
    orderIds: { type: 'textList', path: 'orderIds' },
    orderId: { type: 'text', path: 'orderId' },
    paymentId: { type: 'text', path: 'paymentId' },
    gatewayId: { type: 'text', path: 'gatewayId' },
    status: { type: 'text', path: 'status' },
    reason: { type: 'text', path: 'known.word.reason' },
    currency: { type: 'text', path: 'currency' },
    amountMinor: { type: 'integer', path: 'known.word.amountMinor' },
    openedAt: { type: 'instant', path: 'known.firstAt' },
    evidenceDueAt: { type: 'instant', path: 'known.word.evidenceDueAt' },
    queryAt: { type: 'instant', path: 'queryAt' },
    remindAt: { type: 'instant', path: 'remindAt' },
    unheardSince: { type: 'instant', path: 'unheardSince' },
  },
  ownership: { own: ['accountId', 'payerAccountId'], merchant: 'merchantIds' },
  parse: parseStored<Dispute>('dispute')(disputeSchema),
}
