import { ok, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { removeRow } from '../shared/commit.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { sessions } from './accounts.schema.js'
import type { RevokeSessionsInput } from './inputs.js'
import { parseRevokeSessions } from './inputs.schema.js'
import { sessionsOf } from './my-sessions.js'
import type { AccountsPorts } from './ports.js'

/** How many sessions were ended. */
export type SessionsRevoked = { readonly ended: number }

/**
 * Ends one's own sessions on a device, or all but the one that asks; the 200 used last, where there are more.
 *
 * @errors CommandError
 */
export const revokeSessions = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RevokeSessionsInput,
): ResultAsync<SessionsRevoked, CommandError> => {
  const accountId = customerIdOf(context.actor)
  const current = context.actor.kind === 'customer' ? context.actor.session?.sessionId : undefined
  return runCommand(ports, context, input, {
    action: 'accounts.revokeSessions',
    parse: parseRevokeSessions,
    plan: () => ({ found: sessionsOf(accountId) }),
    decide: ({ found }, { input: which, actor, now: at }) => {
      const meant = found.filter(({ id, state }) =>
        which.kind === 'others' ? id !== current : state.device === which.device,
      )
      return ok({
        answer: { ended: meant.length },
        changes: [
          ...meant.map((session) => removeRow(sessions, session)),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.revokeSessions',
            subject: accountId,
            at,
            outcome: 'done',
            detail: which.kind,
          }),
        ],
      })
    },
  })
}
