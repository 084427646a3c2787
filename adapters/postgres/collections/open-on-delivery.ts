import { openOnDelivery } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Orders of a buyer that go out unpaid and are not collected, below zero. */
export const openOnDeliveryTable: CounterTable = { family: openOnDelivery, table: 'open_on_delivery' }
