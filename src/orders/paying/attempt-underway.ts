import type { Payment } from '../../payments/payment.js'

/** Another attempt may still bring the money; what became of it has to be asked first. */
export type AttemptUnderway = {
  readonly type: 'AttemptUnderway'
  readonly orderId: string
  readonly paymentId: string
  readonly status: Payment['status']
}
