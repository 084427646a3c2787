import * as z from 'zod'
import { skuInput } from '../catalog/product.schema.js'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { ListMovementsInput } from './stock-inputs.js'

export const parseListMovements = /* @__PURE__ */ parseInput<ListMovementsInput>(
  /* @__PURE__ */ schemaOf<ListMovementsInput>()(
    z.strictObject({
      sku: skuInput,
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ at: z.int(), movementId: rowId })),
    }),
  ),
)
