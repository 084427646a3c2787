import { ok, type Result } from 'neverthrow'
import { book } from '../shared/books.js'
import { append, type Change, expectRow, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import { localDayOf, startOfLocalDay } from '../shared/local-day.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, type Entry, entries, row, type Stored } from '../shared/read-plan.js'
import { guideMembership } from './guide-membership.js'
import type { LevelEntry } from './level-entry.js'
import { firstCounting, levelHistory } from './level-history.js'
import { levelEntries, members } from './member.collection.schema.js'
import type { ActiveMember, Member, MemberCommand, MemberError, MemberEvent, MemberStep, MemberTold } from './member.js'
import { type MemberState, memberMachine } from './member-machine.js'
import { type MembershipTerms, membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import type { PointsAccount, PointsCommand, PointsError, PointsEvent } from './points-account.js'
import { appendPoints } from './points-entry.schema.js'
import { type PointsState, pointsMachine } from './points-machine.js'

/** A member and all that moves with them, as it was read. */
export type MemberRead = {
  readonly member: Stored<Member> | undefined
  readonly points: Stored<PointsAccount> | undefined
  readonly counted: readonly Entry<LevelEntry>[]
  readonly membership: Stored<MembershipTerms> | undefined
}

/** The questions to which `MemberRead` is the answer. */
export type MemberPlan = { readonly [Name in keyof MemberRead]: Asked<MemberRead[Name]> }

/** No member does as much in the time that counts; those of two years at a hundred a day are fewer. */
const countedLimit = 100_000

/** Asks for a member and all that moves with them, in one read. */
export const askMember = (ports: CorePorts, accountId: string, now: Instant): MemberPlan => {
  const membership = book(ports.books, membershipBooks, membershipBookId, now)
  return {
    member: row(members, accountId),
    points: row(pointsAccounts, accountId),
    counted: entries(levelEntries, {
      where: [
        { field: 'accountId', is: 'eq', value: accountId },
        { field: 'countsAt', is: 'gte', value: countsFrom(onShelf(membership), now) },
      ],
      orderBy: { field: 'countsAt', direction: 'descending' },
      limit: countedLimit,
    }),
    membership,
  }
}

/** The terms where no storage has to be asked for them. */
const onShelf = ({ query, answer }: MemberPlan['membership']): MembershipTerms | undefined =>
  query === null ? answer([]).unwrapOr(undefined)?.state : undefined

/** The first moment whose entries may matter to a level now; of terms that are not known yet, the first of all. */
const countsFrom = (terms: MembershipTerms | undefined, now: Instant): Instant =>
  terms === undefined ? 0 : firstCounting(terms.levels, now)

type Slot<State, Event> = { readonly version: number; state: State; readonly events: Event[] }

/** A change of a member and what moves with them, in the making; one commit writes where it ends. */
export type MemberDraft = {
  readonly accountId: string
  readonly at: Instant
  readonly read: MemberRead
  readonly terms: MembershipTerms
  readonly member: Slot<MemberState, MemberEvent>
  readonly points: Slot<PointsState, PointsEvent>
  /** What newly counts toward the level. */
  readonly added: LevelEntry[]
  readonly further: Change[]
}

/** Begins a change of a member that was read. */
export const openMember = (read: MemberRead, accountId: string, at: Instant): MemberDraft => ({
  accountId,
  at,
  read,
  terms: read.membership?.state ?? guideMembership,
  member: { version: read.member?.version ?? 0, state: read.member?.state ?? memberMachine.initial, events: [] },
  points: { version: read.points?.version ?? 0, state: read.points?.state ?? pointsMachine.initial, events: [] },
  added: [],
  further: [],
})

/** Puts a command to the membership. */
export const draftMember = (draft: MemberDraft, command: MemberCommand): Result<readonly MemberEvent[], MemberError> =>
  decideNext(memberMachine, draft.member.state, command).map(({ state, events }) => {
    draft.member.state = state
    draft.member.events.push(...events)
    return events
  })

/** Whose days the programme counts in. */
export const timeZoneOf = ({ membership }: Pick<MemberRead, 'membership'>): string =>
  (membership?.state ?? guideMembership).levels.timeZone

/** The command of who leaves now. */
export const leaving = ({ at, terms }: MemberDraft): MemberCommand => {
  const { timeZone } = terms.levels
  const { year } = localDayOf(at, timeZone)
  return { type: 'LeaveMembership', yearEnd: startOfLocalDay({ year: year + 1, month: 1, day: 1 }, timeZone), now: at }
}

/** Puts a command to the member's points. */
export const draftMemberPoints = (
  draft: MemberDraft,
  command: PointsCommand,
): Result<readonly PointsEvent[], PointsError> =>
  decideNext(pointsMachine, draft.points.state, command).map(({ state, events }) => {
    draft.points.state = state
    draft.points.events.push(...events)
    return events
  })

/** Notes something that counts toward the level. */
export const draftLevelEntry = (
  draft: MemberDraft,
  { id, ...fact }: Pick<LevelEntry, 'kind' | 'reference' | 'amount' | 'countsAt'> & { readonly id: string },
): void => {
  const { accountId, at } = draft
  draft.added.push({ entryId: `${accountId}/${id}`, accountId, at, ...fact })
}

/** What counts for a member who joined at a moment: what became known since. */
export const countedSince = (read: Pick<MemberRead, 'counted'>, joinedAt: Instant): readonly LevelEntry[] =>
  read.counted.map(({ body }) => body).filter(({ at }) => at >= joinedAt)

/** The levels that facts bring under the terms. */
export const stepsOf = (facts: readonly LevelEntry[], terms: MembershipTerms): readonly MemberStep[] =>
  levelHistory(facts, terms.levels).map(({ from, rank }) => ({
    from,
    levelId: terms.levels.ladder[rank]?.levelId ?? null,
    rank,
  }))

/**
 * Ends a draft: the level assigned anew from all that counts, the states as they stand with their events and entries.
 * Nothing where nothing happened.
 *
 * @errors MemberError
 */
export const closeMember = (draft: MemberDraft): Result<readonly Change[], MemberError> =>
  assignLevel(draft).map(() => changesOf(draft))

const assignLevel = ({ added, at, member, read, terms, ...draft }: MemberDraft): Result<void, MemberError> => {
  const { state } = member
  if (added.length === 0 || state.status !== 'member') return ok(undefined)
  const reckoned = stepsOf([...countedSince(read, state.joinedAt), ...added], terms)
  const steps = terms.levels.downgrade === 'none' ? notBelow(reckoned, state, terms) : reckoned
  return draftMember({ ...draft, added, at, member, read, terms }, { type: 'AssignLevel', steps, now: at }).map(
    () => undefined,
  )
}

/** An event as it is told: what tells of a birth stands in the member's row alone, which ends with the membership. */
const withoutBirthday = (event: MemberEvent): MemberTold => {
  if (event.type !== 'MemberJoined' && event.type !== 'BirthdayTold') return event
  const { birthday: _, ...told } = event
  return told
}

/** Steps that keep a level once it is reached, whatever the entries of the time that counts come to. */
const notBelow = (
  steps: readonly MemberStep[],
  { levelId }: Pick<ActiveMember, 'levelId'>,
  { levels }: MembershipTerms,
): readonly MemberStep[] => {
  const rank = levels.ladder.findIndex((level) => level.levelId === levelId)
  return steps.map((step) => (step.rank < rank ? { from: step.from, levelId, rank } : step))
}

const changesOf = ({ accountId, added, further, member, points, read }: MemberDraft): readonly Change[] => {
  const changes = [...further]
  // The level is reckoned from all entries: of two that are added at once the second has to see the first, so each writes
  // the row, though nothing of the member changes.
  if ((member.events.length > 0 || added.length > 0) && member.state.status !== 'absent') {
    const events = member.events.map(withoutBirthday)
    changes.push(put(members, { id: accountId, version: member.version, state: member.state, events }))
  } else if (changes.length > 0 && read.member !== undefined) {
    changes.push(expectRow(members, read.member))
  }
  if (points.events.length > 0 && points.state.status !== 'absent') {
    changes.push(
      put(pointsAccounts, { id: accountId, ...points, state: points.state }),
      ...appendPoints(accountId, points.events),
    )
  }
  changes.push(...added.map((entry) => append(levelEntries, { id: entry.entryId, body: entry })))
  if (changes.length === 0 || read.membership === undefined) return changes
  return [...changes, expectRow(membershipBooks, read.membership)]
}
