import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import type { NoInput } from '../../shared/no-input.js'
import { type CommandContext, runCommand } from '../../shared/run-command.js'
import { parseNothing } from '../../shared/stored.schema.js'
import type { AccountsPorts } from '../ports.js'
import { type FactorError, factorPlan, type RecoveryCodes, tellOfFactor } from './own-factor.js'
import { secondFactorMachine } from './second-factor-machine.js'
import { drawRecoveryCodes, putFactor } from './try-factor.js'

/**
 * Draws new recovery codes; those before open nothing any more.
 *
 * @errors FactorStateForbids where there is no second factor, NotFound, StepUpRequired, CommandError; AlreadyDone when the
 * key was used
 */
export const renewRecoveryCodes = (
  ports: AccountsPorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<RecoveryCodes, FactorError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.renewRecoveryCodes',
    secret: true,
    parse: parseNothing,
    plan: () => factorPlan(accountId),
    decide: ({ account, factor }, { actor, now: at }) => {
      if (account?.state.status !== 'active') {
        return err<never, FactorError>({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const before = factor?.state ?? secondFactorMachine.initial
      const { identifiers } = account.state
      return drawRecoveryCodes(ports, accountId).andThen(({ codes, recoveryDigests }) =>
        decideNext(secondFactorMachine, before, { type: 'RenewRecoveryCodes', recoveryDigests, at }).map(
          (decided): Decision<RecoveryCodes> => ({
            answer: { recoveryCodes: codes },
            changes: [
              putFactor(accountId, factor?.version ?? 0, decided),
              tellOfFactor(accountId, identifiers, { cause: `${factor?.version ?? 0}`, at }),
              auditEntry(ports.ids, {
                actor,
                action: 'accounts.renewRecoveryCodes',
                subject: accountId,
                at,
                outcome: 'done',
              }),
            ],
          }),
        ),
      )
    },
  })
}
