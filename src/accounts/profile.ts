import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import {
  openValue,
  type Place,
  type Sealed,
  type Sealer,
  type SubjectKey,
  sealValue,
  type Unreadable,
} from '../shared/personal-data.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import type { BoundIdentifier, Identifiers } from './account.js'
import type { StandingAccount } from './account-machine.js'
import { numberFacts } from './calling-code.js'
import { type ContactKind, type IdentifierKind, identifierKinds } from './identifier.js'
import type { Identity } from './identify.js'
import type { PersonDetails } from './registration-fields.js'

/** A field of what a person tells of themselves. */
export type ProfileField = IdentifierKind | 'name'

/** Where what else a person tells of themselves stands in the account. */
export const detailsPlace = (accountId: string): Place => ({ collection: 'account', id: accountId, field: 'details' })

/** Where a person's own data stands in the account. */
export const profilePlace = (accountId: string, field: ProfileField): Place => ({
  collection: 'account',
  id: accountId,
  field,
})

/** What a person told of themselves. */
export type Profile = { readonly [field in ProfileField]?: string }

/**
 * Opens what an account keeps of its person.
 *
 * @errors Unreadable when the key is gone or the data was changed or moved, CryptoUnavailable
 */
export const openProfile = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  { accountId, identifiers, name }: StandingAccount,
): ResultAsync<Profile, Unreadable | CryptoUnavailable> => {
  const open = (field: ProfileField, sealed: Sealed | undefined) =>
    sealed === undefined
      ? okAsync<readonly [ProfileField, string][], Unreadable | CryptoUnavailable>([])
      : openValue(sealer, key, profilePlace(accountId, field), sealed, parseText).map(
          (text): readonly [ProfileField, string][] => [[field, text]],
        )
  return ResultAsync.combine([
    ...identifierKinds.map((kind) => open(kind, identifiers[kind]?.value)),
    open('name', name),
  ]).map((found): Profile => Object.fromEntries(found.flat()))
}

/** Seals an identifier for its place in an account. */
export const sealIdentifier = (
  sealer: Sealer,
  key: SubjectKey,
  accountId: string,
  { kind, value, key: identifierKey }: Identity,
): ResultAsync<BoundIdentifier, CryptoUnavailable> =>
  sealValue(sealer, key, profilePlace(accountId, kind), value).map((sealed) => ({
    key: identifierKey,
    value: sealed,
    ...numberFacts(kind, value),
  }))

/**
 * Seals what a person tells of themselves for its place in an account. What was not told is sealed all the same and dropped:
 * the work tells nothing.
 */
export const sealTold = (
  sealer: Sealer,
  key: SubjectKey,
  accountId: string,
  { name, details }: { readonly name: string | undefined; readonly details: PersonDetails },
): ResultAsync<{ readonly name?: Sealed; readonly details?: Sealed }, CryptoUnavailable> =>
  sealValue(sealer, key, profilePlace(accountId, 'name'), name ?? '').andThen((sealedName) =>
    sealValue(sealer, key, detailsPlace(accountId), details).map((sealedDetails) => ({
      ...(name === undefined ? {} : { name: sealedName }),
      ...(Object.keys(details).length === 0 ? {} : { details: sealedDetails }),
    })),
  )

/** The contact that codes and notices go to: the address, else the number. */
export const contactOf = (identifiers: Identifiers): ContactKind | undefined =>
  identifiers.email !== undefined ? 'email' : identifiers.phone !== undefined ? 'phone' : undefined

/** The channel that reaches a contact. */
export const channelOf = (kind: ContactKind): 'email' | 'sms' => (kind === 'email' ? 'email' : 'sms')

/**
 * The channel by which an account is told what happened to it: by push where it has neither an address nor a number, to the
 * device that the host knows. Codes never go that way.
 */
export const noticeChannel = (identifiers: Identifiers): 'email' | 'sms' | 'push' => {
  const contact = contactOf(identifiers)
  return contact === undefined ? 'push' : channelOf(contact)
}

export const parseText = (value: unknown): Result<string, 'notText'> =>
  typeof value === 'string' ? ok(value) : err('notText')

/**
 * Opens what a person told of what the shop asks.
 *
 * @errors Unreadable, CryptoUnavailable
 */
export const openDetails = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  { accountId, details }: StandingAccount,
): ResultAsync<PersonDetails, Unreadable | CryptoUnavailable> =>
  details === undefined ? okAsync({}) : openValue(sealer, key, detailsPlace(accountId), details, parseDetails)

const parseDetails = (value: unknown): Result<PersonDetails, 'notDetails'> => {
  if (typeof value !== 'object' || value === null) return err('notDetails')
  const entries = Object.entries(value)
  const texts = entries.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : []))
  return texts.length === entries.length ? ok(Object.fromEntries(texts)) : err('notDetails')
}
