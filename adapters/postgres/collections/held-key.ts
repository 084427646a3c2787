import { heldKeys } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Keys of people who are gone, set aside for legal claims. */
export const heldKeyTable: CollectionTable = { collection: heldKeys, table: 'held_key' }
