import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { shipStock } from '../inventory/move-stock.js'
import type { ReservationError, WarehousePieces } from '../inventory/reservation.js'
import { heldLines } from '../inventory/reservation-machine.js'
import { type Change, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import { daysMs, type Instant } from '../shared/instant.js'
import { endOfLocalDay } from '../shared/local-day.js'
import type { CorePorts } from '../shared/ports.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import { changeOrder } from './change-order.js'
import { parcels } from './order.collection.schema.js'
import type { Order } from './order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from './order-draft.js'
import type { ShipOrderInput } from './order-inputs.js'
import { parseShipOrder } from './order-inputs.schema.js'
import type { ParcelError, ParcelFacts } from './parcel.js'
import { type ParcelState, parcelMachine } from './parcel-machine.js'
import type { ShopPolicy } from './shop-policy.js'

/** A parcel that has left. */
export type ShippedParcel = {
  readonly orderId: string
  readonly parcelId: string
  readonly status: Order['status']
  /** Its pieces, each with the warehouse that it left. */
  readonly lines: readonly WarehousePieces[]
}

/**
 * Hands pieces of an order to a carrier, whole, by lines or by warehouse.
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
  { carrier, trackingNumber, warehouse, deliverBy, lines: named }: ShipOrderInput,
  parcelId: string,
): Result<ShippedParcel, OrderMoveError | ParcelError | ReservationError> =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    const { orderId, accountId, merchantId } = order
    const { reservation } = draft.read
    if (reservation === undefined) {
      return err<never, OrderMoveError>({ type: 'NotFound', entity: 'reservation', id: orderId })
    }
    const held = heldLines(reservation.state.lines).filter(
      (line) => warehouse === undefined || line.warehouse === warehouse,
    )
    const wanted = named?.map((line) => ({ ...line, ...(warehouse === undefined ? {} : { warehouse }) })) ?? held
    const advanceAt = at + order.details.policy.receivedAfterMs
    yield* draftOrder(draft, { type: 'Ship', parcelId, lines: wanted, at, advanceAt })
    const { changes, pieces: lines } = yield* shipStock(reservation, { lines: wanted, reference: parcelId, at })
    draft.further.push(...changes)
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
      ...promiseOf(order.details.policy, at, deliverBy),
    })
    draft.further.push(putParcel(parcelId, 0, dispatched))
    const after = yield* orderIn(draft)
    return ok({ orderId, parcelId, status: after.status, lines })
  })

const promiseOf = (
  { lateParcels, timeZone }: ShopPolicy,
  at: Instant,
  promised: Instant | undefined,
): Pick<ParcelFacts, 'deliverBy' | 'scanWithinMs'> => {
  if (lateParcels === undefined) return promised === undefined ? {} : { deliverBy: promised }
  const { deliverWithinDays, scanWithinDays } = lateParcels
  return {
    deliverBy: promised ?? endOfLocalDay(at, deliverWithinDays, timeZone),
    ...(scanWithinDays === null ? {} : { scanWithinMs: scanWithinDays * daysMs }),
  }
}

const putParcel = (
  id: string,
  version: number,
  { state, events }: { readonly state: ParcelState; readonly events: readonly { readonly type: string }[] },
): Change => put<ParcelState>(parcels, { id, version, state, events })
