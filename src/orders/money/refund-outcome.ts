import type { Refund } from '../../payments/refund.js'
import type { OrderDraft } from '../order-draft.js'

/** The refund of its order that a refund is, or is a part of. */
export const refundOfOrder = ({ refundId, partOf = refundId }: Refund): string => partOf

/** All refunds of an order, as they stand. */
export const refundsIn = (draft: OrderDraft): readonly Refund[] => [...draft.refunds.values()].map(({ state }) => state)

/** Refunds of a payment, oldest first. */
export const refundsOfPayment = (draft: OrderDraft, paymentId: string): readonly Refund[] =>
  refundsIn(draft)
    .filter((refund) => refund.paymentId === paymentId)
    .sort((left, right) => left.requestedAt - right.requestedAt || (left.refundId < right.refundId ? -1 : 1))

/** An id for a refund that no other of the order has. */
export const freeRefundId = (draft: OrderDraft, wanted: string, count = 1): string => {
  const id = count === 1 ? wanted : `${wanted}_${count}`
  return draft.refunds.has(id) ? freeRefundId(draft, wanted, count + 1) : id
}

/** What has come of a refund of an order, by all its parts: null while nobody knows, or some of its money is to come first. */
export const outcomeOfRefund = (draft: OrderDraft, refundId: string): 'succeeded' | 'failed' | null => {
  const outcomes = refundsIn(draft)
    .filter((refund) => refundOfOrder(refund) === refundId && refund.status !== 'cancelled')
    .map(outcomeOf)
  if (outcomes.includes('failed')) return 'failed'
  if (isAwaited(draft, refundId)) return null
  return outcomes.length > 0 && outcomes.every((outcome) => outcome === 'succeeded') ? 'succeeded' : null
}

const isAwaited = ({ order: { state } }: OrderDraft, refundId: string): boolean =>
  state.status !== 'absent' &&
  state.refunds.some((refund) => refund.refundId === refundId && (refund.awaitedMinor ?? 0) > 0)

const outcomeOf = (refund: Refund): 'succeeded' | 'failed' | null => {
  switch (refund.status) {
    case 'succeeded':
    case 'paidManually':
    case 'chargedBack':
      return 'succeeded'
    case 'failed':
    case 'manualPayout':
      return 'failed'
    case 'requested':
    case 'submitted':
    case 'pending':
    case 'unknown':
    case 'held':
    case 'cancelled':
      return null
  }
}
