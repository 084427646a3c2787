import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { digestOrigin } from '../../shared/origin.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts } from '../accounts.schema.js'
import { identityLines, linesLeft, spendCode } from '../budgets.js'
import type { BeginIdentityInput } from '../inputs.js'
import { parseBeginIdentity } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { BeginIdentityError } from './begin-provider-sign-in.js'
import { openIdentityChallenge, type WayToProvider } from './open-identity-challenge.js'

/** Why an account may not ask to be linked. */
export type BeginLinkingError = BeginIdentityError | NotFound | CommandError

/**
 * Opens the way to an identity provider, to link to one's account what the browser comes back with: `finishLinking`.
 *
 * @errors ProviderUnknown, IdentityUnavailable, TooManyCodes, NotFound, StepUpRequired, CommandError; AlreadyDone when the
 * key was used
 */
export const beginLinking = (
  ports: AccountsPorts,
  context: CommandContext,
  input: BeginIdentityInput,
): ResultAsync<WayToProvider, BeginLinkingError> => {
  const accountId = customerIdOf(context.actor)
  return digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action: 'accounts.beginLinking',
      secret: true,
      parse: parseBeginIdentity,
      plan: ({ now }) => ({
        account: row(accounts, accountId),
        left: linesLeft(identityLines(ports.accountsPolicy.failures, origin, now)),
      }),
      decide: ({ account, left }, { input: { providerId }, actor, now: at }) => {
        if (account?.state.status !== 'active') {
          return err<never, BeginLinkingError>({ type: 'NotFound', entity: 'account', id: accountId })
        }
        const spent = spendCode(identityLines(ports.accountsPolicy.failures, origin, at), left)
        if (spent.isErr()) return err<never, BeginLinkingError>(spent.error)
        const asker = { accountId, epoch: account.state.sessionEpoch }
        return openIdentityChallenge(ports, { purpose: 'identityLink', providerId, account: asker, at }).map(
          ({ answer, changes }): Decision<WayToProvider> => ({
            answer,
            changes: [
              expectRow(accounts, account),
              ...changes,
              ...spent.value,
              auditEntry(ports.ids, {
                actor,
                action: 'accounts.beginLinking',
                subject: accountId,
                at,
                outcome: 'done',
                detail: providerId,
              }),
            ],
          }),
        )
      },
    }),
  )
}
