import * as z from 'zod'
import { holdsCardNumber } from '../../shared/card-number.js'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type { Recipient } from './recipient.js'

const notBlank = (longest: number) =>
  freeTextSchema(longest).refine((text) => text.trim() !== '', { error: 'Must not be blank' })

/** A region as the shipping book names it. */
export const regionSchema = freeTextSchema(20).min(1)

// No number has more than 15 digits (E.164). With its country code one in ten of those with 13 or more would pass for a card, so
// only one that is written without `+` or 0 in front, and begins as the cards of that length do, is taken for one.
const isPhone = (text: string): boolean => {
  const digits = text.replace(/^(?:\+|00)/, '').replace(/[ -]/g, '')
  return digits.length <= 15 && !(/^[3-6]/.test(text) && holdsCardNumber(digits))
}

/** A telephone number, as people write it. */
export const phoneSchema = z
  .string()
  .regex(/^\+?[0-9][0-9 -]{4,18}[0-9]$/)
  .refine(isPhone, { error: 'Not a telephone number: write one of another country with +' })

/** Who gets the goods: checked for what can be checked, never for what a name may look like. */
export const recipientSchema = schemaOf<Recipient>()(
  z.strictObject({
    name: notBlank(60),
    phone: phoneSchema,
    region: regionSchema,
    city: notBlank(60),
    address: notBlank(300),
    postcode: z.exactOptional(z.string().regex(/^[0-9A-Za-z][0-9A-Za-z -]{1,10}$/)),
  }),
)

export const parseRecipient = parseInput<Recipient>(recipientSchema)
