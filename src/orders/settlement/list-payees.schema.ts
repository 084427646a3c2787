import * as z from 'zod'
import { longestName } from '../../shared/commit.js'
import type { Currency } from '../../shared/currency.js'
import { currencySchema } from '../../shared/money.schema.js'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Asks for a page of the payees that have something to get, or owe, who waits longest first. */
export type ListPayeesInput = {
  /** All currencies when absent. */
  readonly currency?: Currency
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: PayeeCursor
}

/** Where a page of them ends: at a payee of an order, or behind it (null); `since` is when its shares were released. */
export type PayeeCursor = { readonly since: number; readonly orderId: string; readonly payee: string | null }

export const parseListPayees = /* @__PURE__ */ parseInput<ListPayeesInput>(
  /* @__PURE__ */ schemaOf<ListPayeesInput>()(
    z.strictObject({
      currency: z.exactOptional(currencySchema),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(
        z.strictObject({ since: z.int(), orderId: rowId, payee: z.string().max(longestName).nullable() }),
      ),
    }),
  ),
)
