import * as z from 'zod'
import { type Currency, currencyExponent } from './currency.js'
import type { Money } from './money.js'
import { schemaOf } from './schema-of.js'

/** A currency of the table. */
export const currencySchema = schemaOf<Currency>()(
  z.string().refine((code) => currencyExponent(code).isOk(), { error: 'Not an ISO 4217 currency' }),
)

/** Whole minor units of a currency. */
export const moneySchema = schemaOf<Money>()(z.strictObject({ minor: z.int(), currency: currencySchema }))
