import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ladder } from '../../src/membership/level.js'
import type { LevelEntry } from '../../src/membership/level-entry.js'
import { type LevelRules, levelHistory, standingAt, stepAt } from '../../src/membership/level-history.js'
import { daysMs } from '../../src/shared/instant.js'

const title = { 'zh-CN': '级', en: 'Level' }
const level = (levelId: string, from: number): Ladder[number] => ({
  levelId,
  title,
  from,
  earnMultiplierBasisPoints: 10_000,
  service: 'standard',
  benefits: [],
})

const rules: LevelRules = {
  ladder: [level('ordinary', 0), level('silver', 1_000), level('gold', 5_000)],
  weights: { perSpentMinor: 1, perSignIn: 100, perContribution: 500 },
  window: { kind: 'rolling', months: 12 },
  graceDays: 30,
  downgrade: 'auto',
  timeZone: 'Asia/Shanghai',
}

// Noon in China.
const on = (day: string): number => Date.parse(`${day}T04:00:00Z`)

let made = 0
const spent = (amount: number, day: string, knownOn = day): LevelEntry => {
  made += 1
  return {
    entryId: `e${made}`,
    accountId: 'ann',
    kind: 'spent',
    reference: `o${made}`,
    amount,
    countsAt: on(day),
    at: on(knownOn),
  }
}

const levelOn = (entries: readonly LevelEntry[], day: string, given: LevelRules = rules) =>
  standingAt(entries, given, on(day)).level?.levelId

describe('a level', () => {
  it('is reached at once, and falls when it was not met for thirty days', () => {
    const entries = [spent(3_000, '2025-11-20'), spent(3_500, '2026-05-05'), spent(-3_000, '2025-11-20', '2026-06-10')]
    expect(levelOn(entries, '2026-05-04')).toBe('silver')
    expect(levelOn(entries, '2026-05-05')).toBe('gold')
    // 3500 from 10 June on: the tenth is the first day without gold, 9 July the thirtieth.
    expect(levelOn(entries, '2026-06-10')).toBe('gold')
    expect(levelOn(entries, '2026-07-09')).toBe('gold')
    expect(levelOn(entries, '2026-07-10')).toBe('silver')
  })

  it('is kept when it is met again in time', () => {
    const entries = [spent(5_000, '2026-01-05'), spent(-2_000, '2026-01-05', '2026-02-01'), spent(2_000, '2026-02-20')]
    for (const day of ['2026-02-01', '2026-03-02', '2026-04-01']) expect(levelOn(entries, day)).toBe('gold')
  })

  it('says what counts, what is missing, and when it falls', () => {
    const entries = [spent(1_200, '2026-01-05'), { ...spent(3, '2026-02-01'), kind: 'signIn' as const }]
    expect(standingAt(entries, rules, on('2026-03-01'))).toMatchObject({
      metric: 1_500,
      activity: { spentMinor: 1_200, signIns: 3, contributions: 0 },
      next: { levelId: 'gold' },
      missing: 3_500,
      // Out of the window on 5 January 2027, and thirty days of grace.
      falls: { at: Date.parse('2027-02-03T16:00:00Z'), levelId: 'ordinary' },
    })
  })

  it('never falls, or falls one step at a time, where the shop says so', () => {
    const entries = [spent(6_000, '2026-01-05')]
    const never: LevelRules = { ...rules, downgrade: 'none' }
    const oneDown: LevelRules = { ...rules, downgrade: 'oneDown' }
    expect(levelOn(entries, '2030-01-01', never)).toBe('gold')
    expect(levelOn(entries, '2027-02-03', oneDown)).toBe('gold')
    expect(levelOn(entries, '2027-02-04', oneDown)).toBe('silver')
    expect(levelOn(entries, '2027-03-05', oneDown)).toBe('silver')
    expect(levelOn(entries, '2027-03-06', oneDown)).toBe('ordinary')
    expect(levelOn(entries, '2027-02-04')).toBe('ordinary')
  })

  it('does not fall sooner for what is bought while it falls a step at a time', () => {
    const years: LevelRules = {
      ...rules,
      ladder: [...rules.ladder, level('diamond', 20_000)],
      window: { kind: 'calendar', months: 12, startMonth: 1 },
      downgrade: 'oneDown',
    }
    const before = [spent(20_000, '2025-03-01')]
    // Unmet from the first day of 2027: gold after thirty days of grace, silver after thirty more.
    const bought = [...before, spent(1_000, '2027-02-10')]
    for (const entries of [before, bought]) {
      expect(levelOn(entries, '2027-01-31', years)).toBe('gold')
      expect(levelOn(entries, '2027-03-01', years)).toBe('gold')
      expect(levelOn(entries, '2027-03-02', years)).toBe('silver')
    }
    expect(levelOn(bought, '2027-04-30', years)).toBe('silver')
  })

  it('reached in a calendar year holds through the next, and what is given back is taken from its year', () => {
    const yearly: LevelRules = { ...rules, graceDays: 0, window: { kind: 'calendar', months: 12, startMonth: 1 } }
    const entries = [spent(5_000, '2025-03-01'), spent(1_000, '2026-06-01')]
    expect(levelOn(entries, '2025-12-31', yearly)).toBe('gold')
    expect(levelOn(entries, '2026-12-31', yearly)).toBe('gold')
    expect(levelOn(entries, '2027-01-01', yearly)).toBe('silver')
    expect(levelOn(entries, '2028-01-01', yearly)).toBe('ordinary')
    const returned = [...entries, spent(-4_500, '2025-03-01', '2026-08-01')]
    expect(levelOn(returned, '2026-07-31', yearly)).toBe('gold')
    expect(levelOn(returned, '2026-08-01', yearly)).toBe('silver')
  })
})

