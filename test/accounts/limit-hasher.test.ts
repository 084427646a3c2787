import { okAsync, ResultAsync } from 'neverthrow'
import {
  type HasherError,
  type HashingPlace,
  limitHasher,
  type Origin,
  type PasswordHasher,
  requestReset,
  resetPassword,
  signIn,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import { goodPassword, guest, minute, must, openAccounts, otherPassword, tagOf } from './open-accounts.js'

/** A hasher whose work ends when the test says so, and that counts how much of it goes on at once. */
const createSlowHasher = () => {
  const waiting: (() => void)[] = []
  const seen = { running: 0, most: 0, begun: 0 }
  const work = <Value>(value: Value): ResultAsync<Value, HasherError> => {
    seen.running += 1
    seen.begun += 1
    seen.most = Math.max(seen.most, seen.running)
    return ResultAsync.fromSafePromise(
      new Promise<Value>((resolve) => {
        waiting.push(() => {
          seen.running -= 1
          resolve(value)
        })
      }),
    )
  }
  const hasher: PasswordHasher = {
    hash: () => work('$test$'),
    verify: () => work(false),
    verifyNothing: () => work<false>(false),
    needsRehash: () => false,
  }
  /** Lets what runs end, and what comes after it, until all that is waited for is there. */
  const drain = async <Value>(awaited: Promise<Value>): Promise<Value> => {
    let isThere = false
    const noted = awaited.finally(() => {
      isThere = true
    })
    while (!isThere) {
      waiting.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return noted
  }
  return { hasher, seen, drain }
}

describe('a queue before the hasher', () => {
  it('runs no more at once than it may, lets so many wait, and answers Busy to the rest at once', async () => {
    const { hasher, seen, drain } = createSlowHasher()
    const limited = limitHasher(hasher, { atOnce: 2, waiting: 64 })
    const answers = Array.from({ length: 200 }, () => limited.verify('$test$', 'x'))
    const busy = (await Promise.all(answers.slice(66))).map((answer) => tagOf(answer))
    expect(busy).toEqual(Array.from({ length: 134 }, () => 'Busy'))
    expect(seen).toEqual({ running: 2, most: 2, begun: 2 })
    const served = Promise.all(answers.slice(0, 66))
    expect((await drain(served)).every((answer) => answer.isOk())).toBe(true)
    expect(seen).toEqual({ running: 0, most: 2, begun: 66 })
  })

  it.each<[string, () => never]>([
    ['throws', () => expect.unreachable('secret')],
    ['rejects', () => unchecked(Promise.reject(new Error('secret')))],
  ])('loses no slot to a hasher that %s, which is unavailable then', async (_, broken) => {
    const { hasher } = createSlowHasher()
    const limited = limitHasher({ ...hasher, hash: broken, verify: () => okAsync(true) }, { atOnce: 1, waiting: 0 })
    for (let time = 0; time < 3; time += 1) {
      const answer = await limited.hash('secret')
      expect(answer._unsafeUnwrapErr()).toEqual({ type: 'HasherUnavailable', detail: 'The hasher threw' })
    }
    expect((await limited.verify('$test$', 'x'))._unsafeUnwrap()).toBe(true)
  })

  it('runs one at a time and lets none wait where its bounds are none', async () => {
    for (const none of [0, -1, Number.NaN]) {
      const { hasher, drain } = createSlowHasher()
      const limited = limitHasher(hasher, { atOnce: none, waiting: none })
      const first = limited.hash(goodPassword)
      expect((await limited.hash(goodPassword))._unsafeUnwrapErr()).toMatchObject({ type: 'Busy' })
      expect((await drain(Promise.resolve(first))).isOk()).toBe(true)
    }
  })

  it('has one network wait in a quarter of it, and keeps a quarter for known devices', async () => {
    const { hasher, drain } = createSlowHasher()
    const limited = limitHasher(hasher, { atOnce: 2, waiting: 64 })
    const asked: ReturnType<typeof limited.verifyNothing>[] = []
    /** How many of so many are let wait. */
    const ask = async (count: number, place: HashingPlace): Promise<number> => {
      let busy = 0
      for (let index = 0; index < count; index += 1) {
        const answer = limited.verifyNothing('x', place).orTee(() => {
          busy += 1
        })
        asked.push(answer)
      }
      await new Promise((resolve) => setImmediate(resolve))
      return count - busy
    }
    expect(await ask(200, { network: 'a' })).toBe(2 + 16)
    expect(await ask(1, { network: 'b' })).toBe(1)
    // At known devices the same network has a part of its own.
    expect(await ask(3, { network: 'a', isKnownDevice: true })).toBe(3)
    for (const network of ['c', 'd', 'e']) await ask(16, { network })
    // Strangers have three quarters, wherever they come from.
    expect(await ask(5, { network: 'f' })).toBe(0)
    expect(await ask(5, {})).toBe(0)
    expect(await ask(5, { network: 'f', isKnownDevice: true })).toBe(5)
    expect(await ask(20, { isKnownDevice: true })).toBe(16 - 3 - 5)
    const answers = await drain(Promise.all(asked))
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(2 + 64)
  })

  it('is the same to whoever asks, whoever is asked for: attack 17 from one network keeps no other out', async () => {
    const { hasher, drain } = createSlowHasher()
    const limited = limitHasher(hasher, { atOnce: 2, waiting: 64 })
    const shop = await openAccounts()
    await shop.join('owner@example.com')
    let arrived = 0
    const counted = <Asked extends readonly unknown[], Value>(ask: (...asked: Asked) => Value) => {
      return (...asked: Asked): Value => {
        arrived += 1
        return ask(...asked)
      }
    }
    const verify = counted(limited.verify)
    const verifyNothing = counted(limited.verifyNothing)
    const ports = { ...shop.ports, hasher: { ...limited, verify, verifyNothing, needsRehash: () => false } }
    const entering: ReturnType<typeof signIn>[] = []
    /** Comes to the hasher before the next one begins, so that who waits and who is sent away is no matter of speed. */
    const enter = async (origin: Origin, identifier: string): Promise<void> => {
      entering.push(signIn(ports, { ...shop.as(guest), origin }, { identifier, password: 'some password' }))
      while (arrived < entering.length) await new Promise((resolve) => setImmediate(resolve))
    }
    const flood = { address: '203.0.113.7', device: 'bot' }
    for (let index = 0; index < 200; index += 1) {
      await enter(flood, index % 2 === 0 ? 'owner@example.com' : `nobody-${index}@example.com`)
    }
    await enter({ address: '198.51.100.1' }, 'owner@example.com')
    const tags = (await drain(Promise.all(entering))).map((answer) => tagOf(answer))
    expect(tags.at(-1)).toBe('SignInRefused')
    // Two are hashed, a quarter of the queue waits, and the rest are sent away, whether the name is anybody's or not.
    const expected = Array.from({ length: 200 }, (_, index) => (index < 2 + 16 ? 'SignInRefused' : 'Busy'))
    expect(tags.slice(0, 200)).toEqual(expected)
  })

  it('knows the device at which a password is set anew, and no other', async () => {
    const places: (HashingPlace | undefined)[] = []
    const shop = await openAccounts()
    await shop.join('owner@example.com')
    const known = { address: '203.0.113.7', device: 'her own' }
    must(
      await signIn(
        shop.ports,
        { ...shop.as(guest), origin: known },
        { identifier: 'owner@example.com', password: goodPassword },
      ),
    )
    const hash: PasswordHasher['hash'] = (password, place) => {
      places.push(place)
      return shop.ports.hasher.hash(password, place)
    }
    const ports = { ...shop.ports, hasher: { ...shop.ports.hasher, hash } }
    for (const device of ['another', known.device]) {
      shop.pass(minute)
      const context = { ...shop.as(guest), origin: { ...known, device } }
      const { challengeId } = must(await requestReset(ports, context, { identifier: 'owner@example.com' }))
      const code = await shop.lastCode('owner@example.com')
      must(
        await resetPassword(
          ports,
          { ...context, key: shop.as(guest).key },
          { challengeId, code, newPassword: `${otherPassword} ${device}` },
        ),
      )
    }
    expect(places.map((place) => place?.isKnownDevice)).toEqual([false, true])
  })

  it('keeps 200 sign-ins at once from piling up, and leaves other work responsive', async () => {
    const { hasher, seen, drain } = createSlowHasher()
    const shop = await openAccounts({ hasher: limitHasher(hasher, { atOnce: 2, waiting: 64 }) })
    const attempts = Array.from({ length: 200 }, (_, index) =>
      signIn(shop.ports, shop.as(guest), { identifier: `nobody-${index}@example.com`, password: 'some password' }),
    )
    // While all of them are under way, a turn of the loop and a question to the storage are answered.
    await new Promise((resolve) => setImmediate(resolve))
    expect(await shop.deliver()).toMatchObject({ sent: 0 })
    const tags = (await drain(Promise.all(attempts))).map((answer) => tagOf(answer))
    expect(seen.most).toBe(2)
    const busy = tags.filter((each) => each === 'Busy').length
    expect(tags.filter((each) => each === 'SignInRefused').length + busy).toBe(200)
    expect(busy).toBeGreaterThan(0)
    expect(seen.begun).toBeLessThanOrEqual(200 - busy)
  })
})
