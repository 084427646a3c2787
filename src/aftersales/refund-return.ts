import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { orderIn } from '../orders/order-draft.js'
import type { OrderRow } from '../orders/order-row.js'
import type { MoneyPorts } from '../orders/ports.js'
import { beginRefund, type RefundedOrder, type RefundOrderError } from '../orders/refunds/begin-refund.js'
import { sendOn } from '../orders/refunds/refund-order.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import { type ChangeReturnError, changeReturn, type MovingReturn } from './change-return.js'
import { parseReturnId } from './return-inputs.schema.js'
import { acceptedLines } from './return-machine.js'
import type { ReturnError } from './return-request.js'
import { refundOfReturn, stillOwed } from './return-worth.js'

/** A return whose money is on its way; all of it 0 where it was closed instead. */
export type RefundedReturn = RefundedOrder & { readonly returnId: string }

/** Why a return is not refunded. */
export type RefundReturnError = ChangeReturnError | RefundOrderError

/**
 * Refunds what a return was accepted for, each part to where it was paid from; carriage too, where the shop is at fault
 * and nothing of the order is left. What went back of it otherwise meanwhile, as goodwill or as lost, does not go back again: a
 * return of which nothing else is left is closed.
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
    commands: ({ input: { returnId }, now }, order, state) => {
      const isBack = state.status === 'inspected' && stillOwed(order, acceptedLines(state)).length === 0
      return [isBack ? { type: 'Close', at: now } : { type: 'Refund', refundId: refundIdOf(returnId), at: now }]
    },
    follow: decideRefund,
  }).andThen((begun) => sendOn(ports, begun))

const refundIdOf = (returnId: string): string => `refund_${returnId}`

const decideRefund = ({ state, draft }: MovingReturn): Result<RefundedReturn, RefundOrderError | ReturnError> =>
  safeTry(function* () {
    if (state.status === 'closed') return ok(nothingMore(yield* orderIn(draft), state.returnId))
    if (state.status !== 'refunded') {
      return err<never, ReturnError>({ type: 'ReturnStateForbids', status: state.status, command: 'Refund' })
    }
    const order = yield* orderIn(draft)
    const lines = stillOwed(order, acceptedLines(state))
    const { refundId, reason } = state
    const refund = yield* beginRefund(draft, refundOfReturn(order, { refundId, reason, lines }))
    return ok({ ...refund, returnId: state.returnId })
  })

const nothingMore = ({ orderId, currency }: OrderRow, returnId: string): RefundedReturn => ({
  returnId,
  orderId,
  currency,
  refundId: refundIdOf(returnId),
  status: 'succeeded',
  shippingMinor: 0,
  cashMinor: 0,
  pointsMinor: 0,
  points: 0,
  earnedPoints: 0,
  subsidyMinor: 0,
})
