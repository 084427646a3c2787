import { ok, type Result, safeTry } from 'neverthrow'
import type { HeldReceipt, HeldReceiptReason } from '../../payments/held-receipt.js'
import { offlineReceipt } from '../../payments/offline.js'
import type { Payment } from '../../payments/payment.js'
import { claim } from '../../shared/commit.js'
import type { Stored } from '../../shared/read-plan.js'
import type { OrderDraft, OrderMoveError } from '../order-draft.js'
import { learnOfPayment } from '../order-moves.js'
import type { Retake } from '../paying/reinstate-order.js'
import { holdReceipt, releaseReceipt } from './hold-money.js'

const lineSpace = 'receiptNumber'

/** A line of a statement that was recorded for a payment. */
export type ReceivedLine = {
  readonly reference: string
  readonly amountMinor: number
  readonly currency: string
}

/**
 * Puts a line of a statement to its payment. Together with what is held of earlier lines it pays what is due; what is
 * too little waits for the rest, what is too much and what came twice is owed back, what is of another currency waits
 * for a person. Whatever it is, it is booked.
 *
 * @param earlier - everything that was ever held for the payment
 * @returns what of the line is held; null where all of it pays
 * @errors OrderMoveError
 */
export const fitReceipt = (
  draft: OrderDraft,
  payment: Payment,
  line: ReceivedLine,
  { earlier, retake }: { readonly earlier: readonly Stored<HeldReceipt>[]; readonly retake: Retake },
): Result<HeldReceipt | null, OrderMoveError> =>
  safeTry(function* () {
    const { paymentId, orderId, gatewayId, currency, amountMinor: dueMinor } = payment
    const { at } = draft
    // Two lines of a payment at once are one of them first: both would be of the same number.
    const number = `${paymentId}.${earlier.length + 1}`
    const hold = (status: 'held' | 'owedBack', reason: HeldReceiptReason, amountMinor: number) => {
      const receipt: HeldReceipt = {
        receiptId: number,
        ...{ gatewayId, reference: line.reference, paymentId, orderId, reason },
        ...{ currency: line.currency, amountMinor, recordedAt: at, status },
        ...ownerOf(payment),
      }
      draft.further.push(...holdReceipt(receipt))
      return ok<HeldReceipt, OrderMoveError>(receipt)
    }
    if (line.currency !== currency) return hold('held', 'otherCurrency', line.amountMinor)
    const isTaken = payment.known.captured !== null || payment.status === 'integrityHold'
    if (isTaken) return hold('owedBack', 'receivedBefore', line.amountMinor)
    const waiting = earlier.filter(({ state }) => state.status === 'held' && state.currency === currency)
    const receivedMinor = waiting.reduce((sum, { state }) => sum + state.amountMinor, line.amountMinor)
    // What pays in full leaves no receipt of its number to whoever comes meanwhile with too little.
    if (receivedMinor <= dueMinor) draft.further.push(claim({ space: lineSpace, key: number, owner: line.reference }))
    if (receivedMinor < dueMinor) return hold('held', 'tooLow', line.amountMinor)
    for (const each of waiting) draft.further.push(...releaseReceipt(each, { status: 'applied', at }))
    const snapshot = offlineReceipt(payment, { minor: dueMinor, currency, at })
    yield* learnOfPayment(draft, paymentId, [{ type: 'RecordSnapshot', snapshot }], retake)
    return receivedMinor > dueMinor ? hold('owedBack', 'tooHigh', receivedMinor - dueMinor) : ok(null)
  })

/** Whose money a receipt of a payment is: that of who pays it, who may have no account. */
export const ownerOf = ({
  accountId,
  payerAccountId = accountId,
}: Pick<Payment, 'accountId' | 'payerAccountId'>): Pick<HeldReceipt, 'accountId'> =>
  payerAccountId === null ? {} : { accountId: payerAccountId }
