import { offerUses } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Uses that limited offers have left. */
export const offerUsesTable: CounterTable = { family: offerUses, table: 'offer_uses' }
