import { memberTallies } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** What the membership programme came to. */
export const memberTallyTable: CounterTable = { family: memberTallies, table: 'member_tally' }
