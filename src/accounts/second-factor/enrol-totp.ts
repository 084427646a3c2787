import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import type { NoInput } from '../../shared/no-input.js'
import { sealValue } from '../../shared/personal-data.js'
import { type CommandContext, runCommand } from '../../shared/run-command.js'
import { parseNothing } from '../../shared/stored.schema.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile } from '../profile.js'
import { otpauthUri, secretDigits, secretFromDigits } from './one-time-code.js'
import { type FactorError, factorPlan } from './own-factor.js'
import { secondFactorMachine } from './second-factor-machine.js'
import { factorSecretPlace, putFactor } from './try-factor.js'

/** A secret for an authenticator app; shown once. */
export type FactorEnrolment = {
  /** Base 32, to be typed. */
  readonly secret: string
  /** The same for a QR image, `otpauth://`. */
  readonly uri: string
}

/**
 * Draws a secret for an authenticator app (RFC 6238: six digits, 30 seconds). It asks for nothing until a code of it has
 * come back by `confirmTotp`.
 *
 * @errors FactorWayStands where there is an app already, NotFound, Unreadable, StepUpRequired, CommandError;
 * AlreadyDone when the key was used, for the secret is shown once
 */
export const enrolTotp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<FactorEnrolment, FactorError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.enrolTotp',
    secret: true,
    parse: parseNothing,
    plan: () => factorPlan(accountId),
    decide: ({ account, factor, key }, { actor, now: at }) => {
      const refuse = (error: FactorError) => err<never, FactorError>(error)
      if (account?.state.status !== 'active' || key === undefined) {
        return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const secret = secretFromDigits(ports.ids.digits(secretDigits))
      const before = factor?.state ?? secondFactorMachine.initial
      return openProfile(ports.sealer, key.state, account.state)
        .andThen((profile) =>
          sealValue(ports.sealer, key.state, factorSecretPlace(accountId), secret).map((sealed) => ({
            sealed,
            label: profile.email ?? profile.phone ?? '',
          })),
        )
        .andThen(({ sealed, label }) =>
          decideNext(secondFactorMachine, before, { type: 'Enrol', accountId, secret: sealed, at }).map(
            (decided): Decision<FactorEnrolment> => ({
              answer: { secret, uri: otpauthUri(secret, ports.accountsPolicy.issuer, label) },
              changes: [
                putFactor(accountId, factor?.version ?? 0, decided),
                auditEntry(ports.ids, {
                  actor,
                  action: 'accounts.enrolTotp',
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