const histories = fc.array(
  fc.record({
    amount: fc.integer({ min: -4_000, max: 4_000 }),
    day: fc.integer({ min: 0, max: 500 }),
    later: fc.integer({ min: 0, max: 60 }),
  }),
  { maxLength: 12 },
)

const start = Date.UTC(2025, 0, 1)
const toEntries = (drawn: readonly { readonly amount: number; readonly day: number; readonly later: number }[]) =>
  drawn.map(
    ({ amount, day, later }, place): LevelEntry => ({
      entryId: `${place}`,
      accountId: 'ann',
      kind: 'spent',
      reference: `${place}`,
      amount,
      countsAt: start + day * daysMs,
      at: start + (day + later) * daysMs,
    }),
  )

const utc: LevelRules = { ...rules, timeZone: 'UTC' }
const anyRules = fc.record({
  downgrade: fc.constantFrom('none', 'auto', 'oneDown'),
  graceDays: fc.constantFrom(0, 1, 30),
  window: fc.constantFrom<LevelRules['window']>(
    { kind: 'rolling', months: 6 },
    { kind: 'calendar', months: 12, startMonth: 4 },
  ),
})

describe('levels', () => {
  it('P8: at a moment depend on what was known up to it and on nothing later', () => {
    fc.assert(
      fc.property(histories, anyRules, fc.integer({ min: 0, max: 700 }), (drawn, given, day) => {
        const entries = toEntries(drawn)
        const at = start + day * daysMs
        const all = stepAt(levelHistory(entries, { ...utc, ...given }), at)
        const known = entries.filter((entry) => entry.at <= at)
        expect(all.rank).toBe(stepAt(levelHistory(known, { ...utc, ...given }), at).rank)
      }),
    )
  })

  it('are the highest that was reached on any of the last days of grace and today', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 900 }), (drawn, day) => {
        const entries = toEntries(drawn)
        // What happens at midnight counts for its day, so the level of a day is that of its midnight.
        const reachedOn = (each: number): number => {
          const at = start + each * daysMs
          const sum = entries
            .filter((entry) => entry.at <= at && at < addYear(entry.countsAt))
            .reduce((total, { amount }) => total + amount, 0)
          return sum >= 5_000 ? 2 : sum >= 1_000 ? 1 : 0
        }
        const highest = Math.max(...Array.from({ length: 31 }, (_, back) => reachedOn(day - back)))
        expect(stepAt(levelHistory(entries, utc), start + day * daysMs).rank).toBe(highest)
      }),
    )
  })

  it('fall one step at a time, and no sooner than all at once', () => {
    fc.assert(
      fc.property(histories, (drawn) => {
        const entries = toEntries(drawn)
        const slow = levelHistory(entries, { ...utc, downgrade: 'oneDown' })
        for (const [place, step] of slow.entries()) {
          expect(step.rank).toBeGreaterThanOrEqual((slow[place - 1]?.rank ?? 0) - 1)
          expect(step.rank).toBeGreaterThanOrEqual(stepAt(levelHistory(entries, utc), step.from).rank)
        }
      }),
    )
  })

  it('are never lower for more that is done', () => {
    const more = fc.record({ amount: fc.integer({ min: 1, max: 4_000 }), day: fc.integer({ min: 0, max: 500 }) })
    const steep: LevelRules = { ...utc, ladder: [0, 500, 1_000, 2_000, 4_000].map((from) => level(`l${from}`, from)) }
    fc.assert(
      fc.property(histories, more, anyRules, (drawn, added, given) => {
        const entries = toEntries(drawn)
        const without = levelHistory(entries, { ...steep, ...given })
        const with_ = levelHistory([...entries, ...toEntries([{ ...added, later: 0 }])], { ...steep, ...given })
        for (const { from, rank } of [...without, ...with_.map(({ from }) => stepAt(without, from))]) {
          expect(stepAt(with_, from).rank).toBeGreaterThanOrEqual(rank)
        }
      }),
    )
  })
})

const addYear = (at: number): number => {
  const day = new Date(at)
  return Date.UTC(day.getUTCFullYear() + 1, day.getUTCMonth(), day.getUTCDate())
}
