import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { type ReturnedPieces, stillOut, takeBackStock } from '../../inventory/take-back-stock.js'
import type { Denied } from '../../shared/actor.js'
import { type Change, put } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { InvalidInput, NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { row, rows, type Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { ReceiptDiffers } from '../money/receipt-amount.js'
import { askedOfParcel } from '../on-delivery/asked-of-parcel.js'
import { collectByParcels } from '../on-delivery/collect-by-parcel.js'
import { giveUpUndelivered } from '../on-delivery/give-up-undelivered.js'
import { settleAwaitedMoney } from '../on-delivery/settle-awaited-money.js'
import { parcels } from '../order.collection.schema.js'
import type { Order } from '../order.js'
import {
  askRefundableOrder,
  closeDraft,
  draftOrder,
  type OrderDraft,
  type OrderMoveError,
  type OrderRead,
  ofMerchant,
  openDraft,
  orderIn,
} from '../order-draft.js'
import type { OrderError } from '../order-error.js'
import type { RecordDeliveryInput, RecordParcelReturnInput } from '../order-inputs.js'
import { parseParcelId, parseRecordDelivery, parseRecordParcelReturn } from '../order-inputs.schema.js'
import { quantityOf } from '../order-pieces.js'
import { makeGoodWithinMs } from '../policy/shop-policy.js'
import { isAwaited } from './awaited-parcel.js'
import type { Parcel, ParcelCommand, ParcelError, ParcelEvent } from './parcel.js'
import { isUncollected, type ParcelState, parcelMachine } from './parcel-machine.js'

/** Where a parcel and its order stand. */
export type MovedParcel = {
  readonly orderId: string
  readonly parcelId: string
  readonly parcelStatus: Parcel['status']
  readonly orderStatus: Order['status']
}

/** Why a parcel is not moved. */
export type MoveParcelError = NotFound | ParcelError | ReceiptDiffers | OrderMoveError

/**
 * Notes that a parcel was signed for; with the last one the order is. Where its goods were confirmed before, the order
 * stays as it is. What its courier collected can be recorded with it.
 *
 * @errors Denied to a merchant who tells what was collected; ReceiptTooLow, ReceiptTooHigh, ReceiptCurrencyDiffers where
 * another amount was collected than it left with;
 * ParcelStateForbids, NotFound, CommandError
 */
export const recordDelivery = (
  ports: CorePorts,
  context: CommandContext,
  input: RecordDeliveryInput,
): ResultAsync<MovedParcel, MoveParcelError | CommandError> =>
  moveParcel(ports, context, input, {
    action: 'orders.recordDelivery',
    parse: parseRecordDelivery,
    move: (draft, parcel, sent, { collected }) =>
      safeTry(function* () {
        const { at } = draft
        // What came of money is the shop's word, not that of who gets it.
        if (collected !== undefined && context.actor.kind === 'merchant') {
          return err<never, MoveParcelError | Denied>({ type: 'Denied', action: 'orders.recordReceipt' })
        }
        const handedMinor = collected === undefined ? yield* handedFor(draft, parcel.state, sent) : undefined
        const paid = collected === undefined ? undefined : yield* collectByParcels(draft, sent, parcel, collected)
        const handed = handedMinor === undefined ? {} : { handedMinor }
        const commands: readonly MovingCommand[] = [
          ...(paid === undefined ? [] : [{ type: 'Collect' as const, at }]),
          { type: 'Deliver', ...handed, at },
        ]
        return moveBoth(draft, parcel, commands, () =>
          orderIn(draft).andThen((order) =>
            isAwaited(order, parcel.state, statesOf(sent))
              ? draftOrder(draft, {
                  type: 'Sign',
                  parcelId: parcel.id,
                  lines: parcel.state.lines,
                  by: 'carrier',
                  ...handed,
                  at,
                  advanceAt: at + order.details.policy.completedAfterMs,
                }).map(() => undefined)
              : ok(undefined),
          ),
        )
      }),
  })

// What its receiver pays at the door; undefined where it brings nothing, or its order was taken as received before.
const handedFor = (
  draft: OrderDraft,
  parcel: Parcel,
  sent: readonly Stored<Parcel>[],
): Result<number | undefined, NotFound> =>
  orderIn(draft).map((order) =>
    isUncollected(parcel) && isAwaited(order, parcel, statesOf(sent))
      ? askedOfParcel(order, parcel, statesOf(sent))
      : undefined,
  )

/**
 * Notes that the carrier has lost a parcel: its pieces are written off and can be refunded without a return. Of an order
 * that is paid on delivery nothing is owed for them. Where its goods were confirmed before, or taken as received, they stay
 * the buyer's, and the order stays as it is.
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
    parse: parseParcelId,
    move: (draft, parcel, sent) =>
      takeParcelBack(draft, parcel, sent, {
        command: { type: 'Lose', at: draft.at },
        pieces: parcel.state.lines.map(({ lineId, warehouse, quantity }) => ({
          lineId,
          warehouse,
          restockQuantity: 0,
          scrapQuantity: quantity,
        })),
        refundId: ports.ids.next('ref'),
      }),
  })

/**
 * Notes that a parcel is here again that nobody accepted, or that could not be handed over: its pieces go back on the
 * shelf, but for those that are spoiled or wait in quarantine for a decision, and can be refunded without a return. Of an order that is paid on delivery
 * nothing is owed for them; with the last one it is cancelled, its coupons and points the buyer's again. Where its goods were
 * confirmed before, or taken as received, only the stock and the history of the order say that they are here: a return, or
 * a person by a refund, decides on their money.
 *
 * @errors ParcelStateForbids, QuantityExceedsOrder when more are spoiled or kept than are in it, NotFound, CommandError
 */
export const recordParcelReturn = (
  ports: CorePorts,
  context: CommandContext,
  input: RecordParcelReturnInput,
): ResultAsync<MovedParcel, MoveParcelError | CommandError> =>
  moveParcel(ports, context, input, {
    action: 'orders.recordParcelReturn',
    parse: parseRecordParcelReturn,
    move: (draft, parcel, sent, apart) =>
      sortedPieces(parcel.state, apart).andThen((pieces) =>
        takeParcelBack(draft, parcel, sent, {
          command: { type: 'ComeBack', at: draft.at },
          pieces,
          refundId: ports.ids.next('ref'),
        }),
      ),
  })

/** The pieces of a parcel, those apart that are not put back on the shelf. */
const sortedPieces = (
  { lines }: Parcel,
  { scrapped = [], quarantined = [] }: Pick<RecordParcelReturnInput, 'scrapped' | 'quarantined'>,
): Result<readonly ReturnedPieces[], OrderError> => {
  for (const { lineId } of [...scrapped, ...quarantined]) {
    const asked = quantityOf(scrapped, lineId) + quantityOf(quarantined, lineId)
    const left = quantityOf(lines, lineId)
    if (asked > left) return err({ type: 'QuantityExceedsOrder', lineId, asked, left })
  }
  const sofar = new Map<string, number>()
  return ok(
    lines.map(({ lineId, warehouse, quantity }) => {
      const before = sofar.get(lineId) ?? 0
      sofar.set(lineId, before + quantity)
      // The first pieces of a line are those written off, the next those kept.
      const within = (limit: number) => Math.min(quantity, Math.max(0, limit - before))
      const scrapQuantity = within(quantityOf(scrapped, lineId))
      const apart = within(quantityOf(scrapped, lineId) + quantityOf(quarantined, lineId))
      const quarantineQuantity = apart - scrapQuantity
      return { lineId, warehouse, restockQuantity: quantity - apart, quarantineQuantity, scrapQuantity }
    }),
  )
}

const statesOf = (sent: readonly Stored<Parcel>[]): readonly Parcel[] => sent.map(({ state }) => state)

// Nobody signs for it any more, and what it was to bring is not brought. What counts as received is the buyer's for all that:
// its pieces are taken in where they are here again, and its money goes back by a return, or as a person decides.
const takeParcelBack = (
  draft: OrderDraft,
  parcel: Stored<Parcel>,
  sent: readonly Stored<Parcel>[],
  back: {
    readonly command: Extract<ParcelCommand, { type: 'Lose' | 'ComeBack' }>
    readonly pieces: readonly ReturnedPieces[]
    readonly refundId: string
  },
): Result<MovedParcel, MoveParcelError> =>
  moveBoth(draft, parcel, [back.command], () =>
    safeTry(function* () {
      const { at } = draft
      const order = yield* orderIn(draft)
      const { parcelId, lines, collectMinor = 0, collectedAt } = parcel.state
      const cameBack = back.command.type === 'ComeBack'
      const awaited = isAwaited(order, parcel.state, statesOf(sent))
      const { reservation } = draft.read
      const reason = cameBack ? 'returned' : 'lost'
      const pieces = awaited || cameBack ? stillOut(reservation?.state.lines ?? [], back.pieces) : []
      if (reservation !== undefined && pieces.length > 0) {
        draft.further.push(...(yield* takeBackStock(reservation, { pieces, reference: parcelId, reason, at })))
      }
      yield* draftOrder(draft, {
        type: 'LoseParcel',
        parcelId,
        lines: awaited ? lines : [],
        at,
        advanceAt: at + order.details.policy.completedAfterMs,
        makeGoodBy: at + (order.details.policy.makeGoodWithinMs ?? makeGoodWithinMs),
        ...(cameBack ? { cameBack } : {}),
        ...(collectedAt === undefined ? { collectMinor } : {}),
      })
      yield* settleAwaitedMoney(draft, awaited || collectedAt !== undefined ? undefined : parcel.state)
      if (!awaited) return ok(undefined)
      return giveUpUndelivered(draft, parcel.state, { refundId: back.refundId, reason })
    }),
  )

/** Runs a command on a parcel and its order. */
export const moveParcel = <Input extends { readonly parcelId: string }>(
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly parse: (input: unknown) => Result<Input, InvalidInput>
    readonly move: (
      draft: OrderDraft,
      parcel: Stored<Parcel>,
      sent: readonly Stored<Parcel>[],
      input: Input,
    ) => Result<MovedParcel, MoveParcelError | Denied>
  },
): ResultAsync<MovedParcel, MoveParcelError | CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: ({ input: { parcelId } }) => ({
      parcel: row(parcels, parcelId),
      ...askRefundableOrder({ from: 'parcel', path: 'orderId' }),
      sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
    }),
    ofMerchant: parcelOfMerchant,
    decide: ({ parcel, sent, ...read }, { input: given, now }) =>
      parcel === undefined
        ? err<never, MoveParcelError | Denied>({ type: 'NotFound', entity: 'parcel', id: given.parcelId })
        : openDraft(read, parcel.state.orderId, now).andThen((draft) =>
            spec.move(draft, parcel, sent, given).map((answer) => ({ changes: closeDraft(draft), answer })),
          ),
  })

