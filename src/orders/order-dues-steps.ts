import { err, ok, type Result } from 'neverthrow'
import type { EndedBy, Order } from './order.js'
import type { OrderCommand } from './order-command.js'
import { dueOnDelivery, owedOnDelivery } from './order-dues.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import { whenDecided } from './order-goods-steps.js'
import {
  refundableCashMinor,
  refundableQuantity,
  soldPieces,
  travellingQuantity,
  unshippedQuantity,
  wantedPieces,
} from './order-pieces.js'

type Decision = Result<readonly OrderEvent[], OrderError>

/** Notes money that was collected on delivery, no more than is due. */
export const collect = (
  order: Order,
  { checkoutId, parcelId, amountMinor, collectMinor, handedMinor = 0, at }: Extract<OrderCommand, { type: 'Collect' }>,
): Decision => {
  const due = dueOnDelivery(order)
  const { accountId, currency } = order
  if (due === 0) return err({ type: 'NothingToDo', command: 'Collect' })
  if (amountMinor <= 0 || amountMinor > due) {
    return err({
      type: 'PaymentDiffers',
      expected: { minor: due, currency },
      actual: { minor: amountMinor, currency },
    })
  }
  const dueMinor = Math.max(0, owedOnDelivery(order) - amountMinor)
  const paidMinor = refundableCashMinor(order)
  const of = checkoutId === undefined ? { accountId } : { accountId, checkoutId }
  const handed = handedMinor > 0 ? { handedMinor } : {}
  const collected = { ...of, parcelId, amountMinor, collectMinor, ...handed, dueMinor, currency, paidMinor, at }
  return ok([{ type: 'MoneyCollected', ...collected }])
}

/** Completes an order that nothing is open of: no return, no loss, no money that was to be collected. */
export const completeOrder = (order: Order, at: number): Decision => {
  const { orderId, accountId, currency, openReturnIds } = order
  if (openReturnIds.length > 0) return err({ type: 'ReturnOpen', returnIds: openReturnIds })
  const dueMinor = dueOnDelivery(order)
  return whenDecided(order, () =>
    dueMinor > 0
      ? err({ type: 'CollectionOutstanding', orderId, dueMinor, currency })
      : ok([{ type: 'OrderCompleted', accountId, at }]),
  )
}

/** Whether an order is at its end with nothing delivered and nothing owed either way. */
export const isUndelivered = (order: Order): boolean =>
  order.status === 'shipped' &&
  dueOnDelivery(order) === 0 &&
  refundableCashMinor(order) === 0 &&
  order.openReturnIds.length === 0 &&
  order.refunds.every(({ status }) => status === 'succeeded') &&
  order.lines.every(
    (line) =>
      line.signedQuantity === 0 &&
      travellingQuantity(line) === 0 &&
      unshippedQuantity(line) === 0 &&
      refundableQuantity(line) === 0,
  )

/** Ends an order of which nothing arrived and nothing is owed. */
export const endUndelivered = (order: Order, by: EndedBy, at: number): Decision =>
  isUndelivered(order)
    ? ok([
        { type: 'CancellingStarted', by, sold: soldPieces(order.lines, wantedPieces(order), -1), at },
        { type: 'OrderCancelled', by, at },
      ])
    : err({ type: 'NothingToDo', command: 'EndUndelivered' })
