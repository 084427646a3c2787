import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { InventoryPorts } from '../../inventory/ports.js'
import type { HeldReceipt } from '../../payments/held-receipt.js'
import { heldReceipts } from '../../payments/held-receipt.schema.js'
import { collectionOnDelivery } from '../../payments/offline.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { claim } from '../../shared/commit.js'
import { claims, find, row, rows, type Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { isOnDelivery } from '../money/promised-money.js'
import { checkReceived, type ReceiptDiffers } from '../money/receipt-amount.js'
import { noticeTooLow } from '../notices/notify-buyer.js'
import { collectByParcels } from '../on-delivery/collect-by-parcel.js'
import { promisesOf } from '../on-delivery/collect-on-delivery.js'
import { parcels } from '../order.collection.schema.js'
import {
  askRefundableOrder,
  closeDraft,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from '../order-draft.js'
import type { RecordReceiptInput } from '../order-inputs.js'
import { parseRecordReceipt } from '../order-inputs.schema.js'
import { learnOfPayment } from '../order-moves.js'
import type { OrderRow } from '../order-row.js'
import { payParcel } from '../parcels/move-parcel.js'
import type { Parcel, ParcelError } from '../parcels/parcel.js'
import { type PaymentStanding, standingOf } from '../paying/record-outcome.js'
import { askRetake, type Retake, retakeOf } from '../paying/reinstate-order.js'
import { fitReceipt, ownerOf } from './fit-receipt.js'
import {
  partsKeyOf,
  receiptAmountSpace,
  receiptKeyOf,
  receiptSpace,
  releasePart,
  releaseReceipt,
} from './hold-money.js'

/** What a receipt came to. */
export type RecordedReceipt = PaymentStanding & {
  /** False where this very line, or this parcel, stood in the books already. */
  readonly recorded: boolean
  /** Money that the order has no use for, as it came too late or twice, and that the shop owes back; null where none. */
  readonly refundDue: { readonly refundId: string; readonly amountMinor: number } | null
  /** What of the line does not pay, and stands in suspense under this id; null where none. */
  readonly held: HeldMoney | null
}

/** Money of a line of a statement that does not pay what it was recorded for. */
export type HeldMoney = Pick<HeldReceipt, 'receiptId' | 'status' | 'reason' | 'currency' | 'amountMinor'> & {
  /** What is still missing for the payment to be paid, in its currency; 0 where nothing is. */
  readonly missingMinor: number
}

/** The gateway of the payment says itself what came, or others have taken its place; nobody's word stands for it. */
export type ReceiptNotExpected = {
  readonly type: 'ReceiptNotExpected'
  readonly paymentId: string
  readonly gatewayId: string
}

/** The statement line or remittance stands for something else already. */
export type ReceiptReferenceUsed = {
  readonly type: 'ReceiptReferenceUsed'
  readonly reference: string
  /**
   * The payment that it stands for, which may be this one, with another amount; null where it stands, or stood, as held for
   * none, or for parcels.
   */
  readonly paymentId: string | null
}

/** What was promised on delivery was received before: this is other money, to be recorded by `holdReceipt` and sent back. */
export type ReceivedBefore = {
  readonly type: 'ReceivedBefore'
  readonly paymentId: string
  readonly currency: string
  /** What it has brought, minor units. */
  readonly receivedMinor: number
}

/** Why a receipt is not recorded. */
export type RecordReceiptError =
  | ReceiptNotExpected
  | ReceivedBefore
  | ReceiptDiffers
  | ReceiptReferenceUsed
  | ParcelError
  | OrderMoveError

/** More lines than are ever recorded of one payment. */
const mostLines = 1_000

/**
 * Records money that only a person can see: a transfer on the bank statement, cash that a courier brought. It pays the
 * order, or what a parcel of one that is paid on delivery was to bring; where the order is at its end or paid already, it
 * is owed back, unless its terms open it again. A line counts once, and so does each parcel of a courier's remittance.
 *
 * A transfer is booked whatever it comes to: one that is too little waits in suspense for the rest and pays together with
 * it, what is too much, or came a second time, is owed back (`held`, `returnReceipt`). A line that was held as unexplained
 * (`holdReceipt`) is put to its payment; of a remittance that was, each parcel takes its part.
 *
 * @errors ReceiptReferenceUsed when the line was recorded for another payment or with another amount, or less of it is held,
 * ReceiptNotExpected, NotFound, CommandError; of money on delivery also ReceiptTooLow naming what is missing, ReceiptTooHigh, ReceiptCurrencyDiffers,
 * ReceivedBefore
 */
export const recordReceipt = (
  ports: InventoryPorts,
  context: CommandContext,
  input: RecordReceiptInput,
): ResultAsync<RecordedReceipt, RecordReceiptError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.recordReceipt',
    parse: parseRecordReceipt,
    plan: ({ now, input: { paymentId, reference, parcelId } }) => ({
      found: row(payments, paymentId),
      takenBy: claims(receiptSpace, { from: 'found', path: 'gatewayId', suffix: `:${reference}` }),
      takenInParts: claims(receiptSpace, { from: 'found', path: 'gatewayId', suffix: `:${reference}:*` }),
      takenByParcel: claims(
        receiptSpace,
        parcelId === undefined ? [] : { from: 'found', path: 'gatewayId', suffix: `:${reference}:${parcelId}` },
      ),
      lineCameTo: claims(receiptAmountSpace, { from: 'found', path: 'gatewayId', suffix: `:${reference}` }),
      parcelCameTo: claims(
        receiptAmountSpace,
        parcelId === undefined ? [] : { from: 'found', path: 'gatewayId', suffix: `:${reference}:${parcelId}` },
      ),
      ...askRefundableOrder({ from: 'found', path: 'orderId' }),
      sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
      unexplained: row(heldReceipts, { from: 'found', path: 'gatewayId', suffix: `:${reference}` }),
      earlier: find(heldReceipts, {
        where: [{ field: 'paymentId', is: 'eq', value: paymentId }],
        orderBy: { field: 'recordedAt', direction: 'ascending' },
        limit: mostLines,
      }),
      ...askRetake(ports, now),
    }),
    decide: (asked, { input, actor, now }) =>
      safeTry(function* () {
        const {
          found,
          takenBy,
          takenInParts,
          takenByParcel,
          lineCameTo,
          parcelCameTo,
          sent,
          unexplained,
          earlier,
          ...read
        } = asked
        const refuse = (error: RecordReceiptError) => err<never, RecordReceiptError>(error)
        const { paymentId, reference, parcelId } = input
        if (found === undefined) return refuse({ type: 'NotFound', entity: 'payment', id: paymentId })
        const payment = found.state
        const { gatewayId } = payment
        const draft = yield* openDraft(read, payment.orderId, now)
        // One remittance of a courier is the money of many parcels.
        const line = receiptKeyOf({ gatewayId, reference })
        const ofParcel = parcelId !== undefined && isOnDelivery(payment) ? parcelId : undefined
        const key = ofParcel === undefined ? line : `${line}:${ofParcel}`
        const owner = takenBy.get(key) ?? takenByParcel.get(key)
        const inParts = ofParcel === undefined ? undefined : takenInParts.get(partsKeyOf({ gatewayId, reference }))
        const known = owner === line || (owner === undefined && inParts === line) ? unexplained : undefined
        const isExplained = known !== undefined && isMoneyOf(known.state, input, ofParcel)
        // Nothing is left of a line that went whole to its payment, or back; who says the first again is told so.
        if (known !== undefined && !isExplained && (ofParcel !== undefined || known.state.paymentId !== paymentId)) {
          return refuse({ type: 'ReceiptReferenceUsed', reference, paymentId: known.state.paymentId })
        }
        if (known === undefined && owner !== undefined && owner !== paymentId) {
          return refuse({ type: 'ReceiptReferenceUsed', reference, paymentId: owner })
        }
        const isNew = owner === undefined || isExplained
        // Who says a line again with another amount has mistyped one of the two, and is not told that it stands.
        const amount = `${input.currency} ${input.amountMinor}`
        const saidBefore = lineCameTo.get(key) ?? parcelCameTo.get(key) ?? amount
        if (!isNew && saidBefore !== amount) return refuse({ type: 'ReceiptReferenceUsed', reference, paymentId })
        const received = isNew
          ? yield* receive(draft, payment, { sent, earlier, retake: retakeOf(ports, read) }, input)
          : { recorded: false, held: heldOf(earlier, reference) }
        const answer = answerOf(draft, payment, received, earlier)
        if (!received.recorded) return ok({ changes: [], answer })
        if (answer.held?.reason === 'tooLow')
          draft.further.push(...noticeTooLow(yield* orderIn(draft), payment, answer.held, now))
        if (ofParcel !== undefined) {
          const { amountMinor } = input
          draft.further.push(claim({ space: receiptSpace, key, owner: paymentId }))
          if (known !== undefined)
            draft.further.push(...releasePart(known, { parcelId: ofParcel, amountMinor, at: now }))
          else if (inParts === undefined) {
            const partsKey = partsKeyOf({ gatewayId, reference })
            draft.further.push(claim({ space: receiptSpace, key: partsKey, owner: partsKey }))
          }
        } else if (known !== undefined) {
          draft.further.push(
            ...releaseReceipt(
              { ...known, state: { ...known.state, paymentId, orderId: payment.orderId, ...ownerOf(payment) } },
              { status: 'applied', at: now },
            ),
          )
        } else draft.further.push(claim({ space: receiptSpace, key, owner: paymentId }))
        draft.further.push(
          claim({ space: receiptAmountSpace, key, owner: amount }),
          auditEntry(ports.ids, {
            actor,
            action: 'orders.recordReceipt',
            subject: paymentId,
            at: now,
            outcome: 'done',
            detail: `${input.currency} ${input.amountMinor} ${reference}`,
          }),
        )
        return ok({ changes: closeDraft(draft), answer })
      }),
  })

