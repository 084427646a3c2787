import { err, ok, type ResultAsync, safeTry } from 'neverthrow'
import { claim } from '../shared/commit.js'
import { localDayName, localDayOf } from '../shared/local-day.js'
import type { CorePorts } from '../shared/ports.js'
import { claims } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { parseRecordActivity } from './inputs.schema.js'
import type { MemberActivity, MemberError } from './member.js'
import { askMember, closeMember, draftLevelEntry, draftMember, draftMemberPoints, openMember } from './member-draft.js'
import type { ActivityEarnsNothing, ActivityTaken } from './membership-errors.js'
import type { PointsError } from './points-account.js'
import { pointsExpiry } from './points-expiry.js'

/** An activity that was counted. */
export type RecordedActivity = {
  readonly accountId: string
  readonly activity: MemberActivity
  /** What it earned now; 0 when it had been counted before. */
  readonly points: number
}

/** Why an activity is not counted. */
export type RecordActivityError = ActivityEarnsNothing | ActivityTaken | MemberError | PointsError

/** Which activities were counted, and for whom. */
const activitySpace = 'memberActivity'

/**
 * Counts something a member did, as the host has seen it: a share that brought somebody, an invitation that was taken
 * up, a review that was published. What it is about counts once, for whoever came first, and so often a day.
 *
 * @errors ActivityEarnsNothing, ActivityTaken, NotAMember, ActivityLimitReached, CommandError
 */
export const recordActivity = (
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<RecordedActivity, RecordActivityError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.recordActivity',
    parse: parseRecordActivity,
    plan: ({ input: { accountId, activity, reference }, now }) => ({
      ...askMember(ports, accountId, now),
      taken: claims(activitySpace, [`${activity}:${reference}`]),
    }),
    decide: ({ taken, ...read }, { input: { accountId, activity, reference }, now }) =>
      safeTry(function* () {
        const name = `${activity}:${reference}`
        const answer = { accountId, activity, points: 0 }
        const owner = taken.get(name)
        if (owner === accountId) return ok({ changes: [], answer })
        if (owner !== undefined) {
          return err<never, RecordActivityError>({ type: 'ActivityTaken', activity, reference })
        }
        const draft = openMember(read, accountId, now)
        const rule = draft.terms.activities[activity]
        if (rule === null) return err<never, RecordActivityError>({ type: 'ActivityEarnsNothing', activity })
        const { timeZone } = draft.terms.levels
        const day = localDayName(localDayOf(now, timeZone))
        const { perDay, points } = rule
        yield* draftMember(draft, { type: 'CountActivity', activity, reference, day, perDay, now })
        draftLevelEntry(draft, { id: name, kind: 'contribution', reference: name, amount: 1, countsAt: now })
        draft.further.push(claim({ space: activitySpace, key: name, owner: accountId }))
        if (points > 0) {
          yield* draftMemberPoints(draft, {
            type: 'GrantPoints',
            accountId,
            grantId: name,
            source: activity,
            points,
            activatesAt: null,
            expiresAt: pointsExpiry(now, draft.terms.pointsMonths, timeZone),
            now,
          })
        }
        const changes = yield* closeMember(draft)
        return ok({ changes, answer: { ...answer, points } })
      }),
  })
