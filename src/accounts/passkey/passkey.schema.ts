import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { Passkeys } from './passkey.js'

/** Keys on devices of people; found by claims on the keyed digests of their ids. */
export const passkeys: Collection<Passkeys> = {
  name: 'passkeys',
  rank: 32,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' } },
  ownership: { own: 'accountId' },
  parse: parseStored<Passkeys>('passkeys')(
    z.object({
      accountId: z.string(),
      keys: z.array(
        z.object({
          passkeyId: z.string(),
          key: z.string(),
          credentialId: z.string(),
          publicKey: z.string(),
          counter: z.int().min(0),
          backupEligible: z.boolean(),
          backedUp: z.boolean(),
          transports: z.array(z.string()),
          addedAt: z.int(),
        }),
      ),
    }),
  ),
}
