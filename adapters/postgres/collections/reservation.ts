import { reservations } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Stock owed to orders. */
export const reservationTable: CollectionTable = {
  collection: reservations,
  table: 'reservation',
  // A reservation has the id of its order; otherwise it is looked for with all that is kept of a person.
  indexed: ['accountId'],
  lists: {
    lines: {
      table: 'reservation_line',
      checks: {
        whole: 'quantity >= 1',
        moved: 'shipped_quantity >= 0 and released_quantity >= 0 and shipped_quantity + released_quantity <= quantity',
        back: 'returned_quantity >= 0 and returned_quantity <= shipped_quantity',
      },
    },
  },
}
