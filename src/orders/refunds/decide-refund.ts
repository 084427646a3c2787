import { err, type Result, type ResultAsync } from 'neverthrow'
import type { Refund } from '../../payments/refund.js'
import { refunds } from '../../payments/refund.schema.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Instant } from '../../shared/instant.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { checkDecidable, type Silence } from '../decidable-from.js'
import { askOrder, closeDraft, type OrderMoveError, openDraft } from '../order-draft.js'
import { learnOfRefund } from '../order-moves.js'
import { checkGateway } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { type DecideRefundInput, parseDecideRefund } from './decide-refund.schema.js'
import { isSentByHand } from './rescue-commands.js'
import type { RescuedRefund } from './rescue-refund.js'

/** What came of a refund is known, or is not asked of a gateway, or has not been asked about for long enough. */
export type RefundNotInDoubt = {
  readonly type: 'RefundNotInDoubt'
  readonly refundId: string
  readonly status: Refund['status']
  /** From when a person may say it, where it is still unknown then; null where there is nothing to say. */
  readonly decidableAt: Instant | null
}

/** Why a person's word on a refund is not taken. */
export type DecideRefundError = OrderMoveError | RefundNotInDoubt | CommandError

const action = 'orders.decideRefund'

/**
 * Takes the word of a person who looked at the gateway, on a refund that was sent three days ago or more and of which the
 * gateway does not say what became of it, or whose gateway the shop has no more. What has moved is the payer's; what has
 * not is owed still, and is sent again, once the gateway has been asked for it, or paid by hand; where a part moved
 * (`goneMinor`), for the rest. What the gateway says later counts before it: money that had moved and was paid by hand as
 * well has been paid twice.
 *
 * @errors NotFound; RefundNotInDoubt; RefundAmountInvalid where `goneMinor` is all of it or more; CommandError
 */
export const decideRefund = (
  ports: MoneyPorts,
  context: CommandContext,
  input: DecideRefundInput,
): ResultAsync<RescuedRefund, DecideRefundError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseDecideRefund,
    plan: ({ input: { refundId } }) => ({
      refund: row(refunds, refundId),
      ...askOrder({ from: 'refund', path: 'orderId' }),
    }),
    decide: ({ refund, ...read }, { input: { refundId, moved, goneMinor = 0, note }, actor, now: at }) => {
      if (refund === undefined) {
        return err<never, OrderMoveError | RefundNotInDoubt>({ type: 'NotFound', entity: 'refund', id: refundId })
      }
      return checkDoubt(ports, refund.state, at)
        .andThen(() => openDraft(read, refund.state.orderId, at).mapErr(toMoveError))
        .andThen((draft) =>
          learnOfRefund(draft, refundId, [{ type: 'DecideRefund', moved, goneMinor, at }])
            .mapErr(toMoveError)
            .map(() => {
              const found = goneMinor > 0 ? `${goneMinor} moved of it` : moved ? 'moved' : 'not moved'
              const detail = `${found}: ${note}`
              const entry = auditEntry(ports.ids, { actor, action, subject: refundId, at, outcome: 'done', detail })
              const status = draft.refunds.get(refundId)?.state.status ?? refund.state.status
              return {
                changes: [...closeDraft(draft), entry],
                answer: { refundId, orderId: refund.state.orderId, status },
              }
            }),
        )
    },
  })

const toMoveError = (error: OrderMoveError): OrderMoveError | RefundNotInDoubt => error

/**
 * Whether a person may say what came of a refund.
 *
 * @errors RefundNotInDoubt
 */
export const checkDoubt = (
  ports: Pick<MoneyPorts, 'gateways'>,
  refund: Refund,
  at: Instant,
): Result<void, RefundNotInDoubt> => {
  const { refundId, status } = refund
  return checkDecidable(silenceOf(ports, refund), at, (decidableAt) => ({
    ...{ type: 'RefundNotInDoubt', refundId, status, decidableAt },
  }))
}

const silenceOf = (ports: Pick<MoneyPorts, 'gateways'>, refund: Refund): Silence => {
  const { status, gatewayId } = refund
  if (status !== 'submitted' && status !== 'unknown' && status !== 'pending') return { since: null }
  if (checkGateway(ports, gatewayId).isErr()) return { since: null, isBeyondAsking: true }
  // Of those a person says what went back anyhow (`payRefundByHand`).
  if (isSentByHand(ports, gatewayId)) return { since: null }
  return { since: refund.submittedAt, sent: [refund.askedAt ?? 0] }
}
