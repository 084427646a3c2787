import type { Actor } from '../shared/actor.js'
import type { AuditEntry } from '../shared/audit.js'

/**
 * What an entry of the audit log is about that somebody leaves at a code, a session or a request: the account of whoever is
 * signed in, so that their export holds it, with that as its detail; for everybody else that alone.
 */
export const auditSubject = (actor: Actor, id: string): Pick<AuditEntry, 'subject' | 'detail'> =>
  actor.kind === 'customer' ? { subject: actor.accountId, detail: id } : { subject: id }
