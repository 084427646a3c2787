import { ok } from 'neverthrow'
import type { Change } from '../shared/commit.js'
import type { StoredEvent } from '../shared/events.js'
import type { Json } from '../shared/json.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import type { MemberEvent } from './member.js'
import { benefitTally, levelTally, moveTally, pointsTally } from './member-tally.js'
import type { PointsEvent } from './points-account.js'

/** What each event adds to the tallies. */
type Counting = (event: StoredEvent) => readonly Change[]

const moveLevel =
  (count: 'reached' | 'fallen'): Counting =>
  ({ levelId, before }) => [
    ...moveTally(levelTally(textOf(before), 'members'), -1),
    ...moveTally(levelTally(textOf(levelId), 'members'), 1),
    ...moveTally(levelTally(textOf(levelId), count), 1),
  ]

const countings: {
  readonly [Type in `member/${MemberEvent['type']}` | `pointsAccount/${PointsEvent['type']}`]?: Counting
} = {
  'member/MemberJoined': ({ levelId }) => [
    ...moveTally('joined', 1),
    ...moveTally(levelTally(textOf(levelId), 'members'), 1),
  ],
  'member/MemberLeft': ({ levelId }) => [
    ...moveTally('left', 1),
    ...moveTally(levelTally(textOf(levelId), 'members'), -1),
  ],
  'member/LevelReached': moveLevel('reached'),
  'member/LevelFallen': moveLevel('fallen'),
  'member/BenefitGiven': ({ benefitId }) => moveTally(benefitTally(textOf(benefitId) ?? ''), 1),
  'pointsAccount/PointsGranted': ({ points }) => moveTally(pointsTally('earned'), numberOf(points)),
  'pointsAccount/PointsActivated': ({ points }) => moveTally(pointsTally('earned'), numberOf(points)),
  'pointsAccount/HoldSettled': ({ points }) => moveTally(pointsTally('spent'), numberOf(points)),
  'pointsAccount/PointsRestored': ({ parts, repaid }) =>
    moveTally(pointsTally('restored'), pointsOf(parts) + numberOf(repaid)),
  'pointsAccount/PointsExpired': ({ points }) => moveTally(pointsTally('expired'), numberOf(points)),
  'pointsAccount/PointsClawedBack': ({ parts, owed }) =>
    moveTally(pointsTally('takenBack'), pointsOf(parts) + numberOf(owed)),
}

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null)

const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

/** The points of parts of lots. */
const pointsOf = (parts: Json | undefined): number => {
  if (!Array.isArray(parts)) return 0
  let sum = 0
  for (const part of parts) {
    if (typeof part === 'object' && part !== null && 'points' in part) sum += numberOf(part.points)
  }
  return sum
}

const name = 'membership.countMembers'

/** Counts what happens to members and their points, each event once. */
export const countMembers: Reaction = {
  name,
  listensTo: Object.keys(countings),
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({}),
        decide: () => {
          const count = Object.entries(countings).find(([type]) => type === `${event.collection}/${event.type}`)?.[1]
          return ok({ changes: count?.(event.body) ?? [], answer: undefined })
        },
      },
    ),
}
