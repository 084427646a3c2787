import { okAsync } from 'neverthrow'
import type { RecipientBook } from '../notify/ports.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { readFacts } from '../shared/read-facts.js'
import { row } from '../shared/read-plan.js'
import { accounts } from './accounts.schema.js'
import type { AccountsPorts } from './ports.js'
import { openProfile } from './profile.js'

/**
 * The book of addresses that accounts keep: e-mail addresses of accounts that stand or wait for their code. What was
 * erased or lapsed has none.
 */
export const createRecipientBook = (ports: AccountsPorts): RecipientBook => ({
  find: (accountId, channel) =>
    channel !== 'email'
      ? okAsync(undefined)
      : readFacts(ports.storage, {
          shop: ports.shop,
          scope: { kind: 'all' },
          at: ports.clock.now(),
          plan: { account: row(accounts, accountId), key: row(subjectKeys, accountId) },
        }).andThen(({ account, key }) =>
          account === undefined || !('email' in account.state)
            ? okAsync(undefined)
            : openProfile(ports.sealer, key?.state, account.state).map(({ email }) => ({ to: email })),
        ),
})
