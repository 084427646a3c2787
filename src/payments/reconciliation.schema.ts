import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { ReconciliationRow } from './reconciliation.js'

const count = z.int().min(0)
const fee = z.object({ value: z.int(), scale: count })
const kind = z.enum(['payment', 'refund'])

const finding = z.object({
  findingId: z.string(),
  foundAt: z.int(),
  kind: z.enum([
    'missingInBill',
    'missingInLedger',
    'amountDiff',
    'feeDiff',
    'statusDiff',
    'duplicate',
    'orderDiff',
    'notLearned',
  ]),
  reference: z.string(),
  orderId: z.string().nullable(),
  detail: z.string().nullable(),
  ours: z
    .object({
      kind,
      status: z.enum(['succeeded', 'failed', 'open']),
      currency: z.string(),
      amountMinor: z.int(),
      feeMinor: z.int().nullable(),
      at: z.int(),
    })
    .nullable(),
  theirs: z
    .object({
      kind,
      status: z.enum(['succeeded', 'pending', 'failed']),
      currency: z.string(),
      amountMinor: z.int(),
      fee: fee.nullable(),
      gatewayRef: z.string().nullable(),
      at: z.int(),
    })
    .nullable(),
})

const said = z.object({ findingId: z.string(), note: z.string(), by: z.string(), at: z.int() })

const reconciliationSchema = z.object({
  reconciliationId: z.string(),
  gatewayId: z.string(),
  day: z.string(),
  timeZone: z.string(),
  reconciledAt: z.int(),
  counts: z.object({
    matched: count,
    missingInBill: count,
    missingInLedger: count,
    amountDiff: count,
    feeDiff: count,
    statusDiff: count,
    duplicate: count,
    learnSucceeded: count,
    learnFee: count,
    learnNotFound: count,
    otherDay: count,
    inTransit: count,
    noMoney: count,
    otherGateway: z.exactOptional(count),
  }),
  sums: z.array(
    z.object({
      currency: z.string(),
      ledgerMinor: z.int(),
      billMinor: z.int(),
      ledgerFeeMinor: z.int(),
      billFee: fee,
    }),
  ),
  findingCount: count,
  openCount: count,
  openSince: z.int().nullable(),
  findings: z.array(finding),
  resolutions: z.array(said),
  reopenings: z.exactOptional(z.array(said)),
  billedEarly: z.array(z.string()),
  carried: z.array(z.string()),
  earlyFees: z.array(z.object({ refundId: z.string(), returnedMinor: z.int().min(1) })),
})

/** What the bills of gateways came to, one row for each gateway and day. */
export const reconciliations: Collection<ReconciliationRow> = {
  name: 'reconciliation',
  rank: 72,
  schemaVersion: 1,
  fields: {
    gatewayId: { type: 'text', path: 'gatewayId' },
    day: { type: 'text', path: 'day' },
    reconciledAt: { type: 'instant', path: 'reconciledAt' },
    openCount: { type: 'integer', path: 'openCount' },
    openSince: { type: 'instant', path: 'openSince' },
  },
  ownership: {},
  parse: parseStored<ReconciliationRow>('reconciliation')(reconciliationSchema),
}
