import type { Refund } from '../../payments/refund.js'
import { missingMinor } from '../../payments/refund-machine.js'
import type { HeldMoneyView } from '../money/held-money.js'
import { refundOfOrder } from '../money/refund-outcome.js'
import type { Order } from '../order.js'

/** Money that goes back to whoever paid it: by a refund, or, where it came by a transfer and pays nothing, by a person. */
export type MoneyBack = RefundBack | ({ readonly kind: 'receipt' } & HeldMoneyView)

/** A refund, as whoever is to have the money is told. */
export type RefundBack = { readonly kind: 'refund' } & Pick<
  Refund,
  'refundId' | 'paymentId' | 'reason' | 'amountMinor' | 'currency' | 'status' | 'requestedAt'
> & {
    /** The refund of the order that it is, or is a part of; null where it is none of the order's. */
    readonly partOf: string | null
    /** What of it has come, though it failed, or was paid by hand, minor units: whoever pays it by hand pays the rest. */
    readonly goneMinor: number
  }

/** All money that goes back of an order, oldest first. */
export const moneyBackOf = (
  order: Order,
  refunds: readonly Refund[],
  held: readonly HeldMoneyView[],
): readonly MoneyBack[] =>
  [
    ...refunds.map((refund): MoneyBack => viewRefund(order, refund)),
    ...held.map((money): MoneyBack => ({ kind: 'receipt', ...money })),
  ].sort((one, other) => sinceOf(one) - sinceOf(other))

const sinceOf = (back: MoneyBack): number => (back.kind === 'refund' ? back.requestedAt : back.recordedAt)

const viewRefund = (order: Order, refund: Refund): RefundBack => {
  const { refundId, paymentId, reason, amountMinor, currency, status, requestedAt } = refund
  const wholeId = refundOfOrder(refund)
  const partOf = order.refunds.some((each) => each.refundId === wholeId) ? wholeId : null
  const goneMinor = status === 'failed' || status === 'manualPayout' ? amountMinor - missingMinor(refund) : 0
  return {
    ...{ kind: 'refund', refundId, paymentId, reason, amountMinor, currency, status, requestedAt },
    ...{ partOf, goneMinor },
  }
}
