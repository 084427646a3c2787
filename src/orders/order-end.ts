import type { Instant } from '../shared/instant.js'
import { keptUntil } from '../shared/personal-record.js'
import type { Order } from './order.js'
import type { OrderDetails, OrderRow } from './order-row.js'

/** When an order came to its end; null while it has not. */
export const endOfOrder = (order: Order): Instant | null => {
  switch (order.status) {
    case 'completed':
      return order.completedAt
    case 'cancelled':
      return order.cancelledAt
    case 'closed':
      return order.closedAt
    // Its parts are orders of their own.
    case 'divided':
      return order.paidAt
    case 'awaitingPayment':
    case 'closing':
    case 'paid':
    case 'partlyShipped':
    case 'shipped':
    case 'signed':
    case 'cancelling':
      return null
  }
}

/** An order as it is written: once it has come to its end it says until when who got it is kept. */
export const orderRow = (order: Order, { forgetAt: _, ...details }: OrderDetails): OrderRow => {
  const end = details.recipient === null ? null : endOfOrder(order)
  return { ...order, details: end === null ? details : { ...details, forgetAt: keptUntil(end) } }
}
