import type { ResultAsync } from 'neverthrow'
import type { DisputeCommand, DisputedPart, DisputeError } from '../../payments/dispute.js'
import { payerOf } from '../../payments/move-payment.js'
import type { Payment } from '../../payments/payment.js'
import type { PaymentGateway } from '../../payments/ports.js'
import type { DisputeSnapshot } from '../../payments/snapshot.js'
import { decideAndCommit } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import type { RecordError } from '../paying/record-outcome.js'
import { askDispute, type DisputedOrders, type DisputeStanding, moveDisputed } from './dispute-moves.js'

/** Our id of a dispute: the gateway's, in its own room. */
export const disputeIdOf = (gatewayId: string, disputeRef: string): string => `${gatewayId}:${disputeRef}`

/** What a gateway's word on a dispute means for it. */
export const commandOfDispute = (
  { payment, paid }: { readonly payment: Payment; readonly paid: DisputedOrders },
  gateway: Pick<PaymentGateway, 'disputes'>,
  snapshot: DisputeSnapshot,
  at: Instant,
): DisputeCommand => ({
  type: 'RecordDispute',
  about: {
    disputeId: disputeIdOf(payment.gatewayId, snapshot.disputeRef),
    paymentId: payment.paymentId,
    orderId: payment.orderId,
    accountId: payment.accountId,
    ...payerOf(payment),
    merchantId: payment.merchantId,
    ...divided(paid),
    gatewayId: payment.gatewayId,
    queryable: gateway.disputes !== undefined,
  },
  snapshot,
  at,
})

const divided = (parts: DisputedOrders): { readonly parts?: readonly DisputedPart[] } => {
  const found = parts.flatMap(({ state: { merchantId, orderId, totals } }) =>
    merchantId === null ? [] : [{ merchantId, orderId, paidMinor: totals.payableMinor }],
  )
  return found.length === 0 ? {} : { parts: found }
}

/**
 * Writes what a gateway says of a dispute, and everything that follows from it, in one read and one commit. It may come
 * any number of times and in any order.
 *
 * @errors NotFound when the shop has no such payment through that gateway; SnapshotOfOtherDispute, RecordError
 */
export const recordDispute = (
  ports: CorePorts,
  gateway: Pick<PaymentGateway, 'gatewayId' | 'disputes'>,
  snapshot: DisputeSnapshot,
): ResultAsync<DisputeStanding, RecordError | DisputeError> => {
  const { disputeRef, attemptRef: paymentId } = snapshot
  const { gatewayId } = gateway
  const disputeId = disputeIdOf(gatewayId, disputeRef)
  return decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => askDispute({ disputeId, paymentId }),
    decide: (read, { now }) => {
      const isTheirs = read.disputed?.state.gatewayId === gatewayId
      return moveDisputed(isTheirs ? read : { ...read, disputed: undefined }, now, (payment, paid) => [
        commandOfDispute({ payment, paid }, gateway, snapshot, now),
      ])
    },
  })
}
