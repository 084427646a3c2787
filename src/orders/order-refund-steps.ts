import { err, ok, type Result } from 'neverthrow'
import type { Order, OrderLine, OrderRefund } from './order.js'
import type { OrderCommand } from './order-command.js'
import { awaitedOnDelivery, freeHandedMinor, owedOnDelivery, uncollectedDues, withDues } from './order-dues.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import { refundedLines } from './order-losses.js'
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
  const { awaitedMinor = 0 } = refund
  if (awaitedMinor > freeHandedMinor(order)) {
    const refundableMinor = leftMinor - awaitedMinor + freeHandedMinor(order)
    return err({ type: 'RefundExceedsCaptured', askedMinor: refund.cashMinor, refundableMinor })
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

/** An order of which a refund has begun: what was never collected is not collected any more, before any money is sent. */
export const refundBegun = (
  order: Order,
  { refund: begun, at }: Extract<OrderEvent, { type: 'RefundStarted' }>,
): Order => {
  const refund: OrderRefund = { ...begun, status: 'pending' }
  const { cashMinor, uncollectedMinor = cashMinor } = begun
  const refunded = { ...order, lines: refundedLines(order, refund), refunds: [...order.refunds, refund] }
  return withDues(refunded, uncollectedDues(order, uncollectedMinor), at)
}

/** Notes what came of money that a refund waits for: it is there and goes back, or it was never paid and is not collected. */
export const settleAwaited = (
  order: Order,
  { type, refundId, amountMinor, came, at }: Extract<OrderCommand, { type: 'SettleAwaited' }>,
): Decision => {
  const refund = order.refunds.find((each) => each.refundId === refundId)
  if (refund === undefined) return err({ type: 'RefundUnknown', refundId })
  const { awaitedMinor = 0 } = refund
  if (amountMinor <= 0 || amountMinor > awaitedMinor) return err({ type: 'NothingToDo', command: type })
  // What has come of all that was paid, and has not gone back.
  const thereMinor = refundableCashMinor(order) + awaitedOnDelivery(order) - owedOnDelivery(order)
  return came && amountMinor > thereMinor
    ? err({ type: 'RefundExceedsCaptured', askedMinor: amountMinor, refundableMinor: thereMinor })
    : ok([{ type: 'AwaitedMoneySettled', refundId, amountMinor, came, at }])
}

/** An order of which a refund waits for so much less. */
export const awaitedSettled = (
  order: Order,
  { refundId, amountMinor, came, at }: Extract<OrderEvent, { type: 'AwaitedMoneySettled' }>,
): Order => {
  const refunds = order.refunds.map((refund) => {
    if (refund.refundId !== refundId) return refund
    const { awaitedMinor = 0, uncollectedMinor = 0, ...rest } = refund
    const leftMinor = awaitedMinor - amountMinor
    return {
      ...rest,
      uncollectedMinor: uncollectedMinor + (came ? 0 : amountMinor),
      ...(leftMinor > 0 ? { awaitedMinor: leftMinor } : {}),
    }
  })
  return came ? { ...order, refunds } : withDues({ ...order, refunds }, { dueMinor: 0 - amountMinor }, at)
}

/** An order of which it is known what became of a refund's money. */
export const refundSettled = (
  order: Order,
  { type, refundId }: Extract<OrderEvent, { type: 'RefundSucceeded' | 'RefundFailed' }>,
): Order => {
  const status: OrderRefund['status'] = type === 'RefundSucceeded' ? 'succeeded' : 'failed'
  const refunds = order.refunds.map((refund) => (refund.refundId === refundId ? { ...refund, status } : refund))
  return { ...order, refunds }
}
