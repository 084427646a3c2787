import * as z from 'zod'
import { moneySchema } from './money.schema.js'
import { schemaOf } from './schema-of.js'
import type { Tender } from './tender.js'

/** One means of payment and what it pays. */
export const tenderSchema = schemaOf<Tender>()(
  z.strictObject({
    kind: z.enum(['gateway', 'points']),
    id: z.string().min(1).max(200),
    money: moneySchema,
  }),
)
