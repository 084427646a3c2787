import { auditEntry } from '../../shared/audit-entry.js'
import { type DecidedChange, removeRow } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'
import { sessions } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { Session } from '../session.js'

/** Ends a session that its own token has shown, and notes why. */
export const endSession = (
  { ids }: Pick<AccountsPorts, 'ids'>,
  session: Stored<Session>,
  detail: 'sameAccount' | 'tokenReplaced' | 'deviceFull' | 'leftDevice',
  at: Instant,
): readonly DecidedChange[] => [
  removeRow(sessions, session),
  auditEntry(ids, {
    actor: { kind: 'customer', accountId: session.state.accountId },
    action: 'accounts.signOut',
    subject: session.state.accountId,
    at,
    outcome: 'done',
    detail: `${detail}:${session.id}`,
  }),
]
