import * as z from 'zod'
import type { TimedPageEnd } from '../shared/read-plan.js'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { Product } from './product.js'

/** Asks for a page of goods of whatever status, the last changed first. */
export type ListGoodsInput = {
  /** Of every status when absent. */
  readonly status?: Product['status']
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: TimedPageEnd
}

export const parseListGoods = /* @__PURE__ */ parseInput<ListGoodsInput>(
  /* @__PURE__ */ schemaOf<ListGoodsInput>()(
    z.strictObject({
      status: z.exactOptional(z.enum(['draft', 'active', 'archived'])),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ value: z.int(), id: rowId })),
    }),
  ),
)
