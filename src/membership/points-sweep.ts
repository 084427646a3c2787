import { okAsync, type ResultAsync } from 'neverthrow'
import type { Collection } from '../shared/collection.js'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { type Condition, find, row } from '../shared/read-plan.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import { appendPoints } from './points-entry.schema.js'
import { pointsMachine } from './points-machine.js'

/** What a sweep came to. */
export type PointsSweepReport = {
  readonly done: number
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * Lets points begin and end whose time has come, on at most so many accounts. One that fails stops no other.
 *
 * @errors StorageError when the accounts cannot be found at all
 */
export const pointsSweep = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<PointsSweepReport, StorageError> => {
  const now = ports.clock.now()
  return sweepEach(ports, { collection: pointsAccounts, field: 'nextDueAt', until: now, limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({ account: row(pointsAccounts, id) }),
      decide: ({ account }) =>
        decideNext(pointsMachine, account?.state ?? pointsMachine.initial, { type: 'SweepPoints', now }).map(
          ({ state, events }) => ({
            changes:
              account === undefined || state.status === 'absent' || events.length === 0
                ? []
                : [put(pointsAccounts, { id, version: account.version, state, events }), ...appendPoints(id, events)],
            answer: undefined,
          }),
        ),
    }),
  )
}

/** Does something on each row that is due, the first due first; one that fails stops no other. */
export const sweepEach = <State>(
  ports: CorePorts,
  due: {
    readonly collection: Collection<State>
    /** A declared moment of the row. */
    readonly field: string
    readonly until: Instant
    /** What else must hold of the row. */
    readonly where?: readonly Condition[]
    readonly limit: number
  },
  move: (id: string) => ResultAsync<void, { readonly type: string }>,
): ResultAsync<PointsSweepReport, StorageError> => {
  const { collection, field, until, where = [], limit } = due
  const plan = {
    due: find(collection, {
      where: [...where, { field, is: 'lte', value: until }],
      orderBy: { field, direction: 'ascending' },
      limit,
    }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
    .mapErr((error): StorageError => error)
    .andThen((facts) => {
      let report: ResultAsync<PointsSweepReport, StorageError> = okAsync({ done: 0, failed: [] })
      for (const { id } of facts.due) {
        report = report.andThen((sofar) =>
          move(id)
            .map((): PointsSweepReport => ({ ...sofar, done: sofar.done + 1 }))
            .orElse((error) =>
              okAsync<PointsSweepReport, StorageError>({
                ...sofar,
                failed: [...sofar.failed, { id, reason: error.type }],
              }),
            ),
        )
      }
      return report
    })
}
