import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow, put, release } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts } from '../accounts.schema.js'
import { type LastWayIn, waysInto } from '../identity/linked-identity.js'
import { linkedIdentities } from '../identity/linked-identity.schema.js'
import type { RemovePasskeyInput } from '../inputs.js'
import { parseRemovePasskey } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile } from '../profile.js'
import { tellOfIdentifier } from '../tell-of-identifier.js'
import type { PasskeyEvent } from './passkey.js'
import { passkeys } from './passkey.schema.js'
import { passkeySpace } from './passkey-challenge.js'

/** A passkey leads into the account no longer. */
export type PasskeyRemoved = { readonly accountId: string; readonly passkeyId: string }

/** Why a passkey may not be taken off. */
export type RemovePasskeyError = LastWayIn | NotFound | Unreadable | CommandError

/**
 * Takes a passkey off one's account, unless nothing else leads into it; every contact of the account is told.
 *
 * @errors LastWayIn, NotFound, Unreadable, StepUpRequired, CommandError
 */
export const removePasskey = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RemovePasskeyInput,
): ResultAsync<PasskeyRemoved, RemovePasskeyError> => {
  const action = 'accounts.removePasskey'
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action,
    parse: parseRemovePasskey,
    plan: () => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      links: row(linkedIdentities, accountId),
      kept: row(passkeys, accountId),
    }),
    decide: ({ account, key, links, kept }, { input: { passkeyId }, actor, now: at }) => {
      const refuse = (error: RemovePasskeyError) => err<never, RemovePasskeyError>(error)
      const passkey = kept?.state.keys.find((each) => each.passkeyId === passkeyId)
      if (account?.state.status !== 'active' || key === undefined || kept === undefined || passkey === undefined) {
        return refuse({ type: 'NotFound', entity: 'passkey', id: passkeyId })
      }
      const standing = account.state
      const keys = kept.state.keys.filter((each) => each.passkeyId !== passkeyId)
      const others = { links: links?.state.links ?? [], passkeys: keys }
      if (waysInto(ports, standing, others) === 0) return refuse({ type: 'LastWayIn' })
      const event: PasskeyEvent = { type: 'PasskeyRemoved', accountId, passkeyId }
      return openProfile(ports.sealer, key.state, standing)
        .andThen((profile) =>
          tellOfIdentifier(ports, {
            cause: `${passkeyId}:removed`,
            account: standing,
            key: key.state,
            profile,
            kind: 'passkey',
            change: 'removed',
            at,
          }),
        )
        .map(
          (notices): Decision<PasskeyRemoved> => ({
            answer: { accountId, passkeyId },
            changes: [
              // What else leads in must still do so when this is written.
              expectRow(accounts, account),
              ...(links === undefined ? [] : [expectRow(linkedIdentities, links)]),
              put(passkeys, { id: accountId, version: kept.version, state: { accountId, keys }, events: [event] }),
              release({ space: passkeySpace, key: passkey.key, owner: accountId }),
              ...notices,
              auditEntry(ports.ids, { actor, action, subject: accountId, at, outcome: 'done' }),
            ],
          }),
        )
    },
  })
}
