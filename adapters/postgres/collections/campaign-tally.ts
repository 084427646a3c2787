import { campaignTallies } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** What campaigns and offers came to. */
export const campaignTallyTable: CounterTable = { family: campaignTallies, table: 'campaign_tally' }
