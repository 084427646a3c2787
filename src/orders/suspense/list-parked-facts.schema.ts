import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Asks for a page of what gateways said of what the shop does not know, the latest first. */
export type ListParkedFactsInput = {
  /** What a person has looked at instead, with what they found. */
  readonly resolved?: true
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: ParkedFactCursor
}

/** Where a page of them ends. */
export type ParkedFactCursor = { readonly at: number; readonly factId: string }

export const parseListParkedFacts = /* @__PURE__ */ parseInput<ListParkedFactsInput>(
  /* @__PURE__ */ schemaOf<ListParkedFactsInput>()(
    z.strictObject({
      resolved: z.exactOptional(z.literal(true)),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ at: z.int(), factId: rowId })),
    }),
  ),
)
