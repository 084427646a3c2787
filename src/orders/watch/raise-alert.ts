import { type Change, put } from '../../shared/commit.js'
import type { PaymentAlert } from './payment-alert.js'
import { paymentAlerts } from './payment-alert.schema.js'

/** The space that says which open alert an order was reported by; by its order. */
export const reportSpace = 'paymentReport'

/** Keeps an alert until a person has looked. */
export const raiseAlert = (alert: Pick<PaymentAlert, 'alertId' | 'orderId' | 'paymentId' | 'reasons' | 'at'>): Change =>
  put<PaymentAlert>(paymentAlerts, { id: alert.alertId, version: 0, state: { ...alert, status: 'open' } })
