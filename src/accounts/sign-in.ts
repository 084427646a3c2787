import { err, errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { OriginKeys } from '../shared/origin.js'
import { claims, known, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { signInGuards } from './accounts.schema.js'
import type { SignedIn, SignInRefused } from './begin-session.js'
import { type FailureLine, failureLines, linesLeft, spendCode } from './budgets.js'
import { restOf } from './credential.js'
import { type Entry, enterAccount, type SecondFactorRequired } from './enter-account.js'
import { askAlarms, raiseAlarms } from './failure-alarm.js'
import { kindOfIdentifier } from './identifier.js'
import { identifierSpace, identify, keysOf } from './identify.js'
import type { SignInInput } from './inputs.js'
import { parseSignIn } from './inputs.schema.js'
import { deviceGuardOf, guardLane, noteDevice } from './known-device.js'
import { accountOrNobody, credentialOrNobodys } from './nobody.js'
import { passkeys } from './passkey/passkey.schema.js'
import { canonicalPassword } from './password-policy.js'
import type { AccountsPorts, HasherUnavailable } from './ports.js'
import type { PasswordChangeRequired } from './refresh-credential.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
import { clearGuard, createPasswordTry } from './try-password.js'

/** Why signing in may fail. */
export type SignInError =
  | SignInRefused
  | SecondFactorRequired
  | PasswordChangeRequired
  | HasherUnavailable
  | CommandError

type Outcome =
  | Entry
  | { readonly kind: 'refused' }
  | { readonly kind: 'mustChange'; readonly because: PasswordChangeRequired['because'] }

/**
 * Signs in by e-mail address, mobile number or user name, and password. Every refusal is the same, costs the same and is remembered; repeated ones
 * lock for a while, of which only the owner is told.
 *
 * @errors SignInRefused, SecondFactorRequired, PasswordChangeRequired, HasherUnavailable, CommandError; AlreadyDone when the key was used, for the token is kept nowhere
 */
export const signIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: SignInInput,
): ResultAsync<SignedIn, SignInError> => {
  const typed = parseSignIn(input)
  const { password, identifier } = typed.match(
    (given) => ({ password: canonicalPassword(given.password), identifier: given.identifier }),
    () => ({ password: '', identifier: '' }),
  )
  const tryPassword = createPasswordTry(ports, context.origin, password)
  const policy = ports.accountsPolicy
  return identify(ports, context, { kind: kindOfIdentifier(identifier), typed: identifier }).andThen(
    ({ identity, origin }) =>
      runCommand(ports, context, input, {
        action: 'accounts.signIn',
        secret: true,
        parse: () => typed.map(({ identifier }) => ({ identifier })),
        plan: ({ now }) => signInPlan(keysOf({ identity }), origin, failureLines(policy.failures, origin, now)),
        decide: (facts, { actor, now }) => {
          const { account, credential, factor, kept, ownGuard, strangersGuard, deviceGuard, left, raised } = facts
          // What is no identifier has no account; there is nothing to find out and nothing to remember.
          if (identity.isErr()) return errAsync<Decision<Outcome>, SignInError>({ type: 'SignInRefused' })
          const identifierKey = identity.value.key
          const guards = { accountId: account?.id, identifierKey, deviceGuard, ownGuard, strangersGuard }
          const lane = guardLane(guards, now, policy.guard)
          const lines = failureLines(policy.failures, origin, now)
          const spent = spendCode(lines, left)
          const isKnownDevice = lane.kind === 'knownDevice'
          const barred = spent.isErr() && !isKnownDevice
          return tryPassword({
            guardId: lane.id,
            isKnownDevice,
            account,
            credential,
            guard: lane.guard,
            barred,
            at: now,
          }).andThen((verdict): ResultAsync<Decision<Outcome>, SignInError> => {
            const subject = account?.id ?? `identifier:${identifierKey}`
            const note = { actor, action: 'accounts.signIn', subject, at: now }
            if (verdict.kind !== 'right' || account === undefined) {
              const counts = verdict.kind === 'wrong' && spent.isOk()
              const changes = [
                ...verdict.changes,
                ...(counts ? spent.value : []),
                ...raiseAlarms(lines, { left, raised, counts, at: now }),
                auditEntry(ports.ids, {
                  ...note,
                  outcome: 'refused',
                  detail: barred ? 'tooManyFailures' : verdict.kind,
                }),
              ]
              return okAsync({ changes, answer: { kind: 'refused' } })
            }
            if (verdict.mustChange !== undefined) {
              return okAsync({
                answer: { kind: 'mustChange', because: verdict.mustChange },
                changes: [
                  ...verdict.changes,
                  ...(isKnownDevice ? [] : clearGuard(lane.guard)),
                  auditEntry(ports.ids, { ...note, outcome: 'refused', detail: verdict.mustChange }),
                ],
              })
            }
            const passwordSetAt = credential?.state.setAt ?? now
            return enterAccount(ports, {
              account,
              factor,
              kept,
              provenBy: credential?.state.resetBy,
              byPassword: true,
              passwordSetAt,
              rest: restOf(credential?.state, now, policy.stepUp.afterResetMs),
              identifierKey,
              device: origin.device,
              at: now,
            }).map(
              ({ changes, answer }): Decision<Outcome> => ({
                answer,
                changes: [
                  ...verdict.changes,
                  ...(isKnownDevice ? [] : clearGuard(lane.guard)),
                  ...(answer.kind === 'signedIn' ? noteDevice(account.id, origin.device, deviceGuard, now) : []),
                  ...changes,
                  auditEntry(ports.ids, {
                    ...note,
                    outcome: 'done',
                    ...(answer.kind === 'halfWay' ? { detail: answer.required.type } : {}),
                  }),
                ],
              }),
            )
          })
        },
      }).andThen((outcome) => {
        switch (outcome.kind) {
          case 'signedIn':
            return ok(outcome.session)
          case 'halfWay':
            return err<never, SignInError>(outcome.required)
          case 'mustChange':
            return err<never, SignInError>({ type: 'PasswordChangeRequired', because: outcome.because })
          case 'refused':
            return err<never, SignInError>({ type: 'SignInRefused' })
        }
      }),
  )
}

const signInPlan = (keys: readonly string[], { device }: OriginKeys, lines: readonly FailureLine[]) => ({
  owner: claims(identifierSpace, keys),
  account: accountOrNobody({ from: 'owner', path: '' }),
  credential: credentialOrNobodys({ from: 'owner', path: '' }),
  factor: row(secondFactors, { from: 'owner', path: '' }),
  kept: row(passkeys, { from: 'owner', path: '' }),
  ownGuard: row(signInGuards, { from: 'owner', path: '' }),
  strangersGuard: keys[0] === undefined ? known(undefined) : row(signInGuards, keys[0]),
  deviceGuard: deviceGuardOf({ from: 'owner', path: '' }, device),
  left: linesLeft(lines),
  raised: askAlarms(lines),
})
