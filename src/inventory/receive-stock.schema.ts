import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { ReceiveStockInput } from './stock-inputs.js'

const receiveStockSchema = schemaOf<ReceiveStockInput>()(
  z.strictObject({
    reference: z.string().min(1).max(100),
    lines: z
      .array(
        z.strictObject({
          sku: z.string().min(1).max(100),
          warehouse: z.exactOptional(z.string().min(1).max(50)),
          quantity: z.int().min(-1_000_000_000).max(1_000_000_000),
        }),
      )
      .min(1)
      .max(500),
  }),
)

export const parseReceiveStock = parseInput<ReceiveStockInput>(receiveStockSchema)
