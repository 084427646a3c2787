import { err, ok, okAsync, ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type DecidedChange, expectRow, put, release, removeRow } from '../../shared/commit.js'
import { type Decided, decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type IdsFrom, row, type Stored } from '../../shared/read-plan.js'
import type { Account, AccountEvent, Identifiers } from '../account.js'
import { type AccountState, accountMachine, isOfPerson, isStanding, type StandingAccount } from '../account-machine.js'
import { signInGuards } from '../accounts.schema.js'
import { contactKinds, type IdentifierKind, identifierKinds } from '../identifier.js'
import { identifierSpace } from '../identify.js'
import { releaseIdentities } from '../identity/identity-keys.js'
import type { LinkedIdentities } from '../identity/linked-identity.js'
import { linkedIdentities } from '../identity/linked-identity.schema.js'
import { putLinks } from '../identity/write-links.js'
import type { Passkeys } from '../passkey/passkey.js'
import { passkeys } from '../passkey/passkey.schema.js'
import { passkeySpace } from '../passkey/passkey-challenge.js'
import type { PaymentPassword } from '../payment-proof/payment-password.js'
import { paymentPasswords } from '../payment-proof/payment-password.schema.js'
import { tellOfRemovedPaymentPassword } from '../payment-proof/tell-of-payment-password.js'
import { clearPaymentGuard, paymentGuardPrefix } from '../payment-proof/try-payment-password.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile, type Profile } from '../profile.js'
import { tellOfFactor } from '../second-factor/own-factor.js'
import type { SecondFactor, SecondFactorCommand, SecondFactorEvent } from '../second-factor/second-factor.js'
import { secondFactors } from '../second-factor/second-factor.schema.js'
import { type SecondFactorState, secondFactorMachine, waysOf } from '../second-factor/second-factor-machine.js'
import { putFactor } from '../second-factor/try-factor.js'
import type { SignInGuard } from '../sign-in-guard.js'
import { tellOfIdentifier } from '../tell-of-identifier.js'
import { putAccount } from '../write-account.js'
import type { FormerContacts } from './former-contact.js'
import { type FormerRead, formerPlan, restoreContacts } from './restore-contacts.js'

/** Asks for what can be added to an account. */
export const additionsPlan = (account: Pick<IdsFrom, 'from' | 'path'>) => ({
  key: row(subjectKeys, account),
  passkey: row(passkeys, account),
  links: row(linkedIdentities, account),
  factor: row(secondFactors, account),
  payment: row(paymentPasswords, account),
  paymentGuard: row(signInGuards, { ...account, prefix: paymentGuardPrefix }),
  ...formerPlan(account),
})

type Kept = {
  readonly owner: Stored<Account>
  /** The account once the sign-in is disowned. */
  readonly disowned: Decided<AccountState, AccountEvent>
  readonly key: Stored<SubjectKey> | undefined
  readonly passkey: Stored<Passkeys> | undefined
  readonly links: Stored<LinkedIdentities> | undefined
  readonly factor: Stored<SecondFactor> | undefined
  readonly payment: Stored<PaymentPassword> | undefined
  readonly paymentGuard: Stored<SignInGuard> | undefined
} & FormerRead

type Since = (moment: Instant | undefined) => boolean

/**
 * Takes off an account what was added to it from a moment on, puts back the identifiers that were replaced or taken off since,
 * and tells those that are its own then. What it was registered with stays, and so does the last contact of an account that
 * had one.
 *
 * @param undoing - `from` is undefined where the moment is not known: nothing is taken off then
 * @errors CryptoUnavailable
 */
export const undoAdditions = (
  ports: AccountsPorts,
  { owner, disowned: asDisowned, key, passkey, links, factor, payment, paymentGuard, ...before }: Kept,
  { from, actor, at }: { readonly from: Instant | undefined; readonly actor: Actor; readonly at: Instant },
): ResultAsync<
  { readonly account: Account | undefined; readonly changes: readonly DecidedChange[] },
  CryptoUnavailable
