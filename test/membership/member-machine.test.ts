import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTaken, type MemberCommand, type MemberEvent } from '../../src/membership/member.js'
import { memberMachine, memberTable } from '../../src/membership/member-machine.js'
import { foldEvents } from '../../src/shared/decider.js'
import { daysMs } from '../../src/shared/instant.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const now = fc.integer({ min: 0, max: 100 })
const birthday = { day: { sealed: { scheme: 1, nonce: 'n', data: 'd' } }, key: 'k' }
const day = fc.constantFrom('2026-11-10', '2026-11-11', '2026-11-12')
const steps = fc.constantFrom(
  [{ from: 0, levelId: 'ordinary', rank: 0 }],
  [
    { from: 0, levelId: 'silver', rank: 1 },
    { from: 50, levelId: 'ordinary', rank: 0 },
  ],
)

const arbitraries: {
  readonly [Type in MemberCommand['type']]: fc.Arbitrary<Extract<MemberCommand, { type: Type }>>
} = {
  JoinMembership: fc.record({
    type: fc.constant('JoinMembership'),
    accountId: fc.constant('ann'),
    termsRevision: fc.constant(1),
    birthday: fc.constantFrom(null, birthday),
    steps,
    now,
  }),
  TellBirthday: fc.record({ type: fc.constant('TellBirthday'), birthday: fc.constant(birthday), now }),
  NoteBirthday: fc.record({ type: fc.constant('NoteBirthday'), now: fc.constantFrom(0, 100, 400 * daysMs) }),
  CheckIn: fc.record({ type: fc.constant('CheckIn'), day, dayBefore: day, now }),
  CountActivity: fc.record({
    type: fc.constant('CountActivity'),
    activity: fc.constantFrom('share', 'review', 'invitation'),
    reference: fc.constantFrom('a', 'b'),
    day,
    perDay: fc.integer({ min: 1, max: 2 }),
    now,
  }),
  TakeBenefit: fc.record({
    type: fc.constant('TakeBenefit'),
    benefitId: fc.constantFrom('welcome', 'birthday'),
    period: fc.constantFrom('once', '2026'),
    now,
  }),
  AssignLevel: fc.record({ type: fc.constant('AssignLevel'), steps: fc.option(steps), now }),
  LeaveMembership: fc.record({ type: fc.constant('LeaveMembership'), yearEnd: fc.constant(100), now }),
}

const join = {
  type: 'JoinMembership',
  accountId: 'ann',
  termsRevision: 1,
  birthday: null,
  steps: [{ from: 0, levelId: 'ordinary', rank: 0 }],
  now: 10,
} as const
const checkIn = { type: 'CheckIn', day: '2026-11-11', dayBefore: '2026-11-10', now: 20 } as const
const silver = [
  { from: 0, levelId: 'silver', rank: 1 },
  { from: 50, levelId: 'ordinary', rank: 0 },
] as const

machineLaws({
  name: 'member',
  decider: memberMachine,
  table: memberTable,
  statuses: { absent: 'open', member: 'open', left: 'open' },
  arbitraries,
  model: {
    JoinMembership: [join],
    TellBirthday: [{ type: 'TellBirthday', birthday, now: 20 }],
    NoteBirthday: [{ type: 'NoteBirthday', now: 20 }],
    CheckIn: [checkIn],
    CountActivity: [
      { type: 'CountActivity', activity: 'share', reference: 'bob', day: '2026-11-11', perDay: 1, now: 20 },
    ],
    TakeBenefit: [{ type: 'TakeBenefit', benefitId: 'welcome', period: 'once', now: 20 }],
    AssignLevel: [
      { type: 'AssignLevel', steps: silver, now: 20 },
      { type: 'AssignLevel', steps: null, now: 60 },
      { type: 'AssignLevel', steps: [{ from: 0, levelId: 'ordinary', rank: 0 }], now: 70 },
      {
        type: 'AssignLevel',
        steps: [
          { from: 0, levelId: 'ordinary', rank: 0 },
          { from: 90, levelId: 'silver', rank: 1 },
        ],
        now: 75,
      },
      { type: 'AssignLevel', steps: null, now: 95 },
    ],
    LeaveMembership: [{ type: 'LeaveMembership', yearEnd: 100, now: 80 }],
  },
  limits: { maxDepth: 4 },
})

