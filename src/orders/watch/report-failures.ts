import { okAsync, type ResultAsync } from 'neverthrow'
import { createFailureReport, type FailureReport } from '../../payments/failure-report.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import type { Scope } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { find, type PageEnd, rows, type Stored } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { type PeriodInput, parsePeriod } from '../books/list-bills.schema.js'
import { payerBy } from '../money/order-payers.js'
import { orders } from '../order.collection.schema.js'
import type { OrderRow } from '../order-row.js'

/** How the attempts to pay of a period ended. */
export type PeriodFailures = FailureReport & { readonly from: Instant; readonly to: Instant }

const pageSize = 500

/**
 * Reports the attempts that began in a period and failed, by gateway, method and reason, with how many of their orders
 * were paid by another attempt. One of which nobody knows what became is not among them.
 *
 * @errors QueryError
 */
export const reportFailures = (
  ports: CorePorts,
  context: QueryContext,
  input: PeriodInput,
): ResultAsync<PeriodFailures, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.paymentFailures',
    parse: parsePeriod,
    plan: ({ input: period }) => askPage(period, undefined),
    answer: (read, { now, scope, input: period }) => {
      const report = createFailureReport()
      return addPages(ports, { period, scope, at: now }, read, report.add).map(() => ({ ...period, ...report.close() }))
    },
  })

const askPage = ({ from, to }: PeriodInput, after: PageEnd | undefined) => ({
  page: find(payments, {
    where: [
      { field: 'startedAt', is: 'gte', value: from },
      { field: 'startedAt', is: 'lt', value: to },
    ],
    orderBy: { field: 'startedAt', direction: 'ascending' },
    limit: pageSize,
    ...(after === undefined ? {} : { after }),
  }),
  orders: rows(orders, { from: 'page', path: 'orderId' }),
  attempts: rows(payments, { from: 'orders', path: 'paymentIds.*' }),
})

const addPages = (
  ports: CorePorts,
  reading: { readonly period: PeriodInput; readonly scope: Scope; readonly at: Instant },
  read: {
    readonly page: readonly Stored<Payment>[]
    readonly orders: readonly Stored<OrderRow>[]
    readonly attempts: readonly Stored<Payment>[]
  },
  add: (payment: Payment, isPaid: boolean) => void,
): ResultAsync<void, StorageUnavailable | StoredDataInvalid> => {
  const ordered = new Map(read.orders.map(({ id, state }) => [id, state]))
  const attempts = new Map<string, Payment[]>()
  for (const { state } of read.attempts) {
    const ofOrder = attempts.get(state.orderId)
    if (ofOrder === undefined) attempts.set(state.orderId, [state])
    else ofOrder.push(state)
  }
  for (const { state } of read.page) {
    add(state, isRecovered(state, ordered.get(state.orderId), attempts.get(state.orderId) ?? []))
  }
  const last = read.page.at(-1)
  if (last === undefined || read.page.length < pageSize) return okAsync(undefined)
  const { period, scope, at } = reading
  const plan = askPage(period, { value: last.state.startedAt, id: last.id })
  return readFacts(ports.storage, { shop: ports.shop, scope, at, plan }).andThen((facts) =>
    addPages(ports, reading, facts, add),
  )
}

/**
 * Whether a later attempt for the same took the money: for the order itself, for the part of one payer, or, once the order
 * was paid, for a dearer change of it; whatever became of the order since.
 */
const isRecovered = (payment: Payment, order: OrderRow | undefined, attempts: readonly Payment[]): boolean => {
  if (order === undefined) return false
  const firstPaid = Math.min(
    ...attempts.flatMap((each) =>
      tookMoney(order, each) && payerBy(order, each.paymentId) === undefined ? [each.attempt] : [],
    ),
  )
  const purposeOf = ({ paymentId, attempt }: Payment): string =>
    payerBy(order, paymentId)?.payerId ?? (attempt > firstPaid ? 'edit' : 'order')
  return attempts.some(
    (each) => each.attempt > payment.attempt && tookMoney(order, each) && purposeOf(each) === purposeOf(payment),
  )
}

// What came after the attempt had ended took the money only where it paid the order, and did not go back as of no use.
const tookMoney = (order: OrderRow, payment: Payment): boolean =>
  payment.status === 'captured' ||
  payment.status === 'partlyCaptured' ||
  (payment.status === 'capturedAfterClose' && hasPaid(order, payment))

const hasPaid = (order: OrderRow, { paymentId, refunds }: Payment): boolean =>
  ('paymentId' in order && order.paymentId === paymentId) ||
  payerBy(order, paymentId)?.paidBy === paymentId ||
  // Of one that is given up by now, its refund was that of the order.
  order.refunds.some(({ refundId }) => refunds.some((share) => share.refundId === refundId))
