import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { Refund, RefundCommand } from '../../payments/refund.js'
import { refunds } from '../../payments/refund.schema.js'
import type { Instant } from '../../shared/instant.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { askOrder, closeDraft, type OrderDraft, type OrderMoveError, openDraft } from '../order-draft.js'
import { parseRefundId } from '../order-inputs.schema.js'
import { learnOfRefund } from '../order-moves.js'
import { checkGateway, type GatewayUnknown } from '../paying/record-outcome.js'
import { resolveRefund } from '../paying/resolve-money.js'
import type { MoneyPorts } from '../ports.js'
import { isSentByHand, payingByHand, retrying } from './rescue-commands.js'

/** Where a refund stands that a person took in hand. */
export type RescuedRefund = {
  readonly refundId: string
  readonly orderId: string
  readonly status: Refund['status']
}

/** Why a person's hand on a refund is refused. */
export type RescueError = OrderMoveError | GatewayUnknown | CommandError

/**
 * Sends a refund again that the gateway had turned down, under the same reference, so that it can never go twice. One
 * that may still be under way is left to the sweep, which sends it again as the same try.
 *
 * @errors NotFound, RefundStateForbids unless it failed; GatewayUnknown where the shop has no such gateway any more; CommandError
 */
export const retryRefund = (
  ports: MoneyPorts,
  context: CommandContext,
  input: { readonly refundId: string },
): ResultAsync<RescuedRefund, RescueError> => {
  // Told by an earlier answer under its key, nothing was begun now.
  let begun: { readonly tries: number } | undefined
  return rescue(ports, context, input, 'orders.retryRefund', (at, refund) => {
    begun = { tries: refund.tries + 1 }
    return checkGateway(ports, refund.gatewayId).andThen(() => retrying(refund, at))
  }).andThen((rescued) =>
    resolveRefund(ports, rescued.refundId, begun)
      .map(({ refundStatus }): RescuedRefund => ({ ...rescued, status: refundStatus }))
      .orElse(() => okAsync<RescuedRefund, RescueError>(rescued)),
  )
}

/**
 * Notes that a person has paid a refund: another way where the gateway could not, or as the only way where the gateway
 * sends no money itself.
 *
 * @errors NotFound, RefundStateForbids once the payer has it, and while a gateway that sends money has it under way;
 *   CommandError
 */
export const payRefundByHand = (
  ports: MoneyPorts,
  context: CommandContext,
  input: { readonly refundId: string },
): ResultAsync<RescuedRefund, RescueError> =>
  rescue(ports, context, input, 'orders.payRefundByHand', (at, refund) =>
    payingByHand(refund, isSentByHand(ports, refund.gatewayId), at),
  )

const rescue = (
  ports: MoneyPorts,
  context: CommandContext,
  input: unknown,
  action: string,
  commandsOf: (at: Instant, refund: Refund) => Result<readonly RefundCommand[], OrderMoveError | GatewayUnknown>,
): ResultAsync<RescuedRefund, RescueError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseRefundId,
    plan: ({ input: { refundId } }) => ({
      refund: row(refunds, refundId),
      ...askOrder({ from: 'refund', path: 'orderId' }),
    }),
    decide: ({ refund, ...read }, { input: { refundId }, now }) =>
      refund === undefined
        ? err<never, OrderMoveError | GatewayUnknown>({ type: 'NotFound', entity: 'refund', id: refundId })
        : openDraft(read, refund.state.orderId, now)
            .andThen((draft) => commandsOf(now, refund.state).andThen((commands) => moveOn(draft, refundId, commands)))
            .map(({ draft, answer }) => ({ changes: closeDraft(draft), answer })),
  })

const moveOn = (
  draft: OrderDraft,
  refundId: string,
  commands: readonly RefundCommand[],
): Result<{ readonly draft: OrderDraft; readonly answer: RescuedRefund }, OrderMoveError> =>
  safeTry(function* () {
    yield* learnOfRefund(draft, refundId, commands)
    const status = draft.refunds.get(refundId)?.state.status ?? 'requested'
    return ok({ draft, answer: { refundId, orderId: draft.order.id, status } })
  })
