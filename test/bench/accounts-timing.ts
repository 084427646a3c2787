import { performance } from 'node:perf_hooks'
import { okAsync } from 'neverthrow'
import { defaultGuardPolicy, type PasswordHasher } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createArgon2Hasher } from 'shopwright/adapters/passwords/argon2'
import { by, guest, must, openAccountsShop, password } from './accounts-shop.js'

/** How a sign-in can fail, none of which may be told from another by the time it takes. */
const ways = ['unknown', 'wrong', 'locked', 'banned', 'unverified'] as const

type Way = (typeof ways)[number]

// Code that has been met a few times is slower by some twenty microseconds than what is met all day: in a process that has
// just begun, what is rare is told by that, whatever it is.
const warmUp = 3_000

// Cheap, so that what is beside the hash is no smaller than chance.
const parameters = { memoryCost: 1_024, timeCost: 1, parallelism: 1 }

const patient = { ...defaultGuardPolicy, failuresBeforeLock: 1e9, failuresBeforeDisable: 1e9 }
// Locked once and for the whole run.
const locking = { ...defaultGuardPolicy, firstLockMs: 3_600_000, longestLockMs: 3_600_000, failuresBeforeDisable: 1e9 }
const failures = {
  network: { perHour: 1_000_000_000, perDay: 1_000_000_000 },
  shop: { perHour: 1_000_000_000, perDay: 1_000_000_000 },
}

const openWays = async (hasher: PasswordHasher) => {
  const { shop, join, register } = openAccountsShop(createMemoryStorage(), hasher, { guard: patient, failures })
  const locked = openAccountsShop(createMemoryStorage(), hasher, { guard: locking, failures })
  const staff = { kind: 'staff', staffId: 'bench', roles: [], purpose: 'a measurement' } as const
  await join('wrong@example.com')
  const accountId = await join('banned@example.com')
  must(await shop.accounts.ban(by(staff), { accountId, reason: 'abuse', until: null }))
  await register('unverified@example.com')
  await locked.join('locked@example.com')
  const tryAt = async (way: Way): Promise<void> => {
    const at = way === 'locked' ? locked.shop : shop
    // The right password where the account alone is what keeps it out.
    const given = way === 'wrong' || way === 'unknown' ? 'not the password' : password
    const answer = await at.accounts.signIn(by(guest), { identifier: `${way}@example.com`, password: given })
    if (answer.isOk() || answer.error.type !== 'SignInRefused') throw new Error(`${way} was not refused`)
  }
  for (let time = 0; time < locking.failuresBeforeLock; time += 1) {
    const wrong = { identifier: 'locked@example.com', password: 'not the password' }
    const answer = await locked.shop.accounts.signIn(by(guest), wrong)
    if (answer.isOk()) throw new Error('a wrong password was taken')
  }
  return tryAt
}

const shuffled = (): readonly Way[] =>
  ways
    .map((way) => ({ way, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ way }) => way)

/** Welch's t of two samples, of each without its slowest tenth: what the machine did meanwhile. */
const welch = (left: readonly number[], right: readonly number[]): number => {
  const [one, other] = [left, right].map((sample) => {
    const kept = [...sample].sort((a, b) => a - b).slice(0, Math.ceil(sample.length * 0.9))
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length
    const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1)
    return { mean, error: variance / kept.length }
  })
  if (one === undefined || other === undefined) return Number.NaN
  return (one.mean - other.mean) / Math.sqrt(one.error + other.error)
}

const measure = async (hasher: PasswordHasher, rounds: number): Promise<ReadonlyMap<Way, readonly number[]>> => {
  const tryAt = await openWays(hasher)
  const times = new Map<Way, number[]>(ways.map((way) => [way, []]))
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const way of shuffled()) {
      const begin = performance.now()
      await tryAt(way)
      if (round >= 0) times.get(way)?.push(performance.now() - begin)
    }
  }
  return times
}

/** How far each way to fail is from a name that nobody has, in Welch's t; and so of a shop that does no work for nobody. */
export const measureTiming = async (rounds: number) => {
  const hasher = must(await createArgon2Hasher({ parameters, atOnce: 1 }))
  const times = await measure(hasher, rounds)
  const lazy = await measure({ ...hasher, verifyNothing: () => okAsync<false>(false) }, Math.ceil(rounds / 4))
  const farFrom = (of: typeof times, way: Way): number => Math.abs(welch(of.get(way) ?? [], of.get('unknown') ?? []))
  return {
    ways: ways.filter((way) => way !== 'unknown').map((way) => ({ way, t: farFrom(times, way) })),
    control: farFrom(lazy, 'wrong'),
  }
}
