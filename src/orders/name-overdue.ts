import type { ResultAsync } from 'neverthrow'
import type { Collection } from '../shared/collection.js'
import type { StorageError } from '../shared/decide-and-commit.js'
import { daysMs } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import type { Condition } from '../shared/read-plan.js'
import { nameEach, type SweepReport } from '../shared/sweep-each.js'
import type { SweepOptions } from './sweep-due.js'

/** How long money may stand where it is nobody's, or be on its way, before every turn of its sweep says so. */
export const overdueAfterMs = 3 * daysMs

/**
 * Names what has waited for longer than `overdueAfterMs`, for a person or for a gateway, so that its age is bounded: a list
 * alone is looked at by nobody.
 *
 * @param overdue - `field` holds the moment since when a row waits, `reason` what the report says of it
 * @errors StorageError when the rows cannot be found
 */
export const nameOverdue = <State>(
  ports: CorePorts,
  collection: Collection<State>,
  {
    reason,
    ...overdue
  }: SweepOptions & {
    readonly field: string
    readonly where: readonly Condition[]
    readonly reason:
      | 'RefundOverdue'
      | 'ReceiptOverdue'
      | 'HeldMoneyOverdue'
      | 'FindingOverdue'
      | 'ParkedFactOverdue'
      | 'PaymentAlertOverdue'
      | 'PayoutOverdue'
  },
): ResultAsync<SweepReport, StorageError> =>
  nameEach(ports, { collection, until: ports.clock.now() - overdueAfterMs, ...overdue }, reason)
