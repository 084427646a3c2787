import type { ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { members } from './member.collection.schema.js'
import { memberMachine } from './member-machine.js'

/**
 * Moves members to the level that has begun for them by the passing of time. What they may have does not wait for it: a
 * level holds from its moment.
 *
 * @errors StorageError when the members cannot be found at all
 */
export const sweepMembers = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> => {
  const now = ports.clock.now()
  return sweepEach(ports, { collection: members, field: 'nextStepAt', until: now, limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({ member: row(members, id) }),
      decide: ({ member }) =>
        decideNext(memberMachine, member?.state ?? memberMachine.initial, {
          type: 'AssignLevel',
          steps: null,
          now,
        }).map(({ state, events }) => ({
          changes:
            member === undefined || state.status === 'absent' || events.length === 0
              ? []
              : [put(members, { id, version: member.version, state, events })],
          answer: undefined,
        })),
    }),
  )
}
