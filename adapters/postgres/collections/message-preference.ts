import { messagePreferences } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What persons want to hear. */
export const messagePreferenceTable: CollectionTable = { collection: messagePreferences, table: 'message_preference' }
