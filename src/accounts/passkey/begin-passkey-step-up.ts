import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { NoInput } from '../../shared/no-input.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { PasskeyQuestion } from './begin-passkey-sign-in.js'
import { passkeys } from './passkey.schema.js'
import { openPasskeyChallenge } from './passkey-challenge.js'
import { requestOptions } from './passkey-options.js'
import type { PasskeysNotOffered } from './prove-passkey.js'

/** Why nobody is asked for a passkey of theirs. */
export type BeginPasskeyStepUpError = PasskeysNotOffered | NotFound | CommandError

/**
 * Asks for a passkey of one's account, to prove once more who one is: `stepUp` takes what is signed.
 *
 * @errors PasskeysNotOffered, NotFound where the account has none, CommandError; AlreadyDone when the key was used
 */
export const beginPasskeyStepUp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<PasskeyQuestion, BeginPasskeyStepUpError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.beginPasskeyStepUp',
    secret: true,
    parse: parseNothing,
    plan: () => ({ account: row(accounts, accountId), kept: row(passkeys, accountId) }),
    decide: ({ account, kept }, { now: at }) => {
      const refuse = (error: BeginPasskeyStepUpError) => err<never, BeginPasskeyStepUpError>(error)
      const verifier = ports.passkeys
      if (verifier === undefined) return refuse({ type: 'PasskeysNotOffered' })
      const known = kept?.state.keys ?? []
      if (account?.state.status !== 'active' || known.length === 0) {
        return refuse({ type: 'NotFound', entity: 'passkey', id: accountId })
      }
      const asker = { accountId, epoch: account.state.sessionEpoch }
      return openPasskeyChallenge(ports, { purpose: 'passkeyStepUp', account: asker, at }).map(
        ({ answer: { challengeId, challenge, expiresAt }, changes }): Decision<PasskeyQuestion> => ({
          answer: {
            challengeId,
            expiresAt,
            options: requestOptions(verifier, { challenge, known, timeoutMs: expiresAt - at }),
          },
          changes: [expectRow(accounts, account), ...changes],
        }),
      )
    },
  })
}
