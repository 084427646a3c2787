import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { resolutionNote } from '../resolution.schema.js'

/** Says how a dispute has ended of which nobody else can say it. */
export type DecideDisputeInput = {
  readonly disputeId: string
  /** Whether the money is the shop's; else the payer has it. */
  readonly won: boolean
  /**
   * What the payer has, minor units of the dispute's currency, 1 or more, and only where it is lost; when absent, what the
   * gateway has said is lost of one that is appealed, else all that they want.
   */
  readonly lostMinor?: number
  /** What was found at the gateway; 1 to 500 characters, nobody's personal data. It stands in the audit log. */
  readonly note: string
}

export const parseDecideDispute = /* @__PURE__ */ parseInput<DecideDisputeInput>(
  /* @__PURE__ */ schemaOf<DecideDisputeInput>()(
    z
      .strictObject({
        disputeId: rowId,
        won: z.boolean(),
        lostMinor: z.exactOptional(z.int().min(1)),
        note: resolutionNote,
      })
      .refine(({ won, lostMinor }) => !won || lostMinor === undefined, {
        error: 'Nothing is lost of what is won',
        path: ['lostMinor'],
      }),
  ),
)
