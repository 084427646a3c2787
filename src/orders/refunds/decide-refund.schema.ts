import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { resolutionNote } from '../resolution.schema.js'

/** Says what came of a refund of which nobody else can say it. */
export type DecideRefundInput = {
  readonly refundId: string
  /** Whether the money moved: the payer has it. */
  readonly moved: boolean
  /**
   * What of one that did not move whole has reached the payer, minor units, less than its amount; nothing when absent. The
   * rest of it is owed.
   */
  readonly goneMinor?: number
  /** What was found at the gateway; 1 to 500 characters, nobody's personal data. It stands in the audit log. */
  readonly note: string
}

export const parseDecideRefund = /* @__PURE__ */ parseInput<DecideRefundInput>(
  /* @__PURE__ */ schemaOf<DecideRefundInput>()(
    z
      .strictObject({
        refundId: rowId,
        moved: z.boolean(),
        goneMinor: z.exactOptional(z.int().min(0)),
        note: resolutionNote,
      })
      .refine(({ moved, goneMinor }) => !moved || goneMinor === undefined, {
        error: 'What moved whole moved in no part',
        path: ['goneMinor'],
      }),
  ),
)
