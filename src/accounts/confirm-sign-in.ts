import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import { adjust, type Change, expectRow, removeRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { maySignIn } from './account-machine.js'
import { accounts, challenges, credentials, signInGuards } from './accounts.schema.js'
import { beginSession, type SignedIn, type SignInRefused } from './begin-session.js'
import { challengeAttempts } from './budgets.js'
import { challengeMachine } from './challenge-machine.js'
import { factorGuardPrefix, mayTryFactor, rememberFailure } from './factor-guard.js'
import { digestOrigin } from './identify.js'
import { parseConfirmSignIn } from './inputs.schema.js'
import { deviceGuardOf, noteDevice } from './known-device.js'
import type { AccountsPorts } from './ports.js'
import type { CodeRefused } from './redeem-code.js'
import type { FactorKind } from './second-factor.js'
import { secondFactors } from './second-factor.schema.js'
import { tryFactor } from './try-factor.js'
import { accountOf, putChallenge } from './write-account.js'

/** Why a second proof may fail. */
export type ConfirmSignInError = CodeRefused | SignInRefused | Unreadable | CommandError

type Outcome = { readonly kind: 'signedIn'; readonly session: SignedIn } | { readonly kind: 'refused' }

/**
 * Signs in by the second factor, after `signIn` or `signInByCode` has asked for it. Each wrong code is remembered and
 * slows the next; the owner is told, for whoever gives them knows the first proof.
 *
 * @errors CodeRefused, SignInRefused, Unreadable, CommandError; AlreadyDone when the key was used
 */
export const confirmSignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<SignedIn, ConfirmSignInError> => {
  const typed = parseConfirmSignIn(input)
  const { kind, code } = typed.match(
    (given) => given,
    (): { readonly kind: FactorKind; readonly code: string } => ({ kind: 'totp', code: '' }),
  )
  return digestOrigin(ports.digests, context.origin)
    .andThen(({ device }) =>
      runCommand(ports, context, input, {
        action: 'accounts.confirmSignIn',
        secret: true,
        parse: () => typed.map(({ challengeId }) => ({ challengeId })),
        plan: ({ input: { challengeId } }) => ({
          challenge: row(challenges, challengeId),
          left: counters(challengeAttempts, [challengeId]),
          account: row(accounts, { from: 'challenge', path: 'accountId' }),
          credential: row(credentials, { from: 'challenge', path: 'accountId' }),
          factor: row(secondFactors, { from: 'challenge', path: 'accountId' }),
          key: row(subjectKeys, { from: 'challenge', path: 'accountId' }),
          guard: row(signInGuards, { from: 'challenge', path: 'accountId', prefix: factorGuardPrefix }),
          deviceGuard: deviceGuardOf({ from: 'challenge', path: 'accountId' }, device),
        }),
        decide: ({ challenge, left, account, credential, factor, key, guard, deviceGuard }, { actor, now: at }) => {
          const { guard: guardPolicy, code: codePolicy } = ports.accountsPolicy
          const note = (subject: string, outcome: 'done' | 'refused', detail?: string): Change =>
            auditEntry(ports.ids, {
              actor,
              action: 'accounts.confirmSignIn',
              subject,
              at,
              outcome,
              ...(detail === undefined ? {} : { detail }),
            })
          const refused = (changes: readonly Change[]) =>
            okAsync<Decision<Outcome>, ConfirmSignInError>({ changes, answer: { kind: 'refused' } })
          const owner = challenge === undefined ? undefined : accountOf(challenge.state, account)
          const standing = owner?.state
          if (challenge === undefined || owner === undefined || !maySignIn(standing, at)) return refused([])
          const { id: challengeId, state, version } = challenge
          if (!mayTryFactor(guard?.state, kind, at, guardPolicy))
            return refused([note(owner.id, 'refused', 'notLookedAt')])
          const attemptsLeft = left.get(challengeId) ?? codePolicy.attempts
          const spend = adjust(challengeAttempts, { id: challengeId, by: -1, initial: codePolicy.attempts })
          return tryFactor(ports, { factor, key: key?.state, kind, code, at })
            .mapErr((error): ConfirmSignInError => error)
            .andThen((used) =>
              decideNext(challengeMachine, state, {
                type: 'Prove',
                purpose: 'secondFactor',
                right: used !== undefined,
                attemptsLeft,
                at,
              }).match(
                (decided): ResultAsync<Decision<Outcome>, ConfirmSignInError> =>
                  beginSession(ports, owner, credential?.state.setAt ?? at, at, device).map(({ changes, answer }) => ({
                    answer: { kind: 'signedIn', session: answer },
                    changes: [
                      ...changes,
                      ...noteDevice(owner.id, device, deviceGuard, at),
                      putChallenge(challengeId, version, decided),
                      spend,
                      ...(used === undefined ? [] : [used]),
                      ...(guard === undefined ? [] : [removeRow(signInGuards, guard)]),
                      note(owner.id, 'done', kind),
                    ],
                  })),
                (error) =>
                  refused(
                    error.type === 'CodeWrong'
                      ? [
                          expectRow(challenges, challenge),
                          spend,
                          ...rememberFailure(guard, standing, guardPolicy, at),
                          note(owner.id, 'refused', error.type),
                        ]
                      : [note(owner.id, 'refused', error.type)],
                  ),
              ),
            )
        },
      }),
    )
    .andThen((outcome) => (outcome.kind === 'signedIn' ? ok(outcome.session) : err({ type: 'CodeRefused' as const })))
}
