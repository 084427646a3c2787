import { paymentPasswords } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Payment passwords, hashed. */
export const paymentPasswordTable: CollectionTable = { collection: paymentPasswords, table: 'payment_password' }
