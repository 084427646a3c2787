import { parkedFacts } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** What gateways told of and nothing here is known of. */
export const parkedFactTable: LogTable = { log: parkedFacts, table: 'parked_fact' }
