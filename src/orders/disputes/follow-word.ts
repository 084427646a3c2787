import { ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import type { DisputeSnapshot } from '../../payments/snapshot.js'
import type { Instant } from '../../shared/instant.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row, type Stored } from '../../shared/read-plan.js'
import { holdUnsent, releaseHeldFor } from '../watch/hold-order.js'
import type { PaymentAlert } from '../watch/payment-alert.js'
import { paymentAlerts } from '../watch/payment-alert.schema.js'
import { raiseAlert, settleAlert } from '../watch/raise-alert.js'
import { askDispute, type DisputeMoveError, type DisputeRead, moveDisputed } from './dispute-moves.js'
import { commandOfDispute } from './record-dispute.js'

/**
 * Lets follow what a gateway says of money that was taken by the word of a person alone (`decidePayment`). What it says that
 * it did not take is lost, as by a dispute: no refund sends it, and of the order nothing more leaves until a person has
 * looked. Where it says in the end that it has, or a person says so of a capture since, the dispute is won, and nobody has to
 * look for that.
 */
export const followWord: Reaction = {
  name: 'orders.followWord',
  listensTo: ['payment/PaymentDenied', 'payment/PaymentConfirmed', 'payment/PaymentDecided'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.followWord', event },
      {
        plan: () => {
          const disputeId = { from: 'disputed', path: 'gatewayId', suffix: `:${referenceOf(event.rowId)}` } as const
          return {
            ...askDispute({ disputeId, paymentId: event.rowId }),
            alert: row(paymentAlerts, alertIdOf(event.rowId)),
          }
        },
        decide: ({ alert, ...read }, { now }) => {
          const payment = read.disputed?.state
          const snapshot = payment === undefined ? null : wordOf(payment, read, now)
          return payment === undefined || snapshot === null
            ? ok({ changes: [], answer: undefined })
            : follow(read, { payment, snapshot, alert }, now)
        },
      },
    ),
}

const alertIdOf = (paymentId: string): string => `${paymentId}:unpaid`

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

type Told = {
  readonly payment: Payment
  readonly snapshot: DisputeSnapshot
  /** What was raised when it was denied before. */
  readonly alert: Stored<PaymentAlert> | undefined
}

const reasons = ['paymentDenied'] as const

const follow = (read: DisputeRead, { payment, snapshot, alert }: Told, at: Instant) =>
  moveDisputed(
    read,
    at,
    (_, paid) => [commandOfDispute({ payment, paid }, {}, snapshot, at)],
    (draft, parts): Result<void, DisputeMoveError> => {
      if (snapshot.status !== 'lost') {
        draft.further.push(...settleAlert(alert, at))
        // One hold is for all of them: it stays while another of its payments is denied.
        const others = [...draft.payments.values()].filter(({ state }) => state.paymentId !== payment.paymentId)
        return others.some(({ state }) => (state.said?.deniedMinor ?? 0) > 0)
          ? ok(undefined)
          : releaseHeldFor(draft, parts, reasons)
      }
      // What is still lost, if not as much, or not held any more, has been told of.
      if (read.dispute?.state.status === 'lost') return ok(undefined)
      const { paymentId, orderId } = payment
      return holdUnsent(draft, parts, { by: 'gateway', reasons }).map((isHeld) => {
        if (isHeld) return undefined
        draft.further.push(raiseAlert({ alertId: alertIdOf(paymentId), orderId, paymentId, reasons, at }, alert))
        return undefined
      })
    },
  ).map(({ changes }) => ({ changes, answer: undefined }))
