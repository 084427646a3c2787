import { ok, type ResultAsync } from 'neverthrow'
import { listed, pageOf, type UnreadableRows } from '../shared/list-page.js'
import type { CorePorts } from '../shared/ports.js'
import { find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { HeldReceipt } from './held-receipt.js'
import { heldReceipts } from './held-receipt.schema.js'
import type { ListHeldReceiptsInput } from './list-held-receipts.schema.js'
import { type HeldReceiptCursor, parseListHeldReceipts } from './list-held-receipts.schema.js'

/** A page of lines of statements that fit nothing that was asked for, the oldest first. */
export type HeldReceiptPage = UnreadableRows & {
  readonly receipts: readonly HeldReceipt[]
  readonly next: HeldReceiptCursor | null
}

/**
 * Lists money of statements that stands in suspense, for a person to send back or to record for its payment.
 *
 * @errors QueryError
 */
export const listHeldReceipts = (
  ports: CorePorts,
  context: QueryContext,
  input: ListHeldReceiptsInput = {},
): ResultAsync<HeldReceiptPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.receipts',
    parse: parseListHeldReceipts,
    about: () => 'heldReceipts',
    plan: ({ input: { status, limit = 20, after } }) => ({
      found: listed(
        find(heldReceipts, {
          where: [{ field: 'status', is: 'in', values: status === undefined ? ['held', 'owedBack'] : [status] }],
          orderBy: { field: 'recordedAt', direction: 'ascending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.recordedAt, id: after.receiptId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 20 }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const page = rows.map(({ state }) => state)
      return ok({
        receipts: page,
        unreadable,
        next: end === null ? null : { recordedAt: Number(end.value), receiptId: end.id },
      })
    },
  })
