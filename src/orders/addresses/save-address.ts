import type { ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { keyInUse, refuseErased } from '../../shared/subject-key.js'
import type { SaveAddressInput } from '../order-inputs.js'
import type { PlaceOrderPorts } from '../ports.js'
import { type AddressBookFull, emptyAddressBook, keepAddress, replaceAddress } from './address-book.js'
import { addressBooks, parseSaveAddress } from './address-book.schema.js'
import { sealAddress } from './address-seal.js'

/** An address that was kept. */
export type SavedAddress = { readonly addressId: string; readonly isDefault: boolean }

/**
 * Keeps an address in the customer's book, a new one or one written anew; sealed with the customer's key.
 *
 * @errors AddressBookFull, NotFound for an address that is not in the book, CommandError
 */
export const saveAddress = (
  ports: PlaceOrderPorts,
  context: CommandContext,
  input: SaveAddressInput,
): ResultAsync<SavedAddress, AddressBookFull | NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.saveAddress',
    parse: parseSaveAddress,
    plan: ({ actor }) => ({
      book: row(addressBooks, customerIdOf(actor)),
      key: row(subjectKeys, customerIdOf(actor)),
    }),
    decide: ({ book, key: stored }, { actor, input: { addressId: given, recipient, isDefault }, now }) => {
      const accountId = customerIdOf(actor)
      const addressId = given ?? ports.ids.next('adr')
      return keyInUse(ports.sealer, stored, accountId, now).andThen(({ key, changes }) =>
        sealAddress(ports.sealer, key, { accountId, addressId, recipient })
          .andThen((sealed) => {
            const address = { addressId, recipient: sealed, savedAt: now }
            const before = book?.state ?? emptyAddressBook(accountId)
            return (given === undefined ? keepAddress : replaceAddress)(before, address, isDefault === true)
          })
          .map(
            (state): Decision<SavedAddress> => ({
              answer: { addressId, isDefault: state.defaultId === addressId },
              changes: [put(addressBooks, { id: accountId, version: book?.version ?? 0, state }), ...changes],
            }),
          ),
      )
    },
    claimed: refuseErased,
  })
