import { parcelTracking } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** What carriers told of parcels. */
export const parcelTrackingTable: LogTable = {
  log: parcelTracking,
  table: 'parcel_tracking',
  indexed: ['accountId'],
  indexes: { order: '(shop, order_id, at, id)' },
}
