import { type Actor, actorName, purposeOf } from './actor.js'
import type { AuditEntry, AuditOrigin } from './audit.js'
import type { AuditNote } from './commit.js'
import type { IdSource } from './ids.js'
import type { Instant } from './instant.js'

/** A security event, for the audit log. */
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
): AuditNote => {
  const purpose = purposeOf(event.actor)
  return {
    kind: 'note',
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
  }
}
