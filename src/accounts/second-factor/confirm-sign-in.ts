import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { type Change, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { digestOrigin } from '../../shared/origin.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row, type Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { maySignIn } from '../account-machine.js'
import { credentials } from '../accounts.schema.js'
import { beginSession, type SignedIn, type SignInRefused } from '../begin-session.js'
import type { Challenge } from '../challenge.js'
import { type Credential, restOf } from '../credential.js'
import { entryPlan, restBegun } from '../enter-account.js'
import type { ConfirmSignInInput } from '../inputs.js'
import { parseConfirmSignIn } from '../inputs.schema.js'
import { noteDevice } from '../known-device.js'
import type { AccountsPorts } from '../ports.js'
import type { CodeRefused } from '../redeem-code.js'
import { accountOf } from '../write-account.js'
import { askFactorGuards, factorLane } from './factor-guard.js'
import { proveSecondFactor } from './prove-second-factor.js'

/** Why a second proof may fail. */
export type ConfirmSignInError = CodeRefused | SignInRefused | Unreadable | CommandError

type Outcome = { readonly kind: 'signedIn'; readonly session: SignedIn } | { readonly kind: 'refused' }

/**
 * Signs in by the second proof, after a first one was answered by `SecondFactorRequired`. Each wrong code is remembered and
 * slows the next; the owner is told, for whoever gives them knows the first proof.
 *
 * @errors CodeRefused, SignInRefused, Unreadable, CommandError; AlreadyDone when the key was used
 */
export const confirmSignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ConfirmSignInInput,
): ResultAsync<SignedIn, ConfirmSignInError> => {
  const typed = parseConfirmSignIn(input)
  const given = typed.match(
    (proof) => proof,
    (): ConfirmSignInInput => ({ kind: 'totp', challengeId: '', code: '' }),
  )
  return digestOrigin(ports.digests, context.origin)
    .andThen(({ device }) =>
      runCommand(ports, context, input, {
        action: 'accounts.confirmSignIn',
        secret: true,
        parse: () => typed.map(({ challengeId }) => ({ challengeId })),
        plan: ({ input: { challengeId } }) => ({
          ...entryPlan(challengeId, device),
          key: row(subjectKeys, { from: 'challenge', path: 'accountId' }),
          ...askFactorGuards({ from: 'challenge', path: 'accountId' }, device),
        }),
        decide: (facts, { actor, now: at }) => {
          const { challenge, left, account, credential, factor, kept, key, deviceGuard } = facts
          const refused = (changes: Decision<Outcome>['changes']) =>
            okAsync<Decision<Outcome>, ConfirmSignInError>({ changes, answer: { kind: 'refused' } })
          const owner = challenge === undefined ? undefined : accountOf(challenge.state, account)
          const standing = owner?.state
          if (challenge === undefined || owner === undefined || !maySignIn(standing, at)) return refused([])
          const lane = factorLane({ ...facts, accountId: owner.id, device }, at, ports.accountsPolicy.guard)
          const held = { challenge, left, account: standing, factor, kept, key: key?.state, lane }
          return proveSecondFactor(ports, { ...held, action: 'accounts.confirmSignIn', actor, at }, given).andThen(
            (verdict): ResultAsync<Decision<Outcome>, ConfirmSignInError> => {
              if (verdict.kind === 'refused') return refused(verdict.changes)
              const { provenBy, passwordSetAt } = challenge.state
              const begunBy = passwordSetAt === undefined ? provenBy : undefined
              const reset = restOf(credential?.state, at, ports.accountsPolicy.stepUp.afterResetMs)
              const come = { device, begunBy, rest: restBegun(reset, begunBy), isProven: true }
              return beginSession(ports, owner, credential?.state.setAt ?? at, at, come).map(
                ({ changes, answer }): Decision<Outcome> => ({
                  answer: { kind: 'signedIn', session: answer },
                  changes: [
                    ...changes,
                    ...noteDevice(owner.id, device, deviceGuard, at),
                    ...verdict.changes,
                    ...provenAnew(credential, challenge.state),
                  ],
                }),
              )
            },
          )
        },
      }),
    )
    .andThen((outcome) => (outcome.kind === 'signedIn' ? ok(outcome.session) : err({ type: 'CodeRefused' as const })))
}

// Another proof than the contact that the password was reset by has come beside this very password: codes to that contact
// count again. Who came in without the password has shown nothing of whose it is.
const provenAnew = (credential: Stored<Credential> | undefined, { passwordSetAt }: Challenge): readonly Change[] => {
  if (credential?.state.resetBy === undefined || credential.state.setAt !== passwordSetAt) return []
  const { resetBy: _, ...state } = credential.state
  return [put(credentials, { ...credential, state })]
}
