import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { isAskedAbout, isAwaited, isUndecided } from '../../payments/payment-machine.js'
import { isJustAsked } from '../../payments/query-schedule.js'
import type { StorageError } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { readFacts } from '../../shared/read-facts.js'
import { row, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { tryEach } from '../../shared/try-each.js'
import { payerBy } from '../money/order-payers.js'
import { orders } from '../order.collection.schema.js'
import type { Order } from '../order.js'
import type { QueryPaymentInput } from '../order-inputs.js'
import { parseQueryPayment } from '../order-inputs.schema.js'
import type { MoneyPorts } from '../ports.js'
import { type GatewayUnknown, type PaymentStanding, type RecordError, recordPayment } from './record-outcome.js'
import { resolvePayment } from './resolve-money.js'

/** Where an order and its attempts stand once the gateways have been asked. */
export type QueriedPayment = {
  readonly orderId: string
  readonly orderStatus: Order['status']
  readonly attempts: readonly { readonly paymentId: string; readonly status: Payment['status'] }[]
}

/**
 * Asks the gateways now about every attempt of an order that is not decided, or by the word of a person alone; one that was asked about less than 3 s ago
 * is answered by that. That the buyer did pay, or did not, is only the occasion; the order follows what the gateways
 * say. With `unpaid` they are told to end what brought no money: another attempt may begin at once, an attempt is over only
 * once its gateway says so, and money that one of them brings all the same pays the order, or goes back where another has.
 * Parts of other payers are left alone. An attempt that cannot be asked about, as its gateway is gone, keeps none of the others
 * from it, and stands as it did.
 *
 * @errors NotFound, QueryError; GatewayUnknown, RecordError where nothing could be asked about
 */
export const queryPayment = (
  ports: MoneyPorts,
  context: QueryContext,
  input: QueryPaymentInput,
): ResultAsync<QueriedPayment, NotFound | GatewayUnknown | RecordError | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.queryPayment',
    parse: parseQueryPayment,
    about: ({ input: { orderId } }) => orderId,
    plan: ({ input: { orderId } }) => ({
      order: row(orders, orderId),
      attempts: rows(payments, { from: 'order', path: 'paymentIds.*' }),
    }),
    answer: ({ order, attempts }, { input: { orderId, unpaid } }) =>
      order === undefined
        ? err<never, NotFound>({ type: 'NotFound', entity: 'order', id: orderId })
        : ok({ order: order.state, attempts: attempts.map(({ state }) => state), unpaid }),
  }).andThen(({ order, attempts, unpaid }) => {
    const ends = (payment: Payment) => unpaid === true && isBuyers(order, payment)
    const asked = attempts.filter(
      (payment) =>
        isAskedAbout(payment) && (!isJustAsked(payment, ports.clock.now()) || (ends(payment) && isAwaited(payment))),
    )
    return tryEach(asked, (payment) =>
      ends(payment) && isUndecided(payment) ? endUnpaid(ports, payment) : resolvePayment(ports, payment, 'person'),
    ).andThen((standings) =>
      // What could not be asked about was perhaps asked to end.
      standings.includes(null) ? lookAgain(ports, order) : okAsync(queriedOf(order, attempts, standings)),
    )
  })

const queriedOf = (
  { orderId, status }: Order,
  attempts: readonly Payment[],
  standings: readonly (PaymentStanding | null)[] = [],
): QueriedPayment => ({
  orderId,
  orderStatus: standings.at(-1)?.orderStatus ?? status,
  attempts: attempts.map((payment) => {
    const asked = standings.find((standing) => standing?.paymentId === payment.paymentId)
    return { paymentId: payment.paymentId, status: asked?.paymentStatus ?? payment.status }
  }),
})

const lookAgain = (ports: MoneyPorts, order: Order): ResultAsync<QueriedPayment, StorageError> =>
  readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: { found: row(orders, order.orderId), attempts: rows(payments, { from: 'found', path: 'paymentIds.*' }) },
  }).map(({ found, attempts }) =>
    queriedOf(
      found?.state ?? order,
      attempts.map(({ state }) => state),
    ),
  )

const isBuyers = (order: Order, { paymentId }: Payment): boolean => {
  const payer = payerBy(order, paymentId)
  return payer === undefined || payer.accountId === order.accountId
}

// Its end is asked for first, so that a gateway that does not answer keeps nobody from paying otherwise.
const endUnpaid = (
  ports: MoneyPorts,
  { paymentId }: Payment,
): ResultAsync<PaymentStanding, RecordError | GatewayUnknown> =>
  recordPayment(ports, paymentId, (payment, at) =>
    isAwaited(payment) ? [{ type: 'RequestClose', reason: 'buyerSaysUnpaid', at }] : [],
  ).andThen((standing) =>
    readFacts(ports.storage, {
      shop: ports.shop,
      scope: { kind: 'all' },
      at: ports.clock.now(),
      plan: { found: row(payments, paymentId) },
    }).andThen(({ found }) =>
      found !== undefined && isUndecided(found.state)
        ? resolvePayment(ports, found.state, 'person')
        : okAsync(standing),
    ),
  )
