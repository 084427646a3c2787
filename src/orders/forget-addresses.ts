import { ok } from 'neverthrow'
import { removeRow } from '../shared/commit.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { row } from '../shared/read-plan.js'
import { addressBooks } from './address-book.schema.js'
import { paymentWatches } from './payment-watch.schema.js'

/** Removes the address book of an account that was erased, unreadable since its key went, and what its payments were watched by. */
export const forgetAddresses: Reaction = {
  name: 'orders.forgetAddresses',
  listensTo: ['account/AccountErased'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.forgetAddresses', event },
      {
        plan: () => ({ book: row(addressBooks, event.rowId), watch: row(paymentWatches, event.rowId) }),
        decide: ({ book, watch }) =>
          ok({
            changes: [
              ...(book === undefined ? [] : [removeRow(addressBooks, book)]),
              ...(watch === undefined ? [] : [removeRow(paymentWatches, watch)]),
            ],
            answer: undefined,
          }),
      },
    ),
}
