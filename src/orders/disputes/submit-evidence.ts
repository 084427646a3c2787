import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { DisputeError } from '../../payments/dispute.js'
import { disputes } from '../../payments/dispute.schema.js'
import { type EvidenceFile, type EvidenceFileRefused, whyNotTaken } from '../../payments/evidence-file.js'
import { payments } from '../../payments/payment.schema.js'
import type { DisputeEvidence, DisputePort, PaymentGateway } from '../../payments/ports.js'
import type { Scope } from '../../shared/actor.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { entries, row, rows } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, startCommand } from '../../shared/run-command.js'
import { orders, parcels } from '../order.collection.schema.js'
import { orderHistory } from '../order-history.schema.js'
import type { HistoryEntry } from '../pages/order-history.js'
import type { Parcel } from '../parcels/parcel.js'
import { type GatewayUnknown, gatewayOf, type RecordError } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import type { DisputeMoveError } from './dispute-moves.js'
import {
  beginSending,
  type ContestedDispute,
  completeSending,
  type Sending,
  type StartPlan,
} from './dispute-sending.js'
import { filesOf, parseSubmitEvidence, type SubmitEvidenceInput } from './submit-evidence.schema.js'

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
    return parseSubmitEvidence(input)
      .mapErr((error): SubmitEvidenceError | CommandError => error)
      .asyncAndThen((said) => handOver(ports, context, progress, said))
  })

const action = 'orders.submitEvidence'

const handOver = (
  ports: MoneyPorts,
  context: CommandContext,
  progress: { readonly step: Sending; readonly scope: Scope; readonly resumed: boolean },
  said: Checked,
): ResultAsync<ContestedDispute, SubmitEvidenceError | CommandError> =>
  portOf(ports, progress.step.gatewayId).asyncAndThen(({ gateway, submit }) =>
    compose(ports, progress.step, { explanation: said.explanation, files: filesOf(said) })
      .andThen((request) =>
        submit({ ...request, concludes: said.concludes ?? false, key: `evidence:${progress.step.evidenceId}` }),
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
  SubmitEvidenceError
> =>
  gatewayOf(ports, gatewayId)
    .mapErr((error): SubmitEvidenceError => error)
    .andThen((gateway) => {
      const { submitEvidence: submit, mostCharacters = 10_000 } = gateway.disputes ?? {}
      return submit === undefined
        ? err<never, SubmitEvidenceError>({ type: 'EvidenceNotOffered', gatewayId })
        : ok({ gateway, submit, mostCharacters })
    })

/** What the shop knows, beside what its staff says. */
const compose = (
  ports: MoneyPorts,
  { disputeId, paymentId }: Sending,
  { explanation, files }: { readonly explanation: string; readonly files: readonly EvidenceFile[] },
): ResultAsync<
  {
    readonly disputeRef: string
    readonly attemptRef: string
    readonly at: Instant
    readonly evidence: DisputeEvidence
  },
  SubmitEvidenceError | RecordError | DisputeError
> => {
  const at = ports.clock.now()
  const plan = {
    dispute: row(disputes, disputeId),
    payment: row(payments, paymentId),
    order: row(orders, { from: 'payment', path: 'orderId' }),
    parts: rows(orders, { from: 'order', path: 'orderIds.*' }),
    sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
    sentApart: rows(parcels, { from: 'parts', path: 'parcelIds.*' }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan })
    .mapErr((error): SubmitEvidenceError | RecordError => error)
    .andThen(({ dispute, payment, order, sent, sentApart }) => {
      if (dispute === undefined || payment === undefined || order === undefined) {
        return errAsync<never, NotFound>({ type: 'NotFound', entity: 'dispute', id: disputeId })
      }
      const parcelsSent = [...sent, ...sentApart].map(({ state }) => state)
      return confirmations(ports, parcelsSent, at).map((confirmed) => ({
        disputeRef: dispute.state.disputeRef,
        attemptRef: paymentId,
        at,
        evidence: {
          explanation,
          files,
          goods: order.state.details.items.map(({ title }) => title.en),
          parcels: parcelsSent.map((parcel) => ({
            carrier: parcel.carrier,
            trackingNumber: parcel.trackingNumber,
            shippedAt: parcel.shippedAt,
            deliveredAt: deliveredAtOf(parcel, confirmed),
          })),
          refunded: { minor: payment.state.refundedMinor, currency: payment.state.currency },
        },
      }))
    })
}

const mayHaveCome = ({ status }: Parcel): boolean => status !== 'lost' && status !== 'cameBack'

// Whichever was first. Who confirms an order has all that had left by then, and says it of no parcel. That the clock took
// goods as received tells a bank nothing.
const deliveredAtOf = (parcel: Parcel, confirmed: readonly HistoryEntry[]): Instant | null => {
  if (!mayHaveCome(parcel)) return null
  const told = parcel.status === 'delivered' ? parcel.deliveredAt : null
  const confirmedAt = confirmed.find(({ orderId, at }) => orderId === parcel.orderId && at >= parcel.shippedAt)?.at
  return told === null || confirmedAt === undefined ? (confirmedAt ?? told) : Math.min(told, confirmedAt)
}

/** When buyers confirmed the orders of parcels that may have come, oldest first. */
const confirmations = (
  ports: MoneyPorts,
  sent: readonly Parcel[],
  at: Instant,
): ResultAsync<readonly HistoryEntry[], RecordError> => {
  const orderIds = new Set(sent.filter(mayHaveCome).map(({ orderId }) => orderId))
  const where = [{ field: 'orderId', is: 'in', values: [...orderIds] }] as const
  const plan = {
    told: entries(orderHistory, { where, orderBy: { field: 'at', direction: 'ascending' }, limit: 1_000 }),
  }
  return orderIds.size === 0
    ? okAsync([])
    : readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan })
        .mapErr((error): RecordError => error)
        .map(({ told }) =>
          told.map(({ body }) => body).filter(({ happened, by }) => happened === 'received' && by === 'buyer'),
        )
}
