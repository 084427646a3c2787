import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { disputes } from '../../payments/dispute.schema.js'
import { type EvidenceFileRefused, whyNotTaken } from '../../payments/evidence-file.js'
import type { DisputePort, PaymentGateway } from '../../payments/ports.js'
import type { Scope } from '../../shared/actor.js'
import type { NotFound } from '../../shared/errors.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, startCommand } from '../../shared/run-command.js'
import { type GatewayUnknown, gatewayOf } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import type { DisputeMoveError } from './dispute-moves.js'
import {
  beginSending,
  type ContestedDispute,
  completeSending,
  type Sending,
  type StartPlan,
} from './dispute-sending.js'
import { askEvidence, gatherEvidence, type KnownEvidence } from './gather-evidence.js'
import { filesOf, mostOfExplanation, parseSubmitEvidence, type SubmitEvidenceInput } from './submit-evidence.schema.js'

/** The gateway takes evidence on its own pages only. */
export type EvidenceNotOffered = { readonly type: 'EvidenceNotOffered'; readonly gatewayId: string }

/** The gateway takes no explanation of that length. */
export type ExplanationTooLong = {
  readonly type: 'ExplanationTooLong'
  readonly gatewayId: string
  readonly mostCharacters: number
}

/** Why a dispute is not contested. */
export type SubmitEvidenceError =
  | DisputeMoveError
  | GatewayUnknown
  | EvidenceNotOffered
  | ExplanationTooLong
  | EvidenceFileRefused

type Checked = ReturnType<typeof parseSubmitEvidence> extends Result<infer Input, unknown> ? Input : never

/**
 * Contests a dispute, appeals one that is lost, or answers a complaint: what staff says and shows, with what the shop knows
 * of goods, parcels and refunds, is handed to the gateway for good. That it is being sent is written down first, its answer
 * afterwards; neither the words nor the files are kept.
 *
 * @errors NotFound, EvidenceOverdue, EvidenceNotOffered, ExplanationTooLong, EvidenceFileRefused; DisputeStateForbids where
 *   nothing can be contested; CommandError
 */
export const submitEvidence = (
  ports: MoneyPorts,
  context: CommandContext,
  input: SubmitEvidenceInput,
): ResultAsync<ContestedDispute, SubmitEvidenceError | CommandError> =>
  startCommand<Checked, StartPlan, ContestedDispute, Sending, SubmitEvidenceError>(ports, context, input, {
    action,
    parse: parseSubmitEvidence,
    plan: ({ input: { disputeId } }) => ({ dispute: row(disputes, disputeId) }),
    decide: ({ dispute }, { input, actor, now }) => {
      const { disputeId, explanation } = input
      if (dispute === undefined) return err<never, NotFound>({ type: 'NotFound', entity: 'dispute', id: disputeId })
      const { gatewayId } = dispute.state
      return portOf(ports, gatewayId)
        .andThen(({ mostCharacters, gateway }) => {
          if ([...explanation].length > mostCharacters) {
            return err<never, SubmitEvidenceError>({ type: 'ExplanationTooLong', gatewayId, mostCharacters })
          }
          const refused = whyNotTaken(filesOf(input), gateway.disputes?.files)
          return refused === null
            ? ok(undefined)
            : err<never, SubmitEvidenceError>({ type: 'EvidenceFileRefused', gatewayId, ...refused })
        })
        .andThen(() => beginSending(ports, dispute, { action, actor, at: now }))
    },
  }).andThen((progress): ResultAsync<ContestedDispute, SubmitEvidenceError | CommandError> => {
    if (progress.kind === 'answered') return okAsync(progress.answer)
    // Words and files are kept nowhere: who sends the command again hands them over again.
    return parseSubmitEvidence(input).asyncAndThen((said) => handOver(ports, context, progress, said))
  })

const action = 'orders.submitEvidence'

const handOver = (
  ports: MoneyPorts,
  context: CommandContext,
  progress: { readonly step: Sending; readonly scope: Scope; readonly resumed: boolean },
  said: Checked,
): ResultAsync<ContestedDispute, SubmitEvidenceError | CommandError> =>
  portOf(ports, progress.step.gatewayId).asyncAndThen(({ gateway, submit }) =>
    known(ports, progress.step)
      .andThen((facts) =>
        submit({
          ...{ disputeRef: progress.step.disputeRef, attemptRef: progress.step.paymentId, at: ports.clock.now() },
          evidence: { explanation: said.explanation, files: filesOf(said), ...facts },
          concludes: said.concludes ?? false,
          key: `evidence:${progress.step.evidenceId}`,
        }),
      )
      .andThen((outcome) => completeSending(ports, context, progress, { action, gateway, outcome })),
  )

const portOf = (
  ports: MoneyPorts,
  gatewayId: string,
): Result<
  {
    readonly gateway: PaymentGateway
    readonly submit: NonNullable<DisputePort['submitEvidence']>
    readonly mostCharacters: number
  },
  GatewayUnknown | EvidenceNotOffered
> =>
  gatewayOf(ports, gatewayId).andThen((gateway) => {
    const { submitEvidence: submit, mostCharacters = mostOfExplanation } = gateway.disputes ?? {}
    return submit === undefined
      ? err<never, EvidenceNotOffered>({ type: 'EvidenceNotOffered', gatewayId })
      : ok({ gateway, submit, mostCharacters })
  })

/** What the shop knows, beside what its staff says. */
const known = (
  ports: MoneyPorts,
  { paymentId }: Sending,
): ResultAsync<KnownEvidence, SubmitEvidenceError | CommandError> =>
  readFacts(ports.storage, {
    ...{ shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now() },
    plan: askEvidence(paymentId),
  })
    .andThen((read) => gatherEvidence(ports, paymentId, read))
    .map(({ known }) => known)
