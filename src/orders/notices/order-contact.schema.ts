import * as z from 'zod'
import { canonicalEmail } from '../../accounts/email-address.js'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { phoneSchema } from '../addresses/recipient.schema.js'
import type { OrderContact } from './order-contact.js'

// As it is written to: only its capital letters may differ from the one form of its spellings.
const isEmail = (text: string): boolean => canonicalEmail(text).unwrapOr('') === text.toLowerCase()

const emailSchema = freeTextSchema(320).min(3).refine(isEmail, { error: 'Not one e-mail address of plain letters' })

/** How the buyer of an order is reached. */
export const orderContactSchema = schemaOf<OrderContact>()(
  z.union([z.strictObject({ email: emailSchema }), z.strictObject({ phone: phoneSchema })]),
)

export const parseOrderContact = parseInput<OrderContact>(orderContactSchema)
