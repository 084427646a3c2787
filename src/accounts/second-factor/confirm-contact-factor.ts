import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import { counters, row } from '../../shared/read-plan.js'
import { type CommandContext, runCommand } from '../../shared/run-command.js'
import { challenges } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import type { CodeInput } from '../inputs.js'
import { parseCode } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import { type CodeRefused, redeemCode } from '../redeem-code.js'
import { accountOf, touchAccount } from '../write-account.js'
import { type FactorError, factorPlan, type RecoveryCodes, tellOfFactor } from './own-factor.js'
import { secondFactorMachine } from './second-factor-machine.js'
import { drawRecoveryCodes, putFactor } from './try-factor.js'

type Outcome = { readonly kind: 'added'; readonly codes: RecoveryCodes } | { readonly kind: 'refused' }

/**
 * Makes a contact a way of the second factor by the code that `requestContactFactor` sent; from then on every sign-in asks
 * for a second proof. Recovery codes of before are void.
 *
 * @errors CodeRefused, FactorWayStands, NotFound, CommandError; AlreadyDone when the key was used
 */
export const confirmContactFactor = (
  ports: AccountsPorts,
  context: CommandContext,
  input: CodeInput,
): ResultAsync<RecoveryCodes, FactorError | CodeRefused> => {
  const action = 'accounts.confirmContactFactor'
  const accountId = customerIdOf(context.actor)
  const typed = parseCode(input)
  const code = typed.match(
    (given) => given.code,
    () => '',
  )
  return runCommand(ports, context, input, {
    action,
    secret: true,
    parse: () => typed.map(({ challengeId }) => ({ challengeId })),
    plan: ({ input: { challengeId } }) => ({
      ...factorPlan(accountId),
      challenge: row(challenges, challengeId),
      left: counters(challengeAttempts, [challengeId]),
    }),
    decide: ({ account, factor, challenge, left }, { actor, now: at }) => {
      const refused = (changes: Decision<Outcome>['changes']) =>
        okAsync<Decision<Outcome>, FactorError>({ changes, answer: { kind: 'refused' } })
      const owner = challenge === undefined ? undefined : accountOf(challenge.state, account)
      // What was sent to another account is as if it had not been sent.
      if (challenge === undefined || owner?.state.status !== 'active') return refused([])
      const { sentTo } = challenge.state
      if (sentTo === undefined) return refused([])
      const { identifiers } = owner.state
      return redeemCode(ports, {
        challenge,
        left,
        purpose: 'enrolFactor',
        code,
        action,
        subject: accountId,
        actor,
        at,
      }).andThen((verdict): ResultAsync<Decision<Outcome>, FactorError> => {
        if (verdict.kind === 'refused') return refused(verdict.changes)
        const before = factor?.state ?? secondFactorMachine.initial
        const version = factor?.version ?? 0
        return drawRecoveryCodes(ports, accountId).andThen(({ codes, recoveryDigests }) =>
          decideNext(secondFactorMachine, before, {
            type: 'AddContact',
            accountId,
            contact: sentTo.kind,
            recoveryDigests,
            at,
          }).map(
            (decided): Decision<Outcome> => ({
              answer: { kind: 'added', codes: { recoveryCodes: codes } },
              changes: [
                touchAccount(owner),
                ...verdict.changes,
                putFactor(accountId, version, decided),
                tellOfFactor(accountId, identifiers, { cause: `${version}`, at }),
              ],
            }),
          ),
        )
      })
    },
  }).andThen((outcome) =>
    outcome.kind === 'added' ? ok(outcome.codes) : err<never, CodeRefused>({ type: 'CodeRefused' }),
  )
}
