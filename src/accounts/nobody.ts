import type { Collection } from '../shared/collection.js'
import { type Asked, type IdsFrom, row, type Stored } from '../shared/read-plan.js'
import type { Account } from './account.js'
import { accounts, credentials } from './accounts.schema.js'
import type { Credential } from './credential.js'

/**
 * Asks for a row, and where it is not there reads and checks another of its size in its place: that takes longer than all
 * else a refused sign-in does beside its hash, and would tell who has an account.
 */
const evenly = <State extends object>(
  collection: Collection<State>,
  nobodys: State,
): ((id: IdsFrom) => Asked<Stored<State> | undefined>) => {
  const { schemaVersion } = collection
  // As a storage has it, which makes it anew for each reader.
  const text = JSON.stringify(nobodys)
  return (id) => {
    const { query, answer } = row(collection, id)
    return {
      query,
      answer: (found) =>
        found.length > 0
          ? answer(found)
          : answer([{ id: 'nobody', version: 1, schemaVersion, state: JSON.parse(text) }]).map(() => undefined),
    }
  }
}

/** Asks for an account; to find none takes as long. */
export const accountOrNobody = evenly<Account>(accounts, {
  accountId: 'account_of_nobody_at_all',
  registeredAt: 0,
  identifiers: {
    email: {
      key: 'x'.repeat(43),
      value: { sealed: { scheme: 1, nonce: 'x'.repeat(16), data: 'x'.repeat(48) } },
    },
  },
  sessionEpoch: 0,
  status: 'active',
  activatedAt: 0,
})

/** Asks for the password of an account; to find none takes as long. */
export const credentialOrNobodys = evenly<Credential>(credentials, {
  accountId: 'account_of_nobody_at_all',
  phc: 'x'.repeat(97),
  setAt: 0,
})
