import { ok } from 'neverthrow'
import type { StoredEvent } from '../shared/events.js'
import type { Json } from '../shared/json.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { row } from '../shared/read-plan.js'
import type { MemberEvent } from './member.js'
import { benefitTally, levelTally, moveTally, pointsTally, programmeDay } from './member-tally.js'
import { membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'
import type { PointsEvent } from './points-account.js'

/** What each event adds to which tallies. */
type Counting = (event: StoredEvent) => readonly (readonly [id: string, by: number])[]

const moveLevel =
  (count: 'reached' | 'fallen'): Counting =>
  ({ levelId, before }) => [
    [levelTally(textOf(before), 'members'), -1],
    [levelTally(textOf(levelId), 'members'), 1],
    [levelTally(textOf(levelId), count), 1],
  ]

const countings: {
  readonly [Type in `member/${MemberEvent['type']}` | `pointsAccount/${PointsEvent['type']}`]?: Counting
} = {
  'member/MemberJoined': ({ levelId }) => [
    ['joined', 1],
    [levelTally(textOf(levelId), 'members'), 1],
  ],
  'member/MemberLeft': ({ levelId }) => [
    ['left', 1],
    [levelTally(textOf(levelId), 'members'), -1],
  ],
  'member/LevelReached': moveLevel('reached'),
  'member/LevelFallen': moveLevel('fallen'),
  'member/BenefitGiven': ({ benefitId }) => [[benefitTally(textOf(benefitId) ?? ''), 1]],
  'pointsAccount/PointsGranted': ({ points }) => [[pointsTally('earned'), numberOf(points)]],
  'pointsAccount/PointsActivated': ({ points }) => [[pointsTally('earned'), numberOf(points)]],
  'pointsAccount/HoldSettled': ({ points }) => [[pointsTally('spent'), numberOf(points)]],
  'pointsAccount/PointsRestored': ({ parts, repaid }) => [
    [pointsTally('restored'), pointsOf(parts) + numberOf(repaid)],
  ],
  'pointsAccount/PointsExpired': ({ points }) => [[pointsTally('expired'), numberOf(points)]],
  'pointsAccount/PointsClawedBack': ({ parts, owed }) => [[pointsTally('takenBack'), pointsOf(parts) + numberOf(owed)]],
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
        plan: () => ({ membership: row(membershipBooks, membershipBookId) }),
        decide: ({ membership }) => {
          const count = Object.entries(countings).find(([type]) => type === `${event.collection}/${event.type}`)?.[1]
          const day = programmeDay(membership?.state, event.at)
          return ok({
            changes: (count?.(event.body) ?? []).flatMap(([id, by]) => moveTally(id, by, day)),
            answer: undefined,
          })
        },
      },
    ),
}
