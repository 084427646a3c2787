import * as z from 'zod'
import { skuInput } from '../catalog/product.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import { warehouseInput } from './receive-stock.schema.js'
import type { StockOfInput } from './stock-inputs.js'

const stockOfSchema = schemaOf<StockOfInput>()(
  z.strictObject({
    skus: z.array(skuInput).min(1).max(500),
    warehouse: z.exactOptional(warehouseInput),
  }),
)

export const parseStockOf = parseInput<StockOfInput>(stockOfSchema)
