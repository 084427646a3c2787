import { challenges } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Codes that were sent. */
export const challengeTable: CollectionTable = { collection: challenges, table: 'challenge' }
