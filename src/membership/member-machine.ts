import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import type { Decider, TransitionTable } from '../shared/decider.js'
import { daysMs, type Instant } from '../shared/instant.js'
import {
  type ActiveMember,
  type EarnedToday,
  isTaken,
  levelIdAt,
  type Member,
  type MemberCommand,
  type MemberError,
  type MemberEvent,
  type MemberStep,
} from './member.js'

/** A membership, or the moment before there is one. */
export type MemberState = Member | { readonly status: 'absent' }

/** For so long after a birthday no other is looked for. */
export const birthdayRestMs = 180 * daysMs

type Decision = Result<readonly MemberEvent[], MemberError>
type CommandOf<Type extends MemberCommand['type']> = Extract<MemberCommand, { type: Type }>

/** Which command leads a membership where. */
export const memberTable: TransitionTable<MemberState['status'], MemberCommand['type'], MemberEvent['type']> = [
  { from: ['absent', 'left'], command: 'JoinMembership', events: 'MemberJoined', to: 'member' },
  { from: 'member', command: 'TellBirthday', events: 'BirthdayTold', to: 'member', guard: 'not told yet' },
  { from: 'member', command: 'NoteBirthday', events: 'BirthdayCame', to: 'member' },
  { from: 'member', command: 'NoteBirthday', events: [], to: 'member', guard: 'came this year' },
  { from: 'member', command: 'CheckIn', events: ['CheckedIn', 'ActivityCounted'], to: 'member' },
  { from: 'member', command: 'CheckIn', events: [], to: 'member', guard: 'on this day before' },
  { from: 'member', command: 'CountActivity', events: 'ActivityCounted', to: 'member', guard: 'within the limit' },
  { from: 'member', command: 'TakeBenefit', events: 'BenefitGiven', to: 'member', guard: 'not in this period' },
  { from: 'member', command: 'AssignLevel', events: [], to: 'member', guard: 'as it stands' },
  { from: 'member', command: 'AssignLevel', events: 'LevelForetold', to: 'member', guard: 'other levels to come' },
  { from: 'member', command: 'AssignLevel', events: 'LevelReached', to: 'member', guard: 'up, as foretold' },
  { from: 'member', command: 'AssignLevel', events: 'LevelFallen', to: 'member', guard: 'down, as foretold' },
  { from: 'member', command: 'AssignLevel', events: ['LevelForetold', 'LevelReached'], to: 'member', guard: 'up now' },
  { from: 'member', command: 'AssignLevel', events: ['LevelForetold', 'LevelFallen'], to: 'member', guard: 'down now' },
  { from: 'member', command: 'LeaveMembership', events: 'MemberLeft', to: 'left' },
  { from: 'left', command: 'LeaveMembership', events: [], to: 'left', guard: 'left before' },
]

const decide = (state: MemberState, command: MemberCommand): Decision => {
  if (command.type === 'JoinMembership') return join(state, command)
  if (state.status === 'left' && command.type === 'LeaveMembership') return ok([])
  if (state.status !== 'member') {
    return err({ type: 'NotAMember', accountId: state.status === 'left' ? state.accountId : '' })
  }
  return match(command)
    .returnType<Decision>()
    .with({ type: 'TellBirthday' }, ({ birthday, now }) =>
      state.birthday === null
        ? ok([{ type: 'BirthdayTold', birthday, at: now }])
        : err({ type: 'BirthdayAlreadyTold' }),
    )
    .with({ type: 'NoteBirthday' }, ({ now }) =>
      now < state.birthdayAt + birthdayRestMs ? ok([]) : ok([{ type: 'BirthdayCame', at: now }]),
    )
    .with({ type: 'CheckIn' }, (given) => checkIn(state, given))
    .with({ type: 'CountActivity' }, (given) => countActivity(state, given))
    .with({ type: 'TakeBenefit' }, ({ benefitId, period, now }) =>
      isTaken(state.benefits, benefitId, period)
        ? err({ type: 'BenefitTaken', benefitId, period })
        : ok([{ type: 'BenefitGiven', benefitId, period, at: now }]),
    )
    .with({ type: 'AssignLevel' }, (given) => assignLevel(state, given))
    .with({ type: 'LeaveMembership' }, ({ yearEnd, now }) => {
      // Whether the birthday had come cannot be told here: it is sealed. So the whole year counts as had.
      const birthdayFrom =
        state.birthday === null ? state.birthdayFrom : Math.max(yearEnd, state.birthdayFrom ?? yearEnd)
      return ok([{ type: 'MemberLeft', levelId: state.levelId, birthdayFrom, at: now }])
    })
    .exhaustive()
}

const join = (state: MemberState, command: CommandOf<'JoinMembership'>): Decision => {
  if (state.status === 'member') return err({ type: 'AlreadyMember', joinedAt: state.joinedAt })
  const { type: _, now, ...given } = command
  const steps = fromNow(given.steps, now)
  return ok([{ type: 'MemberJoined', ...given, steps, ...stepHolding(steps, now), at: now }])
}

const checkIn = (state: ActiveMember, { day, dayBefore, now }: CommandOf<'CheckIn'>): Decision => {
  const last = state.streak
  // A day that is not later is no new day, also where the shop's clock was put back.
  if (last !== null && day <= last.day) return ok([])
  const days = last !== null && last.day === dayBefore ? last.days + 1 : 1
  return ok([
    { type: 'CheckedIn', day, days, at: now },
    { type: 'ActivityCounted', activity: 'signIn', reference: day, day, at: now },
  ])
}

