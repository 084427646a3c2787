import { paymentAlerts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Payments that stood out, or were reported. */
export const paymentAlertTable: CollectionTable = {
  collection: paymentAlerts,
  table: 'payment_alert',
  indexes: { seen: '(shop, status, at, id)' },
}
