import { err, ok, okAsync, ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Locale } from '../../shared/messages.js'
import { digestOrigin, type Origin } from '../../shared/origin.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { claims, type Facts, rows, type Stored } from '../../shared/read-plan.js'
import { maySignIn } from '../account-machine.js'
import { accounts, credentials } from '../accounts.schema.js'
import type { SignedIn, SignInRefused } from '../begin-session.js'
import type { GuardianRequired } from '../consent.js'
import { canonicalEmail } from '../email-address.js'
import { type Entry, enterAccount, type SecondFactorRequired } from '../enter-account.js'
import { type Identity, identifierSpace } from '../identify.js'
import type { ProviderPerson } from '../inputs.js'
import { deviceGuardOf, noteDevice } from '../known-device.js'
import { passkeys } from '../passkey/passkey.schema.js'
import type { AccountsPorts } from '../ports.js'
import { checkPerson } from '../register-account.js'
import type { DetailsRefused } from '../registration-fields.js'
import { secondFactors } from '../second-factor/second-factor.schema.js'
import { claimIdentities, identityKeys, identitySpace } from './identity-keys.js'
import type { VerifiedIdentity } from './identity-provider.js'
import type { Proven } from './kept-identity.schema.js'
import { type LinkedIdentities, withKeys } from './linked-identity.js'
import { linkedIdentities } from './linked-identity.schema.js'
import { registerByIdentity } from './register-by-identity.js'

/**
 * The address that the provider vouches for is of an account that this identity does not lead to: sign in to that one,
 * and link the identity there. The two are never joined by an address alone.
 */
export type LinkFirst = { readonly type: 'LinkFirst' }

/** What coming by an identity leads to. */
export type IdentityEntry = Entry | { readonly kind: 'refused' }

/** Whom a provider vouches for, as accounts are found by it, and at which device. */
export type Arrival = Proven & {
  readonly keys: readonly [string, ...string[]]
  /** The address that the provider has proved. */
  readonly email: Identity | undefined
  readonly device: string | undefined
}

/**
 * Finds out by what an account may be found, before anything is read.
 *
 * @errors CryptoUnavailable
 */
export const arrivalOf = (
  ports: AccountsPorts,
  origin: Origin | undefined,
  proven: Proven,
): ResultAsync<Arrival, CryptoUnavailable> =>
  ResultAsync.combine([
    identityKeys(ports.digests, proven.identity),
    provenEmail(ports, proven.identity),
    digestOrigin(ports.digests, origin),
  ]).map(([keys, email, { device }]) => ({ ...proven, keys, email, device }))

/** What is asked of the storage about who came. */
export const arrivalPlan = ({
  keys,
  email,
  device,
}: Pick<Arrival, 'email' | 'device'> & { readonly keys: readonly string[] }) => ({
  owners: claims(identitySpace, keys),
  emailOwner: claims(identifierSpace, email === undefined ? [] : [email.key]),
  account: rows(accounts, { from: 'owners', path: '' }),
  credential: rows(credentials, { from: 'owners', path: '' }),
  factor: rows(secondFactors, { from: 'owners', path: '' }),
  links: rows(linkedIdentities, { from: 'owners', path: '' }),
  kept: rows(passkeys, { from: 'owners', path: '' }),
  deviceGuard: deviceGuardOf({ from: 'owners', path: '' }, device),
})

/**
 * Lets in whom a provider vouches for. Who is not known yet is registered, by the same rules as everybody is, and is
 * active at once; so is the address that the provider has proved, where nobody has it.
 *
 * @errors LinkFirst, DetailsRefused, GuardianRequired, SignInRefused, CryptoUnavailable
 */
export const enterByIdentity = (
  ports: AccountsPorts,
  facts: Facts<ReturnType<typeof arrivalPlan>>,
  come: {
    readonly arrival: Arrival
    readonly person: ProviderPerson
    readonly locale: Locale
    readonly action: string
    readonly actor: Actor
    readonly at: Instant
  },
): ResultAsync<
  Decision<IdentityEntry>,
  LinkFirst | DetailsRefused | GuardianRequired | SignInRefused | CryptoUnavailable
