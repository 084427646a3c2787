import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { sealedSchema } from '../../shared/personal-data.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput, parseStored } from '../../shared/stored.schema.js'
import type { AddressInput, SaveAddressInput } from '../order-inputs.js'
import type { AddressBook } from './address-book.js'
import { recipientSchema } from './recipient.schema.js'

/** Address books by customer. */
export const addressBooks: Collection<AddressBook> = {
  name: 'addressBook',
  rank: 26,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' } },
  ownership: { own: 'accountId' },
  parse: parseStored<AddressBook>('addressBook')(
    z.object({
      accountId: z.string(),
      addresses: z.array(z.object({ addressId: z.string(), recipient: sealedSchema, savedAt: z.int() })),
      defaultId: z.string().nullable(),
    }),
  ),
}

const addressId = z.string().min(1).max(100)

export const parseSaveAddress = parseInput<SaveAddressInput>(
  schemaOf<SaveAddressInput>()(
    z.strictObject({
      addressId: z.exactOptional(addressId),
      recipient: recipientSchema,
      isDefault: z.exactOptional(z.boolean()),
    }),
  ),
)

/** The shape of an address of the customer's own. */
export const addressSchema = schemaOf<AddressInput>()(z.strictObject({ addressId }))

export const parseAddress = parseInput<AddressInput>(addressSchema)
