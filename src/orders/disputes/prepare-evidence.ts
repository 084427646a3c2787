import type { ResultAsync } from 'neverthrow'
import type { EvidenceFileTerms } from '../../payments/evidence-file.js'
import type { PaymentDisputeShare } from '../../payments/payment.js'
import type { DisputePort } from '../../payments/ports.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { Money } from '../../shared/money.js'
import type { MethodId } from '../../shared/payment-method.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { disputesOf } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { askEvidence, gatherEvidence, type KnownEvidence } from './gather-evidence.js'
import { type PrepareEvidenceInput, parsePrepareEvidence } from './prepare-evidence.schema.js'
import { mostOfExplanation } from './submit-evidence.schema.js'

/** What speaks for the shop when the payer of a payment wants it back. */
export type PreparedEvidence = {
  readonly paymentId: string
  readonly orderId: string
  readonly orderNumber: string
  readonly gatewayId: string
  readonly method: MethodId
  readonly amount: Money
  readonly startedAt: Instant
  /** What goes to the gateway by itself with the words and files of `submitEvidence`. */
  readonly known: KnownEvidence
  /** What the gateway takes beside it; null where that is done on its own pages, or the shop has it no more. */
  readonly takes: { readonly mostCharacters: number; readonly files: EvidenceFileTerms | null } | null
  /** Its disputes and complaints as they stand; none while nobody has gone to the bank. */
  readonly disputes: readonly PaymentDisputeShare[]
}

/**
 * Shows staff what speaks for the shop in a dispute about a payment, before there is one or before it is contested: what
 * `submitEvidence` sends by itself, and what the gateway takes beside it. It sends and keeps nothing.
 *
 * @errors NotFound; QueryError
 */
export const prepareEvidence = (
  ports: MoneyPorts,
  context: QueryContext,
  input: PrepareEvidenceInput,
): ResultAsync<PreparedEvidence, NotFound | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.prepareEvidence',
    parse: parsePrepareEvidence,
    about: ({ input: { paymentId } }) => paymentId,
    plan: ({ input: { paymentId } }) => askEvidence(paymentId),
    answer: (read, { input: { paymentId } }): ResultAsync<PreparedEvidence, NotFound | QueryError> =>
      gatherEvidence(ports, paymentId, read).map(({ payment, order, known }) => {
        const { gatewayId, method, amountMinor, currency, startedAt, disputes = [] } = payment
        return {
          ...{ paymentId, orderId: order.orderId, orderNumber: order.orderNumber, gatewayId, method, startedAt },
          amount: { minor: amountMinor, currency },
          known,
          takes: termsOf(disputesOf(ports, gatewayId)),
          disputes,
        }
      }),
  })

const termsOf = (port: DisputePort | undefined): PreparedEvidence['takes'] =>
  port?.submitEvidence === undefined
    ? null
    : { mostCharacters: port.mostCharacters ?? mostOfExplanation, files: port.files ?? null }
