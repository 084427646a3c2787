import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'

/** Why money that a person has seen on a statement stands in suspense. */
export type HeldReceiptReason =
  /** Nobody knows what it is for. */
  | 'unexplained'
  /** With what came before it is less than is due: it pays together with the rest. */
  | 'tooLow'
  /** What is due is paid, and this is what came beyond. */
  | 'tooHigh'
  | 'otherCurrency'
  /** Its payment was received by another line before. */
  | 'receivedBefore'

export type HeldReceiptFacts = {
  readonly receiptId: string
  readonly gatewayId: string
  /** The line of the statement. */
  readonly reference: string
  /** The payment that it was recorded for; null while nobody knows. */
  readonly paymentId: string | null
  readonly orderId: string | null
  /** Whose payment that is; absent while nobody knows, of a visitor who has no account, and in what was written before. */
  readonly accountId?: string
  readonly reason: HeldReceiptReason
  readonly currency: Currency
  /** What of the line stands in suspense, or stood there last; minor units, above zero. */
  readonly amountMinor: number
  /** What of it went to parcels before, one by one, minor units; nothing when absent. */
  readonly appliedMinor?: number
  readonly recordedAt: Instant
}

/** Money of a line of a statement that fits nothing that was asked for: booked, and never lost sight of. */
export type HeldReceipt = HeldReceiptFacts &
  (
    | /** It waits for what is missing, or for somebody who knows what it is for. */
    { readonly status: 'held' }
    /** Nothing waits for it: a person is to send it back. */
    | { readonly status: 'owedBack' }
    /** It went to what it was for. */
    | { readonly status: 'applied'; readonly settledAt: Instant }
    /** A person has sent it back; or it never came, as its line was mistyped, and is out of the books. */
    | { readonly status: 'returned'; readonly settledAt: Instant; readonly mistyped?: true }
  )

/** How a receipt leaves suspense. */
export type ReceiptEnd = { readonly status: 'applied' } | { readonly status: 'returned'; readonly mistyped?: true }

/** A receipt that has left suspense. */
export const settleReceipt = (receipt: HeldReceipt, end: ReceiptEnd, settledAt: Instant): HeldReceipt => {
  const { receiptId, gatewayId, reference, paymentId, orderId, reason, currency, recordedAt } = receipt
  const { amountMinor, appliedMinor, accountId } = receipt
  const facts = { receiptId, gatewayId, reference, paymentId, orderId, reason, currency, amountMinor, recordedAt }
  const of = accountId === undefined ? {} : { accountId }
  return { ...facts, ...of, ...(appliedMinor === undefined ? {} : { appliedMinor }), ...end, settledAt }
}
