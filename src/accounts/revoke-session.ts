import { err, ok, type ResultAsync } from 'neverthrow'
import { removeRow } from '../shared/commit.js'
import type { NotFound } from '../shared/errors.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { sessions } from './accounts.schema.js'
import type { RevokeSessionInput } from './inputs.js'
import { parseRevokeSession } from './inputs.schema.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { AccountsPorts } from './ports.js'

/**
 * Ends one of one's own sessions.
 *
 * @errors NotFound, CommandError
 */
export const revokeSession = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RevokeSessionInput,
): ResultAsync<{ readonly sessionId: string }, NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.revokeSession',
    parse: parseRevokeSession,
    plan: ({ input: { sessionId } }) => ({ session: row(sessions, sessionId) }),
    decide: ({ session }, { input: { sessionId }, actor, now: at }) =>
      session === undefined
        ? err<never, NotFound>({ type: 'NotFound', entity: 'session', id: sessionId })
        : ok({
            answer: { sessionId },
            changes: [
              removeRow(sessions, session),
              ownAuditEntry(ports.ids, { actor, action: 'accounts.revokeSession', id: sessionId, at }),
            ],
          }),
  })
