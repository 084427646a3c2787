import type { Messages } from '../shared/messages.js'
import type { Order } from './order.js'
import { refundableCashMinor, refundableQuantity, spentPointsLeft } from './order-pieces.js'

/** The state of an order as a person is shown it. */
export type DisplayedState =
  | 'awaitingPayment'
  | 'closing'
  | 'awaitingShipment'
  | 'divided'
  | 'partlyShipped'
  | 'shipped'
  | 'signed'
  | 'completed'
  | 'cancelled'
  | 'closed'

/** How much of an order's money is back, beside its state. */
export type DisplayedRefund = 'none' | 'underWay' | 'partly' | 'whole' | 'failed'

const displayedStates: Readonly<Record<Order['status'], DisplayedState>> = {
  awaitingPayment: 'awaitingPayment',
  closing: 'closing',
  paid: 'awaitingShipment',
  divided: 'divided',
  partlyShipped: 'partlyShipped',
  shipped: 'shipped',
  signed: 'signed',
  completed: 'completed',
  cancelling: 'cancelled',
  cancelled: 'cancelled',
  closed: 'closed',
}

/** The state of an order as a person is shown it. */
export const displayedState = (order: Pick<Order, 'status'>): DisplayedState => displayedStates[order.status]

/** The statuses that a person is shown as one state. */
export const statusesShownAs = (state: DisplayedState): readonly string[] =>
  Object.entries(displayedStates).flatMap(([status, shown]) => (shown === state ? [status] : []))

/** The statuses of orders that are listed unless others are asked for: of a checkout that was divided its orders are. */
export const listedStatuses: readonly string[] = Object.keys(displayedStates).filter((status) => status !== 'divided')

/** How much of an order's money is back. */
export const displayedRefund = (order: Order): DisplayedRefund => {
  if (order.refunds.length === 0) return 'none'
  if (order.refunds.some((refund) => refund.status === 'failed')) return 'failed'
  if (order.refunds.some((refund) => refund.status === 'pending')) return 'underWay'
  // What was paid by points alone is whole once those are back.
  const isPaidBack = refundableCashMinor(order) === 0 && spentPointsLeft(order) === 0
  const wasPaid = order.totals.payableMinor > 0 || order.pointsSpent > 0
  const whole = order.lines.every((line) => refundableQuantity(line) === 0) || (wasPaid && isPaidBack)
  return whole ? 'whole' : 'partly'
}

/** What the states are called. */
export const displayedStateNames: Messages<DisplayedState> = {
  awaitingPayment: { 'zh-CN': '待付款', en: 'Awaiting payment' },
  closing: { 'zh-CN': '关闭中', en: 'Closing' },
  awaitingShipment: { 'zh-CN': '待发货', en: 'Awaiting shipment' },
  divided: { 'zh-CN': '已按商家拆分', en: 'Divided among merchants' },
  partlyShipped: { 'zh-CN': '部分发货', en: 'Partly shipped' },
  shipped: { 'zh-CN': '已发货', en: 'Shipped' },
  signed: { 'zh-CN': '已签收', en: 'Received' },
  completed: { 'zh-CN': '已完成', en: 'Completed' },
  cancelled: { 'zh-CN': '已取消', en: 'Cancelled' },
  closed: { 'zh-CN': '已关闭', en: 'Closed' },
}

/** What the refund states are called. */
export const displayedRefundNames: Messages<DisplayedRefund> = {
  none: { 'zh-CN': '无退款', en: 'No refund' },
  underWay: { 'zh-CN': '退款中', en: 'Refund under way' },
  partly: { 'zh-CN': '部分退款', en: 'Partly refunded' },
  whole: { 'zh-CN': '已全额退款', en: 'Refunded' },
  failed: { 'zh-CN': '退款失败，待人工处理', en: 'Refund failed, a person is on it' },
}

/** How far the money of an order has come that is paid on delivery: none of it is paid before its goods are handed over. */
export type DisplayedDelivery = 'toBeCollected' | 'collected'

/** How far the money of an order has come that is paid on delivery; null where it is paid otherwise. */
export const displayedDelivery = (order: Order): DisplayedDelivery | null => {
  if (!('paidAt' in order) || order.onDelivery === undefined) return null
  return order.onDelivery.dueMinor > 0 ? 'toBeCollected' : 'collected'
}

/** What that is called. */
export const displayedDeliveryNames: Messages<DisplayedDelivery> = {
  toBeCollected: { 'zh-CN': '货到付款，待收款', en: 'Unpaid, to be paid on delivery' },
  collected: { 'zh-CN': '货到付款，已结清', en: 'On delivery, nothing left to pay' },
}