/** What was read of a parcel and its order, as their merchant moves them: no parcel that is not theirs. */
export const parcelOfMerchant = <
  Read extends Pick<OrderRead, 'order'> & { readonly parcel: Stored<Parcel> | undefined },
>(
  read: Read,
  merchantId: string,
): Read => ({
  ...ofMerchant(read, merchantId),
  parcel: read.parcel?.state.merchantId === merchantId ? read.parcel : undefined,
})

type MovingCommand = Extract<ParcelCommand, { at: number }>

/** Moves a parcel, and its order after it. */
export const moveBoth = (
  draft: OrderDraft,
  parcel: Stored<Parcel>,
  commands: readonly MovingCommand[],
  follow: () => Result<void, OrderMoveError>,
): Result<MovedParcel, MoveParcelError> =>
  safeTry(function* () {
    const { status, changes } = yield* stepParcel(parcel, commands)
    yield* follow()
    draft.further.push(...changes)
    const order = yield* orderIn(draft)
    return ok({ orderId: order.orderId, parcelId: parcel.id, parcelStatus: status, orderStatus: order.status })
  })

/** Notes that what a parcel was to bring is there. */
export const payParcel = (parcel: Stored<Parcel>, at: Instant): Result<readonly Change[], ParcelError> =>
  stepParcel(parcel, [{ type: 'Collect', at }]).map(({ changes }) => changes)

const stepParcel = (
  parcel: Stored<Parcel>,
  commands: readonly MovingCommand[],
): Result<{ readonly status: Parcel['status']; readonly changes: readonly Change[] }, ParcelError> =>
  safeTry(function* () {
    const { id, version } = parcel
    const events: ParcelEvent[] = []
    let now: ParcelState = parcel.state
    for (const command of commands) {
      const next: { readonly state: ParcelState; readonly events: readonly ParcelEvent[] } = yield* decideNext(
        parcelMachine,
        now,
        command,
      )
      now = next.state
      events.push(...next.events)
    }
    return ok({
      status: now.status === 'absent' ? parcel.state.status : now.status,
      changes: events.length === 0 ? [] : [put<ParcelState>(parcels, { id, version, state: now, events })],
    })
  })
