import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Where to something is to be sent. */
export type ListShippingMethodsInput = {
  /** A code of the shipping book's, such as `CN-31`. */
  readonly region: string
  /** In which the order will be paid; that of the book when absent. */
  readonly currency?: string
}

export const parseListShippingMethods = parseInput<ListShippingMethodsInput>(
  schemaOf<ListShippingMethodsInput>()(
    z.strictObject({
      region: z.string().min(1).max(50),
      currency: z.exactOptional(z.string().regex(/^[A-Z]{3}$/)),
    }),
  ),
)
