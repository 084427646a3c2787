import { okAsync, type ResultAsync } from 'neverthrow'
import type { Collection } from '../shared/collection.js'
import type { StorageError } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { type Condition, find, type Stored } from '../shared/read-plan.js'

/** What one turn of a sweep came to. */
export type SweepReport = {
  /** Rows that were moved, or asked about. */
  readonly done: number
  /** Rows that could not be; they come up again. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
}

/** How much one turn of a sweep takes on. */
export type SweepOptions = { readonly limit: number }

/**
 * Moves the rows of a collection that are due, the longest due first, one after another: one that cannot be moved is
 * told of and stops none of the rest.
 *
 * @param due - `field` holds the moment from which a row is due
 * @errors StorageError when the due rows cannot be read
 */
export const sweepDue = <State>(
  ports: CorePorts,
  collection: Collection<State>,
  due: SweepOptions & { readonly field: string; readonly where?: readonly Condition[] },
  move: (row: Stored<State>) => ResultAsync<unknown, { readonly type: string }>,
): ResultAsync<SweepReport, StorageError> => {
  const now: Instant = ports.clock.now()
  const plan = {
    rows: find(collection, {
      where: [...(due.where ?? []), { field: due.field, is: 'lte', value: now }],
      orderBy: { field: due.field, direction: 'ascending' },
      limit: due.limit,
    }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan })
    .mapErr((error): StorageError => error)
    .andThen((facts) =>
      facts.rows.reduce<ResultAsync<SweepReport, StorageError>>(
        (sofar, found) =>
          sofar.andThen((report) =>
            move(found)
              .map((): SweepReport => ({ ...report, done: report.done + 1 }))
              .orElse((error) =>
                okAsync<SweepReport, StorageError>({
                  ...report,
                  failed: [...report.failed, { id: found.id, reason: error.type }],
                }),
              ),
          ),
        okAsync({ done: 0, failed: [] }),
      ),
    )
}
