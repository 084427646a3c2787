import { err, ok, type Result } from 'neverthrow'
import type { Order, OrderLine, OrderRefund } from './order.js'
import type { OrderCommand } from './order-command.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import {
  quantityOf,
  refundableCashMinor,
  refundableQuantity,
  refundableShippingMinor,
  returnableQuantity,
  soldPieces,
  spentPointsLeft,
  takeFrom,
  wantedPieces,
} from './order-pieces.js'

type Decision = Result<readonly OrderEvent[], OrderError>

/** Sends money and points back, never more than came. */
export const startRefund = (order: Order, refund: Omit<OrderRefund, 'status'>, at: number): Decision => {
  if (order.refunds.some((each) => each.refundId === refund.refundId)) {
    return err({ type: 'NothingToDo', command: 'StartRefund' })
  }
  const leftMinor = refundableCashMinor(order)
  if (refund.cashMinor < 0 || refund.cashMinor > leftMinor) {
    return err({ type: 'RefundExceedsCaptured', askedMinor: refund.cashMinor, refundableMinor: leftMinor })
  }
  const leftPoints = spentPointsLeft(order)
  if (refund.points < 0 || refund.points > leftPoints) {
    return err({ type: 'RefundExceedsPoints', asked: refund.points, left: leftPoints })
  }
  const shippingLeft = refundableShippingMinor(order)
  if (refund.shippingMinor < 0 || refund.shippingMinor > shippingLeft) {
    return err({ type: 'RefundExceedsCaptured', askedMinor: refund.shippingMinor, refundableMinor: shippingLeft })
  }
  const { amounts = [] } = refund
  const stranger = amounts.find(({ lineId }) => !order.lines.some((line) => line.lineId === lineId))
  if (stranger !== undefined) return err({ type: 'OrderLineUnknown', lineId: stranger.lineId })
  if (refund.lines.length === 0) {
    return refund.shippingMinor === 0 && amounts.length === 0
      ? err({ type: 'NothingToDo', command: 'StartRefund' })
      : ok([{ type: 'RefundStarted', refund, at }])
  }
  const isBack = refund.reason === 'returned' || refund.reason === 'lost'
  const leftOf = (line: OrderLine): number => (isBack ? returnableQuantity(order, line) : refundableQuantity(line))
  return takeFrom(order, 'StartRefund', refund.lines, leftOf).map((lines) => [
    { type: 'RefundStarted', refund: { ...refund, lines }, at },
  ])
}

/** Gives a paid order up of which nothing has left: all that is left goes back. */
export const cancelPaid = (
  order: Order,
  { by, refund, at }: Extract<OrderCommand, { type: 'CancelPaid' }>,
): Decision => {
  const refundableMinor = refundableCashMinor(order)
  const whole = order.lines.every((line) => quantityOf(refund.lines, line.lineId) === refundableQuantity(line))
  if (!whole || refund.cashMinor !== refundableMinor) {
    return err({ type: 'CancelIncomplete', askedMinor: refund.cashMinor, refundableMinor })
  }
  const sold = soldPieces(order.lines, wantedPieces(order), -1)
  const started: OrderEvent = { type: 'CancellingStarted', by, sold, at }
  // Where everything is back already, or on its way, nothing more goes back.
  if (refund.lines.length === 0 && refundableMinor === 0) {
    const done = order.refunds.every((each) => each.status === 'succeeded')
    return ok(done ? [started, { type: 'OrderCancelled', by, at }] : [started])
  }
  return startRefund(order, refund, at).map((events) => [...events, started])
}

/** Notes what became of a refund's money; with the last one of an order that is given up it is at its end. */
export const settleRefund = (
  order: Order,
  { refundId, outcome, at }: Extract<OrderCommand, { type: 'SettleRefund' }>,
): Decision => {
  const refund = order.refunds.find((each) => each.refundId === refundId)
  if (refund === undefined) return err({ type: 'RefundUnknown', refundId })
  if (refund.status === outcome) return ok([])
  if (outcome === 'failed') return ok([{ type: 'RefundFailed', refundId, at }])
  const succeeded: OrderEvent = { type: 'RefundSucceeded', refundId, at }
  const last = order.refunds.every((each) => each.refundId === refundId || each.status === 'succeeded')
  return ok(
    order.status === 'cancelling' && last ? [succeeded, { type: 'OrderCancelled', by: order.by, at }] : [succeeded],
  )
}

/** Refunds, one of which has come to another status. */
export const withRefundStatus = (
  refunds: readonly OrderRefund[],
  refundId: string,
  status: OrderRefund['status'],
): readonly OrderRefund[] => refunds.map((refund) => (refund.refundId === refundId ? { ...refund, status } : refund))
