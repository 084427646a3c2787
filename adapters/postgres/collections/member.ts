import { members } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Members of the programme. */
export const memberTable: CollectionTable = { collection: members, table: 'member' }
