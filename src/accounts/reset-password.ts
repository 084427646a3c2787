import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../notify/queue-message.js'
import { expectRow, put, removeRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { digestOrigin } from '../shared/origin.js'
import type { Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { maySignIn } from './account-machine.js'
import { accounts, challenges, credentials, signInGuards } from './accounts.schema.js'
import { challengeAttempts } from './budgets.js'
import type { Credential, CredentialEvent } from './credential.js'
import type { LinkedIdentities } from './identity/linked-identity.js'
import { linkedIdentities } from './identity/linked-identity.schema.js'
import type { ResetPasswordInput } from './inputs.js'
import { parseResetPassword } from './inputs.schema.js'
import { deviceGuardOf, isKnownDevice, noteDevice } from './known-device.js'
import { createNewPassword, nextCredential } from './new-password.js'
import type { Passkeys } from './passkey/passkey.js'
import { passkeys } from './passkey/passkey.schema.js'
import type { PasswordRefused } from './password-policy.js'
import type { AccountsPorts, BreachListUnavailable, HasherUnavailable } from './ports.js'
import { noticeChannel, openProfile } from './profile.js'
import { type CodeRefused, redeemCode } from './redeem-code.js'
import { askFactorGuards, forgiveFactor } from './second-factor/factor-guard.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
import { accountOf, changeAccount } from './write-account.js'

/** The password is the new one, and every session has ended. */
export type PasswordReset = {
  readonly accountId: string
  /** What opens the account as before, the latest first: whoever had got in may have added some of it. */
  readonly stays: readonly StayingWay[]
}

/** A way into an account that a reset of the password leaves; its owner takes off what is not theirs. */
export type StayingWay =
  | { readonly kind: 'passkey'; readonly passkeyId: string; readonly since: Instant }
  | { readonly kind: 'identity'; readonly linkId: string; readonly providerId: string; readonly since: Instant }

/** Why a password may not be reset. */
export type ResetError =
  | CodeRefused
  | PasswordRefused
  | BreachListUnavailable
  | HasherUnavailable
  | Unreadable
  | CommandError

type Outcome = ({ readonly kind: 'reset' } & PasswordReset) | { readonly kind: 'refused' }

/**
 * Sets a password anew by a code; ends every session, every other code, the lock of strangers and that of the device it is
 * done at, where the account knows it, and tells the owner. Nobody is signed in by it, and a second factor is asked for as
 * before: by another way than the one the code came by. Passkeys and linked identities stay, and are named.
 *
 * @errors CodeRefused, PasswordRefused, BreachListUnavailable, HasherUnavailable, Unreadable, CommandError
 */
export const resetPassword = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ResetPasswordInput,
): ResultAsync<PasswordReset, ResetError> => {
  const typed = parseResetPassword(input)
  const { code, password } = typed.match(
    (given) => ({ code: given.code, password: createNewPassword(ports, context.origin, given.newPassword) }),
    () => ({ code: '', password: createNewPassword(ports, context.origin, '') }),
  )
  return digestOrigin(ports.digests, context.origin)
    .andThen(({ device }) =>
      runCommand(ports, context, input, {
        action: 'accounts.resetPassword',
        parse: () => typed.map(({ challengeId }) => ({ challengeId })),
        plan: ({ input: { challengeId } }) => ({
          challenge: row(challenges, challengeId),
          left: counters(challengeAttempts, [challengeId]),
          account: row(accounts, { from: 'challenge', path: 'accountId' }),
          key: row(subjectKeys, { from: 'challenge', path: 'accountId' }),
          credential: row(credentials, { from: 'challenge', path: 'accountId' }),
          guard: row(signInGuards, { from: 'challenge', path: 'accountId' }),
          factor: row(secondFactors, { from: 'challenge', path: 'accountId' }),
          kept: row(passkeys, { from: 'challenge', path: 'accountId' }),
          linked: row(linkedIdentities, { from: 'challenge', path: 'accountId' }),
          deviceGuard: deviceGuardOf({ from: 'challenge', path: 'accountId' }, device),
          ...askFactorGuards({ from: 'challenge', path: 'accountId' }, undefined),
        }),
        decide: (
          { challenge, left, account, key, credential, guard, deviceGuard, factor, factorGuard, kept, linked },
          { actor, now: at },
        ) => {
          // What depends on the person is judged only after the code was right: before, it would tell that there is one.
          const judged = password.judge({})
          if (judged.isErr()) return err<never, ResetError>(judged.error)
          const isKnown = isKnownDevice(deviceGuard, at, ports.accountsPolicy.guard)
          return password.hash({ isKnownDevice: isKnown }).andThen((hash) =>
            redeemCode(ports, {
              challenge,
              left,
              purpose: 'reset',
              code,
              action: 'accounts.resetPassword',
              barred: maySignIn(challenge && accountOf(challenge.state, account)?.state, at)
                ? undefined
                : 'mayNotSignIn',
              actor,
              at,
            }).andThen((verdict): ResultAsync<Decision<Outcome>, ResetError> => {
              const refused = (changes: Decision<Outcome>['changes']) =>
                okAsync<Decision<Outcome>, ResetError>({ changes, answer: { kind: 'refused' } })
              if (verdict.kind === 'refused') return refused(verdict.changes)
              const owner = challenge === undefined ? undefined : accountOf(challenge.state, account)
              const standing = owner?.state
              if (owner === undefined || !maySignIn(standing, at)) return refused([])
              const ended = changeAccount(owner, { type: 'EndSessions' })
              if (ended.isErr()) return refused([])
              const accountId = owner.id
              const next = (): Credential => {
                const fresh = nextCredential(ports, accountId, { password: hash, at, before: credential?.state })
                const resetBy = challenge?.state.sentTo?.kind
                if (resetBy === undefined) return fresh
                const set = { ...fresh, setThrough: resetBy }
                return factor?.state.status === 'enabled' ? { ...set, resetBy } : set
              }
              return openProfile(ports.sealer, key?.state, standing)
                .andThen((profile) => password.judge(profile))
                .andThen(() => password.checkHistory(credential?.state))
                .map(() => ({
                  answer: { kind: 'reset', accountId, stays: stayingWays(kept?.state, linked?.state) },
                  changes: [
                    ...verdict.changes,
                    ended.value,
                    ...(factor === undefined ? [] : [expectRow(secondFactors, factor)]),
                    put(credentials, {
                      id: accountId,
                      version: credential?.version ?? 0,
                      state: next(),
                      events: [passwordReset(accountId)],
                    }),
                    ...(guard === undefined ? [] : [removeRow(signInGuards, guard)]),
                    // The lock of a device that the account knows ends as well; a reset makes no device known.
                    ...(isKnown ? noteDevice(accountId, device, deviceGuard, at) : []),
                    ...forgiveFactor(factorGuard, at, ports.accountsPolicy.guard),
                    queueMessage({
                      cause: `${challenge?.id}:changed`,
                      accountId,
                      channel: noticeChannel(standing.identifiers),
                      template: 'passwordChanged',
                      facts: { at: { at } },
                      at,
                    }),
                  ],
                }))
            }),
          )
        },
      }),
    )
    .andThen((outcome) =>
      outcome.kind === 'reset'
        ? ok({ accountId: outcome.accountId, stays: outcome.stays })
        : err({ type: 'CodeRefused' as const }),
    )
}

const passwordReset = (accountId: string): CredentialEvent => ({ type: 'PasswordReset', accountId })

const stayingWays = (kept: Passkeys | undefined, linked: LinkedIdentities | undefined): readonly StayingWay[] =>
  [
    ...(kept?.keys ?? []).map(({ passkeyId, addedAt }) => ({ kind: 'passkey' as const, passkeyId, since: addedAt })),
    ...(linked?.links ?? []).map(({ linkId, providerId, linkedAt }) => ({
      kind: 'identity' as const,
      linkId,
      providerId,
      since: linkedAt,
    })),
  ].sort((one, other) => other.since - one.since)
