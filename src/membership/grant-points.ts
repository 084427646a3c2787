import { ok, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { availablePoints, type PointsError } from './points-account.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import { appendPoints } from './points-entry.schema.js'
import { pointsMachine } from './points-machine.js'
import { parseGrantPoints } from './points-page.schema.js'

/** Points that staff gives a member. */
export type GrantPointsInput = {
  readonly accountId: string
  /** Says what they are for; the same twice counts once. */
  readonly grantId: string
  readonly points: number
  readonly expiresAt: number
}

/** A member's points after a grant. */
export type GrantedPoints = { readonly accountId: string; readonly grantId: string; readonly available: number }

/**
 * Gives a member points, by hand.
 *
 * @errors PointsInvalid, PointsAccountIsClosed, CommandError
 */
export const grantPoints = (
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<GrantedPoints, PointsError | CommandError> => {
  let answer: GrantedPoints = { accountId: '', grantId: '', available: 0 }
  return runCommand(ports, context, input, {
    action: 'membership.grantPoints',
    parse: parseGrantPoints,
    plan: ({ input }) => ({ account: row(pointsAccounts, input.accountId) }),
    decide: ({ account }, { input, now }) => {
      const before = account?.state ?? pointsMachine.initial
      const command = { type: 'GrantPoints', ...input, source: 'staff', activatesAt: null, now } as const
      return decideNext(pointsMachine, before, command).map(({ state, events }) => {
        const after = state.status === 'absent' ? undefined : state
        answer = { accountId: input.accountId, grantId: input.grantId, available: availablePoints(after, now) }
        const version = account?.version ?? 0
        const changes =
          after === undefined || events.length === 0
            ? []
            : [
                put(pointsAccounts, { id: input.accountId, version, state: after, events }),
                ...appendPoints(input.accountId, events),
              ]
        return { changes, answer }
      })
    },
    // The grant was given so long ago that only the log still tells of it.
    claimed: (taken) => (taken.space === 'pointsEntry' ? ok(answer) : undefined),
  })
}
