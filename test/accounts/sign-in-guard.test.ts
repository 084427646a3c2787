import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  askGuard,
  defaultGuardPolicy,
  type GuardPolicy,
  reachedBy,
  recordFailure,
  type SignInGuard,
} from '../../src/accounts/sign-in-guard.js'

const minute = 60_000

const fail = (times: readonly number[], policy: GuardPolicy = defaultGuardPolicy): SignInGuard | undefined =>
  times.reduce<SignInGuard | undefined>((guard, now) => recordFailure(guard, now, policy), undefined)

describe('the guard of sign-ins', () => {
  it('locks for a minute at the fifth failure, then for two, four … at most thirty minutes', () => {
    const four = fail([0, 1, 2, 3])
    expect(askGuard(four, 3, defaultGuardPolicy)).toEqual({ kind: 'look' })
    const five = fail([0, 1, 2, 3, 4])
    expect(askGuard(five, 5, defaultGuardPolicy)).toEqual({ kind: 'locked', until: minute + 4 })
    expect(askGuard(five, minute + 4, defaultGuardPolicy)).toEqual({ kind: 'look' })
    const lengths = []
    let guard = five
    let now = minute + 4
    for (let index = 0; index < 7; index += 1) {
      guard = recordFailure(guard, now, defaultGuardPolicy)
      lengths.push((guard.lockedUntil - now) / minute)
      now = guard.lockedUntil
    }
    expect(lengths).toEqual([2, 4, 8, 16, 30, 30, 30])
  })

  it('begins anew after twelve quiet hours, but forgets none of the hundred', () => {
    const rested = fail([0, 1, 2, 3, 4, 12 * 60 * minute + 4])
    expect(rested).toMatchObject({ failures: 1, consecutive: 6 })
  })

  it('disables the password after a hundred failures in a row', () => {
    const apart = Array.from({ length: 100 }, (_, index) => index * 13 * 60 * minute)
    const last = apart.at(-1) ?? 0
    expect(askGuard(fail(apart.slice(0, 99)), last + minute, defaultGuardPolicy)).toEqual({ kind: 'look' })
    expect(askGuard(fail(apart), last + 365 * 24 * 60 * minute, defaultGuardPolicy)).toEqual({ kind: 'disabled' })
  })
})

// Small numbers, so that random histories come to the limits.
const policy: GuardPolicy = {
  failuresBeforeLock: 3,
  firstLockMs: 10,
  longestLockMs: 40,
  forgetAfterMs: 100,
  failuresBeforeDisable: 12,
}

/** A history of attempts: how long after the one before, and whether the password is right. */
const history = fc.array(
  fc.record({ wait: fc.integer({ min: -30, max: 60 }), right: fc.boolean() }, { noNullPrototype: true }),
  { maxLength: 60 },
)

type Step = {
  readonly now: number
  readonly looked: boolean
  readonly right: boolean
  readonly guard: SignInGuard | undefined
}

const play = (attempts: readonly { readonly wait: number; readonly right: boolean }[]): readonly Step[] => {
  let guard: SignInGuard | undefined
  let now = 1_000
  return attempts.map(({ wait, right }) => {
    now += wait
    const looked = askGuard(guard, now, policy).kind === 'look'
    if (looked) guard = right ? undefined : recordFailure(guard, now, policy)
    return { now, looked, right, guard }
  })
}

describe('the laws of the guard', () => {
  it('never looks at more wrong passwords in a row than the policy allows', () => {
    fc.assert(
      fc.property(history, (attempts) => {
        let inRow = 0
        for (const { looked, right } of play(attempts)) {
          if (!looked) continue
          inRow = right ? 0 : inRow + 1
          expect(inRow).toBeLessThanOrEqual(policy.failuresBeforeDisable)
        }
      }),
    )
  })

  it('looks at few wrong passwords in any span as long as the first lock', () => {
    const forward = history.map((attempts) => attempts.map(({ wait }) => ({ wait: Math.abs(wait), right: false })))
    fc.assert(
      fc.property(forward, (attempts) => {
        const wrong = play(attempts).filter(({ looked }) => looked)
        for (const { now } of wrong) {
          const inSpan = wrong.filter((each) => each.now >= now && each.now < now + policy.firstLockMs)
          expect(inSpan.length).toBeLessThanOrEqual(policy.failuresBeforeLock)
        }
      }),
    )
  })

  it('locks no longer than the policy says, and looks again at the end of the lock', () => {
    fc.assert(
      fc.property(history, (attempts) => {
        let latest = 0
        for (const { now, guard } of play(attempts)) {
          latest = Math.max(latest, now)
          if (guard === undefined || guard.consecutive >= policy.failuresBeforeDisable) continue
          expect(guard.lockedUntil).toBeLessThanOrEqual(latest + policy.longestLockMs)
          expect(askGuard(guard, guard.lockedUntil, policy)).toEqual({ kind: 'look' })
        }
      }),
    )
  })

  it('never shortens a lock, whatever the clock does', () => {
    fc.assert(
      fc.property(history, (attempts) => {
        let before: SignInGuard | undefined
        for (const { guard } of play(attempts)) {
          if (before !== undefined && guard !== undefined) {
            expect(guard.lockedUntil).toBeGreaterThanOrEqual(before.lockedUntil)
          }
          before = guard
        }
      }),
    )
  })

  it('tells the owner of the first lock, then once a day at most, and of the end', () => {
    const span = 24 * 60 * minute
    const long: GuardPolicy = { ...policy, longestLockMs: span / 5, firstLockMs: span / 9, forgetAfterMs: span }
    const waits = fc.array(fc.integer({ min: 0, max: span / 3 }), { maxLength: 40 })
    fc.assert(
      fc.property(waits, (each) => {
        let guard: SignInGuard | undefined
        let now = 0
        const told: number[] = []
        let locks = 0
        for (const wait of each) {
          now += wait
          if (askGuard(guard, now, long).kind !== 'look') continue
          guard = recordFailure(guard, now, long)
          const reached = reachedBy(guard, now, long)
          locks += reached === undefined ? 0 : 1
          if (reached === 'disabled') expect(guard.toldAt).toBe(now)
          else if (guard.toldAt === now) told.push(now)
        }
        expect(told.length > 0 || guard?.consecutive === long.failuresBeforeDisable).toBe(locks > 0)
        for (const [index, at] of told.slice(1).entries()) expect(at - (told[index] ?? 0)).toBeGreaterThanOrEqual(span)
      }),
    )
  })

  it('takes no note of what comes during a lock', () => {
    fc.assert(
      fc.property(history, (attempts) => {
        const looked = play(attempts).filter((step) => step.looked)
        const again = looked.reduce<SignInGuard | undefined>(
          (guard, { now, right }) => (right ? undefined : recordFailure(guard, now, policy)),
          undefined,
        )
        expect(again).toEqual(looked.at(-1)?.guard)
      }),
    )
  })
})
