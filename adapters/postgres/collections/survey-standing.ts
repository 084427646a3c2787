import { surveyStandings } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** When people were asked about the shop. */
export const surveyStandingTable: CollectionTable = { collection: surveyStandings, table: 'survey_standing' }
