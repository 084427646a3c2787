import type { HeldReceipt } from '../../payments/held-receipt.js'
import type { Payment } from '../../payments/payment.js'
import type { Instant } from '../../shared/instant.js'
import type { Order } from '../order.js'
import { editOf } from '../order-pieces.js'
import { isStillAsked } from './order-payers.js'

/** Money that came by a transfer and pays nothing, as whoever paid it is told. */
export type HeldMoneyView = Pick<HeldReceipt, 'receiptId' | 'paymentId' | 'reason' | 'currency' | 'amountMinor'> & {
  /** `held` while it waits for the rest, or for somebody to look; `owedBack` until a person has sent it. */
  readonly status: 'held' | 'owedBack' | 'returned'
  readonly recordedAt: Instant
}

/** What a payer is told of a line of a statement; nothing of one that has paid, or was mistyped. */
export const viewHeldMoney = (
  order: Order,
  payments: readonly Payment[],
  receipt: HeldReceipt,
): readonly HeldMoneyView[] => {
  if (receipt.status === 'applied' || isMistyped(receipt)) return []
  const { receiptId, paymentId, reason, currency, amountMinor, recordedAt } = receipt
  const payment = payments.find((each) => each.paymentId === paymentId)
  const isIdle = reason === 'tooLow' && (payment === undefined || !isWaitedFor(order, payment))
  const status = receipt.status === 'held' && isIdle ? 'owedBack' : receipt.status
  return [{ receiptId, paymentId, reason, currency, amountMinor, status, recordedAt }]
}

/** Whether a line never came: somebody has mistyped it. */
export const isMistyped = (receipt: HeldReceipt): boolean => receipt.status === 'returned' && receipt.mistyped === true

// What an order that has ended, or is paid without it, waits for no more is only to go back.
const isWaitedFor = (order: Order, payment: Payment): boolean =>
  isStillAsked(order, payment) &&
  (order.status === 'awaitingPayment' ||
    order.status === 'closing' ||
    editOf(order).edit?.paymentIds.includes(payment.paymentId) === true)
