import { ok, type ResultAsync } from 'neverthrow'
import type { CounterFamily } from './collection.js'
import { removeRow } from './commit.js'
import { decideAndCommit, type StorageError } from './decide-and-commit.js'
import { daysMs } from './instant.js'
import { operations } from './operation.schema.js'
import type { CorePorts } from './ports.js'
import { type Condition, find } from './read-plan.js'

/** How long it is remembered what a command key came to, and which events were delivered. */
export const recordsKeptMs = 90 * daysMs

/** How long a counter stays after its end: the clocks of two servers differ by less. */
export const countersKeptMs = daysMs

/** What one turn of pruning came to. */
export type PruneReport = {
  /** Delivered events, ended claims and ended counters that were deleted. */
  readonly told: number
  /** Command keys that were forgotten. */
  readonly keys: number
}

/**
 * Deletes what only grows and nobody asks about any more: events that were delivered, unique facts that ended, and
 * answered command keys, each 90 days old, and counters a day after their end. What a crashed command has begun is kept, but
 * of commands that leave nothing behind where they broke off: sent again after so long, such a one begins anew.
 *
 * @param families - those that have counters which end
 * @param options.beginAnew - the commands of several commits that leave nothing behind, by name
 * @errors StorageError
 */
export const pruneRecords = (
  ports: CorePorts,
  families: readonly CounterFamily[],
  { limit, beginAnew = [] }: { readonly limit: number; readonly beginAnew?: readonly string[] },
): ResultAsync<PruneReport, StorageError> => {
  const now = ports.clock.now()
  const before = now - recordsKeptMs
  const ended = families.flatMap(({ name, endedBelow }) =>
    endedBelow === undefined ? [] : [{ counter: name, below: endedBelow(now - countersKeptMs) }],
  )
  return ports.storage.prune({ shop: ports.shop, before, ended, limit }).andThen((told) =>
    forgetKeys(ports, before, limit, [{ field: 'status', is: 'eq', value: 'answered' }]).andThen((keys) =>
      forgetKeys(ports, before, limit, [
        { field: 'status', is: 'eq', value: 'started' },
        { field: 'command', is: 'in', values: beginAnew },
      ]).map((begun) => ({ told, keys: keys + begun })),
    ),
  )
}

const forgetKeys = (
  ports: CorePorts,
  before: number,
  limit: number,
  which: readonly Condition[],
): ResultAsync<number, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      old: find(operations, {
        where: [...which, { field: 'at', is: 'lt', value: before }],
        orderBy: { field: 'at', direction: 'ascending' },
        limit,
      }),
    }),
    decide: ({ old }) => ok({ answer: old.length, changes: old.map((key) => removeRow(operations, key)) }),
  })
