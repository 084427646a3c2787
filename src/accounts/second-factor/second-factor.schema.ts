import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import type { Json } from '../../shared/json.js'
import { sealedSchema } from '../../shared/personal-data.schema.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { SecondFactor } from './second-factor.js'

const accountId = z.string()

// A factor of shape 1 was an authenticator app and nothing else.
const severalWays = (stored: Json): Json => {
  if (typeof stored !== 'object' || stored === null || !('lastStep' in stored)) return stored
  const { secret, lastStep, ...rest } = stored
  return secret === undefined || lastStep === undefined ? stored : { ...rest, app: { secret, lastStep }, contacts: [] }
}

/** What people show a second time who they are by. */
export const secondFactors: Collection<SecondFactor> = {
  name: 'secondFactor',
  rank: 27,
  schemaVersion: 2,
  upcasts: { 1: severalWays },
  fields: { accountId: { type: 'text', path: 'accountId' }, status: { type: 'text', path: 'status' } },
  ownership: { own: 'accountId' },
  parse: parseStored<SecondFactor>('secondFactor')(
    z.discriminatedUnion('status', [
      z.object({ accountId, status: z.literal('enrolling'), secret: sealedSchema, startedAt: z.int() }),
      z.object({
        accountId,
        status: z.literal('enabled'),
        enabledAt: z.int(),
        app: z.exactOptional(z.object({ secret: sealedSchema, lastStep: z.int() })),
        secret: z.exactOptional(sealedSchema),
        contacts: z.array(z.enum(['email', 'phone'])),
        recoveryDigests: z.array(z.string()),
        addedAt: z.exactOptional(
          z.object({
            totp: z.exactOptional(z.int()),
            email: z.exactOptional(z.int()),
            phone: z.exactOptional(z.int()),
            recoveryCode: z.exactOptional(z.int()),
          }),
        ),
      }),
      z.object({ accountId, status: z.literal('removed'), removedAt: z.int() }),
    ]),
  ),
}
