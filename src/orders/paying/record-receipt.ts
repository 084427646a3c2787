import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { InventoryPorts } from '../../inventory/ports.js'
import { collectionOnDelivery, offlineReceipt } from '../../payments/offline.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { claim } from '../../shared/commit.js'
import { claims, row, rows, type Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { collectByParcels } from '../on-delivery/collect-by-parcel.js'
import { promisesOf } from '../on-delivery/collect-on-delivery.js'
import { isOnDelivery } from '../on-delivery/promised-money.js'
import { parcels } from '../order.collection.schema.js'
import { askOrder, closeDraft, type OrderDraft, type OrderMoveError, openDraft, orderIn } from '../order-draft.js'
import type { RecordReceiptInput } from '../order-inputs.js'
import { parseRecordReceipt } from '../order-inputs.schema.js'
import { learnOfPayment } from '../order-moves.js'
import { payParcel } from '../parcels/move-parcel.js'
import type { Parcel, ParcelError } from '../parcels/parcel.js'
import { checkReceived, type ReceiptDiffers } from './receipt-amount.js'
import { type PaymentStanding, standingOf } from './record-outcome.js'
import { askRetake, type Retake, retakeOf } from './reinstate-order.js'

/** What a receipt came to. */
export type RecordedReceipt = PaymentStanding & {
  /** False where the money of this payment stood in the books already. */
  readonly recorded: boolean
  /** Money that the order has no use for, as it came too late or twice, and that the shop owes back; null where none. */
  readonly refundDue: { readonly refundId: string; readonly amountMinor: number } | null
}

/** The gateway of the payment says itself what came; nobody's word stands for it. */
export type ReceiptNotExpected = {
  readonly type: 'ReceiptNotExpected'
  readonly paymentId: string
  readonly gatewayId: string
}

/** The statement line or remittance stands for another payment already. */
export type ReceiptReferenceUsed = {
  readonly type: 'ReceiptReferenceUsed'
  readonly reference: string
  readonly paymentId: string
}

/** Why a receipt is not recorded. */
export type RecordReceiptError =
  | ReceiptNotExpected
  | ReceiptDiffers
  | ReceiptReferenceUsed
  | ParcelError
  | OrderMoveError

/** The space that says which payment a line of a statement was recorded for. */
const receiptSpace = 'offlineReceipt'

/**
 * Records money that only a person can see: a transfer on the bank statement, cash that a courier brought. It pays the
 * order, or what a parcel of one that is paid on delivery was to bring; where the order is at its end or paid already, it
 * is owed back, unless its terms open it again.
 *
 * @errors ReceiptTooLow naming what is missing, ReceiptTooHigh, ReceiptCurrencyDiffers, ReceiptReferenceUsed when the
 * line was recorded for another payment, ReceiptNotExpected, NotFound, CommandError
 */
export const recordReceipt = (
  ports: InventoryPorts,
  context: CommandContext,
  input: RecordReceiptInput,
): ResultAsync<RecordedReceipt, RecordReceiptError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.recordReceipt',
    parse: parseRecordReceipt,
    plan: ({ now, input: { paymentId, reference } }) => ({
      found: row(payments, paymentId),
      takenBy: claims(receiptSpace, { from: 'found', path: 'gatewayId', suffix: `:${reference}` }),
      ...askOrder({ from: 'found', path: 'orderId' }),
      sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
      ...askRetake(ports, now),
    }),
    decide: ({ found, takenBy, sent, ...read }, { input, actor, now }) =>
      safeTry(function* () {
        const { paymentId, reference } = input
        if (found === undefined) {
          return err<never, RecordReceiptError>({ type: 'NotFound', entity: 'payment', id: paymentId })
        }
        const payment = found.state
        const draft = yield* openDraft(read, payment.orderId, now)
        const recorded = yield* receive(draft, payment, sent, input, retakeOf(ports, read))
        if (!recorded) return ok({ changes: [], answer: answerOf(draft, paymentId, false) })
        const key = `${payment.gatewayId}:${reference}`
        const other = takenBy.get(key)
        if (other !== undefined) {
          return err<never, RecordReceiptError>({ type: 'ReceiptReferenceUsed', reference, paymentId: other })
        }
        draft.further.push(
          claim({ space: receiptSpace, key, owner: paymentId }),
          auditEntry(ports.ids, {
            actor,
            action: 'orders.recordReceipt',
            subject: paymentId,
            at: now,
            outcome: 'done',
            detail: `${input.currency} ${input.amountMinor} ${reference}`,
          }),
        )
        return ok({ changes: closeDraft(draft), answer: answerOf(draft, paymentId, true) })
      }),
  })

/** Puts the money to its payment; false where it stood in the books already. */
const receive = (
  draft: OrderDraft,
  payment: Payment,
  sent: readonly Stored<Parcel>[],
  input: RecordReceiptInput,
  retake: Retake,
): Result<boolean, RecordReceiptError> =>
  safeTry(function* () {
    const { paymentId, gatewayId, currency } = payment
    const parcel = sent.find(({ id }) => id === input.parcelId)
    if (input.parcelId !== undefined && parcel === undefined) {
      return err<never, RecordReceiptError>({ type: 'NotFound', entity: 'parcel', id: input.parcelId })
    }
    if (payment.queryable) return err<never, RecordReceiptError>({ type: 'ReceiptNotExpected', paymentId, gatewayId })
    const order = yield* orderIn(draft)
    if (promisesOf(draft, order).some((each) => each.paymentId === paymentId)) {
      const collected = yield* collectByParcels(draft, sent, parcel, input)
      for (const each of collected ?? []) draft.further.push(...(yield* payParcel(each, draft.at)))
      return ok(collected !== undefined)
    }
    if (payment.known.captured !== null) return ok(false)
    // Of an order that is given up a parcel may bring money all the same, and then as much as it left with.
    const printedMinor = parcel?.state.collectMinor
    const dueMinor = isOnDelivery(payment) && printedMinor !== undefined ? printedMinor : payment.amountMinor
    yield* checkReceived(input, { currency, dueMinor })
    const received = { minor: input.amountMinor, currency, at: draft.at }
    const snapshot = isOnDelivery(payment)
      ? collectionOnDelivery(payment, { takenMinor: input.amountMinor, isLast: true, at: draft.at })
      : offlineReceipt(payment, received)
    yield* learnOfPayment(draft, paymentId, [{ type: 'RecordSnapshot', snapshot }], retake)
    return ok(true)
  })

const answerOf = (draft: OrderDraft, paymentId: string, recorded: boolean): RecordedReceipt => {
  const owed = [...draft.refunds.values()]
    .map(({ state }) => state)
    .find(
      (refund) =>
        refund.paymentId === paymentId && (refund.reason === 'lateSuccess' || refund.reason === 'duplicatePayment'),
    )
  return {
    ...standingOf(draft, paymentId),
    recorded,
    refundDue: owed === undefined ? null : { refundId: owed.refundId, amountMinor: owed.amountMinor },
  }
}