// A line is put to its payment whole; a parcel is a part of its remittance.
const isMoneyOf = (held: HeldReceipt, input: RecordReceiptInput, parcelId: string | undefined): boolean =>
  held.status === 'held' &&
  held.currency === input.currency &&
  (parcelId === undefined ? held.amountMinor === input.amountMinor : held.amountMinor >= input.amountMinor)

const heldOf = (earlier: readonly Stored<HeldReceipt>[], reference: string): HeldReceipt | null =>
  earlier.find(({ state }) => state.reference === reference && state.reason !== 'unexplained')?.state ?? null

/** What came of a line. */
type Received = {
  /** False where it stood in the books already. */
  readonly recorded: boolean
  readonly held: HeldReceipt | null
}

type Standing = {
  readonly sent: readonly Stored<Parcel>[]
  readonly earlier: readonly Stored<HeldReceipt>[]
  readonly retake: Retake
}

/** Puts the money to its payment. */
const receive = (
  draft: OrderDraft,
  payment: Payment,
  { sent, earlier, retake }: Standing,
  input: RecordReceiptInput,
): Result<Received, RecordReceiptError> =>
  safeTry(function* () {
    const { paymentId, gatewayId } = payment
    const parcel = sent.find(({ id }) => id === input.parcelId)
    if (input.parcelId !== undefined && parcel === undefined) {
      return err<never, RecordReceiptError>({ type: 'NotFound', entity: 'parcel', id: input.parcelId })
    }
    const order = yield* orderIn(draft)
    // What was promised of a checkout that is divided its orders bring, each by a payment of its own.
    if (payment.queryable || (order.status === 'divided' && isOnDelivery(payment))) {
      return err<never, RecordReceiptError>({ type: 'ReceiptNotExpected', paymentId, gatewayId })
    }
    const promises = promisesOf(draft, order)
    if (promises.some((each) => each.paymentId === paymentId)) {
      const collected = yield* collectByParcels(draft, sent, parcel, input)
      if (collected === undefined && parcel === undefined) yield* checkSameMoney(order, paymentId, promises, input)
      for (const each of collected ?? []) draft.further.push(...(yield* payParcel(each, draft.at)))
      return ok({ recorded: collected !== undefined, held: null })
    }
    if (isOnDelivery(payment)) {
      return receiveAfterEnd(draft, payment, parcel, input, retake).map((recorded) => ({ recorded, held: null }))
    }
    const held = yield* fitReceipt(draft, payment, input, { earlier, retake })
    return ok({ recorded: true, held })
  })

