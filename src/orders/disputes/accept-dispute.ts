import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { disputes } from '../../payments/dispute.schema.js'
import { moveDispute, writeDispute } from '../../payments/move-payment.js'
import type { DisputePort, PaymentGateway } from '../../payments/ports.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { NotFound } from '../../shared/errors.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, completeCommand, startCommand } from '../../shared/run-command.js'
import { type GatewayUnknown, gatewayOf } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { type AcceptDisputeInput, parseAcceptDispute } from './accept-dispute.schema.js'
import { askDispute, type DisputeMoveError, type DisputePlan, decideDispute } from './dispute-moves.js'
import { type ContestedDispute, commandsOfSent, type StartPlan } from './submit-evidence.js'

/** The gateway lets a dispute be accepted on its own pages only, or holds no money for it. */
export type AcceptanceNotOffered = { readonly type: 'AcceptanceNotOffered'; readonly gatewayId: string }

/** Why a dispute is not accepted. */
export type AcceptDisputeError = DisputeMoveError | GatewayUnknown | AcceptanceNotOffered

type Step = {
  readonly disputeId: string
  readonly paymentId: string
  readonly disputeRef: string
  readonly gatewayId: string
  readonly evidenceId: string
  /** Something was sent before, and nobody knows what came of that. */
  readonly isAgain: boolean
}

const action = 'orders.acceptDispute'

/**
 * Accepts a dispute, for good: the gateway is told that the payer is right, and what they get by it follows from how the
 * dispute stands then, as when it is lost. That it is being accepted is written down first, the answer afterwards; where
 * that was lost the dispute waits, is asked about by the sweep, and may be accepted again.
 *
 * @errors NotFound; AcceptanceNotOffered, GatewayUnknown; DisputeStateForbids where it is at the bank, or over; CommandError
 */
export const acceptDispute = (
  ports: MoneyPorts,
  context: CommandContext,
  input: AcceptDisputeInput,
): ResultAsync<ContestedDispute, AcceptDisputeError | CommandError> =>
  startCommand<AcceptDisputeInput, StartPlan, ContestedDispute, Step, AcceptDisputeError>(ports, context, input, {
    action,
    parse: parseAcceptDispute,
    plan: ({ input: { disputeId } }) => ({ dispute: row(disputes, disputeId) }),
    decide: ({ dispute }, { input: { disputeId }, actor, now }) => {
      if (dispute === undefined) return err<never, NotFound>({ type: 'NotFound', entity: 'dispute', id: disputeId })
      const { gatewayId, paymentId, disputeRef, evidence } = dispute.state
      const evidenceId = ports.ids.next('evidence')
      return portOf(ports, gatewayId)
        .andThen(() =>
          moveDispute(dispute, [{ type: 'SendEvidence', evidenceId, accepts: true, at: now }]).mapErr(
            (error): AcceptDisputeError => error,
          ),
        )
        .map((moved) => ({
          answer: {
            ...{ disputeId, paymentId, disputeRef, gatewayId, evidenceId },
            isAgain: evidence?.outcome === 'waiting',
          },
          changes: [
            ...writeDispute(moved, now),
            auditEntry(ports.ids, { actor, action, subject: disputeId, at: now, outcome: 'done', detail: evidenceId }),
          ],
        }))
    },
  }).andThen((progress): ResultAsync<ContestedDispute, AcceptDisputeError | CommandError> => {
    if (progress.kind === 'answered') return okAsync(progress.answer)
    const { step, scope, resumed } = progress
    const { disputeRef, paymentId: attemptRef, evidenceId } = step
    return portOf(ports, step.gatewayId).asyncAndThen(({ gateway, accept }) =>
      accept({ disputeRef, attemptRef, key: `accept:${evidenceId}`, at: ports.clock.now() }).andThen((outcome) =>
        completeCommand<DisputePlan, ContestedDispute, AcceptDisputeError>(ports, context, {
          action,
          scope,
          plan: () => askDispute(step),
          decide: (read, { now }) =>
            decideDispute(read, now, (payment) =>
              commandsOfSent(gateway, { payment, parts: read.parts }, outcome, {
                evidenceId,
                inDoubt: resumed || step.isAgain,
                at: now,
              }),
            ).map(({ changes, answer: { dispute } }) => ({
              changes,
              answer: { disputeId: dispute.disputeId, status: dispute.status, evidence: dispute.evidence },
            })),
        }),
      ),
    )
  })

const portOf = (
  ports: MoneyPorts,
  gatewayId: string,
): Result<
  { readonly gateway: PaymentGateway; readonly accept: NonNullable<DisputePort['accept']> },
  AcceptDisputeError
> =>
  gatewayOf(ports, gatewayId)
    .mapErr((error): AcceptDisputeError => error)
    .andThen((gateway) => {
      const accept = gateway.disputes?.accept
      return accept === undefined
        ? err<never, AcceptDisputeError>({ type: 'AcceptanceNotOffered', gatewayId })
        : ok({ gateway, accept })
    })
