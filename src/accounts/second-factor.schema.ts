import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { sealedSchema } from '../shared/personal-data.schema.js'
import { parseStored } from '../shared/stored.schema.js'
import type { SecondFactor } from './second-factor.js'

const accountId = z.string()

/** What people show a second time who they are by. */
export const secondFactors: Collection<SecondFactor> = {
  name: 'secondFactor',
  rank: 27,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' }, status: { type: 'text', path: 'status' } },
  ownership: { own: 'accountId' },
  parse: parseStored<SecondFactor>('secondFactor')(
    z.discriminatedUnion('status', [
      z.object({ accountId, status: z.literal('enrolling'), secret: sealedSchema, startedAt: z.int() }),
      z.object({
        accountId,
        status: z.literal('enabled'),
        secret: sealedSchema,
        enabledAt: z.int(),
        lastStep: z.int(),
        recoveryDigests: z.array(z.string()),
      }),
      z.object({ accountId, status: z.literal('removed'), removedAt: z.int() }),
    ]),
  ),
}
