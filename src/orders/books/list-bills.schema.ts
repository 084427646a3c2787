import * as z from 'zod'
import type { BillStatus } from '../../payments/bill.js'
import { mostStatementLines, type StatementCursor } from '../../payments/statement.js'
import type { Instant } from '../../shared/instant.js'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type { OrderCursor } from '../order-inputs.js'

/** Which bills are asked for. */
export type ListBillsInput = {
  readonly state?: BillStatus
  /** Of orders placed at this moment or later. */
  readonly placedFrom?: Instant
  /** Of orders placed before this moment. */
  readonly placedTo?: Instant
  /** Of a checkout that was divided among merchants, the bills of its orders. */
  readonly orderNumber?: string
  /** The buyer's; whoever sees only their own is told nothing by it. */
  readonly accountId?: string
  /** The most bills of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: OrderCursor
}

/** A period of time. */
export type PeriodInput = {
  /** From this moment on. */
  readonly from: Instant
  /** Up to, and without, this moment; at most 366 days later. */
  readonly to: Instant
}

/** Asks for a statement. */
export type StatementInput = PeriodInput & {
  /** Of one buyer; of everything within reach when absent. */
  readonly accountId?: string
  /** The most movements of a page, 1 to 1,000, and so many when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: StatementCursor
}

const id = z.string().min(1).max(100)
const moment = z.int().min(0)

export const parseListBills = /* @__PURE__ */ parseInput<ListBillsInput>(
  /* @__PURE__ */ schemaOf<ListBillsInput>()(
    z.strictObject({
      state: z.exactOptional(z.enum(['created', 'paid', 'partRefunded', 'refunded', 'closed'])),
      placedFrom: z.exactOptional(moment),
      placedTo: z.exactOptional(moment),
      orderNumber: z.exactOptional(z.string().min(1).max(20)),
      accountId: z.exactOptional(id),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ placedAt: z.int(), orderId: id })),
    }),
  ),
)

const longestMs = 366 * 24 * 3_600_000

const period = { from: moment, to: moment }
const fits = ({ from, to }: PeriodInput): boolean => to > from && to - from <= longestMs
const misfit = { error: 'A period is of 1 to 366 days', path: ['to'] }

export const parsePeriod = /* @__PURE__ */ parseInput<PeriodInput>(
  /* @__PURE__ */ z.strictObject(period).refine(fits, misfit),
)

export const parseStatement = /* @__PURE__ */ parseInput<StatementInput>(
  /* @__PURE__ */ z
    .strictObject({
      ...period,
      accountId: z.exactOptional(id),
      limit: z.exactOptional(z.int().min(1).max(mostStatementLines)),
      after: z.exactOptional(z.strictObject({ at: z.int(), entryId: rowId })),
    })
    .refine(fits, misfit),
)