// Nothing waits for money any more: only what has come can be meant.
const checkSameMoney = (
  { currency }: OrderRow,
  paymentId: string,
  promises: readonly Payment[],
  input: RecordReceiptInput,
): Result<void, ReceivedBefore> => {
  const receivedMinor = promises.reduce((sum, { known }) => sum + (known.captured?.minor ?? 0), 0)
  if (input.amountMinor === receivedMinor && input.currency === currency) return ok(undefined)
  return err({ type: 'ReceivedBefore', paymentId, currency, receivedMinor })
}

// Of an order that is given up its parcels may bring money all the same: each as much as it left with, in all no more than
// was promised. It is the payer's, and is owed back.
const receiveAfterEnd = (
  draft: OrderDraft,
  payment: Payment,
  parcel: Stored<Parcel> | undefined,
  input: RecordReceiptInput,
  retake: Retake,
): Result<boolean, RecordReceiptError> =>
  safeTry(function* () {
    if (parcel?.state.collectedAt !== undefined) return ok(false)
    const { paymentId, currency, amountMinor } = payment
    const receivedMinor = payment.known.captured?.minor ?? 0
    const leftMinor = amountMinor - receivedMinor
    const dueMinor = parcel?.state.collectMinor ?? leftMinor
    if (leftMinor === 0 || dueMinor > leftMinor) {
      return err<never, RecordReceiptError>({ type: 'ReceivedBefore', paymentId, currency, receivedMinor })
    }
    yield* checkReceived(input, { currency, dueMinor })
    const takenMinor = receivedMinor + input.amountMinor
    const snapshot = collectionOnDelivery(payment, { takenMinor, isLast: true, at: draft.at })
    yield* learnOfPayment(draft, paymentId, [{ type: 'RecordSnapshot', snapshot }], retake)
    if (parcel !== undefined) draft.further.push(...(yield* payParcel(parcel, draft.at)))
    return ok(true)
  })