> => {
  const since: Since = (moment) =>
    from !== undefined && moment !== undefined && moment >= from && moment > owner.state.registeredAt
  return restoreContacts(ports, owner.id, asDisowned, before, { from, key: key?.state, at }).andThen((restored) => {
    const { decided, kinds } = withoutIdentifiers(restored.decided, since, (kind) =>
      from === undefined ? true : hadBefore(restored.decided.state, before.former?.state, kind, since, from),
    )
    const account = isStanding(decided.state) ? decided.state : undefined
    const back = isOfPerson(restored.decided.state) ? restored.decided.state.identifiers : {}
    const note = (action: string) =>
      auditEntry(ports.ids, { actor, action, subject: owner.id, at, outcome: 'done', detail: 'disowned' })
    const factorBefore = withoutWays(factor?.state, back, since, at)
    const gone: readonly Gone[] = [
      ...[...restored.kinds, ...kinds].map(
        (kind): Gone => ({
          cause: `${owner.id}:${owner.version}:${kind}`,
          kind,
          action: 'accounts.unbind',
          change: restored.kinds.some((each) => each === kind) ? 'changed' : 'removed',
        }),
      ),
      ...(passkey?.state.keys ?? [])
        .filter(({ addedAt }) => since(addedAt))
        .map(
          ({ passkeyId }): Gone => ({
            cause: `${passkeyId}:removed`,
            kind: 'passkey',
            action: 'accounts.removePasskey',
            change: 'removed',
          }),
        ),
      ...(links?.state.links ?? [])
        .filter(({ linkedAt }) => since(linkedAt))
        .map(
          ({ linkId }): Gone => ({
            cause: `${linkId}:unlinked`,
            kind: 'identity',
            action: 'accounts.unlinkIdentity',
            change: 'removed',
          }),
        ),
    ]
    return openKept(ports, key, account).andThen((profile) =>
      ResultAsync.combine(
        gone.map(({ cause, kind, change }) =>
          account === undefined || key === undefined
            ? okAsync<readonly DecidedChange[], CryptoUnavailable>([])
            : tellOfIdentifier(ports, { cause, account, key: key.state, profile, kind, change, at }),
        ),
      ).map((notices) => ({
        account,
        changes: [
          putAccount(owner.id, owner.version, decided),
          ...restored.changes,
          ...kinds.flatMap((kind) => {
            const bound = back[kind]
            return bound === undefined ? [] : [release({ space: identifierSpace, key: bound.key, owner: owner.id })]
          }),
          ...withoutPasskeys(passkey, since),
          ...withoutLinks(links, since),
          ...(payment !== undefined && since(payment.state.setAt)
            ? [
                removeRow(paymentPasswords, payment),
                ...clearPaymentGuard(paymentGuard),
                note('accounts.removePaymentPassword'),
                ...(account === undefined ? [] : [tellOfRemovedPaymentPassword(account, at)]),
              ]
            : []),
          ...gone.map(({ action }) => note(action)),
          ...notices.flat(),
          ...(factor === undefined || factorBefore === undefined
            ? []
            : [
                putFactor(factor.id, factor.version, factorBefore),
                note('accounts.removeFactor'),
                tellOfFactor(owner.id, account?.identifiers ?? {}, { cause: `${factor.version}`, at }),
              ]),
        ],
      })),
    )
  })
}

/** What goes, or gives way to what was there before. */
type Gone = {
  readonly cause: string
  readonly kind: IdentifierKind | 'passkey' | 'identity'
  readonly action: string
  readonly change: 'removed' | 'changed'
}

// Whose data cannot be opened is not told, but nobody stays in the account for that.
const openKept = (
  ports: AccountsPorts,
  key: Stored<SubjectKey> | undefined,
  account: StandingAccount | undefined,
): ResultAsync<Profile, CryptoUnavailable> =>
  account === undefined
    ? okAsync({})
    : openProfile(ports.sealer, key?.state, account).orElse((error) =>
        error.type === 'CryptoUnavailable' ? err(error) : ok({}),
      )

