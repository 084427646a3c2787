import type { Result, ResultAsync } from 'neverthrow'
import type { Dispute, DisputeCommand, SentEvidence } from '../../payments/dispute.js'
import { gatewayErrors } from '../../payments/gateway-error.js'
import { moveDispute, writeDispute } from '../../payments/move-payment.js'
import type { Outcome, PaymentGateway } from '../../payments/ports.js'
import type { DisputeSnapshot } from '../../payments/snapshot.js'
import type { Actor, Scope } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { DecidedChange } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { row, Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, completeCommand } from '../../shared/run-command.js'
import type { MoneyPorts } from '../ports.js'
import { askDispute, type DisputeMoveError, type DisputePlan, moveDisputed } from './dispute-moves.js'
import { commandOfDispute } from './record-dispute.js'

/** Where a dispute stands once evidence was sent, or it was accepted. */
export type ContestedDispute = {
  readonly disputeId: string
  readonly status: Dispute['status']
  /** What came of what was sent; `waiting` where the gateway's answer was lost: it may be sent again. */
  readonly evidence: SentEvidence | null
}

/** What is asked before anything is sent. */
export type StartPlan = { readonly dispute: ReturnType<typeof row<Dispute>> }

/** What is being sent to a gateway about a dispute. */
export type Sending = {
  readonly disputeId: string
  readonly paymentId: string
  readonly disputeRef: string
  readonly gatewayId: string
  readonly evidenceId: string
  /** Something was sent before, and nobody knows what came of that. */
  readonly isAgain: boolean
}

/**
 * Writes down that something is being sent about a dispute, before it is.
 *
 * @errors DisputeMoveError
 */
export const beginSending = (
  { ids }: Pick<MoneyPorts, 'ids'>,
  dispute: Stored<Dispute>,
  {
    action,
    actor,
    accepts,
    at,
  }: {
    readonly action: string
    readonly actor: Actor
    /** It is accepted, not contested. */
    readonly accepts?: true
    readonly at: Instant
  },
): Result<{ readonly answer: Sending; readonly changes: readonly DecidedChange[] }, DisputeMoveError> => {
  const { disputeId, paymentId, disputeRef, gatewayId, evidence } = dispute.state
  const evidenceId = ids.next('evidence')
  return moveDispute(dispute, [
    { type: 'SendEvidence', evidenceId, ...(accepts === undefined ? {} : { accepts }), at },
  ]).map((moved) => ({
    answer: { disputeId, paymentId, disputeRef, gatewayId, evidenceId, isAgain: evidence?.outcome === 'waiting' },
    changes: [
      ...writeDispute(moved, at),
      auditEntry(ids, { actor, action, subject: disputeId, at, outcome: 'done', detail: evidenceId }),
    ],
  }))
}

/**
 * Writes down what the gateway said to what was sent; nothing where its answer was lost.
 *
 * @errors DisputeMoveError, CommandError
 */
export const completeSending = (
  ports: MoneyPorts,
  context: CommandContext,
  { step, scope, resumed }: { readonly step: Sending; readonly scope: Scope; readonly resumed: boolean },
  {
    action,
    gateway,
    outcome,
  }: {
    readonly action: string
    readonly gateway: PaymentGateway
    readonly outcome: Outcome<DisputeSnapshot>
  },
): ResultAsync<ContestedDispute, DisputeMoveError | CommandError> =>
  completeCommand<DisputePlan, ContestedDispute, DisputeMoveError>(ports, context, {
    action,
    scope,
    plan: () => askDispute(step),
    decide: (read, { now }) =>
      moveDisputed(read, now, (payment, paid) =>
        commandsOfSent(gateway, { payment, paid }, outcome, {
          evidenceId: step.evidenceId,
          inDoubt: resumed || step.isAgain,
          at: now,
        }),
      ).map(({ changes, answer: { dispute } }) => ({
        changes,
        answer: { disputeId: dispute.disputeId, status: dispute.status, evidence: dispute.evidence },
      })),
  })

// What the gateway's answer to what was sent means for the dispute.
const commandsOfSent = (
  gateway: PaymentGateway,
  about: Parameters<typeof commandOfDispute>[0],
  outcome: Outcome<DisputeSnapshot>,
  sent: {
    readonly evidenceId: string
    /** Whether it was sent before, and nobody knows what came of that. */
    readonly inDoubt: boolean
    readonly at: Instant
  },
): readonly DisputeCommand[] => {
  const { evidenceId, inDoubt, at } = sent
  switch (outcome.kind) {
    case 'ok':
      return [
        { type: 'RecordEvidence', evidenceId, outcome: 'taken', code: null },
        commandOfDispute(about, gateway, outcome.value, at),
      ]
    case 'pending':
      return [{ type: 'RecordEvidence', evidenceId, outcome: 'taken', code: null }]
    case 'declined': {
      const { code } = outcome.error
      const { definite, atTheDoor } = gatewayErrors[code]
      // A no that may hide a yes, and one at the door to what may have been taken before, is none.
      if (!definite || (inDoubt && atTheDoor)) return []
      return [{ type: 'RecordEvidence', evidenceId, outcome: 'refused', code }]
    }
    // The gateway is asked again by the sweep; that it took the evidence shows in how the dispute stands.
    case 'unknown':
      return []
  }
}
