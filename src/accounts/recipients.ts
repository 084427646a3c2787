import { okAsync } from 'neverthrow'
import type { ContactBook, RecipientBook } from '../notify/ports.js'
import { openValue } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { readFacts } from '../shared/read-facts.js'
import { row } from '../shared/read-plan.js'
import type { BoundIdentifier } from './account.js'
import { isOfPerson } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import type { ContactKind } from './identifier.js'
import type { AccountsPorts } from './ports.js'
import { parseText, profilePlace } from './profile.js'

/**
 * The book of addresses: e-mail addresses and telephone numbers of accounts that stand or wait for their code, and the
 * numbers and devices that the host knows of them beside; of people without an account here, whatever the host knows.
 * What was erased or lapsed has none, whatever the host still knows.
 */
export const createRecipientBook = (ports: AccountsPorts, contacts?: ContactBook): RecipientBook => ({
  find: (accountId, channel) =>
    channel === 'inApp'
      ? okAsync(undefined)
      : readFacts(ports.storage, {
          shop: ports.shop,
          scope: { kind: 'all' },
          at: ports.clock.now(),
          plan: { account: row(accounts, accountId), key: row(subjectKeys, accountId) },
        }).andThen(({ account, key }) => {
          // Somebody of the host's own users, whom only the host knows.
          if (account === undefined) return contacts?.find(accountId, channel) ?? okAsync(undefined)
          if (!isOfPerson(account.state)) return okAsync(undefined)
          const { identifiers } = account.state
          const open = (kind: ContactKind, { value }: BoundIdentifier) =>
            openValue(ports.sealer, key?.state, profilePlace(accountId, kind), value, parseText)
          const { email, phone } = identifiers
          if (channel === 'email' && email !== undefined) return open('email', email).map((to) => ({ to }))
          if (channel === 'sms' && phone !== undefined) return open('phone', phone).map((to) => ({ to }))
          // What another module sends by e-mail reaches who has but a number by text message.
          if (channel === 'email' && phone !== undefined) {
            return open('phone', phone).map((to) => ({ to, channel: 'sms' as const }))
          }
          return channel === 'email' ? okAsync(undefined) : (contacts?.find(accountId, channel) ?? okAsync(undefined))
        }),
})
