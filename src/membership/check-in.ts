import { ok, type ResultAsync, safeTry } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { localDayName, localDayOf, startOfLocalDay } from '../shared/local-day.js'
import type { NoInput } from '../shared/no-input.js'
import type { CorePorts } from '../shared/ports.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { parseNothing } from '../shared/stored.schema.js'
import type { MemberError } from './member.js'
import { askMember, closeMember, draftLevelEntry, draftMember, draftMemberPoints, openMember } from './member-draft.js'
import type { SignInRule } from './membership-terms.js'
import type { PointsError } from './points-account.js'
import { pointsExpiry } from './points-expiry.js'

/** A daily sign-in. */
export type CheckedInToday = {
  readonly accountId: string
  /** The shop's day (`2026-11-11`). */
  readonly day: string
  /** Days in a row, this one included. */
  readonly streakDays: number
  /** What it earned; 0 the second time on one day. */
  readonly points: number
}

/**
 * Signs a member in for the day, by the shop's own clock and calendar: once a day, with more for days in a row.
 *
 * @errors NotAMember, CommandError
 */
export const checkIn = (
  ports: CorePorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<CheckedInToday, MemberError | PointsError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.checkIn',
    parse: parseNothing,
    plan: ({ actor, now }) => askMember(ports, customerIdOf(actor), now),
    decide: (read, { actor, now }) =>
      safeTry(function* () {
        const accountId = customerIdOf(actor)
        const draft = openMember(read, accountId, now)
        const { activities, levels, pointsMonths } = draft.terms
        const { timeZone } = levels
        const today = localDayOf(now, timeZone)
        const day = localDayName(today)
        const dayBefore = localDayName(localDayOf(startOfLocalDay(today, timeZone) - 1, timeZone))
        const events = yield* draftMember(draft, { type: 'CheckIn', day, dayBefore, now })
        const { state } = draft.member
        const streakDays = state.status === 'member' ? (state.streak?.days ?? 0) : 0
        const points = events.length === 0 ? 0 : earnedBy(activities.signIn, streakDays)
        if (events.length > 0) {
          draftLevelEntry(draft, { id: `signIn:${day}`, kind: 'signIn', reference: day, amount: 1, countsAt: now })
        }
        if (points > 0) {
          const expiresAt = pointsExpiry(now, pointsMonths, timeZone)
          yield* draftMemberPoints(draft, {
            type: 'GrantPoints',
            accountId,
            grantId: `signin:${day}`,
            source: 'signIn',
            points,
            activatesAt: null,
            expiresAt,
            now,
          })
        }
        const changes = yield* closeMember(draft)
        return ok({ changes, answer: { accountId, day, streakDays, points } })
      }),
  })

const earnedBy = (rule: SignInRule | null, streakDays: number): number => {
  if (rule === null) return 0
  const more = rule.streaks.filter(({ everyDays }) => streakDays % everyDays === 0)
  return more.reduce((sum, each) => sum + each.points, rule.points)
}
