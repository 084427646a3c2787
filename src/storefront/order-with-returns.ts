import type { ResultAsync } from 'neverthrow'
import { returnRequests } from '../aftersales/return.collection.schema.js'
import { type ListedReturn, viewReturn } from '../aftersales/view-return.js'
import { parseOrderId } from '../orders/order-inputs.schema.js'
import { askOrderPage, type OrderPagePorts, type OrderView, viewOrder } from '../orders/pages/order-page.js'
import type { NotFound } from '../shared/errors.js'
import { find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'

/** An order with the returns of it. */
export type OrderWithReturns = OrderView & {
  /** Oldest first. */
  readonly returns: readonly ListedReturn[]
}

/**
 * Shows an order and everything that was returned of it, in one read.
 *
 * @errors NotFound, QueryError
 */
export const orderWithReturns = (
  ports: OrderPagePorts,
  context: QueryContext,
  input: { readonly orderId: string },
): ResultAsync<OrderWithReturns, NotFound | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.orderWithReturns',
    parse: parseOrderId,
    about: ({ input: { orderId } }) => orderId,
    plan: ({ input: { orderId } }) => ({
      ...askOrderPage(orderId),
      returns: find(returnRequests, {
        where: [{ field: 'orderId', is: 'eq', value: orderId }],
        orderBy: { field: 'requestedAt', direction: 'ascending' },
        limit: 100,
      }),
    }),
    answer: ({ returns, ...read }, { actor, now, input: { orderId } }) =>
      viewOrder(ports, read, { orderId, actor, at: now }).map((view) => ({
        ...view,
        returns: returns.map(({ state }) => viewReturn(state, actor)),
      })),
  })
