import { type Change, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'
import type { PaymentAlert } from './payment-alert.js'
import { paymentAlerts } from './payment-alert.schema.js'

/** The space that says which open alert an order was reported by; by its order. */
export const reportSpace = 'paymentReport'

/**
 * Keeps an alert until a person has looked.
 *
 * @param before - the one that was raised for the same before
 */
export const raiseAlert = (
  alert: Pick<PaymentAlert, 'alertId' | 'orderId' | 'paymentId' | 'reasons' | 'at'>,
  before?: Stored<PaymentAlert>,
): Change =>
  put<PaymentAlert>(paymentAlerts, {
    id: alert.alertId,
    version: before?.version ?? 0,
    state: { ...alert, status: 'open' },
  })

/** Resolves an alert for which there is nothing to look at any more; nothing where there is none, or a person has looked. */
export const settleAlert = (found: Stored<PaymentAlert> | undefined, at: Instant): readonly Change[] => {
  if (found?.state.status !== 'open') return []
  const { id, version, state } = found
  const resolved = { note: 'PaymentConfirmed', by: 'system:orders.followWord', at }
  return [put<PaymentAlert>(paymentAlerts, { id, version, state: { ...state, status: 'resolved', resolved } })]
}
