import * as z from 'zod'
import { skuInput } from '../catalog/product.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import { warehouseInput } from './receive-stock.schema.js'
import type { StockLevelsInput } from './stock-inputs.js'

export const parseStockLevels = /* @__PURE__ */ parseInput<StockLevelsInput>(
  /* @__PURE__ */ schemaOf<StockLevelsInput>()(
    z.strictObject({
      skus: z.array(skuInput).min(1).max(100),
      warehouse: z.exactOptional(warehouseInput),
    }),
  ),
)
