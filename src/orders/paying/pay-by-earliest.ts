import { type Result, safeTry } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { refundableMinor } from '../../payments/payment-machine.js'
import { compareCodePoints } from '../../shared/json.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { isUntouched } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { giveBackPayment } from '../refunds/give-back-payment.js'

/**
 * Gives back whole what came beside the money that pays an order. Of two attempts the one whose money was taken first, by
 * the gateways' own clocks, pays the order, in whichever order the shop hears of them: while nothing has been done by the
 * one that pays, the earlier one takes its place, and the later goes back.
 *
 * @param payment - what was heard of now
 */
export const giveBackDuplicate = (draft: OrderDraft, payment: Payment): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const payingId = 'paymentId' in order ? order.paymentId : null
    const paying = payingId === null ? undefined : draft.payments.get(payingId)?.state
    if (paying === undefined || !paysInstead(order, payment, paying)) {
      return giveBackPayment(draft, payment, 'duplicatePayment')
    }
    const { paymentId } = payment
    yield* draftOrder(draft, { type: 'PayByEarlier', paymentId, laterId: paying.paymentId, at: draft.at })
    return giveBackPayment(draft, paying, 'duplicatePayment')
  })

const paysInstead = (order: OrderRow, payment: Payment, paying: Payment): boolean =>
  isUntouched(order) &&
  [payment, paying].every((each) => isPlain(each, order)) &&
  // What a bank has taken of it, or holds, pays nothing.
  refundableMinor(payment) === payment.amountMinor &&
  // Both are for the same, and whole.
  takenFirst(payment, paying) === payment

// Money of the buyer for this very order, taken at once and for all that it costs, of which nothing went back.
// When a transfer came, or what no gateway tells of, a person has said, often by the day: that is compared with no clock.
const isPlain = (
  { status, orderId, payerAccountId, amountMinor, currency, ...rest }: Payment,
  order: OrderRow,
): boolean =>
  (status === 'captured' || status === 'capturedAfterClose') &&
  rest.capture === 'automatic' &&
  rest.queryable &&
  rest.said === undefined &&
  orderId === order.orderId &&
  payerAccountId === undefined &&
  amountMinor === order.totals.payableMinor &&
  currency === order.currency &&
  rest.known.captured?.minor === amountMinor &&
  rest.refunds.length === 0

/** Of two payments the one whose money was taken first; of one moment, the one whose id comes first. */
const takenFirst = (left: Payment, right: Payment): Payment => {
  const [leftAt, rightAt] = [takenAt(left), takenAt(right)]
  if (leftAt !== rightAt) return leftAt < rightAt ? left : right
  return compareCodePoints(left.paymentId, right.paymentId) <= 0 ? left : right
}

const takenAt = ({ known }: Payment): number => known.captured?.at ?? Number.POSITIVE_INFINITY
