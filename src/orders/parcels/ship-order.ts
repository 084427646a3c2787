import { err, errAsync, ok, okAsync, Result, type ResultAsync, safeTry } from 'neverthrow'
import { shipStock } from '../../inventory/move-stock.js'
import type { LineQuantity, WarehousePieces } from '../../inventory/reservation.js'
import { heldLines } from '../../inventory/reservation-machine.js'
import type { GatewayErrorCode } from '../../payments/gateway-error.js'
import { capturableMinor, untakenMinor } from '../../payments/payment-machine.js'
import type { RefundSplitError } from '../../pricing/refund-of.js'
import { type Change, put } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import { daysMs, type Instant } from '../../shared/instant.js'
import { endOfLocalDay } from '../../shared/local-day.js'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { changeOrder } from '../change-order.js'
import { lapseEdit } from '../editing/settle-edit.js'
import { lapseId, piecesHere, takeOutRest } from '../editing/take-out.js'
import {
  broughtMinor,
  type NotCaptured,
  payingOf,
  payingsOf,
  uncapturedMinor,
  undecidedDues,
} from '../money/order-money.js'
import { isOnDelivery } from '../money/promised-money.js'
import { refundsIn } from '../money/refund-outcome.js'
import { parcels } from '../order.collection.schema.js'
import type { Order } from '../order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { dueOnDelivery } from '../order-dues.js'
import type { ShipOrderInput } from '../order-inputs.js'
import { parseShipOrder } from '../order-inputs.schema.js'
import { unshippedQuantity } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { type CapturedOrder, type CaptureOrderError, captureOrder } from '../paying/capture-order.js'
import { learnOfCapture } from '../paying/learn-of-capture.js'
import type { ShopPolicy } from '../policy/shop-policy.js'
import type { MoneyPorts } from '../ports.js'
import type { ParcelError, ParcelFacts } from './parcel.js'
import { type ParcelState, parcelMachine } from './parcel-machine.js'

/** A parcel that has left. */
export type ShippedParcel = {
  readonly orderId: string
  readonly parcelId: string
  readonly status: Order['status']
  /** Its pieces, each with the warehouse that it left. */
  readonly lines: readonly WarehousePieces[]
  /** What its receiver is to pay for it, as its carrier is to be told, minor units; 0 where it is paid. */
  readonly collectMinor: number
}

/** The gateway would not give the money of the pieces that were to leave, so they stay. */
export type CaptureDeclined = {
  readonly type: 'CaptureDeclined'
  readonly orderId: string
  readonly paymentId: string
  readonly code: GatewayErrorCode
}

/** Why nothing leaves. */
export type ShipOrderError = NotCaptured | RefundSplitError | OrderMoveError | ParcelError

/** Why nothing leaves, or no money is taken for what should. */
export type CaptureAndShipError = ShipOrderError | CaptureDeclined | CaptureOrderError | CommandError

/**
 * Hands pieces of an order to a carrier, whole, by lines or by warehouse. Money that is only held for them is taken
 * first; a merchant may send what is paid, and takes no money. Sent again under its key after a refusal, it asks for the
 * money again, and for that of which the answer was lost, what became of it.
 *
 * @errors OrderStateForbids while it is not paid; QuantityExceedsOrder; CaptureDeclined, CaptureUnderway, NotCaptured
 * while money of theirs is missing; CommandError
 */
export const captureAndShip = (
  ports: MoneyPorts,
  context: CommandContext,
  input: ShipOrderInput,
): ResultAsync<ShippedParcel, CaptureAndShipError> =>
  shipOrder(ports, context, input).orElse(
    (error): ResultAsync<ShippedParcel, CaptureAndShipError> =>
      error.type !== 'NotCaptured' || context.actor.kind === 'merchant'
        ? errAsync(error)
        : takeMoney(ports, context, error).andThen(() => shipOrder(ports, context, input)),
  )

// Under a key of its own: what a gateway answers to one try is not the answer to the next.
const takeMoney = (
  ports: MoneyPorts,
  context: CommandContext,
  missing: NotCaptured,
): ResultAsync<void, CaptureAndShipError> => {
  const { orderId, paymentId, lines, heldMinor, missingMinor } = missing
  if (heldMinor < missingMinor) return learnOfCapture(ports, paymentId, missing)
  return captureOrder(ports, { ...context, key: ports.ids.next('cap') }, { orderId, lines })
    .map((captured): CapturedOrder | undefined => captured)
    .orElse((refusal): ResultAsync<CapturedOrder | undefined, CaptureAndShipError> => {
      if (refusal.type === 'CaptureUnderway') {
        return learnOfCapture(ports, paymentId, refusal).map(() => undefined)
      }
      // Another has taken it meanwhile.
      return refusal.type === 'NothingToCapture' ? okAsync(undefined) : errAsync(refusal)
    })
    .andThen((captured): Result<void, CaptureAndShipError> => {
      if (captured === undefined) return ok(undefined)
      switch (captured.status) {
        case 'captured':
          return ok(undefined)
        case 'declined':
          return err({ type: 'CaptureDeclined', orderId, paymentId, code: captured.code ?? 'InstrumentDeclined' })
        case 'underway':
          return err({ type: 'CaptureUnderway', paymentId, captureId: captured.captureId })
      }
    })
}

