import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { InventoryPorts } from '../inventory/ports.js'
import { offlineReceipt } from '../payments/offline.js'
import type { Payment } from '../payments/payment.js'
import { payments } from '../payments/payment.schema.js'
import { auditEntry } from '../shared/audit-entry.js'
import { claim } from '../shared/commit.js'
import type { Currency } from '../shared/currency.js'
import { claims, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { askOrder, closeDraft, type OrderDraft, type OrderMoveError, openDraft } from './order-draft.js'
import type { RecordReceiptInput } from './order-inputs.js'
import { parseRecordReceipt } from './order-inputs.schema.js'
import { learnOfPayment } from './order-moves.js'
import { type PaymentStanding, standingOf } from './record-outcome.js'
import { askRetake, retakeOf } from './reinstate-order.js'

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

/** What came is in another currency than what is due. */
export type ReceiptCurrencyDiffers = {
  readonly type: 'ReceiptCurrencyDiffers'
  readonly expected: Currency
  readonly actual: string
}

/** Less came than is due. */
export type ReceiptTooLow = {
  readonly type: 'ReceiptTooLow'
  readonly currency: Currency
  readonly dueMinor: number
  readonly receivedMinor: number
  readonly missingMinor: number
}

/** More came than is due. */
export type ReceiptTooHigh = {
  readonly type: 'ReceiptTooHigh'
  readonly currency: Currency
  readonly dueMinor: number
  readonly receivedMinor: number
  readonly excessMinor: number
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
  | ReceiptCurrencyDiffers
  | ReceiptTooLow
  | ReceiptTooHigh
  | ReceiptReferenceUsed
  | OrderMoveError

/** The space that says which payment a line of a statement was recorded for. */
const receiptSpace = 'offlineReceipt'

/**
 * Records money that only a person can see: a transfer on the bank statement, cash that a courier brought. It pays the
 * order, or, where the order is at its end or paid already, is owed back, unless its terms open it again.
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
      ...askRetake(ports, now),
    }),
    decide: ({ found, takenBy, ...read }, { input, actor, now }) =>
      safeTry(function* () {
        const { paymentId, reference } = input
        if (found === undefined) {
          return err<never, RecordReceiptError>({ type: 'NotFound', entity: 'payment', id: paymentId })
        }
        const payment = found.state
        const draft = yield* openDraft(read, payment.orderId, now)
        if (payment.known.captured !== null) {
          return ok({ changes: [], answer: answerOf(draft, paymentId, false) })
        }
        yield* checkReceipt(payment, input)
        const key = `${payment.gatewayId}:${reference}`
        const other = takenBy.get(key)
        if (other !== undefined) {
          return err<never, RecordReceiptError>({ type: 'ReceiptReferenceUsed', reference, paymentId: other })
        }
        const received = { minor: input.amountMinor, currency: input.currency, at: now }
        const said = { type: 'RecordSnapshot', snapshot: offlineReceipt(payment, received) } as const
        yield* learnOfPayment(draft, paymentId, [said], retakeOf(ports, read))
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

const checkReceipt = (
  payment: Payment,
  { amountMinor, currency }: RecordReceiptInput,
): Result<void, RecordReceiptError> => {
  const { paymentId, gatewayId } = payment
  if (payment.queryable) return err({ type: 'ReceiptNotExpected', paymentId, gatewayId })
  if (currency !== payment.currency) {
    return err({ type: 'ReceiptCurrencyDiffers', expected: payment.currency, actual: currency })
  }
  const missingMinor = payment.amountMinor - amountMinor
  const facts = { currency, dueMinor: payment.amountMinor, receivedMinor: amountMinor }
  if (missingMinor > 0) return err({ type: 'ReceiptTooLow', ...facts, missingMinor })
  if (missingMinor < 0) return err({ type: 'ReceiptTooHigh', ...facts, excessMinor: -missingMinor })
  return ok(undefined)
}

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
