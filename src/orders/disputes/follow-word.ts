import { ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import type { DisputeSnapshot } from '../../payments/snapshot.js'
import type { Instant } from '../../shared/instant.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { holdUnsent } from '../watch/hold-order.js'
import { raiseAlert } from '../watch/raise-alert.js'
import { askDispute, type DisputeMoveError, type DisputeRead, moveDisputed } from './dispute-moves.js'
import { commandOfDispute } from './record-dispute.js'

/**
 * Lets follow what a gateway says of money that was taken by the word of a person alone (`decidePayment`). What it says that
 * it did not take is lost, as by a dispute: no refund sends it, and of the order nothing more leaves until a person has
 * looked. Where it says in the end that it has, the dispute is won.
 */
export const followWord: Reaction = {
  name: 'orders.followWord',
  listensTo: ['payment/PaymentDenied', 'payment/PaymentConfirmed'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.followWord', event },
      {
        plan: () => {
          const disputeId = { from: 'disputed', path: 'gatewayId', suffix: `:${referenceOf(event.rowId)}` } as const
          return askDispute({ disputeId, paymentId: event.rowId })
        },
        decide: (read, { now }) => {
          const payment = read.disputed?.state
          const snapshot = payment === undefined ? null : wordOf(payment, read, now)
          return payment === undefined || snapshot === null
            ? ok({ changes: [], answer: undefined })
            : follow(read, payment, snapshot, now)
        },
      },
    ),
}

const referenceOf = (paymentId: string): string => `unpaid:${paymentId}`

// By what is known of the payment now, whichever of the events it is: both lead to the same.
const wordOf = (
  { paymentId, currency, said }: Payment,
  { dispute }: DisputeRead,
  now: Instant,
): DisputeSnapshot | null => {
  const deniedMinor = said?.deniedMinor ?? 0
  if (deniedMinor === 0 && dispute === undefined) return null
  const { amountMinor = deniedMinor, at = 0 } = dispute?.state.known.word ?? {}
  return {
    kind: 'dispute',
    disputeRef: referenceOf(paymentId),
    attemptRef: paymentId,
    status: deniedMinor > 0 ? 'lost' : 'won',
    reason: 'other',
    amount: { minor: deniedMinor || amountMinor, currency },
    lostMinor: null,
    feeMinor: null,
    evidenceDueAt: null,
    at: Math.max(now, at + 1),
  }
}

const follow = (read: DisputeRead, payment: Payment, snapshot: DisputeSnapshot, at: Instant) =>
  moveDisputed(
    read,
    at,
    (_, paid) => [commandOfDispute({ payment, paid }, {}, snapshot, at)],
    (draft, parts): Result<void, DisputeMoveError> => {
      if (snapshot.status !== 'lost' || read.dispute !== undefined) return ok(undefined)
      const { paymentId, orderId } = payment
      const reasons = ['paymentDenied'] as const
      return holdUnsent(draft, parts, { by: 'gateway', reasons }).map((isHeld) => {
        if (!isHeld) draft.further.push(raiseAlert({ alertId: `${paymentId}:unpaid`, orderId, paymentId, reasons, at }))
        return undefined
      })
    },
  ).map(({ changes }) => ({ changes, answer: undefined }))
