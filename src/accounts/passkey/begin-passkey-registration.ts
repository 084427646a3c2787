import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { NoInput } from '../../shared/no-input.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile } from '../profile.js'
import { passkeys } from './passkey.schema.js'
import { openPasskeyChallenge, userHandleOf } from './passkey-challenge.js'
import { creationOptions, type PasskeyCreationOptions } from './passkey-options.js'
import type { PasskeysNotOffered } from './prove-passkey.js'

/** What a browser is to create a passkey by. */
export type PasskeyInvitation = {
  /** To be given back with what the authenticator made. */
  readonly challengeId: string
  readonly expiresAt: Instant
  readonly options: PasskeyCreationOptions
}

/** Why a passkey may not be made. */
export type BeginPasskeyError = PasskeysNotOffered | NotFound | Unreadable | CommandError

/**
 * Invites a browser to create a passkey for one's account, on a device that verifies its person and keeps the key findable
 * without a name.
 *
 * @errors PasskeysNotOffered, NotFound, Unreadable, StepUpRequired, CommandError; AlreadyDone when the key was used
 */
export const beginPasskeyRegistration = (
  ports: AccountsPorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<PasskeyInvitation, BeginPasskeyError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.beginPasskeyRegistration',
    secret: true,
    parse: parseNothing,
    plan: () => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      kept: row(passkeys, accountId),
    }),
    decide: ({ account, key, kept }, { now: at }) => {
      const refuse = (error: BeginPasskeyError) => err<never, BeginPasskeyError>(error)
      const verifier = ports.passkeys
      if (verifier === undefined) return refuse({ type: 'PasskeysNotOffered' })
      if (account?.state.status !== 'active' || key === undefined) {
        return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const asker = { accountId, epoch: account.state.sessionEpoch }
      return openProfile(ports.sealer, key.state, account.state).andThen(({ userName, email, phone, name }) =>
        userHandleOf(ports.digests, accountId).andThen((userHandle) =>
          openPasskeyChallenge(ports, { purpose: 'passkeyRegister', account: asker, at }).map(
            ({ answer: { challengeId, challenge, expiresAt }, changes }): Decision<PasskeyInvitation> => ({
              answer: {
                challengeId,
                expiresAt,
                options: creationOptions(verifier, {
                  challenge,
                  userHandle,
                  name: userName ?? email ?? phone ?? name ?? verifier.rpName,
                  known: kept?.state.keys ?? [],
                  timeoutMs: expiresAt - at,
                }),
              },
              changes: [expectRow(accounts, account), ...changes],
            }),
          ),
        ),
      )
    },
  })
}
