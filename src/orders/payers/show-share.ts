import { ok, type ResultAsync } from 'neverthrow'
import { heldReceipts } from '../../payments/held-receipt.schema.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { MethodId } from '../../shared/payment-method.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { find, row, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { type HeldMoneyView, viewHeldMoney } from '../money/held-money.js'
import { orders } from '../order.collection.schema.js'
import type { OrderPayer } from '../order.js'
import type { ShareOfInput } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'
import { pricedMethodsOf } from '../placing/priced-methods.js'
import type { MoneyPorts } from '../ports.js'
import { invitedPayer, orderIdOf } from './invited-payer.js'
import { digestLink } from './share-payment.js'
import { parseShareOf } from './share-payment.schema.js'

/** A payer's bill: their own part of an order, and nothing of what others pay, what was bought or who gets it. */
export type ShareView = {
  readonly orderId: string
  readonly orderNumber: string
  readonly payerId: string
  readonly currency: string
  readonly amountMinor: number
  /** By what it is to be paid, where the discounts of the order are given for that; null where any way will do. */
  readonly paymentMethods: readonly MethodId[] | null
  /**
   * `awaiting` until it is paid; `waiting` while it is paid and others are not; `kept` once it has
   * paid the order; `ended` where it is asked for no more, as of an order that is paid without it.
   */
  readonly state: 'awaiting' | 'waiting' | 'kept' | 'ended'
  /** Until when it can be paid; null where it cannot any more. */
  readonly payBy: Instant | null
  /** What of it is on its way back, and what is back, minor units. */
  readonly returningMinor: number
  readonly returnedMinor: number
  /** What came of it by transfer and pays nothing, or nothing yet, oldest first. */
  readonly heldMoney: readonly HeldMoneyView[]
  /** Its attempts, oldest first. */
  readonly attempts: readonly {
    readonly paymentId: string
    readonly status: Payment['status']
    readonly startedAt: Instant
  }[]
}

/**
 * Shows a payer their part of an order that several pay together: by the link that they were invited by, or by their
 * account.
 *
 * @errors NotFound for everybody else, as if there were no such order; QueryError
 */
export const showShare = (
  ports: MoneyPorts,
  context: QueryContext,
  input: ShareOfInput,
): ResultAsync<ShareView, NotFound | CryptoUnavailable | QueryError> =>
  digestLink(
    ports,
    parseShareOf(input)
      .map(({ link }) => link ?? '')
      .unwrapOr(''),
  ).andThen((digest) =>
    runQuery(ports, context, input, {
      action: 'orders.share',
      parse: parseShareOf,
      plan: ({ input: asked }) => ({
        order: row(orders, orderIdOf(asked)),
        attempts: rows(payments, { from: 'order', path: 'paymentIds.*' }),
        receipts: find(heldReceipts, {
          where: [{ field: 'orderId', is: 'eq', value: orderIdOf(asked) }],
          orderBy: { field: 'recordedAt', direction: 'ascending' },
          limit: 1_000,
        }),
      }),
      answer: ({ order, attempts, receipts }, { actor, input: asked }) =>
        invitedPayer(order?.state, { actor, input: asked, digest }).andThen((payer) => {
          const own = attempts.map(({ state }) => state).filter(({ paymentId }) => payer.paymentIds.includes(paymentId))
          const sum = (of: (payment: Payment) => number) => own.reduce((total, payment) => total + of(payment), 0)
          const status = order?.state.status
          const isPaid = order !== undefined && 'paidAt' in order.state
          return ok({
            orderId: orderIdOf(asked),
            orderNumber: order?.state.orderNumber ?? '',
            payerId: payer.payerId,
            currency: order?.state.currency ?? '',
            amountMinor: payer.amountMinor,
            paymentMethods: order === undefined ? null : pricedMethodsOf(order.state),
            state: stateOf(status, payer, isPaid),
            payBy: order?.state.status === 'awaitingPayment' ? order.state.closeAt : null,
            returningMinor: sum(({ refundReservedMinor }) => refundReservedMinor),
            returnedMinor: sum(({ refundedMinor }) => refundedMinor),
            heldMoney:
              order === undefined
                ? []
                : receipts.flatMap(({ state }) =>
                    own.some(({ paymentId }) => paymentId === state.paymentId)
                      ? viewHeldMoney(order.state, own, state)
                      : [],
                  ),
            attempts: own.map(({ paymentId, status: stands, startedAt }) => ({
              paymentId,
              status: stands,
              startedAt,
            })),
          } satisfies ShareView)
        }),
    }),
  )

const stateOf = (
  status: OrderRow['status'] | undefined,
  { paidBy }: OrderPayer,
  isPaid: boolean,
): ShareView['state'] => {
  if (isPaid) return paidBy === null ? 'ended' : 'kept'
  if (status !== 'awaitingPayment') return 'ended'
  return paidBy === null ? 'awaiting' : 'waiting'
}
