import { coupons } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Coupons. */
export const couponTable: CollectionTable = { collection: coupons, table: 'coupon' }
