import * as z from 'zod'
import { serviceClasses } from '../membership/service-class.js'
import type { Collection } from '../shared/collection.js'
import { sealedSchema } from '../shared/personal-data.schema.js'
import { parseStored } from '../shared/stored.schema.js'
import type { ReturnRow } from './return-request.js'

const quantity = z.int().min(0)

const facts = {
  returnId: z.string(),
  orderId: z.string(),
  accountId: z.string(),
  merchantId: z.string().nullable(),
  kind: z.enum(['refundOnly', 'returnAndRefund']),
  reason: z.enum(['noReason', 'quality', 'size', 'colour', 'notAsDescribed', 'damaged', 'missing', 'notReceived']),
  lines: z.array(z.object({ lineId: z.string(), quantity: z.int().min(1) })).min(1),
  freightPayer: z.enum(['buyer', 'merchant']),
  service: z.enum(serviceClasses),
  requestedAt: z.int(),
  details: z.object({ description: sealedSchema.nullable(), forgetAt: z.exactOptional(z.int()) }),
}
const approved = { approvedAt: z.int(), approvedBy: z.enum(['rule', 'staff']) }
const kitParts = z.array(z.object({ sku: z.string(), quantity }))
const inspected = z.array(
  z.object({
    lineId: z.string(),
    receivedQuantity: quantity,
    acceptedQuantity: quantity,
    restockQuantity: quantity,
    quarantineQuantity: z.exactOptional(quantity),
    restockParts: z.exactOptional(kitParts),
    quarantineParts: z.exactOptional(kitParts),
  }),
)
const ground = z.enum(['windowPassed', 'notReturnable', 'conditionNotMet', 'evidenceMissing', 'notSold'])

const returnSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('requested') }),
  z.object({ ...facts, ...approved, status: z.literal('approved'), sendBy: z.int() }),
  z.object({ ...facts, status: z.literal('refused'), ground, refusedAt: z.int() }),
  z.object({ ...facts, ...approved, status: z.literal('received'), receivedAt: z.int() }),
  z.object({
    ...facts,
    ...approved,
    status: z.literal('inspected'),
    inspected,
    inspectedAt: z.int(),
    refundBy: z.int(),
  }),
  z.object({
    ...facts,
    ...approved,
    status: z.literal('refunded'),
    inspected,
    refundId: z.string(),
    refundedAt: z.int(),
  }),
  z.object({ ...facts, ...approved, status: z.literal('closed'), inspected, closedAt: z.int() }),
  z.object({
    ...facts,
    status: z.literal('cancelled'),
    cancelledBy: z.enum(['buyer', 'staff', 'clock']),
    cancelledAt: z.int(),
  }),
])

/** Requests to give goods back or to have money for them. */
export const returnRequests: Collection<ReturnRow> = {
  name: 'returnRequest',
  rank: 75,
  schemaVersion: 1,
  fields: {
    orderId: { type: 'text', path: 'orderId' },
    accountId: { type: 'text', path: 'accountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    status: { type: 'text', path: 'status' },
    kind: { type: 'text', path: 'kind' },
    reason: { type: 'text', path: 'reason' },
    service: { type: 'text', path: 'service' },
    requestedAt: { type: 'instant', path: 'requestedAt' },
    receivedAt: { type: 'instant', path: 'receivedAt' },
    refundBy: { type: 'instant', path: 'refundBy' },
    sendBy: { type: 'instant', path: 'sendBy' },
    forgetAt: { type: 'instant', path: 'details.forgetAt' },
  },
  ownership: { own: 'accountId', merchant: 'merchantId' },
  parse: parseStored<ReturnRow>('returnRequest')(returnSchema),
}