> => {
  const { arrival, person, locale, action, actor, at } = come
  const { keys, email, device, providerId } = arrival
  const note = (subject: string, detail: string, outcome: 'done' | 'refused' = 'done') =>
    auditEntry(ports.ids, { actor, action, subject, at, outcome, detail })
  const ownerId = ownerOf(keys, facts.owners)
  if (ownerId === undefined) {
    const checked =
      email !== undefined && facts.emailOwner.has(email.key)
        ? err<never, LinkFirst>({ type: 'LinkFirst' })
        : checkPerson(ports.accountsPolicy, person, at)
    return checked.asyncAndThen((details) =>
      registerByIdentity(ports, { arrival, person, details, locale, at }).map(
        ({ answer, changes }): Decision<IdentityEntry> => ({
          answer: { kind: 'signedIn', session: answer },
          changes: [...changes, note(answer.accountId, `registered by ${providerId}`)],
        }),
      ),
    )
  }
  const account = facts.account.find(({ id }) => id === ownerId)
  if (account === undefined || !maySignIn(account.state, at)) {
    return okAsync({ answer: { kind: 'refused' }, changes: [note(ownerId, providerId, 'refused')] })
  }
  const its = <State>(found: readonly Stored<State>[]) => found.find(({ id }) => id === ownerId)
  const passwordSetAt = its(facts.credential)?.state.setAt ?? at
  const own = { account, factor: its(facts.factor), kept: its(facts.kept), passwordSetAt }
  return enterAccount(ports, { ...own, identifierKey: keys[0], device, at }).map(
    ({ answer, changes }): Decision<IdentityEntry> => ({
      answer,
      changes: [
        ...changes,
        ...(answer.kind === 'signedIn' ? noteDevice(ownerId, device, facts.deviceGuard, at) : []),
        ...upgrade(its(facts.links), keys, facts.owners),
        note(ownerId, answer.kind === 'halfWay' ? answer.required.type : providerId),
      ],
    }),
  )
}

/** The session that coming by an identity began, or why it began none. */
export const sessionOf = (entry: IdentityEntry) => {
  if (entry.kind === 'signedIn') return ok<SignedIn, SecondFactorRequired | SignInRefused>(entry.session)
  return err<SignedIn, SecondFactorRequired | SignInRefused>(
    entry.kind === 'halfWay' ? entry.required : { type: 'SignInRefused' },
  )
}

// The narrowest name that leads to an account decides.
const ownerOf = (keys: readonly string[], owners: ReadonlyMap<string, string>): string | undefined =>
  keys.map((key) => owners.get(key)).find((owner) => owner !== undefined)

// A provider may come to tell more names of a person than it did, as WeChat does once an app joins its open platform:
// they lead to the account from then on. One that leads to another account stays there.
const upgrade = (
  links: Stored<LinkedIdentities> | undefined,
  keys: readonly string[],
  owners: ReadonlyMap<string, string>,
) => {
  const link = links?.state.links.find((each) => keys.some((key) => each.keys.includes(key)))
  const fresh = keys.filter((key) => !owners.has(key))
  if (links === undefined || link === undefined || fresh.length === 0) return []
  return [
    put(linkedIdentities, {
      id: links.id,
      version: links.version,
      state: withKeys(links.state, link.linkId, fresh),
    }),
    ...claimIdentities(fresh, links.id),
  ]
}

/** The address that the provider says it has proved; one that is not proved, or is none, is as if not told. */
const provenEmail = (
  ports: AccountsPorts,
  { email }: VerifiedIdentity,
): ResultAsync<Identity | undefined, CryptoUnavailable> => {
  const value = email?.verified === true ? canonicalEmail(email.address).unwrapOr('') : ''
  return value === ''
    ? okAsync(undefined)
    : ports.digests.digest('identifier', `email:${value}`).map((key) => ({ kind: 'email', value, key }))
}
