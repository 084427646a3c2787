import { okAsync, ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import type { Instant } from '../../shared/instant.js'
import type { NoInput } from '../../shared/no-input.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { parseNothing } from '../../shared/stored.schema.js'
import type { PlaceOrderPorts } from '../ports.js'
import { addressBooks } from './address-book.schema.js'
import { openAddress } from './address-seal.js'
import type { Recipient } from './recipient.js'

/** The addresses of a customer, the default first, then as they were first kept. */
export type AddressList = {
  readonly addresses: readonly {
    readonly addressId: string
    readonly recipient: Recipient
    readonly isDefault: boolean
    readonly savedAt: Instant
  }[]
}

/**
 * Shows a customer the addresses they keep.
 *
 * @errors Unreadable, CryptoUnavailable, QueryError
 */
export const myAddresses = (
  ports: PlaceOrderPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<AddressList, Unreadable | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.myAddresses',
    parse: parseNothing,
    plan: ({ actor }) => ({ book: row(addressBooks, customerIdOf(actor)), key: row(subjectKeys, customerIdOf(actor)) }),
    answer: ({ book, key }): ResultAsync<AddressList, Unreadable | CryptoUnavailable> => {
      if (book === undefined) return okAsync({ addresses: [] })
      const { accountId, addresses, defaultId } = book.state
      return ResultAsync.combine(
        addresses.map((kept) =>
          openAddress(ports.sealer, key?.state, accountId, kept).map((recipient) => ({
            addressId: kept.addressId,
            recipient,
            isDefault: kept.addressId === defaultId,
            savedAt: kept.savedAt,
          })),
        ),
      ).map((opened) => ({
        addresses: opened.sort((a, b) => Number(b.isDefault) - Number(a.isDefault)),
      }))
    },
  })
