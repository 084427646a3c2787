import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import type { NoInput } from '../shared/no-input.js'
import { find, known, row } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from '../shared/stored.schema.js'
import { accounts, sessions } from './accounts.schema.js'
import type { AccountsPorts } from './ports.js'
import { isOpen } from './session.js'

/** A sign-in that stands, without what opens it. */
export type SessionView = {
  readonly sessionId: string
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  readonly endsAt: Instant
  /** Which device it was begun on: equal for sessions of one device, and no more than that. */
  readonly device?: string
  /** It is the one that asks. */
  readonly isCurrent: boolean
}

/** The most sessions of one account that are listed, and ended by name at an erasure or a ban. */
export const listedSessions = 200

/**
 * Lists the sessions of an account that stand, the one used last first.
 *
 * @errors QueryError
 */
export const mySessions = (
  ports: AccountsPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<{ readonly sessions: readonly SessionView[] }, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.mySessions',
    parse: parseNothing,
    plan: ({ actor }) => ({
      account: actor.kind === 'customer' ? row(accounts, actor.accountId) : known(undefined),
      found: actor.kind === 'customer' ? sessionsOf(actor.accountId) : known([]),
    }),
    answer: ({ account, found }, { actor, now }) => {
      const epoch = account !== undefined && 'sessionEpoch' in account.state ? account.state.sessionEpoch : -1
      return ok({
        sessions: found
          .map(({ state }) => state)
          .filter((session) => session.epoch === epoch && isOpen(session, now))
          .map(({ sessionId, startedAt, lastSeenAt, endsAt, device }) => ({
            sessionId,
            startedAt,
            lastSeenAt,
            endsAt,
            ...(device === undefined ? {} : { device }),
            isCurrent: actor.kind === 'customer' && actor.session?.sessionId === sessionId,
          })),
      })
    },
  })

/** Asks for the sessions of an account, the one used last first. */
export const sessionsOf = (accountId: string) =>
  find(sessions, {
    where: [{ field: 'accountId', is: 'eq', value: accountId }],
    orderBy: { field: 'lastSeenAt', direction: 'descending' },
    limit: listedSessions,
  })
