import { err, ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { holdingDisputes, undecidedMinor, untakenMinor } from '../../payments/payment-machine.js'
import type { Instant } from '../../shared/instant.js'
import { isForEdit, paysEdit } from '../editing/settle-edit.js'
import { payerBy, restOfPart } from '../money/order-payers.js'
import type { OrderMoveError } from '../order-draft.js'
import { editOf, isPayable, payingIdsOf } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { hasPaidShare } from '../order-share-steps.js'
import { checkInTime } from '../paying/check-attempt.js'
import type { NoMoneyHeld } from './check-held-money.js'

/** Nothing is owed for the order that the payment was to pay: its money can only go back. */
export type NothingOwed = { readonly type: 'NothingOwed'; readonly orderId: string; readonly paymentId: string }

/** Less came than is owed, and what is owed cannot be paid in parts. */
export type HeldMoneyTooLow = {
  readonly type: 'HeldMoneyTooLow'
  readonly orderId: string
  readonly paymentId: string
  readonly owedMinor: number
  readonly heldMinor: number
}

/** Why held money does not count for its order. */
export type AcceptHeldMoneyError = NothingOwed | HeldMoneyTooLow | NoMoneyHeld | OrderMoveError

/** What held money is for. */
export type Acceptance = {
  /** All of the order, the part of one of several, a dearer change, or what a payment that pays it has yet to bring. */
  readonly pays: 'order' | 'part' | 'change' | 'rest'
  /** What counts of it, minor units. */
  readonly amountMinor: number
  /** What is still owed of what it is for; 0 where it pays all of that. */
  readonly missingMinor: number
}

/** Whether held money counts for its order, and how far. */
export const checkAcceptance = (
  order: OrderRow,
  payment: Payment,
  at: Instant,
): Result<Acceptance, AcceptHeldMoneyError> => {
  const { paymentId, orderId, currency, status } = payment
  if (status !== 'integrityHold') return err({ type: 'PaymentStateForbids', status, command: 'AcceptHeld' })
  const heldMinor = undecidedMinor(payment, currency)
  const disputeIds = holdingDisputes(payment)
  if (disputeIds.length > 0) return err({ type: 'DisputeOpen', paymentId, disputeIds })
  if (heldMinor <= 0) return err({ type: 'NoMoneyHeld', paymentId, currency })
  const { pays, owedMinor, inParts } = owedBy(order, payment, at)
  if (owedMinor <= 0) return err({ type: 'NothingOwed', orderId, paymentId })
  const missingMinor = Math.max(0, owedMinor - heldMinor)
  if (missingMinor > 0 && !inParts) return err({ type: 'HeldMoneyTooLow', orderId, paymentId, owedMinor, heldMinor })
  return ok({ pays, amountMinor: owedMinor - missingMinor, missingMinor })
}

/** Whether held money may be said to count for its order. */
export const mayAcceptHeldMoney = (order: OrderRow, payment: Payment, at: Instant): boolean =>
  checkAcceptance(order, payment, at).isOk()

type Owed = { readonly pays: Acceptance['pays']; readonly owedMinor: number; readonly inParts: boolean }

const owedBy = (order: OrderRow, payment: Payment, at: Instant): Owed => {
  const { paymentId } = payment
  if (payingIdsOf(order).includes(paymentId)) {
    return { pays: 'rest', owedMinor: untakenMinor(payment), inParts: true }
  }
  if (isForEdit(order, paymentId)) {
    const differenceMinor = editOf(order).edit?.differenceMinor ?? 0
    const isOwed = payment.known.captured === null && paysEdit(order, payment, differenceMinor)
    return { pays: 'change', owedMinor: isOwed ? differenceMinor : 0, inParts: false }
  }
  // What is missing is to be paid in time.
  const inTime = order.status === 'awaitingPayment' && checkInTime(order, at).isOk()
  const payer = payerBy(order, paymentId)
  if (payer !== undefined) {
    // More of what was accepted as a part may be all that is missing of what it is a part of.
    const due = payer.paidBy === null ? payer : restOfPart(order, paymentId)
    const owedMinor = isPayable(order) ? (due?.amountMinor ?? 0) : 0
    return { pays: 'part', owedMinor, inParts: inTime && payer.paidBy === null }
  }
  return {
    pays: 'order',
    owedMinor: isPayable(order) && !hasPaidShare(order) ? order.totals.payableMinor : 0,
    inParts: inTime && order.payers === undefined && order.details.apart === undefined,
  }
}
