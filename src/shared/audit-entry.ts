import { type Actor, actorName, purposeOf } from './actor.js'
import type { AuditEntry, AuditOrigin } from './audit.js'
import { auditLog } from './audit.schema.js'
import { append, type Change } from './commit.js'
import type { IdSource } from './ids.js'
import type { Instant } from './instant.js'

/** Adds a security event to the audit log. */
export const auditEntry = (
  ids: IdSource,
  event: {
    readonly actor: Actor
    readonly action: string
    readonly subject: string
    readonly at: Instant
    readonly outcome: AuditEntry['outcome']
    readonly detail?: string
    /** From where it was done, where it is told of what somebody did before; of a command it is noted by itself. */
    readonly origin?: AuditOrigin
  },
): Change => {
  const purpose = purposeOf(event.actor)
  return append(auditLog, {
    id: ids.next('audit'),
    body: {
      actor: actorName(event.actor),
      action: event.action,
      subject: event.subject,
      at: event.at,
      outcome: event.outcome,
      ...(event.detail === undefined ? {} : { detail: event.detail }),
      ...(purpose === undefined ? {} : { purpose }),
      ...(event.origin === undefined ? {} : { origin: event.origin }),
    },
  })
}
