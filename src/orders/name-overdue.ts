import { okAsync, type ResultAsync } from 'neverthrow'
import type { Collection } from '../shared/collection.js'
import type { StorageError } from '../shared/decide-and-commit.js'
import { isDue } from '../shared/due.js'
import { daysMs, type Instant } from '../shared/instant.js'
import { listed } from '../shared/list-page.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { type Condition, find, type PageEnd } from '../shared/read-plan.js'
import { namedPages, nameEach, type SweepReport } from '../shared/sweep-each.js'
import { orders } from './order.collection.schema.js'
import { isShipmentOverdue, unshippedStatuses } from './ship-by.js'
import type { SweepOptions } from './sweep-due.js'

/** How long money may stand where it is nobody's, or be on its way, before every turn of its sweep says so. */
export const overdueAfterMs = 3 * daysMs

/**
 * Names what has waited for longer than `overdueAfterMs`, for a person or for a gateway, so that its age is bounded: a list
 * alone is looked at by nobody.
 *
 * @param overdue - `field` holds the moment since when a row waits, `reason` what the report says of it; a moment to come was
 * written by a clock that was wrong, and is named as well
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
      | 'PaymentUnheard'
      | 'ParcelOverdue'
      | 'ReceiptOverdue'
      | 'HeldMoneyOverdue'
      | 'FindingOverdue'
      | 'ParkedFactOverdue'
      | 'PaymentAlertOverdue'
      | 'PayoutOverdue'
      | 'SplitOverdue'
      | 'DisputeUnheard'
      | 'ReturnOverdue'
  },
): ResultAsync<SweepReport, StorageError> =>
  nameEach(
    ports,
    { collection, until: ports.clock.now() - overdueAfterMs, ahead: { pauseMs: overdueAfterMs }, ...overdue },
    reason,
  )

/** Whether what has waited since a moment has waited for so long; what was written by a clock that was wrong has, too. */
export const isOverdue = (since: Instant, now: Instant): boolean => isDue(since + overdueAfterMs, now, overdueAfterMs)

// By when an order is to leave follows from its terms: those that are late are looked for from the one paid first on, so many
// at a time.
const unshippedAtOnce = 100

/**
 * Names paid orders of which something was to have left more than `overdueAfterMs` ago and is here still, those paid first
 * before the others.
 *
 * @errors StorageError when the orders cannot be read
 */
export const nameLateShipments = (ports: CorePorts, { limit }: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  lateShipments(ports, limit * namedPages).map((ids) => ({
    done: 0,
    failed: ids.map((id) => ({ id, reason: 'ShipmentOverdue' })),
  }))

const lateShipments = (
  ports: CorePorts,
  limit: number,
  sofar: readonly string[] = [],
  after?: PageEnd,
): ResultAsync<readonly string[], StorageError> => {
  const at = ports.clock.now()
  const until = at - overdueAfterMs
  const plan = {
    unshipped: listed(
      find(orders, {
        where: [
          { field: 'status', is: 'in', values: unshippedStatuses },
          { field: 'paidAt', is: 'lte', value: until },
        ],
        orderBy: { field: 'paidAt', direction: 'ascending' },
        limit: unshippedAtOnce,
        ...(after === undefined ? {} : { after }),
      }),
    ),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan }).andThen(
    ({ unshipped }): ResultAsync<readonly string[], StorageError> => {
      const late = unshipped
        .filter(({ row }) => row !== null && isShipmentOverdue(row.state, until))
        .map(({ id }) => id)
      const all = [...sofar, ...late].slice(0, limit)
      const last = unshipped.at(-1)
      if (unshipped.length < unshippedAtOnce || all.length === limit || last === undefined) return okAsync(all)
      return lateShipments(ports, limit, all, { value: last.value, id: last.id })
    },
  )
}
