import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Asks for the days of which no bill was taken in. */
export type ListMissingBillsInput = {
  /** Only those of this gateway. */
  readonly gatewayId?: string
}

export const parseListMissingBills = /* @__PURE__ */ parseInput<ListMissingBillsInput>(
  /* @__PURE__ */ schemaOf<ListMissingBillsInput>()(z.strictObject({ gatewayId: z.exactOptional(rowId) })),
)
