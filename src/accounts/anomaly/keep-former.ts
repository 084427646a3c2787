import { okAsync, type ResultAsync } from 'neverthrow'
import { type Change, put, removeRow } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type Place, type SubjectKey, sealValue } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import type { BoundIdentifier } from '../account.js'
import type { IdentifierKind } from '../identifier.js'
import type { AccountsPorts } from '../ports.js'
import type { FormerContact, FormerContacts } from './former-contact.js'
import { formerContacts } from './former-contact.schema.js'

// Whoever changes identifiers to and fro drives nothing out: the first that were replaced are the ones to be given back.
const mostKept = 50

/** Where a former identifier is sealed. */
export const formerPlace = (accountId: string, formerId: string): Place => ({
  collection: formerContacts.name,
  id: accountId,
  field: `contacts.${formerId}.value`,
})

/**
 * Keeps an identifier that is about to be an account's no longer, for as long as the change may be disowned.
 *
 * @param given - `text` is its canonical form; nothing is kept of what could not be opened
 * @errors CryptoUnavailable
 */
export const keepFormer = (
  ports: AccountsPorts,
  {
    accountId,
    key,
    former,
    kind,
    bound,
    text,
    at,
  }: {
    readonly accountId: string
    readonly key: SubjectKey
    readonly former: Stored<FormerContacts> | undefined
    readonly kind: IdentifierKind
    readonly bound: BoundIdentifier | undefined
    readonly text: string | undefined
    readonly at: Instant
  },
): ResultAsync<readonly Change[], CryptoUnavailable> => {
  const before = (former?.state.contacts ?? []).filter(({ until }) => at < until)
  if (bound === undefined || text === undefined || before.length >= mostKept) return okAsync([])
  const formerId = ports.ids.next('former')
  const until = at + ports.accountsPolicy.anomalies.notMe.ttlMs
  return sealValue(ports.sealer, key, formerPlace(accountId, formerId), text).map((value) => {
    const { key: identifierKey, boundAt } = bound
    const since = boundAt === undefined ? {} : { boundAt }
    const kept = { formerId, kind, key: identifierKey, value, ...since, replacedAt: at, until }
    return writeFormer(former, accountId, [...before, kept])
  })
}

/** Writes what is left of the former identifiers of an account; nothing where there were none. */
export const writeFormer = (
  former: Stored<FormerContacts> | undefined,
  accountId: string,
  contacts: readonly FormerContact[],
): readonly Change[] => {
  if (contacts.length === 0) return former === undefined ? [] : [removeRow(formerContacts, former)]
  const until = Math.min(...contacts.map((each) => each.until))
  const state = { accountId, contacts, until }
  return [put(formerContacts, { id: accountId, version: former?.version ?? 0, state })]
}
