import { okAsync } from 'neverthrow'
import type { ContactBook, RecipientBook } from '../notify/ports.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { readFacts } from '../shared/read-facts.js'
import { row } from '../shared/read-plan.js'
import { accounts } from './accounts.schema.js'
import type { AccountsPorts } from './ports.js'
import { openProfile } from './profile.js'

/**
 * The book of addresses: e-mail addresses of accounts that stand or wait for their code, and the telephones and devices
 * that the host knows of them. What was erased or lapsed has none, whatever the host still knows.
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
        }).andThen(({ account, key }) =>
          account === undefined || !('email' in account.state)
            ? okAsync(undefined)
            : channel === 'email'
              ? openProfile(ports.sealer, key?.state, account.state).map(({ email }) => ({ to: email }))
              : (contacts?.find(accountId, channel) ?? okAsync(undefined)),
        ),
})
