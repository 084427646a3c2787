import { reservations } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'
import { noItem } from '../ddl.js'

/** Stock owed to orders. */
export const reservationTable: CollectionTable = {
  collection: reservations,
  table: 'reservation',
  // A reservation has the id of its order; otherwise it is looked for with all that is kept of a person.
  indexed: ['accountId'],
  checks: {
    lines: noItem(
      'lines',
      '@.quantity < 1 || @.shippedQuantity < 0 || @.releasedQuantity < 0 || ' +
        '@.shippedQuantity + @.releasedQuantity > @.quantity || ' +
        '@.returnedQuantity < 0 || @.returnedQuantity > @.shippedQuantity',
    ),
  },
}
