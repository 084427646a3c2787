import * as z from 'zod'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type { Recipient } from './recipient.js'

const notBlank = (longest: number) =>
  freeTextSchema(longest).refine((text) => text.trim() !== '', { error: 'Must not be blank' })

/** Who gets the goods: checked for what can be checked, never for what a name may look like. */
export const recipientSchema = schemaOf<Recipient>()(
  z.strictObject({
    name: notBlank(60),
    phone: z.string().regex(/^\+?[0-9][0-9 -]{4,18}[0-9]$/),
    region: z.string().min(1).max(20),
    city: notBlank(60),
    address: notBlank(300),
    postcode: z.exactOptional(z.string().regex(/^[0-9A-Za-z][0-9A-Za-z -]{1,10}$/)),
  }),
)

export const parseRecipient = parseInput<Recipient>(recipientSchema)
