import { ok, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { CorePorts } from '../shared/ports.js'
import { entries, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import { availablePoints, type PointsError } from './points-account.js'
import { appendPoints, pointsEntries } from './points-entry.schema.js'
import { type PointsState, pointsMachine } from './points-machine.js'
import type { GrantPointsInput } from './points-page.schema.js'
import { parseGrantPoints } from './points-page.schema.js'

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
  input: GrantPointsInput,
): ResultAsync<GrantedPoints, PointsError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.grantPoints',
    parse: parseGrantPoints,
    plan: ({ input }) => ({
      account: row(pointsAccounts, input.accountId),
      // The account forgets a grant with the end of its lot; the log does not.
      given: entries(pointsEntries, {
        where: [
          { field: 'accountId', is: 'eq', value: input.accountId },
          { field: 'reference', is: 'eq', value: input.grantId },
          { field: 'type', is: 'in', values: ['PointsGranted', 'PointsPromised'] },
        ],
        limit: 1,
      }),
    }),
    decide: ({ account, given }, { input, now }) => {
      const { accountId, grantId } = input
      const answerOf = (state: PointsState): GrantedPoints => ({
        accountId,
        grantId,
        available: state.status === 'absent' ? 0 : availablePoints(state, now),
      })
      const before = account?.state ?? pointsMachine.initial
      if (given.length > 0) return ok({ changes: [], answer: answerOf(before) })
      const command = { type: 'GrantPoints', ...input, source: 'staff', activatesAt: null, now } as const
      return decideNext(pointsMachine, before, command).map(({ state, events }) => ({
        changes:
          state.status === 'absent' || events.length === 0
            ? []
            : [
                put(pointsAccounts, { id: accountId, version: account?.version ?? 0, state, events }),
                ...appendPoints(accountId, events),
              ],
        answer: answerOf(state),
      }))
    },
  })
