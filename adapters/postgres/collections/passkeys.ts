import { passkeys } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Keys on devices of people. */
export const passkeysTable: CollectionTable = { collection: passkeys, table: 'passkeys' }
