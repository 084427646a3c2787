import * as z from 'zod'
import { skuInput } from '../catalog/product.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import { soundFindings, unsoundFindings } from './inventory.schema.js'
import { warehouseInput } from './receive-stock.schema.js'
import type { DecideQuarantineInput } from './stock-inputs.js'

const pieces = {
  sku: skuInput,
  warehouse: z.exactOptional(warehouseInput),
  quantity: z.int().min(1).max(1_000_000_000),
}

export const parseDecideQuarantine = /* @__PURE__ */ parseInput<DecideQuarantineInput>(
  /* @__PURE__ */ schemaOf<DecideQuarantineInput>()(
    z.strictObject({
      reference: z.string().min(1).max(100),
      lines: z
        .array(
          z.discriminatedUnion('outcome', [
            z.strictObject({ ...pieces, outcome: z.literal('restock'), reason: z.enum(soundFindings) }),
            z.strictObject({ ...pieces, outcome: z.literal('scrap'), reason: z.enum(unsoundFindings) }),
          ]),
        )
        .min(1)
        .max(100),
    }),
  ),
)
