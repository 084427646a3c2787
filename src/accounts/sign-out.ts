import { errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import { removeRow } from '../shared/commit.js'
import { type Decision, decideAndCommit } from '../shared/decide-and-commit.js'
import { sessions } from './accounts.schema.js'
import { type ActorOfError, sessionPlan, standingSession } from './actor-of.js'
import type { AccountsPorts } from './ports.js'
import { digestToken, sessionIdOf } from './session-token.js'

/**
 * Ends the session of a token.
 *
 * @errors SessionRefused when it has ended already, CryptoUnavailable, StorageError
 */
export const signOut = (
  ports: AccountsPorts,
  token: string,
): ResultAsync<{ readonly sessionId: string }, ActorOfError> => {
  const sessionId = sessionIdOf(token)
  if (sessionId === undefined) return errAsync({ type: 'SessionRefused' })
  return digestToken(ports.digests, token)
    .andThen((digest) =>
      decideAndCommit(ports, {
        scope: { kind: 'all' },
        plan: () => sessionPlan(sessionId),
        decide: ({ session, account }, { now }) => {
          const standing = standingSession(session, account, digest, now)
          if (standing === undefined) return ok<Decision<boolean>, never>({ changes: [], answer: false })
          const { accountId } = standing.state
          return ok({
            answer: true,
            changes: [
              removeRow(sessions, standing),
              auditEntry(ports.ids, {
                actor: { kind: 'customer', accountId },
                action: 'accounts.signOut',
                subject: accountId,
                detail: sessionId,
                at: now,
                outcome: 'done',
              }),
            ],
          })
        },
      }),
    )
    .andThen((ended) =>
      ended
        ? okAsync<{ readonly sessionId: string }, ActorOfError>({ sessionId })
        : errAsync<{ readonly sessionId: string }, ActorOfError>({ type: 'SessionRefused' }),
    )
}
