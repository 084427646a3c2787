import { err, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { digestOrigin } from '../../shared/origin.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { identityLines, linesLeft, spendCode, type TooManyCodes } from '../budgets.js'
import type { BeginIdentityInput } from '../inputs.js'
import { parseBeginIdentity } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { IdentityUnavailable, ProviderUnknown } from './identity-provider.js'
import { openIdentityChallenge, type WayToProvider } from './open-identity-challenge.js'

/** Why a browser may not be sent to a provider. */
export type BeginIdentityError = ProviderUnknown | IdentityUnavailable | TooManyCodes | CommandError

/**
 * Opens the way to an identity provider, by which a browser signs in or registers: `finishProviderSignIn` takes what it
 * brings back, within ten minutes and once.
 *
 * @errors ProviderUnknown, IdentityUnavailable, TooManyCodes, CommandError; AlreadyDone when the key was used
 */
export const beginProviderSignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: BeginIdentityInput,
): ResultAsync<WayToProvider, BeginIdentityError> =>
  digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action: 'accounts.beginProviderSignIn',
      secret: true,
      parse: parseBeginIdentity,
      plan: ({ now }) => ({ left: linesLeft(identityLines(ports.accountsPolicy.failures, origin, now)) }),
      decide: ({ left }, { input: { providerId }, actor, now: at }) => {
        const spent = spendCode(identityLines(ports.accountsPolicy.failures, origin, at), left)
        if (spent.isErr()) return err<never, BeginIdentityError>(spent.error)
        return openIdentityChallenge(ports, { purpose: 'identitySignIn', providerId, at }).map(
          ({ answer, changes }): Decision<WayToProvider> => ({
            answer,
            changes: [
              ...changes,
              ...spent.value,
              auditEntry(ports.ids, {
                actor,
                action: 'accounts.beginProviderSignIn',
                subject: `provider:${providerId}`,
                at,
                outcome: 'done',
              }),
            ],
          }),
        )
      },
    }),
  )
