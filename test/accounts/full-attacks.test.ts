import { monitorEventLoopDelay } from 'node:perf_hooks'
import {
  activateAccount,
  challengeAttempts,
  counters,
  limitHasher,
  readFacts,
  requestReset,
  resetPassword,
  signIn,
  sweepAccounts,
} from 'shopwright'
import { createArgon2Hasher } from 'shopwright/adapters/passwords/argon2'
import { describe, expect, inject, it } from 'vitest'
import { runsOf } from '../kit/property-runs.js'
import {
  goodPassword,
  guest,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  otherPassword,
  otherThan,
  tagOf,
} from './open-accounts.js'

// Attacks that are made of sheer numbers. `npm run test:long` makes them in full (10,000 guesses from 10,000 networks, 5,000
// accounts from 50 networks, 50 races of 64, 200 sign-ins by the real hasher); otherwise as many as take two seconds on an idle
// machine, which on Postgres are fewer.
const isFull = runsOf(0) > 0
const ofNumber = (full: number, onMemory: number, onPostgres: number): number => {
  if (isFull) return full
  return inject('storage') === 'memory' ? onMemory : onPostgres
}

const owner = 'owner@example.com'

/** How often a password was looked at and was wrong, by the trail. */
const lookedAt = ({ stored }: OpenAccounts): number =>
  stored.filter((text) => text.includes('"accounts.signIn"') && text.includes('"wrong"')).length

describe('attack 3: guessing one password, from everywhere, for months', () => {
  const guesses = ofNumber(10_000, 400, 250)

  it('gets a hundred guesses looked at, and then only a reset helps', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const hashes = shop.hashes()
    const tags = new Set<string>()
    for (let index = 0; index < guesses; index += 1) {
      const origin = { device: `bot ${index}`, address: `10.${index >> 8}.${index & 255}.1` }
      const input = { identifier: owner, password: `guess-${index}` }
      tags.add(tagOf(await signIn(shop.ports, { ...shop.as(guest), origin }, input)))
      // Within the time that guards may rest, and beyond it: what is remembered is not swept away.
      shop.pass(index % 60 === 59 ? 31 * 24 * 60 * minute : 15 * minute)
      if (index % 60 === 59) must(await sweepAccounts(shop.ports, { limit: 1_000 }))
    }
    expect(tags).toEqual(new Set(['SignInRefused']))
    expect(lookedAt(shop)).toBe(100)
    // Nobody sees where it ended: each costs the same.
    expect(shop.hashes()).toBe(hashes + guesses)
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: owner, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: owner }))
    const code = await shop.lastCode(owner)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
    expect((await shop.enter(owner, otherPassword)).sessionId).toMatch(/^session_/)
  }, 600_000)
})

describe('attack 4: one password at many accounts, from 25 networks of each kind', () => {
  // Each network tries a hundred accounts (of 5,000): of them 62 are looked at, and of all 2,500.
  const accounts = ofNumber(5_000, 400, 200)
  const ofEach = accounts / 50
  const failures = {
    network: { perHour: Math.floor(ofEach * 0.625), perDay: accounts },
    shop: { perHour: accounts / 2, perDay: accounts },
  }

  it('uses up what a network and the shop allow, is told, and leaves known devices alone', async () => {
    const shop = await openAccounts({ policy: { failures } })
    shop.setNow(Date.UTC(2026, 10, 25, 9))
    await shop.join(owner)
    await shop.join('victim@example.com')
    const home = { device: 'at home', address: '203.0.113.7' }
    const enter = async (origin: typeof home, identifier: string, password = goodPassword) =>
      tagOf(await signIn(shop.ports, { ...shop.as(guest), origin }, { identifier, password }))
    expect(await enter(home, owner)).toBe('ok')
    const hashes = shop.hashes()
    const tags = new Set<string>()
    for (let index = 0; index < accounts; index += 1) {
      const network = Math.floor(index / ofEach)
      const host = index % ofEach
      const address = network % 2 === 0 ? `198.51.${network}.${host + 1}` : `2001:db8:0:${network}::${host + 1}`
      tags.add(await enter({ device: `bot ${index}`, address }, `person${index}@example.com`, 'Summer-2026!'))
    }
    expect(tags).toEqual(new Set(['SignInRefused']))
    expect(shop.hashes()).toBe(hashes + accounts)
    expect(lookedAt(shop)).toBe(failures.shop.perHour)
    const told = must(
      await shop.ports.storage.events({
        shop: 'main',
        types: ['signInGuard/FailuresSpent'],
        from: 0,
        until: shop.now() + 1,
        after: null,
        limit: 100,
      }),
    ).map(({ body }) => body.of)
    // 2,500 by 62 a network: forty networks had come to their end when the shop had.
    expect(told.filter((of) => of === 'network')).toHaveLength(
      Math.floor(failures.shop.perHour / failures.network.perHour),
    )
    expect(told.filter((of) => of === 'shop')).toHaveLength(1)
    expect(await enter({ device: 'new', address: '192.0.2.1' }, 'victim@example.com')).toBe('SignInRefused')
    expect(await enter(home, owner)).toBe('ok')
    shop.pass(60 * minute)
    expect(await enter({ device: 'new', address: '192.0.2.1' }, 'victim@example.com')).toBe('ok')
  }, 600_000)
})