const given = specify(memberMachine)
const joined: MemberEvent = {
  type: 'MemberJoined',
  accountId: 'ann',
  termsRevision: 1,
  birthday: null,
  steps: [{ from: 0, levelId: 'ordinary', rank: 0 }],
  levelId: 'ordinary',
  rank: 0,
  at: 10,
}
const checkedIn = (name: string, days: number): readonly MemberEvent[] => [
  { type: 'CheckedIn', day: name, days, at: 20 },
  { type: 'ActivityCounted', activity: 'signIn', reference: name, day: name, at: 20 },
]

describe('a member', () => {
  it('signs in once a day, and days in a row count on', () => {
    given([joined]).when(checkIn).then(checkedIn('2026-11-11', 1))
    given([joined, ...checkedIn('2026-11-11', 1)])
      .when(checkIn)
      .then([])
    given([joined, ...checkedIn('2026-11-11', 6)])
      .when({ ...checkIn, day: '2026-11-12', dayBefore: '2026-11-11' })
      .then(checkedIn('2026-11-12', 7))
    given([joined, ...checkedIn('2026-11-09', 6)])
      .when(checkIn)
      .then(checkedIn('2026-11-11', 1))
  })

  it('earns by an activity so often a day and no oftener', () => {
    const share = {
      type: 'CountActivity',
      activity: 'share',
      reference: 'eve',
      day: '2026-11-11',
      perDay: 1,
      now: 20,
    } as const
    const counted: MemberEvent = {
      type: 'ActivityCounted',
      activity: 'share',
      reference: 'bob',
      day: '2026-11-11',
      at: 20,
    }
    given([joined, counted]).when(share).thenRefused({ type: 'ActivityLimitReached', activity: 'share', perDay: 1 })
    given([joined, counted])
      .when({ ...share, day: '2026-11-12' })
      .then([{ ...counted, reference: 'eve', day: '2026-11-12' }])
  })

  it('rises as the facts say, and falls when what was foretold has come', () => {
    const foretold: MemberEvent = { type: 'LevelForetold', steps: silver, at: 20 }
    const moved: MemberEvent = { type: 'LevelReached', levelId: 'silver', rank: 1, before: 'ordinary', at: 20 }
    given([joined]).when({ type: 'AssignLevel', steps: silver, now: 20 }).then([foretold, moved])
    given([joined, foretold, moved]).when({ type: 'AssignLevel', steps: null, now: 49 }).then([])
    given([joined, foretold, moved])
      .when({ type: 'AssignLevel', steps: null, now: 50 })
      .then([{ type: 'LevelFallen', levelId: 'ordinary', rank: 0, before: 'silver', at: 50 }])
  })

  it('has no second birthday in the year of leaving, and of who left no day is kept', () => {
    const at = Date.UTC(2026, 10, 11)
    // The year of the shop ends eight hours before that of UTC.
    const yearEnd = Date.UTC(2026, 11, 31, 16)
    const told: MemberEvent = { type: 'BirthdayTold', birthday, at }
    const left: MemberEvent = { type: 'MemberLeft', levelId: 'ordinary', birthdayFrom: yearEnd, at: at + 1 }
    given([joined, told])
      .when({ type: 'LeaveMembership', yearEnd, now: at + 1 })
      .then([left])
    given([joined])
      .when({ type: 'LeaveMembership', yearEnd, now: at + 1 })
      .then([{ ...left, birthdayFrom: null }])
    expect(foldEvents(memberMachine, [joined, told, left])).toEqual({
      status: 'left',
      accountId: 'ann',
      joinedAt: 10,
      leftAt: at + 1,
      benefits: {},
      checkedInOn: null,
      earned: null,
      birthdayFrom: yearEnd,
    })
    const again = given([joined, told, left, { ...joined, birthday, at: at + 2 }])
    again.when({ type: 'NoteBirthday', now: yearEnd - 1 }).then([])
    again.when({ type: 'NoteBirthday', now: yearEnd }).then([{ type: 'BirthdayCame', at: yearEnd }])
    again
      .when({ type: 'LeaveMembership', yearEnd: yearEnd - 365 * daysMs, now: at + 3 })
      .then([{ ...left, at: at + 3 }])
  })

  it('signs in once a day also when it leaves and joins anew on that day, and days in a row begin anew', () => {
    const left: MemberEvent = { type: 'MemberLeft', levelId: 'ordinary', birthdayFrom: null, at: 30 }
    const again = given([joined, ...checkedIn('2026-11-11', 6), left, joined])
    again.when(checkIn).then([])
    again.when({ ...checkIn, day: '2026-11-12', dayBefore: '2026-11-11' }).then(checkedIn('2026-11-12', 1))
  })

  it('earns by an activity no oftener a day by leaving and joining anew, or by a clock put back', () => {
    const share = { type: 'CountActivity', activity: 'share', reference: 'eve', perDay: 1, now: 40 } as const
    const counted: MemberEvent = {
      type: 'ActivityCounted',
      activity: 'share',
      reference: 'bob',
      day: '2026-11-11',
      at: 20,
    }
    const left: MemberEvent = { type: 'MemberLeft', levelId: 'ordinary', birthdayFrom: null, at: 30 }
    const refusal = { type: 'ActivityLimitReached', activity: 'share', perDay: 1 } as const
    given([joined, counted, left, joined])
      .when({ ...share, day: '2026-11-11' })
      .thenRefused(refusal)
    given([joined, counted])
      .when({ ...share, day: '2026-11-10' })
      .thenRefused(refusal)
  })

  it('has each benefit for later and later periods only, however it leaves, joins anew and tells other days', () => {
    const taken = fc.record({
      benefitId: fc.constantFrom('birthday', 'monthly'),
      year: fc.integer({ min: 2026, max: 2029 }),
      leave: fc.boolean(),
    })
    const month = fc.integer({ min: 1, max: 12 })
    fc.assert(
      fc.property(fc.array(fc.tuple(taken, month), { maxLength: 30 }), (tries) => {
        let state = foldEvents(memberMachine, [joined])
        const had: Record<string, string[]> = { birthday: [], monthly: [] }
        const put = (command: MemberCommand) => {
          const decided = memberMachine.decide(state, command)
          if (decided.isErr()) return false
          state = decided.value.reduce(memberMachine.evolve, state)
          return true
        }
        for (const [{ benefitId, year, leave }, of] of tries) {
          if (leave) {
            put({ type: 'LeaveMembership', yearEnd: 100, now: 20 })
            put(join)
          }
          const period = benefitId === 'birthday' ? String(year) : `${year}-${String(of).padStart(2, '0')}`
          if (put({ type: 'TakeBenefit', benefitId, period, now: 20 })) had[benefitId]?.push(period)
        }
        for (const periods of Object.values(had)) {
          expect(periods).toEqual([...new Set(periods)].sort())
        }
      }),
    )
  })

  it.each([
    ['2027', '2026', true],
    ['2027', '2027', true],
    ['2027', '2028', false],
    ['2026-11', '2026-10', true],
    ['2026-11', '2026-12', false],
    ['2026-11', '2026', true],
    ['2026', '2026-11', false],
    ['once', '2026', false],
    ['2026', 'once', false],
    ['once', 'once', true],
  ])('that had a benefit for %s has had it for %s: %s', (had, period, taken) => {
    expect(isTaken({ gift: had }, 'gift', period)).toBe(taken)
  })

  it('has no benefit twice in a period, also not by leaving and joining anew', () => {
    const had: MemberEvent = { type: 'BenefitGiven', benefitId: 'welcome', period: 'once', at: 20 }
    const left: MemberEvent = { type: 'MemberLeft', levelId: 'ordinary', birthdayFrom: null, at: 30 }
    given([joined, had, left, joined])
      .when({ type: 'TakeBenefit', benefitId: 'welcome', period: 'once', now: 40 })
      .thenRefused({ type: 'BenefitTaken', benefitId: 'welcome', period: 'once' })
  })
})
