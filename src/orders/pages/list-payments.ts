import { ok, type ResultAsync } from 'neverthrow'
import type { ListPaymentsInput } from '../../payments/list-payments.schema.js'
import { parseListPayments } from '../../payments/list-payments.schema.js'
import { payments } from '../../payments/payment.schema.js'
import { type PaymentView, type RefundView, viewPayment, viewRefund } from '../../payments/payment-view.js'
import { refunds } from '../../payments/refund.schema.js'
import { listed, readListed, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { find, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { orders } from '../order.collection.schema.js'

/** Attempts and refunds of an order, oldest first; empty lists where the order is none of the actor's. */
export type OrderPayments = UnreadableRows & {
  readonly payments: readonly PaymentView[]
  readonly refunds: readonly RefundView[]
}

/** More than any order has. */
const mostPerOrder = 500

/**
 * Lists the payments and refunds of an order, within the actor's reach; of an order of a checkout that was divided, with the
 * payment of the whole.
 *
 * @errors QueryError
 */
export const listPayments = (
  ports: CorePorts,
  context: QueryContext,
  input: ListPaymentsInput,
): ResultAsync<OrderPayments, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.list',
    parse: parseListPayments,
    about: ({ input: { orderId } }) => orderId,
    plan: ({ input: { orderId } }) => {
      const ofOrder = (field: 'startedAt' | 'requestedAt') => ({
        where: [{ field: 'orderId', is: 'eq', value: orderId } as const],
        orderBy: { field, direction: 'ascending' } as const,
        limit: mostPerOrder,
      })
      return {
        payments: listed(find(payments, ofOrder('startedAt'))),
        refunds: listed(find(refunds, ofOrder('requestedAt'))),
        // An order of a checkout that was divided is paid by that of the whole.
        order: listed(rows(orders, [orderId])),
        paying: listed(rows(payments, { from: 'order', path: 'paymentIds.*' })),
      }
    },
    answer: (found, { input: { orderId }, scope }) => {
      const [own, returned, whole] = [
        readListed(found.payments, scope),
        readListed(found.refunds, scope),
        readListed(found.paying, scope),
      ]
      return ok({
        payments: [...whole.rows.filter(({ state }) => state.orderId !== orderId), ...own.rows].map(({ state }) =>
          viewPayment(state),
        ),
        refunds: returned.rows.map(({ state }) => viewRefund(state)),
        unreadable: [...new Set([...whole.unreadable, ...own.unreadable, ...returned.unreadable])],
      })
    },
  })