describe('attack 10: racing for a code', () => {
  const rounds = ofNumber(50, 20, 3)

  it('fails: of 64 who give the right code at once exactly one has it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const shop = await openAccounts({ attempts: 100 })
      const { challengeId } = await shop.register(owner)
      const code = await shop.lastCode(owner)
      const answers = await Promise.all(
        Array.from({ length: 64 }, () => activateAccount(shop.ports, shop.as(guest), { challengeId, code })),
      )
      const tags = answers.map((answer) => tagOf(answer)).sort()
      expect(tags).toEqual([...Array.from({ length: 63 }, () => 'CodeRefused'), 'ok'])
    }
  }, 600_000)

  it('fails: of 64 guesses at once five are looked at, and one at most is right', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const shop = await openAccounts({ attempts: 100 })
      const { challengeId } = await shop.register(owner)
      const code = await shop.lastCode(owner)
      const guesses = Array.from({ length: 64 }, (_, index) => otherThan(code, (index + round) % 64))
      const answers = await Promise.all(
        guesses.map((guess) => activateAccount(shop.ports, shop.as(guest), { challengeId, code: guess })),
      )
      const winners = answers.filter((answer) => answer.isOk())
      expect(winners.length).toBeLessThanOrEqual(1)
      const { left } = must(
        await readFacts(shop.ports.storage, {
          shop: 'main',
          scope: { kind: 'all' },
          at: shop.now(),
          plan: { left: counters(challengeAttempts, [challengeId]) },
        }),
      )
      const looked = 5 - (left.get(challengeId) ?? 5)
      expect(winners.length === 1 ? looked <= 5 : looked === 5).toBe(true)
    }
  }, 600_000)
})

if (isFull)
  describe('attack 17: 200 sign-ins at once', () => {
    // A figure of time, so of a machine that does nothing else: the best of five rounds.
    it('leave the loop responsive: 99 of 100 turns of it within 50 ms, with the real hasher', async () => {
      const shop = await openAccounts({
        hasher: limitHasher(must(await createArgon2Hasher()), { atOnce: 2, waiting: 64 }),
      })
      await shop.join(owner)
      const turns: number[] = []
      for (let round = 0; round < 5; round += 1) {
        const delay = monitorEventLoopDelay({ resolution: 1 })
        delay.enable()
        const answers = await Promise.all(
          Array.from({ length: 200 }, (_, index) => {
            const origin = { device: `bot ${index}`, address: `10.0.${index}.1` }
            return signIn(shop.ports, { ...shop.as(guest), origin }, { identifier: owner, password: `guess-${index}` })
          }),
        )
        delay.disable()
        turns.push(delay.percentile(99) / 1_000_000)
        const tags = answers.map((answer) => tagOf(answer))
        expect(new Set(tags)).toEqual(new Set(['Busy', 'SignInRefused']))
        expect(tags.filter((tag) => tag === 'Busy').length).toBeGreaterThan(100)
      }
      expect(Math.min(...turns)).toBeLessThan(50)
    }, 600_000)
  })
