import { accountsPersonalRecords } from './accounts/personal-records.js'
import { aftersalesPersonalRecords } from './aftersales/personal-records.js'
import { cartPersonalRecords } from './cart/personal-records.js'
import { historyPersonalRecords } from './catalog/history/personal-records.js'
import { reviewsPersonalRecords } from './catalog/reviews/personal-records.js'
import { inventoryPersonalRecords } from './inventory/personal-records.js'
import { membershipPersonalRecords } from './membership/personal-records.js'
import { notifyPersonalRecords } from './notify/personal-records.js'
import { ordersPersonalRecords } from './orders/personal-records.js'
import { paymentsPersonalRecords } from './payments/personal-records.js'
import { promotionsPersonalRecords } from './promotions/personal-records.js'
import type { PersonalRecord } from './shared/personal-record.js'

/** Everything that a shop keeps of people: what for, for how long, and what becomes of it when they go. */
export const shopPersonalRecords: readonly PersonalRecord[] = [
  ...accountsPersonalRecords,
  ...notifyPersonalRecords,
  ...reviewsPersonalRecords,
  ...historyPersonalRecords,
  ...cartPersonalRecords,
  ...ordersPersonalRecords,
  ...paymentsPersonalRecords,
  ...inventoryPersonalRecords,
  ...promotionsPersonalRecords,
  ...membershipPersonalRecords,
  ...aftersalesPersonalRecords,
]
