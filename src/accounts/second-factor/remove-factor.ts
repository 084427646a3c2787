import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { decideNext } from '../../shared/decider.js'
import { type CommandContext, runCommand } from '../../shared/run-command.js'
import type { RemoveFactorInput } from '../inputs.js'
import { parseRemoveFactor } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import { type FactorError, factorPlan, tellOfFactor } from './own-factor.js'
import { secondFactorMachine } from './second-factor-machine.js'
import { putFactor } from './try-factor.js'

/**
 * Takes one way of the second factor off one's account, or all of it. With the last way the recovery codes go too, and
 * sign-ins ask for one proof again.
 *
 * @errors FactorStateForbids where there is none, FactorWayAbsent, NotFound, StepUpRequired, CommandError
 */
export const removeFactor = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RemoveFactorInput,
): ResultAsync<{ readonly accountId: string }, FactorError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.removeFactor',
    parse: parseRemoveFactor,
    plan: () => factorPlan(accountId),
    decide: ({ account, factor }, { input: { way }, actor, now: at }) => {
      if (account?.state.status !== 'active') {
        return err<never, FactorError>({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const before = factor?.state ?? secondFactorMachine.initial
      const { identifiers } = account.state
      return decideNext(
        secondFactorMachine,
        before,
        way === undefined ? { type: 'Remove', at } : { type: 'RemoveWay', way, at },
      ).map((decided) => ({
        answer: { accountId },
        changes: [
          putFactor(accountId, factor?.version ?? 0, decided),
          tellOfFactor(accountId, identifiers, { cause: `${factor?.version ?? 0}`, at }),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.removeFactor',
            subject: accountId,
            at,
            outcome: 'done',
            ...(way === undefined ? {} : { detail: way }),
          }),
        ],
      }))
    },
  })
}
