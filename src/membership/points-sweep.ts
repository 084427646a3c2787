import type { ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import { appendPoints } from './points-entry.schema.js'
import { pointsMachine } from './points-machine.js'

/**
 * Lets points begin and end whose time has come, on at most so many accounts. One that fails stops no other.
 *
 * @errors StorageError when the accounts cannot be found at all
 */
export const pointsSweep = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> => {
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
