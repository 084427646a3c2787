import { okAsync, type ResultAsync } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type AuditNote, claim } from '../../shared/commit.js'
import type { IdSource } from '../../shared/ids.js'
import { hoursMs, type Instant } from '../../shared/instant.js'
import { leaveNotes } from '../../shared/leave-notes.js'
import type { CorePorts } from '../../shared/ports.js'

const gateway = { kind: 'system', reason: 'gateway' } as const

/**
 * The security event that a gateway says of a payment what does not fit what was asked: once, as it is held for it, with
 * what differs.
 */
export const noteHeld = (
  ids: IdSource,
  before: Payment | undefined,
  after: Payment | undefined,
  at: Instant,
): readonly AuditNote[] =>
  after?.status !== 'integrityHold' || before?.status === 'integrityHold'
    ? []
    : [
        auditEntry(ids, {
          actor: gateway,
          action: 'payments.hold',
          subject: after.paymentId,
          at,
          outcome: 'refused',
          detail: detailOf(after),
        }),
      ]

const detailOf = ({ known: { mismatches, suspended } }: Payment): string =>
  [...mismatches.map(({ kind }) => kind), ...suspended.map(({ currency, minor }) => `${currency} ${minor}`)].join(', ')

const rejectedSpace = 'notificationRejectedNoted'

/**
 * Leaves the security event that a notification was not believed: the first of a gateway in an hour, since whoever sends a
 * thousand fills no log. What cannot be noted is rejected all the same.
 */
export const noteRejected = (ports: CorePorts, gatewayId: string, reason: string): ResultAsync<void, never> => {
  const at = ports.clock.now()
  const hour = Math.floor(at / hoursMs)
  const note = auditEntry(ports.ids, {
    actor: gateway,
    action: 'payments.receiveNotification',
    subject: gatewayId,
    at,
    outcome: 'refused',
    detail: reason,
  })
  const once = { space: rejectedSpace, key: `${gatewayId}|${hour}`, owner: note.id }
  return leaveNotes(ports, undefined, [claim({ ...once, expiresAt: (hour + 1) * hoursMs }), note]).orElse(() =>
    okAsync(undefined),
  )
}
