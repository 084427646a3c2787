import { couponIssues } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Coupons that campaigns have left. */
export const couponIssuesTable: CounterTable = { family: couponIssues, table: 'coupon_issues' }
