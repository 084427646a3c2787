import type { Payment } from '../../payments/payment.js'
import { capturableMinor, refundableMinor } from '../../payments/payment-machine.js'
import { isPayable } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { hasPaidShare } from '../order-share-steps.js'
import { payerBy } from './order-payers.js'

/**
 * Whether a payment pays an order that still waits for its money: it was for exactly what the order costs now, and all of it
 * is there, or held to be taken. What has gone back of it, or is on its way, pays nothing any more, also where the order
 * comes to cost the same again.
 */
export const paysWhole = (order: OrderRow, payment: Payment): boolean =>
  isPayable(order) &&
  !hasPaidShare(order) &&
  isPrice(order, payment) &&
  refundableMinor(payment) + capturableMinor(payment) >= order.totals.payableMinor

/** Whether a payment that is held in part may still come to pay the whole: more of it may be held. */
export const mayPayWhole = (order: OrderRow, payment: Payment): boolean =>
  isPrice(order, payment) && payment.closing === null && payment.refunds.every(({ status }) => status === 'released')

// What somebody else was asked for as a part of it is no money for the whole, be it as much by now.
const isPrice = (order: OrderRow, { paymentId, amountMinor, payerAccountId }: Payment): boolean =>
  amountMinor === order.totals.payableMinor && payerAccountId === undefined && payerBy(order, paymentId) === undefined
