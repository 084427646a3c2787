import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { openValue, type Place, type Sealer, type SubjectKey, type Unreadable } from '../shared/personal-data.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import type { Account } from './account.js'

/** Where a person's own data stands in the account. */
export const profilePlace = (accountId: string, field: 'email' | 'name'): Place => ({
  collection: 'account',
  id: accountId,
  field,
})

/** What a person told of themselves. */
export type Profile = { readonly email: string; readonly name?: string }

/**
 * Opens what an account keeps of its person.
 *
 * @errors Unreadable when the key is gone or the data was changed or moved, CryptoUnavailable
 */
export const openProfile = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  account: Extract<Account, { readonly status: 'pending' | 'active' | 'banned' }>,
): ResultAsync<Profile, Unreadable | CryptoUnavailable> => {
  const { accountId, email, name } = account
  const open = (field: 'email' | 'name', sealed: typeof email) =>
    openValue(sealer, key, profilePlace(accountId, field), sealed, parseText)
  return open('email', email).andThen((address) =>
    name === undefined
      ? okAsync<Profile, Unreadable | CryptoUnavailable>({ email: address })
      : open('name', name).map((called): Profile => ({ email: address, name: called })),
  )
}

const parseText = (value: unknown): Result<string, 'notText'> =>
  typeof value === 'string' ? ok(value) : err('notText')
