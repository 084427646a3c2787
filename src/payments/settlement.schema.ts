import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { Settlement } from './settlement.js'

const facts = {
  settlementId: z.string(),
  orderId: z.string(),
  accountId: z.string(),
  merchantId: z.string().nullable(),
  currency: z.string(),
  shares: z.array(
    z.object({
      payee: z.string(),
      earnedMinor: z.int().min(0),
      paidOutMinor: z.int(),
      splitIds: z.exactOptional(z.array(z.string())),
    }),
  ),
  commissionMinor: z.int().min(0),
  confirmedAt: z.int(),
  afterWorkingDays: z.int().min(0),
  timeZone: z.string(),
  openPayeeIds: z.array(z.string()),
  owingPayeeIds: z.exactOptional(z.array(z.string())),
  lackingSince: z.exactOptional(z.int()),
  givenUpAt: z.exactOptional(z.int()),
  unevenShares: z.exactOptional(z.int().min(0)),
}

const settlementSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('pending'), checkAt: z.int() }),
  z.object({ ...facts, status: z.literal('dividing'), releasedAt: z.int(), splitAt: z.int() }),
  z.object({
    ...facts,
    status: z.literal('available'),
    releasedAt: z.int(),
    splitAt: z.exactOptional(z.int()),
  }),
])

/** How completed orders are shared, a row for each. */
export const settlements: Collection<Settlement> = {
  name: 'settlement',
  rank: 73,
  schemaVersion: 1,
  fields: {
    merchantId: { type: 'text', path: 'merchantId' },
    status: { type: 'text', path: 'status' },
    currency: { type: 'text', path: 'currency' },
    openPayeeIds: { type: 'textList', path: 'openPayeeIds' },
    owingPayeeIds: { type: 'textList', path: 'owingPayeeIds' },
    // Of one that lacks it, who looks finds out.
    unevenShares: { type: 'integer', path: 'unevenShares', absent: 1 },
    confirmedAt: { type: 'instant', path: 'confirmedAt' },
    checkAt: { type: 'instant', path: 'checkAt' },
    releasedAt: { type: 'instant', path: 'releasedAt' },
    splitAt: { type: 'instant', path: 'splitAt' },
    lackingSince: { type: 'instant', path: 'lackingSince' },
  },
  ownership: { merchant: 'merchantId' },
  parse: parseStored<Settlement>('settlement')(settlementSchema),
}
