import fc from 'fast-check'
import { challengeAttempts, commitChanges, counters, rateBudgets, readFacts, type Storage } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { defaultAccountsPolicy } from '../../src/accounts/accounts-policy.js'
import { keyLines, linesLeft, spendCode } from '../../src/accounts/budgets.js'
import { challengePrefix, longestChallengeMs } from '../../src/accounts/challenge.js'
import { createIds } from '../../src/shared/ids.js'
import { countersKeptMs, pruneRecords } from '../../src/shared/prune-records.js'
import { createTestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'

const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2026, 10, 29, 9)
const policy = { ...defaultAccountsPolicy.code, perHour: 2, perDay: 5 }
const scope = { kind: 'all' } as const

/** Asks for a code as workflows do: what is left is read, and what is spent committed. */
const spend = async (storage: Storage, key: string, at: number): Promise<readonly string[] | 'refused'> => {
  const lines = keyLines(policy, key, at)
  const { left } = (
    await readFacts(storage, { shop: 'main', scope, at, plan: { left: linesLeft(lines) } })
  )._unsafeUnwrap()
  const changes = spendCode(lines, left)
  if (changes.isErr()) return 'refused'
  const committed = await commitChanges(storage, { shop: 'main', at, changes: changes.value })
  return committed.isErr() ? 'refused' : lines.map(({ id }) => id)
}

const standing = async (storage: Storage, ids: readonly string[]): Promise<readonly string[]> => {
  const plan = { found: counters(rateBudgets, ids) }
  const { found } = (await readFacts(storage, { shop: 'main', scope, at: start, plan }))._unsafeUnwrap()
  return [...found.keys()]
}

const openBudgets = async () => {
  const storage = await openStorage()
  const ports = createTestPorts(storage, {}, start)
  const prune = async (at: number, limit = 100) => {
    ports.setNow(at)
    return (await pruneRecords(ports, [challengeAttempts, rateBudgets], { limit }))._unsafeUnwrap().told
  }
  return { storage, prune }
}

describe('a budget', () => {
  it('is forgotten a day after its window, and not before: of an hour and of a day', async () => {
    const { storage, prune } = await openBudgets()
    const ids = await spend(storage, 'digest of ann', start)
    if (ids === 'refused') throw new Error('nothing was spent')
    const [ofHour = '', ofDay = ''] = ids
    expect(await standing(storage, ids)).toEqual(expect.arrayContaining([ofHour, ofDay]))
    const hourEnds = start + hour
    const dayEnds = Date.UTC(2026, 10, 30)
    expect(await prune(hourEnds + countersKeptMs)).toBe(0)
    expect(await prune(hourEnds + countersKeptMs + 1)).toBe(1)
    expect(await standing(storage, ids)).toEqual([ofDay])
    expect(await prune(dayEnds + countersKeptMs)).toBe(0)
    expect(await prune(dayEnds + countersKeptMs + 1)).toBe(1)
    expect(await standing(storage, ids)).toEqual([])
  })

  it('allows no more for having been pruned, at whatever moment, by clocks that differ by less than a day', async () => {
    // A server that lags spends what another, ahead of it, takes for over.
    const skew = fc.constantFrom(-day / 2 + 1, 0, day / 2 - 1)
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('spend' as const), times: fc.integer({ min: 1, max: 5 }), skew }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('prune' as const), limit: fc.integer({ min: 1, max: 3 }), skew }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('pass' as const),
          ms: fc.constantFrom(hour / 6, 2 * hour, 30 * hour),
        }),
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { storage, prune } = await openBudgets()
        let now = start
        const allowed = new Map<string, number>()
        for (const each of steps) {
          if (each.kind === 'pass') now += each.ms
          else if (each.kind === 'prune') await prune(now + each.skew, each.limit)
          else
            for (let time = 0; time < each.times; time += 1) {
              const ids = await spend(storage, 'ann', now + each.skew)
              if (ids !== 'refused') for (const id of ids) allowed.set(id, (allowed.get(id) ?? 0) + 1)
            }
        }
        for (const [id, times] of allowed)
          expect(times, id).toBeLessThanOrEqual(id.includes(`:${day}:`) ? policy.perDay : policy.perHour)
        // And nothing stays once every window is long over.
        while ((await prune(now + 4 * day)) > 0);
        expect(await standing(storage, [...allowed.keys()])).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('of 64 who spend while others prune, as many are let through as it has', async () => {
    const { storage, prune } = await openBudgets()
    await spend(storage, 'ann', start - 3 * day)
    const answers = await Promise.all(
      Array.from({ length: 64 }, async (_, contender) => {
        if (contender % 4 === 0) await prune(start, 1)
        for (let tries = 0; tries < 8; tries += 1) {
          const spent = await spend(storage, 'ann', start)
          if (spent !== 'refused') return 'spent'
        }
        return 'refused'
      }),
    )
    expect(answers.filter((answer) => answer === 'spent')).toHaveLength(policy.perHour)
  })
})

describe('the tries of a code', () => {
  it('are forgotten a day after the longest life of any code, and not before', async () => {
    const { storage, prune } = await openBudgets()
    let now = start
    const id = createIds({ now: () => now }).next(challengePrefix)
    now += 1
    const later = createIds({ now: () => now }).next(challengePrefix)
    const changes = [id, later].map((each) => ({
      kind: 'adjust' as const,
      counter: challengeAttempts.name,
      id: each,
      by: -1,
      floor: 0,
      initial: 5,
    }))
    ;(await commitChanges(storage, { shop: 'main', at: start, changes }))._unsafeUnwrap()
    expect(await prune(start + longestChallengeMs + countersKeptMs)).toBe(0)
    expect(await prune(start + longestChallengeMs + countersKeptMs + 1)).toBe(1)
    expect(await prune(start + longestChallengeMs + countersKeptMs + 2)).toBe(1)
  })
})
