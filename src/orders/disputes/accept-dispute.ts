import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { disputes } from '../../payments/dispute.schema.js'
import type { DisputePort, PaymentGateway } from '../../payments/ports.js'
import type { NotFound } from '../../shared/errors.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, startCommand } from '../../shared/run-command.js'
import { type GatewayUnknown, gatewayOf } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { type AcceptDisputeInput, parseAcceptDispute } from './accept-dispute.schema.js'
import type { DisputeMoveError } from './dispute-moves.js'
import {
  beginSending,
  type ContestedDispute,
  completeSending,
  type Sending,
  type StartPlan,
} from './dispute-sending.js'

/** The gateway lets a dispute be accepted on its own pages only, or holds no money for it. */
export type AcceptanceNotOffered = { readonly type: 'AcceptanceNotOffered'; readonly gatewayId: string }

/** Why a dispute is not accepted. */
export type AcceptDisputeError = DisputeMoveError | GatewayUnknown | AcceptanceNotOffered

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
  startCommand<AcceptDisputeInput, StartPlan, ContestedDispute, Sending, AcceptDisputeError>(ports, context, input, {
    action,
    parse: parseAcceptDispute,
    plan: ({ input: { disputeId } }) => ({ dispute: row(disputes, disputeId) }),
    decide: ({ dispute }, { input: { disputeId }, actor, now }) => {
      if (dispute === undefined) return err<never, NotFound>({ type: 'NotFound', entity: 'dispute', id: disputeId })
      return portOf(ports, dispute.state.gatewayId).andThen(() =>
        beginSending(ports, dispute, { action, actor, accepts: true, at: now }),
      )
    },
  }).andThen((progress): ResultAsync<ContestedDispute, AcceptDisputeError | CommandError> => {
    if (progress.kind === 'answered') return okAsync(progress.answer)
    const { disputeRef, paymentId: attemptRef, gatewayId, evidenceId } = progress.step
    return portOf(ports, gatewayId).asyncAndThen(({ gateway, accept }) =>
      accept({ disputeRef, attemptRef, key: `accept:${evidenceId}`, at: ports.clock.now() }).andThen((outcome) =>
        completeSending(ports, context, progress, { action, gateway, outcome }),
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
  gatewayOf(ports, gatewayId).andThen((gateway) => {
    const accept = gateway.disputes?.accept
    return accept === undefined
      ? err<never, AcceptDisputeError>({ type: 'AcceptanceNotOffered', gatewayId })
      : ok({ gateway, accept })
  })
