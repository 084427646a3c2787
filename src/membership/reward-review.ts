import { ok, okAsync, safeTry } from 'neverthrow'
import { isGuestOwner } from '../shared/actor.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { claims } from '../shared/read-plan.js'
import { activityName, activitySpace, countActivity } from './count-activity.js'
import { askMember, closeMember, openMember } from './member-draft.js'

const name = 'membership.rewardReview'

/**
 * Counts a review that a member wrote, toward the level and with the points it earns: each once, whatever it says, and
 * so often a day. Who is no member, or has had as many today, earns nothing by it.
 */
export const rewardReview: Reaction = {
  name,
  listensTo: ['review/ReviewPosted'],
  react: (ports, event) => {
    const { accountId } = event.body
    if (typeof accountId !== 'string' || isGuestOwner(accountId)) return okAsync(undefined)
    const reviewed = { activity: 'review', reference: event.rowId } as const
    const key = activityName(reviewed.activity, reviewed.reference)
    return reactOnce(
      ports,
      { name, event },
      {
        plan: ({ now }) => ({ ...askMember(ports, accountId, now), taken: claims(activitySpace, [key]) }),
        decide: ({ taken, ...read }, { now }) =>
          safeTry(function* () {
            if (taken.has(key)) return ok<Decision<void>>({ changes: [], answer: undefined })
            const draft = openMember(read, accountId, now)
            yield* countActivity(draft, reviewed)
            const changes = yield* closeMember(draft)
            return ok<Decision<void>>({ changes, answer: undefined })
          }).orElse(() => ok<Decision<void>, never>({ changes: [], answer: undefined })),
      },
    )
  },
}
