import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import { listed, pageOf, type UnreadableRows } from '../shared/list-page.js'
import type { CorePorts } from '../shared/ports.js'
import { type Condition, find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { ListRefundsInput, RefundCursor } from './list-refunds.schema.js'
import { parseListRefunds } from './list-refunds.schema.js'
import { type RefundView, viewRefund } from './payment-view.js'
import type { RefundFailure } from './refund.js'
import { refunds } from './refund.schema.js'
import { failureOf } from './refund-machine.js'
import { openRefundStatuses } from './refund-table.js'

/** A refund as who sees to it is shown it. */
export type OpenRefund = RefundView & {
  readonly orderId: string
  readonly gatewayId: string
  /** How often it was sent, and when last; null before that. */
  readonly tries: number
  readonly submittedAt: Instant | null
  /** The latest no to it; null where there was none since it was last sent. */
  readonly failure: RefundFailure | null
}

/** A page of refunds, those that were asked for first before the others. */
export type RefundPage = UnreadableRows & {
  readonly refunds: readonly OpenRefund[]
  readonly next: RefundCursor | null
}

/**
 * Lists refunds of all orders, the oldest first: where nobody says which, those whose payer does not have the money yet.
 * `failed` and `manualPayout` wait for a person, and so does, `pending`, every one of a gateway of which a person says what
 * went back (`gatewayId`).
 *
 * @errors QueryError
 */
export const listRefunds = (
  ports: CorePorts,
  context: QueryContext,
  input: ListRefundsInput = {},
): ResultAsync<RefundPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.refunds',
    parse: parseListRefunds,
    about: () => 'refunds',
    plan: ({ input: { status, gatewayId, limit = 20, after } }) => {
      const where: readonly Condition[] = [
        { field: 'status', is: 'in', values: status === undefined ? openRefundStatuses : [status] },
        ...(gatewayId === undefined ? [] : [{ field: 'gatewayId', is: 'eq', value: gatewayId } as const]),
      ]
      return {
        found: listed(
          find(refunds, {
            where,
            orderBy: { field: 'requestedAt', direction: 'ascending' },
            limit: limit + 1,
            ...(after === undefined ? {} : { after: { value: after.requestedAt, id: after.refundId } }),
          }),
        ),
      }
    },
    answer: ({ found }, { input: { limit = 20 }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const page = rows.map(({ state }): OpenRefund => {
        const { orderId, gatewayId, tries, submittedAt } = state
        return { ...viewRefund(state), orderId, gatewayId, tries, submittedAt, failure: failureOf(state) }
      })
      return ok({
        refunds: page,
        unreadable,
        next: end === null ? null : { requestedAt: Number(end.value), refundId: end.id },
      })
    },
  })