const withoutIdentifiers = (
  disowned: Decided<AccountState, AccountEvent>,
  since: Since,
  had: (kind: IdentifierKind) => boolean,
): { readonly decided: Decided<AccountState, AccountEvent>; readonly kinds: readonly IdentifierKind[] } => {
  let decided = disowned
  const kinds: IdentifierKind[] = []
  const hadContact = contactKinds.some(had)
  // From the last kind on: where every contact took the place of another, the address is the one that stays.
  for (const kind of [...identifierKinds].reverse()) {
    const { state, events } = decided
    if (!isOfPerson(state) || !since(state.identifiers[kind]?.boundAt)) continue
    // What the account is found by, where nothing else is left of what it was found by.
    if (kind === 'userName' && !hadContact && had(kind)) continue
    const unbound = decideNext(accountMachine, state, {
      type: 'Unbind',
      kind,
      ...(hadContact ? {} : { hadNoContact: true }),
    })
    if (unbound.isErr()) continue
    decided = { state: unbound.value.state, events: [...events, ...unbound.value.events] }
    kinds.push(kind)
  }
  return { decided, kinds }
}

/** Whether an account had an identifier of a kind when a sign-in began: it still does, or another took its place since. */
const hadBefore = (
  state: AccountState,
  former: FormerContacts | undefined,
  kind: IdentifierKind,
  since: Since,
  from: Instant,
): boolean => {
  const present = isOfPerson(state) ? state.identifiers[kind] : undefined
  const isKept = present !== undefined && !since(present.boundAt)
  return (
    isKept ||
    (former?.contacts ?? []).some((each) => each.kind === kind && each.replacedAt >= from && (each.boundAt ?? 0) < from)
  )
}

const withoutWays = (
  state: SecondFactor | undefined,
  identifiers: Identifiers,
  since: Since,
  at: Instant,
): Decided<SecondFactorState, SecondFactorEvent> | undefined => {
  if (state?.status !== 'enabled') return undefined
  const moments = state.addedAt ?? {}
  // Codes to a contact that took the place of another go to whoever put it there.
  const added = waysOf(state).filter(
    (way) => since(moments[way]) || (way !== 'totp' && since(identifiers[way]?.boundAt)),
  )
  const commands: readonly SecondFactorCommand[] = since(state.enabledAt)
    ? [{ type: 'Remove', at }]
    : [
        ...(since(moments.recoveryCode) ? [{ type: 'RenewRecoveryCodes' as const, recoveryDigests: [], at }] : []),
        ...added.map((way) => ({ type: 'RemoveWay' as const, way, at })),
      ]
  if (commands.length === 0) return undefined
  return commands.reduce<Decided<SecondFactorState, SecondFactorEvent>>(
    (decided, command) =>
      decideNext(secondFactorMachine, decided.state, command).match(
        (next) => ({ state: next.state, events: [...decided.events, ...next.events] }),
        () => decided,
      ),
    { state, events: [] },
  )
}

const withoutPasskeys = (kept: Stored<Passkeys> | undefined, since: Since): readonly DecidedChange[] => {
  if (kept === undefined) return []
  const accountId = kept.id
  const added = kept.state.keys.filter(({ addedAt }) => since(addedAt))
  if (added.length === 0) return [expectRow(passkeys, kept)]
  const keys = kept.state.keys.filter((each) => !added.includes(each))
  const events = added.map(({ passkeyId }) => ({ type: 'PasskeyRemoved', accountId, passkeyId }))
  return [
    put(passkeys, { id: accountId, version: kept.version, state: { accountId, keys }, events }),
    ...added.map(({ key }) => release({ space: passkeySpace, key, owner: accountId })),
  ]
}

const withoutLinks = (kept: Stored<LinkedIdentities> | undefined, since: Since): readonly DecidedChange[] => {
  if (kept === undefined) return []
  const accountId = kept.id
  const added = kept.state.links.filter(({ linkedAt }) => since(linkedAt))
  if (added.length === 0) return [expectRow(linkedIdentities, kept)]
  const links = kept.state.links.filter((each) => !added.includes(each))
  const events = added.map(({ providerId }) => ({ type: 'IdentityUnlinked' as const, accountId, providerId }))
  return [
    putLinks(kept, { accountId, links }, ...events),
    // What another link lists as well leads in by that one.
    ...releaseIdentities(
      added.flatMap(({ keys }) => keys).filter((each) => !links.some(({ keys }) => keys.includes(each))),
      accountId,
    ),
  ]
}
