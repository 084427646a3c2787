import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { resolutionNote } from '../resolution.schema.js'

/** Says that what was paid for an order waits for no gateway any more that the shop lacks. */
export type GiveUpSplitInput = {
  readonly orderId: string
  /** Why; 1 to 500 characters, nobody's personal data. It stands in the audit log. */
  readonly note: string
}

export const parseGiveUpSplit = /* @__PURE__ */ parseInput<GiveUpSplitInput>(
  /* @__PURE__ */ schemaOf<GiveUpSplitInput>()(z.strictObject({ orderId: rowId, note: resolutionNote })),
)
