import { okAsync } from 'neverthrow'
import type { ContactBook, RecipientBook } from '../notify/ports.js'
import { openValue } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { readFacts } from '../shared/read-facts.js'
import { row } from '../shared/read-plan.js'
import { isOfPerson } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import type { AccountsPorts } from './ports.js'
import { parseText, profilePlace } from './profile.js'

/**
 * The book of addresses: e-mail addresses and telephone numbers of accounts that stand or wait for their code, and the
 * numbers and devices that the host knows of them beside. What was erased or lapsed has none, whatever the host still
 * knows.
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
          if (account === undefined || !isOfPerson(account.state)) return okAsync(undefined)
          const { identifiers } = account.state
          const kind = channel === 'email' ? 'email' : channel === 'sms' ? 'phone' : undefined
          const known = kind === undefined ? undefined : identifiers[kind]
          if (kind !== undefined && known !== undefined) {
            return openValue(ports.sealer, key?.state, profilePlace(accountId, kind), known.value, parseText).map(
              (to) => ({
                to,
              }),
            )
          }
          return channel === 'email' ? okAsync(undefined) : (contacts?.find(accountId, channel) ?? okAsync(undefined))
        }),
})
