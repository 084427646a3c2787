import { ok, type Result } from 'neverthrow'
import { onDelivery } from '../../payments/offline.js'
import type { Payment, PaymentCloseReason, PaymentCommand } from '../../payments/payment.js'
import { draftPayment, type OrderDraft, type OrderMoveError } from '../order-draft.js'

/** Whether a payment is collected as goods are handed over; until then its money is promised. */
export const isOnDelivery = ({ method }: Payment): boolean => method === onDelivery

/**
 * Lets a promise go of which nothing, or nothing more, is to be collected. Where only people know of it there is nobody
 * to be asked, and it is at its end at once; a courier that can be asked is told by the sweep of payments.
 *
 * @errors OrderMoveError
 */
export const endPromise = (
  draft: OrderDraft,
  payment: Payment,
  reason: PaymentCloseReason,
): Result<void, OrderMoveError> => {
  const { at } = draft
  const { paymentId, status, queryable } = payment
  const asked: PaymentCommand = { type: 'RequestClose', reason, at }
  switch (status) {
    case 'created':
    case 'requiresAction':
    case 'processing':
    case 'unknown':
    case 'authorised':
    case 'closing': {
      const ended: PaymentCommand = { type: 'ConfirmClosed', evidence: 'closedByGateway', at }
      return draftPayment(draft, paymentId, queryable ? [asked] : [asked, ended])
    }
    case 'partlyCaptured':
      return draftPayment(draft, paymentId, queryable ? [asked] : [asked, { type: 'ConfirmReleased' }])
    case 'failed':
    case 'closed':
    case 'captured':
    case 'capturedAfterClose':
    case 'integrityHold':
      return ok(undefined)
  }
}
