import * as z from 'zod'
import { holdsCardNumber } from '../../shared/card-number.js'
import type { Currency } from '../../shared/currency.js'
import { currencySchema } from '../../shared/money.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Money that a gateway has paid out to the shop's bank account. */
export type RecordGatewayPayoutInput = {
  readonly gatewayId: string
  /** ISO 4217 code. */
  readonly currency: Currency
  /** What the bank got, minor units, not zero; below zero where the gateway collected it from there. */
  readonly amountMinor: number
  /** What the gateway kept of it beside the fees of payments, minor units; nothing when absent. */
  readonly feeMinor?: number
  /** What the gateway calls the payout, or its day: ASCII letters, digits, `.`, `_`, `/`, `-`. One in a currency counts once. */
  readonly reference: string
}

export const parseRecordGatewayPayout = /* @__PURE__ */ parseInput<RecordGatewayPayoutInput>(
  /* @__PURE__ */ schemaOf<RecordGatewayPayoutInput>()(
    z.strictObject({
      gatewayId: z.string().min(1).max(100),
      currency: currencySchema,
      amountMinor: z.int().refine((minor) => minor !== 0, { error: 'A payout is not of zero' }),
      feeMinor: z.exactOptional(z.int().min(0)),
      reference: z
        .string()
        .regex(/^[A-Za-z0-9._/-]{1,64}$/)
        .refine((text) => !holdsCardNumber(text), { error: 'Text must not hold a card number' }),
    }),
  ),
)
