import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { sealedSchema } from '../../shared/personal-data.schema.js'
import { parseStored } from '../../shared/stored.schema.js'
import { identifierKinds } from '../identifier.js'
import type { FormerContacts } from './former-contact.js'

/** What accounts were reached or found by before, for as long as a change of it may be disowned. */
export const formerContacts: Collection<FormerContacts> = {
  name: 'formerContacts',
  rank: 39,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' }, until: { type: 'instant', path: 'until' } },
  ownership: { own: 'accountId' },
  parse: parseStored<FormerContacts>('formerContacts')(
    z.object({
      accountId: z.string(),
      contacts: z.array(
        z.object({
          formerId: z.string(),
          kind: z.enum(identifierKinds),
          key: z.string(),
          value: sealedSchema,
          boundAt: z.exactOptional(z.int()),
          replacedAt: z.int(),
          until: z.int(),
        }),
      ),
      until: z.int(),
    }),
  ),
}
