import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { PointsAccount } from './points-account.js'

const points = z.int().min(0)
const lots = z.array(z.object({ lotId: z.string(), points, expiresAt: z.int() }))
const hold = { holdId: z.string(), parts: lots }

const pointsAccountSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('open'),
    accountId: z.string(),
    lots,
    pending: z.array(
      z.object({
        grantId: z.string(),
        points,
        terms: z.object({ activatesAt: z.int(), expiresAt: z.int() }).nullable(),
      }),
    ),
    holds: z.array(z.object(hold)),
    spends: z.array(z.object({ ...hold, spent: points, restoreIds: z.array(z.string()), at: z.int() })),
    claws: z.array(z.object({ clawId: z.string(), at: z.int() })),
    debt: points,
    balance: points,
    nextDueAt: z.int().nullable(),
    noticedTo: z.int(),
    nextUnnoticedAt: z.int().nullable(),
  }),
  z.object({ status: z.literal('closed'), accountId: z.string(), closedAt: z.int() }),
])

/** The points of every member; the id is the account's. */
export const pointsAccounts: Collection<PointsAccount> = {
  name: 'pointsAccount',
  rank: 45,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    status: { type: 'text', path: 'status' },
    balance: { type: 'integer', path: 'balance' },
    debt: { type: 'integer', path: 'debt' },
    nextDueAt: { type: 'instant', path: 'nextDueAt' },
    nextUnnoticedAt: { type: 'instant', path: 'nextUnnoticedAt' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<PointsAccount>('pointsAccount')(pointsAccountSchema),
}
