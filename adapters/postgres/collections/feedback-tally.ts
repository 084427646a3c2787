import { feedbackTallies } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** What sign-ups and surveys came to. */
export const feedbackTallyTable: CounterTable = { family: feedbackTallies, table: 'feedback_tally' }
