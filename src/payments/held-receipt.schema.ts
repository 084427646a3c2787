import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { HeldReceipt } from './held-receipt.js'

const facts = {
  receiptId: z.string(),
  gatewayId: z.string(),
  reference: z.string(),
  paymentId: z.string().nullable(),
  orderId: z.string().nullable(),
  accountId: z.exactOptional(z.string()),
  reason: z.enum(['unexplained', 'tooLow', 'tooHigh', 'otherCurrency', 'receivedBefore']),
  currency: z.string(),
  amountMinor: z.int().min(1),
  appliedMinor: z.exactOptional(z.int().min(1)),
  recordedAt: z.int(),
}

const heldReceiptSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('held') }),
  z.object({ ...facts, status: z.literal('owedBack') }),
  z.object({ ...facts, status: z.literal('applied'), settledAt: z.int() }),
  z.object({ ...facts, status: z.literal('returned'), settledAt: z.int(), mistyped: z.exactOptional(z.literal(true)) }),
])

/** Money of lines of statements that fits nothing that was asked for. */
export const heldReceipts: Collection<HeldReceipt> = {
  name: 'heldReceipt',
  rank: 63,
  schemaVersion: 1,
  fields: {
    gatewayId: { type: 'text', path: 'gatewayId' },
    paymentId: { type: 'text', path: 'paymentId' },
    orderId: { type: 'text', path: 'orderId' },
    accountId: { type: 'text', path: 'accountId' },
    status: { type: 'text', path: 'status' },
    currency: { type: 'text', path: 'currency' },
    amountMinor: { type: 'integer', path: 'amountMinor' },
    recordedAt: { type: 'instant', path: 'recordedAt' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<HeldReceipt>('heldReceipt')(heldReceiptSchema),
}
