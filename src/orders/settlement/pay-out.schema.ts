import * as z from 'zod'
import type { Currency } from '../../shared/currency.js'
import { currencySchema } from '../../shared/money.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Names a payee and a currency. */
export type PayeeInput = { readonly payee: string; readonly currency: Currency }

export const parsePayee = /* @__PURE__ */ parseInput<PayeeInput>(
  /* @__PURE__ */ schemaOf<PayeeInput>()(
    z.strictObject({ payee: z.string().min(1).max(100), currency: currencySchema }),
  ),
)
