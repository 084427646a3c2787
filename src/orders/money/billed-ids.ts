import type { Payment } from '../../payments/payment.js'
import { payingIdsOf } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'

/**
 * The payments that have paid an order. A cancelled order names no payment any more; those that had paid it are the ones that
 * it was refunded of. What else came while it waited for its money, or after it had ended, never paid it: it goes back, or
 * waits for a person.
 *
 * @param attempts - its payments
 */
export const billedIdsOf = (order: OrderRow, attempts: readonly Payment[]): readonly string[] => {
  if ('paidAt' in order) return payingIdsOf(order)
  const parts = (order.payers ?? []).flatMap(({ paidBy }) => paidBy ?? [])
  if (order.refunds.length === 0) return parts
  const isOfOrder = (refundId: string) => order.refunds.some((refund) => refundId.startsWith(refund.refundId))
  const refunded = attempts.filter(({ refunds }) => refunds.some(({ refundId }) => isOfOrder(refundId)))
  return [...parts, ...refunded.map(({ paymentId }) => paymentId)]
}
