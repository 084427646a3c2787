import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { sealedSchema } from '../../shared/personal-data.schema.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { LinkedIdentities } from './linked-identity.js'

/** By whom else people are vouched for; found by claims on the keyed digests of issuer and subject. */
export const linkedIdentities: Collection<LinkedIdentities> = {
  name: 'linkedIdentities',
  rank: 28,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' } },
  ownership: { own: 'accountId' },
  parse: parseStored<LinkedIdentities>('linkedIdentities')(
    z.object({
      accountId: z.string(),
      links: z.array(
        z.object({
          linkId: z.string(),
          providerId: z.string(),
          keys: z.array(z.string()),
          subject: sealedSchema,
          linkedAt: z.int(),
        }),
      ),
    }),
  ),
}
