import * as z from 'zod'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Asks for a page of disputes, the latest first. */
export type ListDisputesInput = {
  readonly orderId?: string
  /** Only those that are not over. */
  readonly open?: boolean
  /** Only those of which the gateway, though asked, or gone, has not said how they stand. */
  readonly unheard?: boolean
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: DisputeCursor
}

/** Where a page of disputes ends. */
export type DisputeCursor = { readonly openedAt: number; readonly disputeId: string }

const schema = /* @__PURE__ */ schemaOf<ListDisputesInput>()(
  z.strictObject({
    orderId: z.exactOptional(z.string().min(1).max(200)),
    open: z.exactOptional(z.boolean()),
    unheard: z.exactOptional(z.boolean()),
    limit: z.exactOptional(z.int().min(1).max(100)),
    after: z.exactOptional(z.strictObject({ openedAt: z.int(), disputeId: rowId })),
  }),
)

export const parseListDisputes = /* @__PURE__ */ parseInput<ListDisputesInput>(schema)
