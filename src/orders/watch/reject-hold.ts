import { ok, type ResultAsync, safeTry } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { changeOrder } from '../change-order.js'
import {
  type CancelledOrder,
  type CancelOrderError,
  finishAtGateways,
  type RecordedCancel,
} from '../editing/cancel-order.js'
import { endedBy } from '../money/ended-by.js'
import { orderIn } from '../order-draft.js'
import { parseOrderId } from '../order-inputs.schema.js'
import { onceCaptured } from '../paying/learn-of-capture.js'
import type { MoneyPorts } from '../ports.js'
import { decideRejection, type RejectHoldError } from './hold-order.js'

/**
 * Turns a held order down: what has not left is given up, and its money goes back to where it came from.
 *
 * @errors NothingToDo where it is not held, RejectHoldError, CommandError
 */
export const rejectHold = (
  ports: MoneyPorts,
  context: CommandContext,
  input: { readonly orderId: string },
): ResultAsync<CancelledOrder, RejectHoldError | CancelOrderError | CommandError> =>
  onceCaptured(ports, () =>
    changeOrder<{ readonly orderId: string }, RecordedCancel, RejectHoldError>(ports, context, input, {
      action: 'orders.rejectHold',
      parse: parseOrderId,
      move: (draft, { actor }) =>
        safeTry(function* () {
          const closingPaymentIds = yield* decideRejection(draft, endedBy(actor), ports.ids.next('ref'))
          const { orderId, status, refunds } = yield* orderIn(draft)
          return ok({ orderId, status, refundIds: refunds.map(({ refundId }) => refundId), closingPaymentIds })
        }),
    }),
  ).andThen(({ closingPaymentIds, ...cancelled }) => finishAtGateways(ports, cancelled, closingPaymentIds))
