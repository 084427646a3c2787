import { okAsync, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { find, row } from '../shared/read-plan.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import type { PointsError } from './points-account.js'
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
  const due = find(pointsAccounts, {
    where: [{ field: 'nextDueAt', is: 'lte', value: now }],
    orderBy: { field: 'nextDueAt', direction: 'ascending' },
    limit,
  })
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan: { due } })
    .mapErr((error): StorageError => error)
    .andThen((facts) => {
      let report: ResultAsync<PointsSweepReport, StorageError> = okAsync({ done: 0, failed: [] })
      for (const { id } of facts.due) report = report.andThen((sofar) => sweepOne(ports, id, now, sofar))
      return report
    })
}

const sweepOne = (
  ports: CorePorts,
  id: string,
  now: Instant,
  sofar: PointsSweepReport,
): ResultAsync<PointsSweepReport, StorageError> =>
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
  })
    .map((): PointsSweepReport => ({ ...sofar, done: sofar.done + 1 }))
    .orElse((error: PointsError | StorageError) =>
      okAsync({ ...sofar, failed: [...sofar.failed, { id, reason: error.type }] }),
    )
