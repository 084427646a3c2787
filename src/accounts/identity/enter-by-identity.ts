import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Locale } from '../../shared/messages.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Facts, Stored } from '../../shared/read-plan.js'
import { maySignIn } from '../account-machine.js'
import type { SignedIn, SignInRefused } from '../begin-session.js'
import type { GuardianRequired } from '../consent.js'
import { type Entry, enterAccount, type SecondFactorRequired } from '../enter-account.js'
import type { ProviderPerson } from '../inputs.js'
import { guardOfDevice, noteDevice } from '../known-device.js'
import type { AccountsPorts } from '../ports.js'
import { checkPerson } from '../register-account.js'
import { type DetailsRefused, judgeIdentifier } from '../registration-fields.js'
import type { Arrival, arrivalPlan } from './arrival.js'
import { claimIdentities } from './identity-keys.js'
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

/**
 * Lets in whom a provider vouches for. Who is not known yet is registered, by the same rules as everybody is, and is
 * active at once; so is the address that the provider has proved, where nobody has it. Where the shop asks for a contact that
 * the provider has not proved, they register by that, and link the identity then.
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
        : checkPerson(
            ports.accountsPolicy,
            person,
            at,
            judgeIdentifier(ports.accountsPolicy.registration, email === undefined ? undefined : 'email'),
          )
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
  const deviceGuard = guardOfDevice(facts.deviceGuards, ownerId, device)
  return enterAccount(ports, { ...own, identifierKey: keys[0], device, at }).map(
    ({ answer, changes }): Decision<IdentityEntry> => ({
      answer,
      changes: [
        ...changes,
        ...(answer.kind === 'signedIn' ? noteDevice(ownerId, device, deviceGuard, at) : []),
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
