import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { statementReference } from '../order-inputs.schema.js'
import { resolutionNote } from '../resolution.schema.js'

/** Says what came of a payment of which nobody else can say it. */
export type DecidePaymentInput = {
  readonly paymentId: string
  /** What was found; 1 to 500 characters, nobody's personal data. It stands in the audit log. */
  readonly note: string
} & (
  | {
      /** Its money was taken, as it was asked for: all of it, or what the capture under way was to take. */
      readonly paid: true
      /** The line of the bank's or the gateway's statement: ASCII letters, digits, `.`, `_`, `/`, `-`. One pays once. */
      readonly reference: string
    }
  /** It was not taken, and will not be. */
  | { readonly paid: false }
)

const about = { paymentId: rowId, note: resolutionNote }

export const parseDecidePayment = /* @__PURE__ */ parseInput<DecidePaymentInput>(
  /* @__PURE__ */ schemaOf<DecidePaymentInput>()(
    z.discriminatedUnion('paid', [
      z.strictObject({ ...about, paid: z.literal(true), reference: statementReference }),
      z.strictObject({ ...about, paid: z.literal(false) }),
    ]),
  ),
)
