import { popularQueries } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Texts that people searched for. */
export const popularQueryTable: CollectionTable = {
  collection: popularQueries,
  table: 'popular_query',
  indexed: ['text', 'endsAt'],
}
