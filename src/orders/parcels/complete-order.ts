import type { Result, ResultAsync } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { changeOrder } from '../change-order.js'
import type { Order } from '../order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { parseOrderId } from '../order-inputs.schema.js'
import { complete } from '../order-moves.js'

/** Where an order stands. */
export type OrderStanding = { readonly orderId: string; readonly status: Order['status'] }

/**
 * The buyer confirms that everything which is on its way has come.
 *
 * @errors OrderStateForbids, NothingToDo, CommandError
 */
export const confirmReceipt = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly orderId: string },
): ResultAsync<OrderStanding, OrderMoveError | CommandError> =>
  changeOrder(ports, context, input, {
    action: 'orders.confirmReceipt',
    parse: parseOrderId,
    move: (draft) => signAll(draft, 'buyer').andThen(() => standing(draft)),
  })

/**
 * Completes an order before its time, as staff may: earned points are the buyer's, the money its seller's.
 *
 * @errors OrderStateForbids, ReturnOpen, CommandError
 */
export const completeOrder = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly orderId: string },
): ResultAsync<OrderStanding, OrderMoveError | CommandError> =>
  changeOrder(ports, context, input, {
    action: 'orders.complete',
    parse: parseOrderId,
    move: (draft) => complete(draft).andThen(() => standing(draft)),
  })

/** Takes everything that is on its way as received. */
export const signAll = (draft: OrderDraft, by: 'buyer' | 'clock'): Result<void, OrderMoveError> =>
  orderIn(draft).andThen((order) =>
    draftOrder(draft, {
      type: 'Sign',
      parcelId: null,
      lines: null,
      by,
      at: draft.at,
      advanceAt: draft.at + order.details.policy.completedAfterMs,
    }).map(() => undefined),
  )

const standing = (draft: OrderDraft): Result<OrderStanding, OrderMoveError> =>
  orderIn(draft).map(({ orderId, status }) => ({ orderId, status }))
