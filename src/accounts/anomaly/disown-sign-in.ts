import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { put, removeRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import { counters, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accountMachine, isStanding } from '../account-machine.js'
import { accounts, challenges, credentials, signInGuards } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import type { DisownSignInInput } from '../inputs.js'
import { parseDisownSignIn } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import { type CodeRefused, redeemCode } from '../redeem-code.js'
import { passwordAtRisk } from '../refresh-credential.js'
import { tellOfRisk } from '../try-password.js'
import { accountOf } from '../write-account.js'
import { additionsPlan, undoAdditions } from './undo-additions.js'

/** A sign-in was not the owner's: nobody is signed in any more, and the password signs nobody in. */
export type SignInDisowned = { readonly accountId: string }

/** Why a sign-in may not be disowned. */
export type DisownSignInError = CodeRefused | CommandError

type Outcome = { readonly kind: 'disowned'; readonly disowned: SignInDisowned } | { readonly kind: 'refused' }

/**
 * Says, by the token of a message about an unusual sign-in, that it was not oneself: every session ends, every other code
 * is void, the password has to be set anew, and what was added to the account since that sign-in goes: passkeys, linked
 * identities, ways of the second factor, identifiers but for the last contact; a contact that was replaced or taken off since
 * is put back, and the device is known no more. The owner is told of each. The event `account/SignInDisowned` tells the shop, which opens a ticket by
 * it.
 *
 * @errors CodeRefused, CommandError
 */
export const disownSignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: DisownSignInInput,
): ResultAsync<SignInDisowned, DisownSignInError> => {
  const action = 'accounts.disownSignIn'
  const typed = parseDisownSignIn(input)
  const [challengeId = '', code = ''] = typed.map(({ token }) => token.split('.')).unwrapOr([])
  return runCommand(ports, context, input, {
    action,
    parse: () => typed.map(() => ({ challengeId })),
    plan: () => ({
      challenge: row(challenges, challengeId),
      left: counters(challengeAttempts, [challengeId]),
      account: row(accounts, { from: 'challenge', path: 'accountId' }),
      credential: row(credentials, { from: 'challenge', path: 'accountId' }),
      // The device is known no more, were it the owner's own: whoever signs in there next makes it so again.
      deviceGuard: row(signInGuards, { from: 'challenge', path: 'disownedGuard' }),
      ...additionsPlan({ from: 'challenge', path: 'accountId' }),
    }),
    decide: ({ challenge, left, account, credential, deviceGuard, ...kept }, { actor, now: at }) => {
      const refused = (changes: Decision<Outcome>['changes']) =>
        okAsync<Decision<Outcome>, DisownSignInError>({ changes, answer: { kind: 'refused' } })
      const owner = challenge === undefined ? undefined : accountOf(challenge.state, account)
      if (challenge === undefined || owner === undefined || !isStanding(owner.state)) return refused([])
      const accountId = owner.id
      return redeemCode(ports, {
        challenge,
        left,
        purpose: 'notMe',
        code,
        action,
        subject: accountId,
        actor,
        at,
      }).andThen((verdict): ResultAsync<Decision<Outcome>, DisownSignInError> => {
        const disowned = decideNext(accountMachine, owner.state, { type: 'DisownSignIn' })
        if (verdict.kind === 'refused' || disowned.isErr()) return refused(verdict.changes)
        const from = challenge.state.disownedFrom
        return undoAdditions(ports, { owner, disowned: disowned.value, ...kept }, { from, actor, at }).map(
          (undone) => ({
            answer: { kind: 'disowned', disowned: { accountId } },
            changes: [
              ...verdict.changes,
              ...undone.changes,
              ...(deviceGuard === undefined ? [] : [removeRow(signInGuards, deviceGuard)]),
              ...(credential === undefined
                ? []
                : [
                    put(credentials, {
                      id: accountId,
                      version: credential.version,
                      state: { ...credential.state, mustChange: 'compromised' as const },
                      events: [passwordAtRisk(accountId, 'compromised')],
                    }),
                  ]),
              ...tellOfRisk(undone.account, at),
            ],
          }),
        )
      })
    },
  }).andThen((outcome) =>
    outcome.kind === 'disowned' ? ok(outcome.disowned) : err<never, CodeRefused>({ type: 'CodeRefused' }),
  )
}
