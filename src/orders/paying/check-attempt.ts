import { err, ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import type { Instant } from '../../shared/instant.js'
import { attemptsToEnd } from '../money/attempt-underway.js'
import { ownPayer } from '../money/order-payers.js'
import type { OrderPayer } from '../order.js'
import { orderMachine } from '../order-machine.js'
import { editOf, payEditBy } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'

/** The time to pay is over. */
export type PaymentOverdue = { readonly type: 'PaymentOverdue'; readonly orderId: string; readonly payBy: Instant }

/** The attempts that are made for the same as an attempt now: a part, or a dearer change; undefined where it is all of the order. */
export const ownAttempts = (order: OrderRow, payer: OrderPayer | undefined): readonly string[] | undefined =>
  payer?.paymentIds ?? editOf(order).edit?.paymentIds

/** What an attempt may come in the way of: other attempts for the same, or for all of the order. */
export const besideAttempt = (payments: readonly Payment[], own: readonly string[] | undefined): readonly Payment[] =>
  own === undefined ? payments : payments.filter(({ paymentId }) => own.includes(paymentId))

/**
 * Until when an order, or a dearer change of it, is to be paid; undefined where nothing waits for that.
 *
 * @errors PaymentOverdue
 */
export const checkInTime = (order: OrderRow, at: Instant): Result<Instant | undefined, PaymentOverdue> => {
  const payBy = order.status === 'awaitingPayment' ? order.closeAt : payEditBy(order)
  return payBy !== undefined && at >= payBy ? err({ type: 'PaymentOverdue', orderId: order.orderId, payBy }) : ok(payBy)
}

/** Whether the buyer may begin an attempt to pay an order, or its dearer change, whatever they pay by. */
export const mayBeginAttempt = (order: OrderRow, payments: readonly Payment[], at: Instant): boolean =>
  ownPayer(order)
    .andThen((payer) =>
      checkInTime(order, at).andThen(() =>
        attemptsToEnd(order.orderId, besideAttempt(payments, ownAttempts(order, payer))),
      ),
    )
    .andThen(() => orderMachine.decide(order, { type: 'StartAttempt', paymentId: '', at }))
    .isOk()
