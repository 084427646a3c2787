import type { Actor } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import type { AuditNote } from '../shared/commit.js'
import type { IdSource } from '../shared/ids.js'
import type { Instant } from '../shared/instant.js'

/**
 * An entry of the audit log of what somebody has done at a code, a session or a request: about the account of whoever is
 * signed in, so that their export holds it, with that as its detail; of everybody else about that alone.
 *
 * @param id - of the code, the session or the request
 */
export const ownAuditEntry = (
  ids: IdSource,
  { id, ...done }: { readonly actor: Actor; readonly action: string; readonly id: string; readonly at: Instant },
): AuditNote => {
  const { actor } = done
  const about = actor.kind === 'customer' ? { subject: actor.accountId, detail: id } : { subject: id }
  return auditEntry(ids, { ...done, ...about, outcome: 'done' })
}
