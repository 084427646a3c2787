import { ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { shipStock } from '../inventory/move-stock.js'
import type { LineQuantity, ReservationError } from '../inventory/reservation.js'
import { type Change, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { CorePorts } from '../shared/ports.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import { changeOrder } from './change-order.js'
import { parcels } from './order.collection.schema.js'
import type { Order } from './order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from './order-draft.js'
import type { ShipOrderInput } from './order-inputs.js'
import { parseShipOrder } from './order-inputs.schema.js'
import { unshippedQuantity } from './order-machine.js'
import type { ParcelError } from './parcel.js'
import { type ParcelState, parcelMachine } from './parcel-machine.js'

/** A parcel that has left. */
export type ShippedParcel = {
  readonly orderId: string
  readonly parcelId: string
  readonly status: Order['status']
  readonly lines: readonly LineQuantity[]
}

/**
 * Hands pieces of an order to a carrier, whole or by lines.
 *
 * @errors OrderStateForbids while it is not paid; QuantityExceedsOrder, CommandError
 */
export const shipOrder = (
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<ShippedParcel, OrderMoveError | ParcelError | CommandError> =>
  changeOrder(ports, context, input, {
    action: 'orders.ship',
    parse: parseShipOrder,
    move: (draft, { input }) => decideShipment(draft, input, ports.ids.next('par')),
  })

const decideShipment = (
  draft: OrderDraft,
  { carrier, trackingNumber, lines: named }: ShipOrderInput,
  parcelId: string,
): Result<ShippedParcel, OrderMoveError | ParcelError | ReservationError> =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    const { orderId, accountId, merchantId } = order
    const lines =
      named ??
      order.lines
        .map((line) => ({ lineId: line.lineId, quantity: unshippedQuantity(line) }))
        .filter((line) => line.quantity > 0)
    const advanceAt = at + order.details.policy.receivedAfterMs
    yield* draftOrder(draft, { type: 'Ship', parcelId, lines, at, advanceAt })
    const { reservation } = draft.read
    if (reservation !== undefined) {
      draft.further.push(...(yield* shipStock(reservation, { lines, reference: parcelId, at })))
    }
    const dispatched = yield* decideNext(parcelMachine, parcelMachine.initial, {
      type: 'Dispatch',
      parcelId,
      orderId,
      accountId,
      merchantId,
      carrier,
      trackingNumber,
      lines,
      shippedAt: at,
    })
    draft.further.push(putParcel(parcelId, 0, dispatched))
    const after = yield* orderIn(draft)
    return ok({ orderId, parcelId, status: after.status, lines })
  })

const putParcel = (
  id: string,
  version: number,
  { state, events }: { readonly state: ParcelState; readonly events: readonly { readonly type: string }[] },
): Change => put<ParcelState>(parcels, { id, version, state, events })
