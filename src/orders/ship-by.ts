import type { Instant } from '../shared/instant.js'
import { endOfLocalDay } from '../shared/local-day.js'
import type { OrderRow } from './order-row.js'

/** By when the goods of an order leave, by the terms that it was placed under; null while it is not paid. */
export const shipByOf = (order: OrderRow): Instant | null =>
  'paidAt' in order
    ? endOfLocalDay(order.paidAt, order.details.policy.shipWithinDays, order.details.policy.timeZone)
    : null

/** The statuses in which pieces that are owed have not left. */
export const unshippedStatuses = ['paid', 'partlyShipped'] as const

/** Whether pieces of an order are here still that were to have left by a moment; one that is held is not to be sent. */
export const isShipmentOverdue = (order: OrderRow, by: Instant): boolean => {
  const shipBy = shipByOf(order)
  const isOwed = unshippedStatuses.some((status) => status === order.status)
  return isOwed && order.hold === undefined && shipBy !== null && shipBy <= by
}
