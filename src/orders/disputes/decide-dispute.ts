import { err, type Result, type ResultAsync } from 'neverthrow'
import type { Dispute } from '../../payments/dispute.js'
import { isEndAwaited } from '../../payments/dispute-machine.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Instant } from '../../shared/instant.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { checkDecidable } from '../decidable-from.js'
import { disputesOf } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { type DecideDisputeInput, parseDecideDispute } from './decide-dispute.schema.js'
import { askDispute, type DisputeMoveError, moveDisputed } from './dispute-moves.js'

/** How a dispute stands is known, or is over, or has not been asked about in vain for long enough. */
export type DisputeNotInDoubt = {
  readonly type: 'DisputeNotInDoubt'
  readonly disputeId: string
  readonly status: Dispute['status']
  /** From when a person may say it, where the gateway does not until then; null where there is nothing to say. */
  readonly decidableAt: Instant | null
}

/** Why a person's word on a dispute is not taken. */
export type DecideDisputeError = DisputeMoveError | DisputeNotInDoubt | CommandError

/** A dispute once a person has said how it ended. */
export type DecidedDisputeStanding = {
  readonly disputeId: string
  readonly orderId: string
  readonly status: Dispute['status']
}

const action = 'orders.decideDispute'

/**
 * Takes the word of a person who looked at the gateway, on a dispute of which that has not said for three days how it
 * stands, or can say it no more: the shop has no such gateway, or none that can be asked. Everything follows as if the
 * gateway had said it. What the gateway says later counts before it, where that is more than it had said until then.
 *
 * @errors NotFound; DisputeNotInDoubt, LossExceedsDispute; CommandError
 */
export const decideDispute = (
  ports: MoneyPorts,
  context: CommandContext,
  input: DecideDisputeInput,
): ResultAsync<DecidedDisputeStanding, DecideDisputeError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseDecideDispute,
    plan: ({ input: { disputeId } }) => askDispute({ disputeId, paymentId: { from: 'dispute', path: 'paymentId' } }),
    decide: (read, { input: { disputeId, won, lostMinor, note }, actor, now: at }) => {
      const { dispute } = read
      if (dispute === undefined) {
        return err<never, DisputeMoveError | DisputeNotInDoubt>({ type: 'NotFound', entity: 'dispute', id: disputeId })
      }
      const loss = lostMinor === undefined ? {} : { lostMinor }
      return checkDisputeDoubt(ports, dispute.state, at)
        .andThen(() => moveDisputed(read, at, () => [{ type: 'DecideDispute', won, ...loss, at }]))
        .map(({ changes, answer: { dispute: ended, orderId } }) => {
          const detail = `${won ? 'won' : 'lost'}: ${note}`
          const entry = auditEntry(ports.ids, { actor, action, subject: disputeId, at, outcome: 'done', detail })
          return { changes: [...changes, entry], answer: { disputeId, orderId, status: ended.status } }
        })
    },
  })

/**
 * Whether a person may say how a dispute has ended.
 *
 * @errors DisputeNotInDoubt
 */
export const checkDisputeDoubt = (
  ports: Pick<MoneyPorts, 'gateways'>,
  dispute: Dispute,
  at: Instant,
): Result<void, DisputeNotInDoubt> => {
  const { disputeId, status, gatewayId, unheardSince = null } = dispute
  const silence = isEndAwaited(dispute)
    ? { since: unheardSince, isBeyondAsking: disputesOf(ports, gatewayId) === undefined }
    : { since: null }
  return checkDecidable(silence, at, (decidableAt) => ({
    ...{ type: 'DisputeNotInDoubt', disputeId, status, decidableAt },
  }))
}
