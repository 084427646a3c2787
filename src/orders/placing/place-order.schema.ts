import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { addressSchema } from '../addresses/address-book.schema.js'
import { recipientSchema } from '../addresses/recipient.schema.js'
import { orderContactSchema } from '../notices/order-contact.schema.js'
import type { PlaceOrderInput } from '../order-inputs.js'
import { orderChoiceShape } from './order-choice.schema.js'

const placeOrderSchema = schemaOf<PlaceOrderInput>()(
  z.strictObject({
    ...orderChoiceShape,
    recipient: z.union([recipientSchema, addressSchema]),
    contact: z.exactOptional(orderContactSchema),
    expectedTotalMinor: z.int().min(0),
    confirmedNoReturn: z.exactOptional(z.array(z.string().min(1).max(100)).max(500)),
  }),
)

export const parsePlaceOrder = parseInput<PlaceOrderInput>(placeOrderSchema)
