import { err, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import { put, removeRow } from '../shared/commit.js'
import type { NotFound } from '../shared/errors.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { AccountError } from './account.js'
import { accounts, credentials, sessions } from './accounts.schema.js'
import type { RequirePasswordChangeInput } from './inputs.js'
import { parseRequirePasswordChange } from './inputs.schema.js'
import { sessionsOf } from './my-sessions.js'
import type { AccountsPorts } from './ports.js'
import { passwordAtRisk } from './refresh-credential.js'
import { tellOfRisk } from './try-password.js'
import { changeAccount } from './write-account.js'

/**
 * Lets a password sign nobody in any more, after a leak that the shop knows of; ends the account's sessions and tells the
 * owner, who sets a new one by a code.
 *
 * @errors NotFound, AccountStateForbids, CommandError
 */
export const requirePasswordChange = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequirePasswordChangeInput,
): ResultAsync<{ readonly accountId: string }, NotFound | AccountError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.requirePasswordChange',
    parse: parseRequirePasswordChange,
    plan: ({ input: { accountId } }) => ({
      account: row(accounts, accountId),
      credential: row(credentials, accountId),
      open: sessionsOf(accountId),
    }),
    decide: ({ account, credential, open }, { input: { accountId }, actor, now: at }) => {
      if (account === undefined || credential === undefined) {
        return err<never, NotFound | AccountError>({ type: 'NotFound', entity: 'account', id: accountId })
      }
      return changeAccount(account, { type: 'EndSessions' }).map((ended) => ({
        answer: { accountId },
        changes: [
          ended,
          put(credentials, {
            id: credential.id,
            version: credential.version,
            state: { ...credential.state, mustChange: 'compromised' },
            events: [passwordAtRisk(accountId, 'compromised')],
          }),
          ...open.map((session) => removeRow(sessions, session)),
          ...tellOfRisk(account.state, at),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.requirePasswordChange',
            subject: accountId,
            at,
            outcome: 'done',
          }),
        ],
      }))
    },
  })
