import { err, ok, okAsync, ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import { decideFrom } from '../../shared/audit-origin.js'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { digestOrigin } from '../../shared/origin.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { claims, rows, type Stored } from '../../shared/read-plan.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { maySignIn } from '../account-machine.js'
import { accounts, credentials } from '../accounts.schema.js'
import type { SignedIn, SignInRefused } from '../begin-session.js'
import { canonicalEmail } from '../email-address.js'
import { type Entry, enterAccount, type SecondFactorRequired } from '../enter-account.js'
import { type Identity, identifierSpace } from '../identify.js'
import type { FinishProviderSignInInput } from '../inputs.js'
import { parseFinishProviderSignIn } from '../inputs.schema.js'
import { deviceGuardOf, noteDevice } from '../known-device.js'
import { passkeys } from '../passkey/passkey.schema.js'
import type { AccountsPorts } from '../ports.js'
import { secondFactors } from '../second-factor/second-factor.schema.js'
import { claimIdentities, identityKeys, identitySpace } from './identity-keys.js'
import type { VerifiedIdentity } from './identity-provider.js'
import { type LinkedIdentities, withKeys } from './linked-identity.js'
import { linkedIdentities } from './linked-identity.schema.js'
import { type ProveIdentityError, proveIdentity } from './prove-identity.js'
import { registerByIdentity } from './register-by-identity.js'

/**
 * The address that the provider vouches for is of an account that this identity does not lead to: sign in to that one,
 * and link the identity there. The two are never joined by an address alone.
 */
export type LinkFirst = { readonly type: 'LinkFirst' }

/** Why nobody is signed in by a provider. */
export type ProviderSignInError = ProveIdentityError | SignInRefused | SecondFactorRequired | LinkFirst | CommandError

type Outcome = Entry | { readonly kind: 'refused' }

/**
 * Signs in whom a provider vouches for, by what the browser brought back. Who is not known yet is registered, active at
 * once, and so is the address that the provider has proved, where nobody has it. A second factor is asked for as after
 * every first proof.
 *
 * @errors IdentityRefused, IdentityUnavailable, ProviderUnknown, SignInRefused, SecondFactorRequired, LinkFirst,
 * CommandError; AlreadyDone when the key was used
 */
export const finishProviderSignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: FinishProviderSignInInput,
): ResultAsync<SignedIn, ProviderSignInError> => {
  const action = 'accounts.finishProviderSignIn'
  const typed = parseFinishProviderSignIn(input)
  const { providerId, locale } = typed.match(
    (given) => ({ providerId: given.providerId, locale: given.locale }),
    () => ({ providerId: '', locale: 'zh-CN' as const }),
  )
  return proveIdentity(ports, context, input, { action, purpose: 'identitySignIn', typed })
    .mapErr((error): ProviderSignInError => error)
    .andThen(({ identity }) =>
      ResultAsync.combine([
        identityKeys(ports.digests, identity),
        provenEmail(ports, identity),
        digestOrigin(ports.digests, context.origin),
      ])
        .mapErr((error): ProviderSignInError => error)
        .andThen(([keys, email, { device }]) =>
          decideFrom(ports, context.origin, {
            scope: { kind: 'all' },
            plan: () => identityPlan(keys, email, device),
            decide: (facts, { now: at }) => {
              const { actor } = context
              const note = (subject: string, detail: string) =>
                auditEntry(ports.ids, { actor, action, subject, at, outcome: 'done', detail })
              const ownerId = ownerOf(keys, facts.owners)
              if (ownerId === undefined) {
                if (email !== undefined && facts.emailOwner.has(email.key)) {
                  return err<never, ProviderSignInError>({ type: 'LinkFirst' })
                }
                return registerByIdentity(ports, { identity, keys, email, providerId, locale, device, at })
                  .mapErr((error): ProviderSignInError => error)
                  .map(
                    ({ answer, changes }): Decision<Outcome> => ({
                      answer: { kind: 'signedIn', session: answer },
                      changes: [...changes, note(answer.accountId, `registered by ${providerId}`)],
                    }),
                  )
              }
              const account = facts.account.find(({ id }) => id === ownerId)
              if (account === undefined || !maySignIn(account.state, at)) {
                const refusal = { actor, action, subject: ownerId, at, outcome: 'refused' as const }
                return okAsync<Decision<Outcome>, ProviderSignInError>({
                  answer: { kind: 'refused' },
                  changes: [auditEntry(ports.ids, { ...refusal, detail: providerId })],
                })
              }
              const its = <State>(found: readonly Stored<State>[]) => found.find(({ id }) => id === ownerId)
              const passwordSetAt = its(facts.credential)?.state.setAt ?? at
              const own = { account, factor: its(facts.factor), kept: its(facts.kept), passwordSetAt }
              return enterAccount(ports, { ...own, identifierKey: keys[0], device, at })
                .mapErr((error): ProviderSignInError => error)
                .map(
                  ({ answer, changes }): Decision<Outcome> => ({
                    answer,
                    changes: [
                      ...changes,
                      ...(answer.kind === 'signedIn' ? noteDevice(ownerId, device, facts.deviceGuard, at) : []),
                      ...upgrade(its(facts.links), keys, facts.owners),
                      note(ownerId, answer.kind === 'halfWay' ? answer.required.type : providerId),
                    ],
                  }),
                )
            },
          }),
        ),
    )
    .andThen((outcome) => {
      if (outcome.kind === 'signedIn') return ok(outcome.session)
      return err<never, ProviderSignInError>(outcome.kind === 'halfWay' ? outcome.required : { type: 'SignInRefused' })
    })
}

const identityPlan = (keys: readonly string[], email: Identity | undefined, device: string | undefined) => ({
  owners: claims(identitySpace, keys),
  emailOwner: claims(identifierSpace, email === undefined ? [] : [email.key]),
  account: rows(accounts, { from: 'owners', path: '' }),
  credential: rows(credentials, { from: 'owners', path: '' }),
  factor: rows(secondFactors, { from: 'owners', path: '' }),
  links: rows(linkedIdentities, { from: 'owners', path: '' }),
  kept: rows(passkeys, { from: 'owners', path: '' }),
  deviceGuard: deviceGuardOf({ from: 'owners', path: '' }, device),
})

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
