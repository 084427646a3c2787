import * as z from 'zod'
import { rowId } from '../shared/row-id.schema.js'
import { parseInput } from '../shared/stored.schema.js'
import { isPeriod, type ListedPeriod, listedPeriod, noPeriod } from './listed-period.schema.js'

/** Asks for a page of the ledger, oldest first: of one order, or of all, and of what was booked in a period. */
export type ListLedgerInput = ListedPeriod & {
  readonly orderId?: string
  /** At most so many entries, 1 to 1,000; 100 when absent. */
  readonly limit?: number
  /** Go on after this entry. */
  readonly after?: { readonly at: number; readonly entryId: string }
}

export const parseListLedger = /* @__PURE__ */ parseInput<ListLedgerInput>(
  /* @__PURE__ */ z
    .strictObject({
      orderId: z.exactOptional(z.string().min(1).max(200)),
      ...listedPeriod,
      limit: z.exactOptional(z.int().min(1).max(1000)),
      after: z.exactOptional(z.strictObject({ at: z.int(), entryId: rowId })),
    })
    .refine(isPeriod, noPeriod),
)