const answerOf = (
  draft: OrderDraft,
  { paymentId, amountMinor: dueMinor, currency }: Payment,
  { recorded, held }: Received,
  earlier: readonly Stored<HeldReceipt>[],
): RecordedReceipt => {
  const late = [...draft.refunds.values()].filter(
    ({ state: { paymentId: of, reason } }) =>
      of === paymentId && (reason === 'lateSuccess' || reason === 'duplicatePayment'),
  )
  // That of this receipt, where there are others of earlier ones.
  const owed = (late.find(({ before }) => before === null) ?? late[0])?.state
  const waiting = new Map(earlier.map(({ id, state }) => [id, state]))
  if (held !== null) waiting.set(held.receiptId, held)
  const waitingMinor = [...waiting.values()].reduce(
    (sum, each) => (each.status === 'held' && each.currency === currency ? sum + each.amountMinor : sum),
    0,
  )
  const isTaken = (draft.payments.get(paymentId)?.state.known.captured ?? null) !== null
  return {
    ...standingOf(draft, paymentId),
    recorded,
    refundDue: owed === undefined ? null : { refundId: owed.refundId, amountMinor: owed.amountMinor },
    held: held === null ? null : viewHeld(held, isTaken ? 0 : dueMinor - waitingMinor),
  }
}

const viewHeld = (held: HeldReceipt, missingMinor: number): HeldMoney => {
  const { receiptId, status, reason, currency, amountMinor } = held
  return { receiptId, status, reason, currency, amountMinor, missingMinor }
}
