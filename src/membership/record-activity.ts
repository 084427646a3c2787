import { err, ok, type ResultAsync, safeTry } from 'neverthrow'
import type { CorePorts } from '../shared/ports.js'
import { claims } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { activityName, activitySpace, countActivity, type RecordActivityError } from './count-activity.js'
import type { RecordActivityInput } from './inputs.schema.js'
import { parseRecordActivity } from './inputs.schema.js'
import type { MemberActivity } from './member.js'
import { askMember, closeMember, openMember } from './member-draft.js'

/** An activity that was counted. */
export type RecordedActivity = {
  readonly accountId: string
  readonly activity: MemberActivity
  /** What it earned now; 0 when it had been counted before. */
  readonly points: number
}

/**
 * Counts something a member did, as the host has seen it: a share that brought somebody, an invitation that was taken
 * up, a review that was published elsewhere. What it is about counts once, for whoever came first, and so often a day.
 * Reviews written in the shop count of themselves.
 *
 * @errors ActivityEarnsNothing, ActivityTaken, NotAMember, ActivityLimitReached, CommandError
 */
export const recordActivity = (
  ports: CorePorts,
  context: CommandContext,
  input: RecordActivityInput,
): ResultAsync<RecordedActivity, RecordActivityError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.recordActivity',
    parse: parseRecordActivity,
    plan: ({ input: { accountId, activity, reference }, now }) => ({
      ...askMember(ports, accountId, now),
      taken: claims(activitySpace, [activityName(activity, reference)]),
    }),
    decide: ({ taken, ...read }, { input: { accountId, activity, reference }, now }) =>
      safeTry(function* () {
        const answer = { accountId, activity, points: 0 }
        const owner = taken.get(activityName(activity, reference))
        if (owner === accountId) return ok({ changes: [], answer })
        if (owner !== undefined) {
          return err<never, RecordActivityError>({ type: 'ActivityTaken', activity, reference })
        }
        const draft = openMember(read, accountId, now)
        const points = yield* countActivity(draft, { activity, reference })
        const changes = yield* closeMember(draft)
        return ok({ changes, answer: { ...answer, points } })
      }),
  })
