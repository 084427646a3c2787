import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { takeBackStock } from '../inventory/take-back-stock.js'
import { put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { NotFound } from '../shared/errors.js'
import type { CorePorts } from '../shared/ports.js'
import { row, rows, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { isAwaited } from './awaited-parcel.js'
import { parcels } from './order.collection.schema.js'
import type { Order } from './order.js'
import {
  askOrder,
  closeDraft,
  draftOrder,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from './order-draft.js'
import { parseParcelId } from './order-inputs.schema.js'
import type { Parcel, ParcelCommand, ParcelError } from './parcel.js'
import { type ParcelState, parcelMachine } from './parcel-machine.js'

/** Where a parcel and its order stand. */
export type MovedParcel = {
  readonly orderId: string
  readonly parcelId: string
  readonly parcelStatus: Parcel['status']
  readonly orderStatus: Order['status']
}

/** Why a parcel is not moved. */
export type MoveParcelError = NotFound | ParcelError | OrderMoveError

/**
 * Notes that a parcel was signed for; with the last one the order is. Where its goods were confirmed before, the order
 * stays as it is.
 *
 * @errors ParcelStateForbids, NotFound, CommandError
 */
export const recordDelivery = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly parcelId: string },
): ResultAsync<MovedParcel, MoveParcelError | CommandError> =>
  moveParcel(ports, context, input, {
    action: 'orders.recordDelivery',
    command: 'Deliver',
    follow: (draft, parcel, sent) =>
      orderIn(draft).andThen((order) =>
        isAwaited(order, parcel, sent)
          ? draftOrder(draft, {
              type: 'Sign',
              parcelId: parcel.parcelId,
              lines: parcel.lines,
              by: 'carrier',
              at: draft.at,
              advanceAt: draft.at + order.details.policy.completedAfterMs,
            }).map(() => undefined)
          : ok(undefined),
      ),
  })

/**
 * Notes that the carrier has lost a parcel: its pieces are written off and can be refunded without a return.
 *
 * @errors ParcelStateForbids, NotFound, CommandError
 */
export const recordLoss = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly parcelId: string },
): ResultAsync<MovedParcel, MoveParcelError | CommandError> =>
  moveParcel(ports, context, input, {
    action: 'orders.recordLoss',
    command: 'Lose',
    follow: (draft, parcel) =>
      safeTry(function* () {
        const { at } = draft
        const order = yield* orderIn(draft)
        const { reservation } = draft.read
        if (reservation !== undefined) {
          const pieces = parcel.lines.map(({ lineId, warehouse, quantity }) => ({
            lineId,
            warehouse,
            restockQuantity: 0,
            scrapQuantity: quantity,
          }))
          const lost = takeBackStock(reservation, { pieces, reference: parcel.parcelId, reason: 'lost', at })
          draft.further.push(...(yield* lost))
        }
        const advanceAt = at + order.details.policy.completedAfterMs
        const { parcelId, lines } = parcel
        yield* draftOrder(draft, { type: 'LoseParcel', parcelId, lines, at, advanceAt })
        return ok(undefined)
      }),
  })

const moveParcel = (
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly command: 'Deliver' | 'Lose'
    readonly follow: (
      draft: OrderDraft,
      parcel: Parcel,
      sent: readonly Stored<Parcel>[],
    ) => Result<void, OrderMoveError>
  },
): ResultAsync<MovedParcel, MoveParcelError | CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: parseParcelId,
    plan: ({ input: { parcelId } }) => ({
      parcel: row(parcels, parcelId),
      ...askOrder({ from: 'parcel', path: 'orderId' }),
      sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
    }),
    decide: ({ parcel, sent, ...read }, { input: { parcelId }, now }) =>
      parcel === undefined
        ? err<never, MoveParcelError>({ type: 'NotFound', entity: 'parcel', id: parcelId })
        : openDraft(read, parcel.state.orderId, now)
            .mapErr((error): MoveParcelError => error)
            .andThen((draft) =>
              moveBoth(draft, parcel, { type: spec.command, at: now }, () =>
                spec.follow(draft, parcel.state, sent),
              ).map((answer) => ({ changes: closeDraft(draft), answer })),
            ),
  })

/** Moves a parcel, and its order after it. */
export const moveBoth = (
  draft: OrderDraft,
  parcel: Stored<Parcel>,
  command: Extract<ParcelCommand, { at: number }>,
  follow: () => Result<void, OrderMoveError>,
): Result<MovedParcel, MoveParcelError> =>
  safeTry(function* () {
    const { state, events } = yield* decideNext(parcelMachine, parcel.state, command)
    yield* follow()
    if (events.length > 0) {
      draft.further.push(put<ParcelState>(parcels, { id: parcel.id, version: parcel.version, state, events }))
    }
    const order = yield* orderIn(draft)
    return ok({
      orderId: order.orderId,
      parcelId: parcel.id,
      parcelStatus: state.status === 'absent' ? parcel.state.status : state.status,
      orderStatus: order.status,
    })
  })
