import { privacyRequests } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Requests about personal data. */
export const privacyRequestTable: CollectionTable = { collection: privacyRequests, table: 'privacy_request' }
