import type { ResultAsync } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { changeOrder } from '../change-order.js'
import { endedBy } from '../money/ended-by.js'
import type { Order } from '../order.js'
import { draftOrder, type OrderMoveError, orderIn } from '../order-draft.js'
import { parseOrderId } from '../order-inputs.schema.js'

/** An order that goes on. */
export type ReleasedOrder = { readonly orderId: string; readonly status: Order['status'] }

/**
 * Lets a held order go on: a person has looked at it.
 *
 * @errors NothingToDo where it is not held, OrderMoveError, CommandError
 */
export const releaseHold = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly orderId: string },
): ResultAsync<ReleasedOrder, OrderMoveError | CommandError> =>
  changeOrder(ports, context, input, {
    action: 'orders.releaseHold',
    parse: parseOrderId,
    move: (draft, { actor }) =>
      draftOrder(draft, { type: 'ReleaseHold', by: endedBy(actor), at: draft.at })
        .andThen(() => orderIn(draft))
        .map(({ orderId, status }) => ({ orderId, status })),
  })
