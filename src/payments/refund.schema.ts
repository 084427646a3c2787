import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import { gatewayErrorCodes } from './gateway-error.js'
import { accountSchema } from './ledger.schema.js'
import type { Refund } from './refund.js'

const instant = z.int()
const count = z.int().min(0)
const failure = z.object({
  code: z.enum(gatewayErrorCodes),
  at: instant,
  goneMinor: z.exactOptional(z.int().min(1)),
})

const facts = {
  refundId: z.string(),
  partOf: z.exactOptional(z.string()),
  paymentId: z.string(),
  orderId: z.string(),
  accountId: z.string(),
  payerAccountId: z.exactOptional(z.string().nullable()),
  merchantId: z.string().nullable(),
  gatewayId: z.string(),
  amountMinor: z.int().min(1),
  currency: z.string(),
  reason: z.enum([
    'orderCancelled',
    'linesCancelled',
    'returned',
    'lateSuccess',
    'duplicatePayment',
    'parcelLost',
    'priceAdjusted',
    'goodwill',
    'heldMoneyReturned',
  ]),
  requestedAt: instant,
  resumedAt: z.exactOptional(instant),
  submittedAt: instant.nullable(),
  tries: count,
  past: z.object({
    succeededAt: instant.nullable(),
    failedAt: instant.nullable(),
    goneMinor: z.exactOptional(z.int().min(1)),
    decidedAt: z.exactOptional(instant),
  }),
  sources: z.array(z.object({ account: accountSchema, amountMinor: z.int().min(1) })),
  askedAt: instant.nullable(),
  queries: count,
  queryAt: instant.nullable(),
  known: z.object({
    gatewayRef: z.string().nullable(),
    accepted: z.boolean(),
    pollAfterMs: z.exactOptional(z.int().min(1)),
    succeededAt: instant.nullable(),
    confirmedAt: instant.nullable(),
    failure: failure.nullable(),
    declined: z.exactOptional(failure),
    decided: z.exactOptional(z.object({ moved: z.boolean(), goneMinor: z.exactOptional(z.int().min(1)), at: instant })),
  }),
}

const paid = z.exactOptional(z.object({ minor: z.int().min(1), at: instant }))

const cause = z.enum(['timeout', 'reset', 'serverError', 'badSignature', 'unparsable', 'ambiguous', 'threw'])

const refundSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('requested') }),
  z.object({ ...facts, status: z.literal('submitted'), submittedAt: instant }),
  z.object({ ...facts, status: z.literal('pending'), submittedAt: instant }),
  z.object({ ...facts, status: z.literal('unknown'), submittedAt: instant, cause }),
  z.object({ ...facts, status: z.literal('succeeded') }),
  z.object({ ...facts, status: z.literal('failed') }),
  z.object({ ...facts, status: z.literal('manualPayout'), takenOverAt: instant, paid }),
  z.object({
    ...facts,
    status: z.literal('paidManually'),
    takenOverAt: instant,
    paidAt: instant,
    paidMinor: z.exactOptional(z.int().min(1)),
  }),
  z.object({ ...facts, status: z.literal('held'), heldSince: instant }),
  z.object({
    ...facts,
    status: z.literal('chargedBack'),
    disputeId: z.string(),
    chargedBackAt: instant,
    coveredMinor: z.exactOptional(z.int().min(1)),
    paid,
  }),
  z.object({ ...facts, status: z.literal('cancelled'), cancelledAt: instant }),
])

/** Money on its way back. */
export const refunds: Collection<Refund> = {
  name: 'refund',
  rank: 71,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    payerAccountId: { type: 'text', path: 'payerAccountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    orderId: { type: 'text', path: 'orderId' },
    paymentId: { type: 'text', path: 'paymentId' },
    status: { type: 'text', path: 'status' },
    gatewayId: { type: 'text', path: 'gatewayId' },
    reason: { type: 'text', path: 'reason' },
    currency: { type: 'text', path: 'currency' },
    amountMinor: { type: 'integer', path: 'amountMinor' },
    requestedAt: { type: 'instant', path: 'requestedAt' },
    queryAt: { type: 'instant', path: 'queryAt' },
  },
  ownership: { own: ['accountId', 'payerAccountId'], merchant: 'merchantId' },
  parse: parseStored<Refund>('refund')(refundSchema),
}
