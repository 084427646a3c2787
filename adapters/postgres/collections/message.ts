import { messages } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Messages to persons. */
export const messageTable: CollectionTable = {
  collection: messages,
  table: 'message',
  // A code is found at once, however many messages of other kinds are due.
  indexes: { waiting: '(shop, template, due_at, id) where due_at is not null' },
}
