import { ok } from 'neverthrow'
import { removeRow } from '../shared/commit.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { row } from '../shared/read-plan.js'
import { addressBooks } from './address-book.schema.js'

/** Removes the address book of an account that was erased; unreadable it has been since its key went. */
export const forgetAddresses: Reaction = {
  name: 'orders.forgetAddresses',
  listensTo: ['account/AccountErased'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.forgetAddresses', event },
      {
        plan: () => ({ book: row(addressBooks, event.rowId) }),
        decide: ({ book }) =>
          ok({ changes: book === undefined ? [] : [removeRow(addressBooks, book)], answer: undefined }),
      },
    ),
}
