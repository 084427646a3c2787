import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Decision } from '../shared/decide-and-commit.js'
import { digestOrigin } from '../shared/origin.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { maySignIn } from './account-machine.js'
import type { SignedIn, SignInRefused } from './begin-session.js'
import { restOf } from './credential.js'
import { type Entry, enterAccount, entryPlan, type SecondFactorRequired } from './enter-account.js'
import type { CodeInput } from './inputs.js'
import { parseCode } from './inputs.schema.js'
import { noteDevice } from './known-device.js'
import type { AccountsPorts } from './ports.js'
import { type CodeRefused, redeemCode } from './redeem-code.js'
import { accountOf } from './write-account.js'

/** Why signing in by a code may fail. */
export type SignInByCodeError = CodeRefused | SignInRefused | SecondFactorRequired | CommandError

type Outcome = Entry | { readonly kind: 'refused' }

/**
 * Signs in by a code that `requestSignInCode` sent. It needs no password, and none that is locked stands in its way: who
 * fails at passwords cannot keep the owner out. Where there is another way to prove who one is, the session begins without a fresh
 * proof (`stepUp`): whoever reads the messages of the contact would have it too.
 *
 * @errors CodeRefused, SignInRefused, SecondFactorRequired, CommandError; AlreadyDone when the key was used
 */
export const signInByCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: CodeInput,
): ResultAsync<SignedIn, SignInByCodeError> => {
  const typed = parseCode(input)
  const code = typed.match(
    (given) => given.code,
    () => '',
  )
  return digestOrigin(ports.digests, context.origin)
    .andThen(({ device }) =>
      runCommand(ports, context, input, {
        action: 'accounts.signInByCode',
        secret: true,
        parse: () => typed.map(({ challengeId }) => ({ challengeId })),
        plan: ({ input: { challengeId } }) => entryPlan(challengeId, device),
        decide: ({ challenge, left, account, credential, factor, kept, deviceGuard }, { actor, now: at }) =>
          redeemCode(ports, {
            challenge,
            left,
            purpose: 'signIn',
            code,
            action: 'accounts.signInByCode',
            ...(challenge?.state.accountId === undefined ? {} : { subject: challenge.state.accountId }),
            ...(factor?.state.status === 'enabled' ? { detail: 'SecondFactorRequired' } : {}),
            barred: maySignIn(challenge && accountOf(challenge.state, account)?.state, at) ? undefined : 'mayNotSignIn',
            actor,
            at,
          }).andThen((verdict): ResultAsync<Decision<Outcome>, SignInByCodeError> => {
            const refused = (changes: Decision<Outcome>['changes']) =>
              okAsync<Decision<Outcome>, SignInByCodeError>({ changes, answer: { kind: 'refused' } })
            if (verdict.kind === 'refused' || challenge === undefined) return refused(verdict.changes)
            const owner = accountOf(challenge.state, account)
            if (owner === undefined || !maySignIn(owner.state, at)) return refused([])
            const { identifierKey, sentTo } = challenge.state
            const passwordSetAt = credential?.state.setAt ?? at
            const rest = restOf(credential?.state, at, ports.accountsPolicy.stepUp.afterResetMs)
            const hasPassword = credential !== undefined
            const proven = { account: owner, factor, kept, provenBy: sentTo?.kind, hasPassword, passwordSetAt }
            return enterAccount(ports, { ...proven, identifierKey, rest, device, at }).map(
              ({ changes, answer }): Decision<Outcome> => ({
                answer,
                changes: [
                  ...verdict.changes,
                  ...(answer.kind === 'signedIn' ? noteDevice(owner.id, device, deviceGuard, at) : []),
                  ...changes,
                ],
              }),
            )
          }),
      }),
    )
    .andThen((outcome) => {
      if (outcome.kind === 'signedIn') return ok(outcome.session)
      return err<never, SignInByCodeError>(outcome.kind === 'halfWay' ? outcome.required : { type: 'CodeRefused' })
    })
}