const countActivity = (state: ActiveMember, command: CommandOf<'CountActivity'>): Decision => {
  const { activity, reference, day, perDay, now } = command
  const times = timesOn(state, day)[activity] ?? 0
  if (times >= perDay) return err({ type: 'ActivityLimitReached', activity, perDay })
  return ok([{ type: 'ActivityCounted', activity, reference, day, at: now }])
}

/** How often each activity has earned on a day; a day before the last such day, as by a clock put back, is that day. */
const timesOn = ({ earned }: ActiveMember, day: string): EarnedToday['times'] =>
  earned !== null && day <= earned.day ? earned.times : {}

const assignLevel = (state: ActiveMember, { steps, now }: CommandOf<'AssignLevel'>): Decision => {
  const foretold = fromNow(steps ?? state.steps, now)
  const { levelId, rank } = stepHolding(foretold, now)
  const events: MemberEvent[] = []
  if (!sameSteps(foretold, fromNow(state.steps, now))) events.push({ type: 'LevelForetold', steps: foretold, at: now })
  if (levelId !== state.levelId) {
    const type = rank > state.rank ? 'LevelReached' : 'LevelFallen'
    events.push({ type, levelId, rank, before: state.levelId, at: now })
  }
  return ok(events)
}

const stepHolding = (steps: readonly MemberStep[], now: Instant): Omit<MemberStep, 'from'> => {
  let held: Omit<MemberStep, 'from'> = { levelId: null, rank: -1 }
  for (const { from, levelId, rank } of steps) if (from <= now) held = { levelId, rank }
  return held
}

/** The step that holds now and those to come. */
const fromNow = (steps: readonly MemberStep[], now: Instant): readonly MemberStep[] => {
  const begun = steps.filter((step) => step.from <= now)
  return [...begun.slice(-1), ...steps.filter((step) => step.from > now)]
}

const sameSteps = (a: readonly MemberStep[], b: readonly MemberStep[]): boolean =>
  a.length === b.length &&
  a.every(({ from, levelId }, place) => {
    const other = b[place]
    // When the level that holds began is told elsewhere; it may be reckoned from other facts and be the same.
    return other?.levelId === levelId && (place === 0 || other.from === from)
  })

const evolve = (state: MemberState, event: MemberEvent): MemberState => {
  if (event.type === 'MemberJoined') {
    const { accountId, termsRevision, birthday, steps, levelId, rank, at } = event
    return withNext(
      {
        status: 'member',
        accountId,
        joinedAt: at,
        termsRevision,
        levelId,
        rank,
        levelSince: at,
        steps,
        nextStepAt: null,
        birthday,
        ...keptFrom(state),
      },
      at,
    )
  }
  if (state.status !== 'member') return state
  switch (event.type) {
    case 'BirthdayTold':
      return { ...state, birthday: event.birthday }
    case 'BirthdayCame':
      return { ...state, birthdayAt: event.at }
    case 'CheckedIn':
      return { ...state, streak: { day: event.day, days: event.days } }
    case 'ActivityCounted': {
      const { activity } = event
      const times = timesOn(state, event.day)
      const day = state.earned !== null && event.day < state.earned.day ? state.earned.day : event.day
      return { ...state, earned: { day, times: { ...times, [activity]: (times[activity] ?? 0) + 1 } } }
    }
    case 'BenefitGiven':
      return { ...state, benefits: { ...state.benefits, [event.benefitId]: event.period } }
    case 'LevelForetold':
      return withNext({ ...state, steps: event.steps }, event.at)
    case 'LevelReached':
    case 'LevelFallen': {
      const { levelId, rank, at } = event
      return withNext({ ...state, levelId, rank, levelSince: at }, at)
    }
    case 'MemberLeft':
      return {
        status: 'left',
        accountId: state.accountId,
        joinedAt: state.joinedAt,
        leftAt: event.at,
        benefits: state.benefits,
        checkedInOn: state.streak?.day ?? null,
        earned: state.earned,
        birthdayFrom: event.birthdayFrom,
      }
  }
}

type KeptOnJoining = Pick<ActiveMember, 'streak' | 'earned' | 'benefits' | 'birthdayAt' | 'birthdayFrom'>

/** What a member who joins brings along from having been one before. */
const keptFrom = (state: MemberState): KeptOnJoining => {
  if (state.status !== 'left') {
    return { streak: null, earned: null, benefits: {}, birthdayAt: -birthdayRestMs, birthdayFrom: null }
  }
  const { checkedInOn, earned, benefits, birthdayFrom } = state
  return {
    streak: checkedInOn === null ? null : { day: checkedInOn, days: 0 },
    earned,
    benefits,
    birthdayAt: (birthdayFrom ?? 0) - birthdayRestMs,
    birthdayFrom,
  }
}

const withNext = (state: ActiveMember, now: Instant): ActiveMember => {
  // A step that has begun and was not told yet is due too.
  const due = state.steps.find((step) => step.from > now || levelIdAt(state, now) !== state.levelId)
  return { ...state, nextStepAt: due?.from ?? null }
}

/** The life of a membership. */
export const memberMachine: Decider<MemberState, MemberCommand, MemberEvent, MemberError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
