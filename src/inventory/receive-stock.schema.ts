import * as z from 'zod'
import { skuInput } from '../catalog/product.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { ReceiveStockInput } from './stock-inputs.js'

/** A warehouse at the door: "@" parts it from the SKU in the name of a counter. */
export const warehouseInput = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[^@]*$/)

const receiveStockSchema = schemaOf<ReceiveStockInput>()(
  z.strictObject({
    reference: z.string().min(1).max(100),
    lines: z
      .array(
        z.strictObject({
          sku: skuInput,
          warehouse: z.exactOptional(warehouseInput),
          quantity: z.int().min(-1_000_000_000).max(1_000_000_000),
        }),
      )
      .min(1)
      .max(500),
  }),
)

export const parseReceiveStock = parseInput<ReceiveStockInput>(receiveStockSchema)
