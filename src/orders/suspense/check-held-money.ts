import { err, ok, type Result } from 'neverthrow'
import type { AccountShare } from '../../payments/ledger.js'
import type { Payment } from '../../payments/payment.js'
import { holdingDisputes, refundableMinor, suspendedMinor, undecidedMinor } from '../../payments/payment-machine.js'
import type { Refund } from '../../payments/refund.js'
import type { Currency } from '../../shared/currency.js'
import { payerBy } from '../money/order-payers.js'
import type { OrderMoveError } from '../order-draft.js'
import { isPayable, payingIdsOf } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'

/** The money pays its order, and none is beyond that: it goes back by a refund of the order. */
export type MoneyPaysOrder = { readonly type: 'MoneyPaysOrder'; readonly orderId: string; readonly paymentId: string }

/** Nothing of the payment is left to send back in its currency. */
export type NoMoneyHeld = { readonly type: 'NoMoneyHeld'; readonly paymentId: string; readonly currency: Currency }

/** Why held money is not sent back. */
export type ReturnHeldMoneyError = MoneyPaysOrder | NoMoneyHeld | OrderMoveError

/** How much of a payment that does not fit goes back: all that is left of it, or, of one that pays its order, what is beyond that. */
export const checkReturn = (order: OrderRow, payment: Payment): Result<number, ReturnHeldMoneyError> => {
  const { paymentId, orderId, currency, status } = payment
  if (status !== 'integrityHold') {
    return err({ type: 'PaymentStateForbids', status, command: 'ReturnHeldMoney' })
  }
  // A part that was paid of an order which has ended pays nothing any more.
  const paysPart = isPayable(order) && payerBy(order, paymentId)?.paidBy === paymentId
  const pays = paysPart || payingIdsOf(order).includes(paymentId)
  const amountMinor = pays ? undecidedMinor(payment, currency) : refundableMinor(payment)
  if (pays && amountMinor <= 0) return err({ type: 'MoneyPaysOrder', orderId, paymentId })
  const disputeIds = holdingDisputes(payment)
  if (disputeIds.length > 0) return err({ type: 'DisputeOpen', paymentId, disputeIds })
  return amountMinor <= 0 ? err({ type: 'NoMoneyHeld', paymentId, currency }) : ok(amountMinor)
}

/** Whether a payment holds money that does not fit and may be sent back. */
export const mayReturnHeldMoney = (order: OrderRow, payment: Payment): boolean => checkReturn(order, payment).isOk()

/** Whether a payment holds money in another currency than was asked for, which a person may send back past its gateway. */
export const mayReturnByHand = (payment: Payment): boolean =>
  payment.status === 'integrityHold' &&
  payment.known.suspended.some(({ currency }) => currency !== payment.currency && undecidedMinor(payment, currency) > 0)

/** What fitted before other words came stands to the order, and what did not in suspense; that is looked to first. */
export const sourcesOfHeld = (
  payment: Payment,
  refunds: readonly Refund[],
  amountMinor: number,
): readonly AccountShare[] => {
  const { paymentId, orderId, gatewayId, currency } = payment
  const account = `suspense:${gatewayId}` as const
  const borne = refunds
    .filter((refund) => refund.paymentId === paymentId && refund.status !== 'cancelled')
    .flatMap(({ sources }) => sources)
    .reduce((sum, share) => (share.account === account ? sum + share.amountMinor : sum), 0)
  const fromSuspense = Math.min(amountMinor, Math.max(0, suspendedMinor(payment, currency) - borne))
  const shares: readonly AccountShare[] = [
    { account, amountMinor: fromSuspense },
    { account: `escrow:${orderId}`, amountMinor: amountMinor - fromSuspense },
  ]
  return shares.filter((share) => share.amountMinor > 0)
}
