import { err, ok, type ResultAsync, safeTry } from 'neverthrow'
import { askStock, partStock } from '../../catalog/stock-source.js'
import { reserveMore } from '../../inventory/move-stock.js'
import type { InventoryPorts } from '../../inventory/ports.js'
import { type OutOfStock, stockCounters } from '../../inventory/stock.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { wantedMore } from '../editing/more-pieces.js'
import { askRefundableOrder, closeDraft, draftOrder, type OrderMoveError, openDraft, orderIn } from '../order-draft.js'
import type { ReshipOrderInput } from '../order-inputs.js'
import { parseReshipOrder } from '../order-inputs.schema.js'
import { undecidedLosses } from '../order-losses.js'
import { freeStockOf, warehousesOf } from '../placing/quoted-gifts.js'
import type { OrderStanding } from './complete-order.js'

/** Why lost pieces are not sent again. */
export type ReshipOrderError = OutOfStock | OrderMoveError

/**
 * Sends pieces again that were lost, or came back, and were not refunded: they are set aside once more and are still to
 * leave. They cost nothing and count as bought once.
 *
 * @errors OutOfStock; QuantityExceedsOrder, NothingToDo where none are lost; ReturnOpen while a return waits, which may be
 *   for the same pieces; OrderStateForbids; CommandError
 */
export const reshipOrder = (
  ports: InventoryPorts,
  context: CommandContext,
  input: ReshipOrderInput,
): ResultAsync<OrderStanding, ReshipOrderError | CommandError> => {
  const warehouses = warehousesOf(ports)
  const stock = { family: stockCounters, warehouses }
  return runCommand(ports, context, input, {
    action: 'orders.reship',
    parse: parseReshipOrder,
    plan: ({ input: { orderId } }) => ({
      ...askRefundableOrder(orderId),
      ...askStock(stock, { from: 'reservation', path: 'lines.*.sku' }),
      ...askStock(stock, { from: 'reservation', path: 'lines.*.parts.*.sku' }, partStock),
    }),
    decide: (read, { input: { orderId, lines }, now }) =>
      safeTry(function* () {
        const refuse = (error: ReshipOrderError) => err<never, ReshipOrderError>(error)
        const draft = yield* openDraft(read, orderId, now)
        const order = yield* orderIn(draft)
        const { reservation } = read
        if (reservation === undefined) return refuse({ type: 'NotFound', entity: 'reservation', id: orderId })
        const wanted = lines ?? undecidedLosses(order)
        const events = yield* draftOrder(draft, { type: 'Reship', lines: wanted, at: now })
        const again = events.flatMap((event) => (event.type === 'ReshipmentBegun' ? event.lines : []))
        draft.further.push(
          ...(yield* reserveMore(freeStockOf(read, warehouses), reservation, {
            lines: wantedMore(order, again, reservation.state.lines),
            warehouses,
            reference: ports.ids.next('res'),
            at: now,
          })),
        )
        const { status } = yield* orderIn(draft)
        return ok({ changes: closeDraft(draft), answer: { orderId, status } })
      }),
  })
}
