import { err, ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import type { Order, OrderPayer } from '../order.js'
import type { OrderError } from '../order-error.js'

/** The payer whose part an attempt is to pay; undefined where it is nobody's part. */
export const payerBy = ({ payers = [] }: Order, paymentId: string): OrderPayer | undefined =>
  payers.find(({ paymentIds }) => paymentIds.includes(paymentId))

/** Whether whoever an attempt was to pay for is still asked: nobody has paid that part, nor was it shared anew. */
export const isStillAsked = (
  order: Order,
  { paymentId, payerAccountId }: Pick<Payment, 'paymentId' | 'payerAccountId'>,
): boolean => {
  const payer = payerBy(order, paymentId)
  return payer === undefined ? payerAccountId === undefined : payer.paidBy === null
}

/** The payer from whom the rest of what an accepted payment is a part of is still due; undefined where nothing is. */
export const restOfPart = ({ payers = [] }: Order, paymentId: string): OrderPayer | undefined => {
  const partOf = payers.find(({ paidBy }) => paidBy === paymentId)?.partOf
  return payers.find(({ payerId, paidBy }) => payerId === partOf && paidBy === null)
}

/**
 * Which part the buyer pays: of an order that several pay, that of their own account.
 *
 * @returns undefined where the buyer pays all of it
 * @errors PaymentShared where no part is theirs, or theirs is paid
 */
export const ownPayer = (order: Order): Result<OrderPayer | undefined, OrderError> => {
  if (order.payers === undefined || 'paidAt' in order) return ok(undefined)
  const own = order.payers.find(({ accountId, paidBy }) => accountId === order.accountId && paidBy === null)
  return own === undefined ? err({ type: 'PaymentShared', orderId: order.orderId }) : ok(own)
}
