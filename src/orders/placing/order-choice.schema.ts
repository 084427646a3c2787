import * as z from 'zod'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { methodIds } from '../../shared/payment-method.js'

const id = z.string().min(1).max(100)

/** The members of a choice, for the inputs that hold one. */
export const orderChoiceShape = {
  lineIds: z.exactOptional(z.array(id).min(1).max(120)),
  shippingMethodId: id,
  paymentMethod: z.exactOptional(z.enum(methodIds)),
  channel: z.exactOptional(freeTextSchema(100).min(1)),
  currency: z.exactOptional(z.string().regex(/^[A-Z]{3}$/)),
  points: z.exactOptional(z.int().min(0).max(1_000_000_000)),
}
