import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { orderIn } from '../orders/order-draft.js'
import type { MoneyPorts } from '../orders/ports.js'
import { beginRefund, type RefundedOrder, type RefundOrderError, sendOn } from '../orders/refunds/refund-order.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import { type ChangeReturnError, changeReturn, type MovingReturn } from './change-return.js'
import { parseReturnId } from './return-inputs.schema.js'
import { acceptedLines } from './return-machine.js'
import type { ReturnError } from './return-request.js'
import { refundOfReturn } from './return-worth.js'

/** A return whose money is on its way. */
export type RefundedReturn = RefundedOrder & { readonly returnId: string }

/** Why a return is not refunded. */
export type RefundReturnError = ChangeReturnError | RefundOrderError

/**
 * Refunds what a return was accepted for, each part to where it was paid from; carriage too, where the shop is at fault
 * and nothing of the order is left.
 *
 * @errors RefundReturnError, CommandError
 */
export const refundReturn = (
  ports: MoneyPorts,
  context: CommandContext,
  input: { readonly returnId: string },
): ResultAsync<RefundedReturn, RefundReturnError | CommandError> =>
  changeReturn(ports, context, input, {
    action: 'aftersales.refundReturn',
    parse: parseReturnId,
    commands: ({ input: { returnId }, now }) => [{ type: 'Refund', refundId: refundIdOf(returnId), at: now }],
    follow: decideRefund,
  }).andThen((begun) => sendOn(ports, begun))

const refundIdOf = (returnId: string): string => `refund_${returnId}`

const decideRefund = ({ state, draft }: MovingReturn): Result<RefundedReturn, RefundOrderError | ReturnError> =>
  safeTry(function* () {
    if (state.status !== 'refunded') {
      return err<never, ReturnError>({ type: 'ReturnStateForbids', status: state.status, command: 'Refund' })
    }
    const order = yield* orderIn(draft)
    const lines = acceptedLines(state)
    const { refundId, reason } = state
    const refund = yield* beginRefund(draft, refundOfReturn(order, { refundId, reason, lines }))
    return ok({ ...refund, returnId: state.returnId })
  })