/**
 * Hands pieces of an order to a carrier whose money is taken, whole, by lines or by warehouse. Where the hold that was to pay
 * what is left has ended, that is taken out.
 *
 * @errors OrderStateForbids while it is not paid; QuantityExceedsOrder; NotCaptured while money of theirs is only held;
 * CommandError
 */
export const shipOrder = (
  ports: CorePorts,
  context: CommandContext,
  input: ShipOrderInput,
): ResultAsync<ShippedParcel, ShipOrderError | CommandError> =>
  changeOrder(ports, context, input, {
    action: 'orders.ship',
    parse: parseShipOrder,
    move: (draft, { input }) => decideShipment(draft, input, ports.ids.next('par')),
  })

const decideShipment = (
  draft: OrderDraft,
  { carrier, trackingNumber, warehouse, deliverBy, lines: named }: ShipOrderInput,
  parcelId: string,
): Result<ShippedParcel, ShipOrderError> =>
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
    // Once everything has left nothing is added to it any more; once anything has, it goes where that went.
    const isLast = wanted.reduce((left, { quantity }) => left - quantity, unshippedOf(order)) <= 0
    if (isLast || order.details.proposed?.recipient !== undefined) yield* lapseEdit(draft)
    const collectMinor = yield* collectedFor(draft, wanted)
    yield* draftOrder(draft, { type: 'Ship', parcelId, lines: wanted, at, advanceAt, collectMinor })
    const lapsed = yield* lapsedRest(draft)
    const { changes, pieces: lines } = yield* shipStock(reservation, {
      ...{ lines: wanted, reference: parcelId, at },
      ...(lapsed === undefined ? {} : { release: lapsed }),
    })
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
      ...(collectMinor > 0 ? { collectMinor } : {}),
      ...promiseOf(order.details.policy, at, deliverBy),
    })
    draft.further.push(putParcel(parcelId, 0, dispatched))
    const after = yield* orderIn(draft)
    const payment = payingOf(draft, after)
    const missingMinor =
      payment === undefined ? 0 : yield* uncapturedMinor(after, payingsOf(draft, after), refundsIn(draft))
    // What is due on delivery is not there, and need not be.
    if (payment !== undefined && missingMinor > dueOnDelivery(after)) {
      const { paymentId } = payment
      const heldMinor = capturableMinor(payment)
      const pieces = lines.map(({ lineId, quantity }) => ({ lineId, quantity }))
      return err<never, ShipOrderError>({
        type: 'NotCaptured',
        orderId,
        paymentId,
        missingMinor,
        heldMinor,
        lines: pieces,
      })
    }
    if (lapsed !== undefined) yield* takeOutRest(draft, 'clock', lapsed.reference, { isReleased: true })
    const { status } = yield* orderIn(draft)
    return ok({ orderId, parcelId, status, lines, collectMinor })
  })

/**
 * What is left here once pieces have left, where the hold that was to pay it has ended and nothing else pays it: it never
 * leaves, and its buyer is to know.
 */
const lapsedRest = (
  draft: OrderDraft,
): Result<{ readonly lines: readonly LineQuantity[]; readonly reference: string } | undefined, ShipOrderError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const payment = payingOf(draft, order)
    if (order.status !== 'partlyShipped' || payment?.status !== 'captured') return ok(undefined)
    if (untakenMinor(payment) <= 0 || isOnDelivery(payment)) return ok(undefined)
    const payings = payingsOf(draft, order)
    const lines = piecesHere(order)
    const missingMinor = yield* uncapturedMinor(order, payings, refundsIn(draft), lines)
    const heldMinor = payings.reduce((sum, each) => sum + capturableMinor(each), 0)
    return ok(missingMinor > heldMinor ? { lines, reference: lapseId(order) } : undefined)
  })

/**
 * What the receiver of a parcel is to pay for it: whatever will have left is paid with it and with the parcels that are
 * out, so that all parcels together bring exactly what is due, and carriage comes with the first.
 */
const collectedFor = (draft: OrderDraft, leaving: readonly LineQuantity[]): Result<number, OrderMoveError> =>
  orderIn(draft).andThen((order) => {
    const dueMinor = dueOnDelivery(order)
    if (dueMinor === 0) return ok(0)
    const [payings, refunds] = [payingsOf(draft, order), refundsIn(draft)]
    return Result.combine([
      uncapturedMinor(order, payings, refunds, leaving),
      broughtMinor(order),
      undecidedDues(order, payings, refunds),
    ]).map(([missingMinor = 0, outMinor = 0, undecidedMinor = 0]) =>
      Math.max(0, Math.min(missingMinor, dueMinor) - outMinor - undecidedMinor),
    )
  })

const unshippedOf = ({ lines }: OrderRow): number => lines.reduce((sum, line) => sum + unshippedQuantity(line), 0)

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
