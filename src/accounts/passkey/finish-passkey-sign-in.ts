import { err, ok, okAsync, ResultAsync } from 'neverthrow'
import type { Decision } from '../../shared/decide-and-commit.js'
import { digestOrigin } from '../../shared/origin.js'
import { claims, counters, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { maySignIn } from '../account-machine.js'
import { accounts, challenges, credentials } from '../accounts.schema.js'
import { beginSession, type SignedIn, type SignInRefused } from '../begin-session.js'
import { challengeAttempts } from '../budgets.js'
import type { FinishPasskeySignInInput } from '../inputs.js'
import { parseFinishPasskeySignIn } from '../inputs.schema.js'
import { deviceGuardOf, noteDevice } from '../known-device.js'
import type { AccountsPorts } from '../ports.js'
import { passkeys } from './passkey.schema.js'
import { passkeyKey, passkeySpace } from './passkey-challenge.js'
import { type PasskeyRefused, type PasskeysNotOffered, provePasskey } from './prove-passkey.js'

/** Why nobody is signed in by a passkey. */
export type PasskeySignInError = PasskeyRefused | PasskeysNotOffered | SignInRefused | CommandError

type Outcome = { readonly kind: 'signedIn'; readonly session: SignedIn } | { readonly kind: 'refused' }

/**
 * Signs in by a passkey. The device that has it has verified its person, so that it is two factors by itself: no second
 * one is asked for. Locked passwords do not stand in its way.
 *
 * @errors PasskeyRefused, PasskeysNotOffered, SignInRefused, CommandError; AlreadyDone when the key was used
 */
export const finishPasskeySignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: FinishPasskeySignInInput,
): ResultAsync<SignedIn, PasskeySignInError> => {
  const action = 'accounts.finishPasskeySignIn'
  const typed = parseFinishPasskeySignIn(input)
  const made = typed.match(
    ({ challengeId: _, ...assertion }) => assertion,
    () => ({ credentialId: '', clientDataJson: '', authenticatorData: '', signature: '' }),
  )
  return ResultAsync.combine([
    passkeyKey(ports.digests, made.credentialId),
    digestOrigin(ports.digests, context.origin),
  ]).andThen(([key, { device }]) =>
    runCommand(ports, context, input, {
      action,
      secret: true,
      parse: () => typed.map(({ challengeId }) => ({ challengeId })),
      plan: ({ input: { challengeId } }) => ({
        challenge: row(challenges, challengeId),
        left: counters(challengeAttempts, [challengeId]),
        owner: claims(passkeySpace, [key]),
        kept: row(passkeys, { from: 'owner', path: '' }),
        account: row(accounts, { from: 'owner', path: '' }),
        credential: row(credentials, { from: 'owner', path: '' }),
        deviceGuard: deviceGuardOf({ from: 'owner', path: '' }, device),
      }),
      decide: ({ challenge, left, kept, account, credential, deviceGuard }, { actor, now: at }) => {
        if (ports.passkeys === undefined) return err<never, PasskeySignInError>({ type: 'PasskeysNotOffered' })
        const barred = maySignIn(account?.state, at) ? undefined : 'mayNotSignIn'
        return provePasskey(ports, {
          challenge,
          left,
          purpose: 'passkeySignIn',
          kept,
          made,
          action,
          barred,
          actor,
          at,
        }).andThen((verdict): ResultAsync<Decision<Outcome>, PasskeySignInError> => {
          if (verdict.kind === 'refused') return okAsync({ answer: { kind: 'refused' }, changes: verdict.changes })
          if (account === undefined || !maySignIn(account.state, at)) {
            return okAsync({ answer: { kind: 'refused' }, changes: [] })
          }
          return beginSession(ports, account, credential?.state.setAt ?? at, at, { device }).map(
            ({ answer, changes }): Decision<Outcome> => ({
              answer: { kind: 'signedIn', session: answer },
              changes: [...verdict.changes, ...noteDevice(account.id, device, deviceGuard, at), ...changes],
            }),
          )
        })
      },
    }).andThen((outcome) =>
      outcome.kind === 'signedIn' ? ok(outcome.session) : err<never, PasskeySignInError>({ type: 'PasskeyRefused' }),
    ),
  )
}
