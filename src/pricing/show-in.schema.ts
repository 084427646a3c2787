import * as z from 'zod'
import type { Currency } from '../shared/currency.js'
import type { Money } from '../shared/money.js'
import { currencySchema, moneySchema } from '../shared/money.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Amounts to be shown in another currency. */
export type ShowInInput = {
  /** At most 500, all of one currency. */
  readonly amounts: readonly Money[]
  readonly currency: Currency
}

export const parseShowIn = parseInput<ShowInInput>(
  schemaOf<ShowInInput>()(
    z.strictObject({
      amounts: z
        .array(moneySchema)
        .min(1)
        .max(500)
        .refine((amounts) => amounts.every(({ currency }) => currency === amounts[0]?.currency), {
          error: 'Of more than one currency',
        }),
      currency: currencySchema,
    }),
  ),
)

/** A rate of exchange: a decimal number above zero, of at most forty characters; undefined of anything else. */
export const exchangeRateIn = (rate: unknown): string | undefined =>
  typeof rate === 'string' && rate.length <= 40 && /^\d+(\.\d+)?$/.test(rate) && /[1-9]/.test(rate) ? rate : undefined
