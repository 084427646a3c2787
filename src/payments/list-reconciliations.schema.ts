import * as z from 'zod'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Asks for a page of reconciliations, the latest day first. */
export type ListReconciliationsInput = {
  readonly gatewayId?: string
  /** Only those with findings that nobody has resolved. */
  readonly open?: boolean
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: ReconciliationCursor
}

/** Where a page of reconciliations ends. */
export type ReconciliationCursor = { readonly day: string; readonly reconciliationId: string }

const schema = /* @__PURE__ */ schemaOf<ListReconciliationsInput>()(
  z.strictObject({
    gatewayId: z.exactOptional(z.string().min(1).max(100)),
    open: z.exactOptional(z.boolean()),
    limit: z.exactOptional(z.int().min(1).max(100)),
    after: z.exactOptional(z.strictObject({ day: z.string().min(1).max(10), reconciliationId: rowId })),
  }),
)

export const parseListReconciliations = /* @__PURE__ */ parseInput<ListReconciliationsInput>(schema)
