import { err, ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { isUndecided, isUnheardOf } from '../../payments/payment-machine.js'

/** Another attempt may still bring the money; what became of it has to be asked first. */
export type AttemptUnderway = {
  readonly type: 'AttemptUnderway'
  readonly orderId: string
  readonly paymentId: string
  readonly status: Payment['status']
}

/**
 * The attempts that are to end before something else takes their place. A payer who was shown something to do and turns
 * to something else may, and so may one whose attempt never reached its gateway; should both pay, the later goes back.
 *
 * @param payments - of the order, those that are not in the way left out
 * @returns without those that are asked to end already
 * @errors AttemptUnderway where nobody knows what one has brought
 */
export const attemptsToEnd = (
  orderId: string,
  payments: Iterable<Payment>,
): Result<readonly string[], AttemptUnderway> => {
  const ending: string[] = []
  for (const payment of payments) {
    const { paymentId, status } = payment
    if (!isUndecided(payment) || status === 'closing') continue
    if (status !== 'requiresAction' && !isUnheardOf(payment)) {
      return err({ type: 'AttemptUnderway', orderId, paymentId, status })
    }
    ending.push(paymentId)
  }
  return ok(ending)
}
