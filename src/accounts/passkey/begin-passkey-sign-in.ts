import { err, type ResultAsync } from 'neverthrow'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { NoInput } from '../../shared/no-input.js'
import { digestOrigin } from '../../shared/origin.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { linesLeft, passkeyLines, spendCode, type TooManyCodes } from '../budgets.js'
import type { AccountsPorts } from '../ports.js'
import { openPasskeyChallenge } from './passkey-challenge.js'
import { type PasskeyRequestOptions, requestOptions } from './passkey-options.js'
import type { PasskeysNotOffered } from './prove-passkey.js'

/** What a browser is to have signed by a passkey. */
export type PasskeyQuestion = {
  /** To be given back with what was signed. */
  readonly challengeId: string
  readonly expiresAt: Instant
  readonly options: PasskeyRequestOptions
}

/** Why nobody is asked for a passkey. */
export type AskPasskeyError = PasskeysNotOffered | TooManyCodes | CommandError

/**
 * Asks a browser to sign in by a passkey of whoever it is: no name is typed, and nothing is said of any account.
 *
 * @errors PasskeysNotOffered, TooManyCodes, CommandError; AlreadyDone when the key was used
 */
export const beginPasskeySignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<PasskeyQuestion, AskPasskeyError> =>
  digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action: 'accounts.beginPasskeySignIn',
      secret: true,
      parse: parseNothing,
      plan: ({ now }) => ({ left: linesLeft(passkeyLines(ports.accountsPolicy.failures, origin, now)) }),
      decide: ({ left }, { now: at }) => {
        const verifier = ports.passkeys
        if (verifier === undefined) return err<never, AskPasskeyError>({ type: 'PasskeysNotOffered' })
        const spent = spendCode(passkeyLines(ports.accountsPolicy.failures, origin, at), left)
        if (spent.isErr()) return err<never, AskPasskeyError>(spent.error)
        return openPasskeyChallenge(ports, { purpose: 'passkeySignIn', at }).map(
          ({ answer: { challengeId, challenge, expiresAt }, changes }): Decision<PasskeyQuestion> => ({
            answer: {
              challengeId,
              expiresAt,
              options: requestOptions(verifier, { challenge, known: [], timeoutMs: expiresAt - at }),
            },
            changes: [...changes, ...spent.value],
          }),
        )
      },
    }),
  )
