import { ok, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { type Change, put, removeRow } from '../shared/commit.js'
import { known, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Account } from './account.js'
import { isStanding } from './account-machine.js'
import { accounts, sessions } from './accounts.schema.js'
import type { RevokeSessionsInput } from './inputs.js'
import { parseRevokeSessions } from './inputs.schema.js'
import { listedSessions, sessionsOf } from './my-sessions.js'
import type { AccountsPorts } from './ports.js'
import type { Session } from './session.js'
import { changeAccount } from './write-account.js'

/** How many sessions were ended. */
export type SessionsRevoked = { readonly ended: number }

/**
 * Ends all of one's own sessions but the one that asks, or those on a device: of the 200 used last, where there are more. Where
 * more than those end, codes that are under way end with them, and those beyond are not counted.
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
    plan: () => ({
      found: sessionsOf(accountId),
      account: row(accounts, accountId),
      asking: current === undefined ? known(undefined) : row(sessions, current),
    }),
    decide: ({ found, account, asking }, { input: which, actor, now: at }) => {
      const meant = found.filter(({ id, state }) =>
        which.kind === 'others' ? id !== current : state.device === which.device,
      )
      return ok({
        answer: { ended: meant.length },
        changes: [
          ...(which.kind === 'others' && found.length >= listedSessions ? endUnlisted(account, asking) : []),
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

// Those that no list names end by the epoch of their account; the one that asks goes over into the next.
const endUnlisted = (account: Stored<Account> | undefined, asking: Stored<Session> | undefined): readonly Change[] => {
  if (account === undefined || !isStanding(account.state)) return []
  const { sessionEpoch } = account.state
  const ended = changeAccount(account, { type: 'EndSessions' })
  const goesOn = asking !== undefined && asking.state.epoch === sessionEpoch
  return ended
    .map((change) => [
      change,
      ...(goesOn ? [put(sessions, { ...asking, state: { ...asking.state, epoch: sessionEpoch + 1 } })] : []),
    ])
    .unwrapOr([])
}
