import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import { listed, readListed, type UnreadableRows } from '../shared/list-page.js'
import type { Money } from '../shared/money.js'
import type { MethodId } from '../shared/payment-method.js'
import type { CorePorts } from '../shared/ports.js'
import { find, rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { GatewayErrorCode } from './gateway-error.js'
import type { ListPaymentsInput } from './list-payments.schema.js'
import { parseListPayments } from './list-payments.schema.js'
import type { Payment } from './payment.js'
import { payments } from './payment.schema.js'
import { refundableMinor } from './payment-machine.js'
import type { Refund, RefundReason } from './refund.js'
import { refunds } from './refund.schema.js'

/** A payment as its owner sees it. */
export type PaymentView = {
  readonly paymentId: string
  readonly attempt: number
  readonly status: Payment['status']
  readonly method: MethodId
  readonly amount: Money
  readonly capturedMinor: number
  readonly refundedMinor: number
  /** What may still be asked back. */
  readonly refundableMinor: number
  /** Why it failed; null unless it did. */
  readonly failure: GatewayErrorCode | null
  readonly startedAt: Instant
  readonly expiresAt: Instant
}

/** A refund as its owner sees it. */
export type RefundView = {
  readonly refundId: string
  readonly paymentId: string
  readonly status: Refund['status']
  readonly reason: RefundReason
  readonly amount: Money
  readonly requestedAt: Instant
}

/** Attempts and refunds of an order, oldest first; empty lists where the order is none of the actor's. */
export type OrderPayments = UnreadableRows & {
  readonly payments: readonly PaymentView[]
  readonly refunds: readonly RefundView[]
}

/** More than any order has. */
const mostPerOrder = 500

/**
 * Lists the payments and refunds of an order, within the actor's reach.
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
        refunded: listed(rows(payments, { from: 'refunds', path: 'paymentId' })),
      }
    },
    answer: (found, { input: { orderId }, scope }) => {
      const [own, returned, whole] = [
        readListed(found.payments, scope),
        readListed(found.refunds, scope),
        readListed(found.refunded, scope),
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

/** Shows a payment. */
export const viewPayment = (payment: Payment): PaymentView => ({
  paymentId: payment.paymentId,
  attempt: payment.attempt,
  status: payment.status,
  method: payment.method,
  amount: { minor: payment.amountMinor, currency: payment.currency },
  capturedMinor: payment.known.captured?.minor ?? 0,
  refundedMinor: payment.refundedMinor,
  refundableMinor: refundableMinor(payment),
  failure: payment.status === 'failed' ? payment.known.failure.code : null,
  startedAt: payment.startedAt,
  expiresAt: payment.expiresAt,
})

/** Shows a refund. */
export const viewRefund = (refund: Refund): RefundView => ({
  refundId: refund.refundId,
  paymentId: refund.paymentId,
  status: refund.status,
  reason: refund.reason,
  amount: { minor: refund.amountMinor, currency: refund.currency },
  requestedAt: refund.requestedAt,
})
