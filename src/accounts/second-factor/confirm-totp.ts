import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import { type CommandContext, runCommand } from '../../shared/run-command.js'
import type { FactorCodeInput } from '../inputs.js'
import { parseFactorCode } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { CodeRefused } from '../redeem-code.js'
import { touchAccount } from '../write-account.js'
import { type FactorError, factorPlan, type RecoveryCodes, tellOfFactor } from './own-factor.js'
import { secondFactorMachine, secretShown } from './second-factor-machine.js'
import { drawRecoveryCodes, putFactor, stepOfCode } from './try-factor.js'

/**
 * Makes an authenticator app a way of the second factor by a first code of it; from then on every sign-in asks for a
 * second proof. The code itself counts as used, and recovery codes of before are void.
 *
 * @errors CodeRefused when it is not a code of the secret, FactorStateForbids, NotFound, Unreadable, CommandError;
 * AlreadyDone when the key was used
 */
export const confirmTotp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: FactorCodeInput,
): ResultAsync<RecoveryCodes, FactorError | CodeRefused> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseFactorCode(input)
  const code = typed.match(
    (given) => given.code,
    () => '',
  )
  return runCommand(ports, context, input, {
    action: 'accounts.confirmTotp',
    secret: true,
    parse: () => typed.map(() => ({})),
    plan: () => factorPlan(accountId),
    decide: ({ account, factor, key }, { actor, now: at }) => {
      const refuse = (error: FactorError | CodeRefused) => err<never, FactorError | CodeRefused>(error)
      if (account?.state.status !== 'active') return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      const secret = secretShown(factor?.state)
      if (factor === undefined || secret === undefined) {
        return refuse({ type: 'FactorStateForbids', status: factor?.state.status ?? 'absent', command: 'Confirm' })
      }
      const { state, version } = factor
      const { identifiers } = account.state
      return stepOfCode(ports, { accountId, secret }, key?.state, code, at).andThen((step) => {
        if (step === undefined) return refuse({ type: 'CodeRefused' })
        return drawRecoveryCodes(ports, accountId).andThen(({ codes, recoveryDigests }) =>
          decideNext(secondFactorMachine, state, { type: 'Confirm', step, recoveryDigests, at }).map(
            (decided): Decision<RecoveryCodes> => ({
              answer: { recoveryCodes: codes },
              changes: [
                touchAccount(account),
                putFactor(accountId, version, decided),
                tellOfFactor(accountId, identifiers, { cause: `${version}`, at }),
                auditEntry(ports.ids, {
                  actor,
                  action: 'accounts.confirmTotp',
                  subject: accountId,
                  at,
                  outcome: 'done',
                }),
              ],
            }),
          ),
        )
      })
    },
  })
}
