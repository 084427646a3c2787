import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { StockOfInput } from './stock-inputs.js'

const stockOfSchema = schemaOf<StockOfInput>()(
  z.strictObject({
    skus: z.array(z.string().min(1).max(100)).min(1).max(500),
    warehouse: z.exactOptional(z.string().min(1).max(50)),
  }),
)

export const parseStockOf = parseInput<StockOfInput>(stockOfSchema)
