import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Says what came of a payout of which nobody else can say it. */
export type DecidePayoutInput = {
  readonly payoutId: string
  /** Whether the money moved: the payee has it; of a part that was to come back, it is back. */
  readonly moved: boolean
}

export const parseDecidePayout = /* @__PURE__ */ parseInput<DecidePayoutInput>(
  /* @__PURE__ */ schemaOf<DecidePayoutInput>()(
    z.strictObject({ payoutId: z.string().min(1).max(100), moved: z.boolean() }),
  ),
)

/** Asks for a page of the payouts that wait for a person, the longest first. */
export type ListUnclearPayoutsInput = {
  /**
   * Those instead of which nobody has said yet whether they were sent: they are still asked about. With them orders that wait
   * for a gateway that the shop lacks.
   */
  readonly unheard?: boolean
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: UnclearPayoutCursor
}

/** Where a page of them ends; `since` is when the last of it was submitted, or became unclear. `payoutId` may be an order's. */
export type UnclearPayoutCursor = { readonly since: number; readonly payoutId: string }

export const parseListUnclearPayouts = /* @__PURE__ */ parseInput<ListUnclearPayoutsInput>(
  /* @__PURE__ */ schemaOf<ListUnclearPayoutsInput>()(
    z.strictObject({
      unheard: z.exactOptional(z.boolean()),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ since: z.int(), payoutId: z.string().min(1).max(100) })),
    }),
  ),
)
