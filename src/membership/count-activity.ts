import { err, ok, type Result, safeTry } from 'neverthrow'
import { claim } from '../shared/commit.js'
import { localDayName, localDayOf } from '../shared/local-day.js'
import type { MemberActivity, MemberError } from './member.js'
import { draftLevelEntry, draftMember, draftMemberPoints, type MemberDraft } from './member-draft.js'
import type { ActivityEarnsNothing, ActivityTaken } from './membership-errors.js'
import type { PointsError } from './points-account.js'
import { pointsExpiry } from './points-expiry.js'

/** Why an activity is not counted. */
export type RecordActivityError = ActivityEarnsNothing | ActivityTaken | MemberError | PointsError

/** Which activities were counted, and for whom. */
export const activitySpace = 'memberActivity'

/** What an activity is remembered as: what it is about counts once. */
export const activityName = (activity: MemberActivity, reference: string): string => `${activity}:${reference}`

/**
 * Counts an activity that was not counted before: toward the level, and with the points it earns.
 *
 * @returns the points
 * @errors ActivityEarnsNothing, NotAMember, ActivityLimitReached, PointsError
 */
export const countActivity = (
  draft: MemberDraft,
  { activity, reference }: { readonly activity: Exclude<MemberActivity, 'signIn'>; readonly reference: string },
): Result<number, RecordActivityError> =>
  safeTry(function* () {
    const { accountId, at: now } = draft
    const name = activityName(activity, reference)
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
    return ok(points)
  })
