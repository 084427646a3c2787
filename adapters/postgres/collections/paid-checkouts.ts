import { paidCheckouts } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Checkouts of each account that are paid and not given back whole, below zero. */
export const paidCheckoutsTable: CounterTable = { family: paidCheckouts, table: 'paid_checkouts' }
