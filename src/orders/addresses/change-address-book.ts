import { err, type Result, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { put } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AddressInput } from '../order-inputs.js'
import type { PlaceOrderPorts } from '../ports.js'
import { type AddressBook, dropAddress, preferAddress } from './address-book.js'
import { addressBooks, parseAddress } from './address-book.schema.js'

/** A book after a change. */
export type ChangedAddressBook = { readonly addressId: string; readonly defaultId: string | null }

const change =
  (action: string, decide: (book: AddressBook, addressId: string) => Result<AddressBook, NotFound>) =>
  (
    ports: PlaceOrderPorts,
    context: CommandContext,
    input: AddressInput,
  ): ResultAsync<ChangedAddressBook, NotFound | CommandError> =>
    runCommand(ports, context, input, {
      action,
      parse: parseAddress,
      plan: ({ actor }) => ({ book: row(addressBooks, customerIdOf(actor)) }),
      decide: ({ book }, { input: { addressId } }) =>
        book === undefined
          ? err<never, NotFound>({ type: 'NotFound', entity: 'address', id: addressId })
          : decide(book.state, addressId).map((state) => ({
              answer: { addressId, defaultId: state.defaultId },
              changes: [put(addressBooks, { id: book.id, version: book.version, state })],
            })),
    })

/**
 * Offers an address of the customer's book first from now on.
 *
 * @errors NotFound, CommandError
 */
export const setDefaultAddress = change('orders.setDefaultAddress', preferAddress)

/**
 * Forgets an address of the customer's book; orders that went there keep it.
 *
 * @errors NotFound, CommandError
 */
export const removeAddress = change('orders.removeAddress', dropAddress)
