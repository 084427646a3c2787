import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { isUndecided } from '../../payments/payment-machine.js'
import type { NotFound } from '../../shared/errors.js'
import { row, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { orders } from '../order.collection.schema.js'
import type { Order } from '../order.js'
import { parseOrderId } from '../order-inputs.schema.js'
import type { MoneyPorts } from '../ports.js'
import type { GatewayUnknown, RecordError } from './record-outcome.js'
import { resolvePayment } from './resolve-money.js'

/** Where an order and its attempts stand once the gateways have been asked. */
export type QueriedPayment = {
  readonly orderId: string
  readonly orderStatus: Order['status']
  readonly attempts: readonly { readonly paymentId: string; readonly status: Payment['status'] }[]
}

/**
 * Asks the gateways now about every attempt of an order that is not decided; the buyer's "I did pay" or "I did not" is
 * only the occasion, the order follows what the gateways say.
 *
 * @errors NotFound, GatewayUnknown, RecordError, QueryError
 */
export const queryPayment = (
  ports: MoneyPorts,
  context: QueryContext,
  input: { readonly orderId: string },
): ResultAsync<QueriedPayment, NotFound | GatewayUnknown | RecordError | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.queryPayment',
    parse: parseOrderId,
    plan: ({ input: { orderId } }) => ({
      order: row(orders, orderId),
      attempts: rows(payments, { from: 'order', path: 'paymentIds.*' }),
    }),
    answer: ({ order, attempts }, { input: { orderId } }) =>
      order === undefined
        ? err<never, NotFound>({ type: 'NotFound', entity: 'order', id: orderId })
        : ok({ order: order.state, attempts: attempts.map(({ state }) => state) }),
  }).andThen(({ order, attempts }) =>
    attempts.reduce<ResultAsync<QueriedPayment, NotFound | GatewayUnknown | RecordError | QueryError>>(
      (sofar, payment) =>
        sofar.andThen((queried) => {
          const add = (status: Payment['status'], orderStatus: Order['status']): QueriedPayment => ({
            orderId: order.orderId,
            orderStatus,
            attempts: [...queried.attempts, { paymentId: payment.paymentId, status }],
          })
          if (!isUndecided(payment)) return okAsync(add(payment.status, queried.orderStatus))
          return resolvePayment(ports, payment).map(({ paymentStatus, orderStatus }) => add(paymentStatus, orderStatus))
        }),
      okAsync({ orderId: order.orderId, orderStatus: order.status, attempts: [] }),
    ),
  )
