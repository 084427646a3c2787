import type { OrderState } from '../../src/orders/order-machine.js'

const inOrder = (ids: readonly string[]): readonly string[] => [...new Set(ids)].sort()

/**
 * Orders that differ by nothing that the machine decides by. It asks no clock and compares no moments but to put one off
 * behind another, so of a moment it counts whether it is set; of parcels and of attempts of a change, whether there were any;
 * of attempts to pay, who of several made them; of failures, while more may come, whether there were too many; of a hold, whose
 * it is; of refunds, what goes back and whether it is there.
 */
export const alikeOrders = (state: OrderState): unknown => {
  if (state.status === 'absent') return state
  const { status, openReturnIds, openDisputeIds = [], askedBack = [], totals, lines, payers } = state
  const isOpen = status === 'awaitingPayment' || status === 'closing' || status === 'closed'
  return {
    status,
    openReturnIds: inOrder(openReturnIds),
    openDisputeIds: inOrder(openDisputeIds),
    askedBack,
    totals,
    lines: lines.map(({ reshippedQuantity: _, ...line }) => line),
    refunds: state.refunds
      .map(({ points: _, earnedPoints: __, ...refund }) => refund)
      .sort((one, other) => (one.refundId < other.refundId ? -1 : 1)),
    hasParcels: state.parcelIds.length > 0,
    hasTooManyFailures: isOpen && state.failedAttempts > 0,
    payers: isOpen ? payers?.map((payer) => ({ ...payer, paymentIds: inOrder(payer.paymentIds) })) : null,
    heldBy: state.hold?.by,
    waitsForLosses: state.makeGoodBy !== undefined,
    ...(status === 'closing' ? { kind: state.purpose.kind } : {}),
    ...(status === 'closed' ? { wasHeld: state.heldFor !== undefined } : {}),
    ...('edit' in state ? { differenceMinor: state.edit?.differenceMinor } : {}),
    ...('advanceAt' in state ? { advances: state.advanceAt !== null } : {}),
    ...('paidAt' in state ? paidPart(state) : {}),
  }
}

const paidPart = (state: Extract<OrderState, { paidAt: number }>) => {
  const { paymentId, extraPaymentIds, onDelivery } = state
  const { completeAt: _, ...dues } = onDelivery ?? {}
  return { paymentId, isExtended: extraPaymentIds !== undefined, isOnDelivery: onDelivery !== undefined, dues }
}
