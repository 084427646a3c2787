import fc from 'fast-check'
import {
  eraseAccount,
  requestBinding,
  requestPaymentCode,
  requestPaymentPasswordReset,
  requestReset,
  requestSignInCode,
  resendCode,
  resetPassword,
  signIn,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { guardLane } from '../../src/accounts/known-device.js'
import { askGuard, defaultGuardPolicy, type SignInGuard } from '../../src/accounts/sign-in-guard.js'
import {
  goodPassword,
  guest,
  hour,
  minute,
  must,
  type OpenAccounts,
  type OpenOptions,
  openAccounts,
  otherPassword,
  tagOf,
} from './open-accounts.js'

const email = 'owner@example.com'

const from = (shop: OpenAccounts, device: string, address: string) => ({
  ...shop.as(guest),
  origin: { device, address },
})
const home = { device: 'a browser at home', address: '203.0.113.7' }

const tryIn = async (shop: OpenAccounts, origin: typeof home, identifier = email, password = goodPassword) =>
  tagOf(await signIn(shop.ports, from(shop, origin.device, origin.address), { identifier, password }))

const guardOf = (id: string) =>
  fc
    .record({
      failures: fc.nat(200),
      consecutive: fc.nat(200),
      lastFailureAt: fc.nat(1_000),
      lockedUntil: fc.nat(2_000_000),
    })
    .map((state: SignInGuard) => ({ id, version: 1, state }))

describe('the guard of a known device', () => {
  it('is another than that of everybody else: no state of theirs is a state of it', () => {
    const now = 1_000
    const ownDevice = {
      id: 'device:a:d',
      version: 1,
      state: { failures: 0, consecutive: 0, lastFailureAt: 0, lockedUntil: 0 },
    }
    fc.assert(
      fc.property(guardOf('a'), guardOf('k'), (ownGuard, strangersGuard) => {
        const guards = { accountId: 'a', identifierKey: 'k', ownGuard, strangersGuard, deviceGuard: ownDevice }
        const lane = guardLane(guards, now, defaultGuardPolicy)
        expect(lane.kind).toBe('knownDevice')
        expect(askGuard(lane.guard?.state, now, defaultGuardPolicy)).toEqual({ kind: 'look' })
      }),
    )
  })

  it('is none where the device is not known, or was where a hundred failures came from', () => {
    fc.assert(
      fc.property(guardOf('device:a:d'), guardOf('a'), (deviceGuard, ownGuard) => {
        const guards = { accountId: 'a', identifierKey: 'k', ownGuard, strangersGuard: undefined }
        const unknown = guardLane({ ...guards, deviceGuard: undefined }, 0, defaultGuardPolicy)
        expect(unknown).toEqual({ kind: 'account', id: 'a', guard: ownGuard })
        const lane = guardLane({ ...guards, deviceGuard }, 0, defaultGuardPolicy)
        expect(lane.kind).toBe(deviceGuard.state.consecutive < 100 ? 'knownDevice' : 'account')
      }),
    )
  })
})

describe('attack 11: locking the owner out', () => {
  it('fails: at a known device the owner gets in at any moment of an attack that never ends', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    expect(await tryIn(shop, home)).toBe('ok')
    for (let index = 0; index < 30; index += 1) {
      const elsewhere = { device: `attacker ${index}`, address: `198.51.${index}.1` }
      expect(await tryIn(shop, elsewhere, email, `guess ${index}`)).toBe('SignInRefused')
      if (index % 6 === 5) {
        expect(await tryIn(shop, home)).toBe('ok')
        // The right password from elsewhere is not looked at: the attack stays locked.
        expect(await tryIn(shop, elsewhere)).toBe('SignInRefused')
      }
      shop.pass(minute / 6)
    }
  })

  it('fails: at a known device the owner proves who they are, and leaves, whatever strangers have guessed', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const inside = async () => {
      const context = from(shop, home.device, home.address)
      return shop.actorBy(must(await signIn(shop.ports, context, { identifier: email, password: goodPassword })).token)
    }
    const actor = await inside()
    for (let index = 0; index < 5; index += 1) {
      await tryIn(shop, { device: `attacker ${index}`, address: `198.51.${index}.1` }, email, `guess ${index}`)
    }
    const asked = (origin: typeof home | undefined, password = goodPassword) => ({
      context: { ...shop.as(actor), ...(origin === undefined ? {} : { origin }) },
      password,
    })
    const prove = async ({ context, password }: ReturnType<typeof asked>) =>
      tagOf(await stepUp(shop.ports, context, { kind: 'password', password }))
    const leave = async ({ context, password }: ReturnType<typeof asked>) =>
      tagOf(await eraseAccount(shop.ports, context, { password }))
    // Elsewhere the password is not looked at; at home wrong ones are counted by themselves.
    expect(await prove(asked(undefined))).toBe('PasswordNotProven')
    expect(await leave(asked(undefined))).toBe('PasswordNotProven')
    for (let index = 0; index < 4; index += 1) expect(await prove(asked(home, 'wrong'))).toBe('PasswordNotProven')
    expect(await prove(asked(home))).toBe('ok')
    // A right one forgets those before it.
    for (let index = 0; index < 4; index += 1) expect(await leave(asked(home, 'wrong'))).toBe('PasswordNotProven')
    expect(await leave(asked(home))).toBe('ok')
  })

  it('fails: what counts a code to be bound tells nobody whether the address has an account', async () => {
    const shop = await openAccounts()
    for (const each of ['taken@example.com', email]) await shop.join(each)
    shop.pass(2 * hour)
    const at = () => from(shop, home.device, home.address)
    const inside = must(await signIn(shop.ports, at(), { identifier: email, password: goodPassword }))
    const actor = await shop.actorBy(inside.token)
    const answers: string[] = []
    for (const address of ['taken@example.com', 'free@example.com']) {
      // All but one of the codes of an hour are used up by strangers.
      for (let index = 0; index < 4; index += 1) {
        must(await requestReset(shop.ports, shop.as(guest), { identifier: address }))
      }
      const asked = must(await requestBinding(shop.ports, { ...at(), actor }, { email: address }))
      shop.pass(minute)
      answers.push(tagOf(await resendCode(shop.ports, { ...at(), actor }, { challengeId: asked.challengeId })))
    }
    expect(answers).toEqual(['TooManyCodes', 'TooManyCodes'])
  })

  it('fails: a known device is locked by its own failures alone, and opens when they are over', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const work = { device: 'a browser at work', address: '192.0.2.9' }
    expect(await tryIn(shop, home)).toBe('ok')
    expect(await tryIn(shop, work)).toBe('ok')
    for (let index = 0; index < 5; index += 1) await tryIn(shop, home, email, 'wrong')
    expect(await tryIn(shop, home)).toBe('SignInRefused')
    expect(await tryIn(shop, work)).toBe('ok')
    shop.pass(minute)
    expect(await tryIn(shop, home)).toBe('ok')
  })

  it('fails: a reset at a known device ends the lock there, and at one that is not known it makes none known', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const elsewhere = { device: 'a browser in a café', address: '192.0.2.9' }
    expect(await tryIn(shop, home)).toBe('ok')
    const reset = async ({ device, address }: typeof home, newPassword: string) => {
      shop.pass(minute)
      const { challengeId } = must(await requestReset(shop.ports, from(shop, device, address), { identifier: email }))
      const code = await shop.lastCode(email)
      must(await resetPassword(shop.ports, from(shop, device, address), { challengeId, code, newPassword }))
    }
    for (let index = 0; index < 8; index += 1) {
      await tryIn(shop, home, email, 'wrong')
      shop.pass(hour / 2)
    }
    await tryIn(shop, home, email, 'wrong')
    await reset(home, otherPassword)
    expect(await tryIn(shop, home, email, otherPassword)).toBe('ok')
    const third = 'Kp9!wrXt-mZb5'
    await reset(elsewhere, third)
    // What strangers guess locks there as at every device that is not known.
    for (let index = 0; index < 5; index += 1) await tryIn(shop, { ...home, device: `bot ${index}` }, email, 'wrong')
    expect(await tryIn(shop, elsewhere, email, third)).toBe('SignInRefused')
    expect(await tryIn(shop, home, email, third)).toBe('ok')
  })

  it('fails: a device of one account is not known to another', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await shop.join('attacker@example.com')
    expect(await tryIn(shop, home, 'attacker@example.com')).toBe('ok')
    for (let index = 0; index < 5; index += 1) await tryIn(shop, home, email, 'wrong')
    expect(await tryIn(shop, home)).toBe('SignInRefused')
    expect(await tryIn(shop, home, 'attacker@example.com')).toBe('ok')
  })
})

describe('attack 11: using up the codes of another', () => {
  const budgetOf = async () => (await openAccounts()).ports.accountsPolicy.code

  it('fails: at a known device codes to reset and to sign in come, whatever strangers have asked for', async () => {
    const tight = { perHour: 5, perDay: 9 }
    const shop = await openAccounts({ policy: { code: { ...(await budgetOf()), shop: tight, network: tight } } })
    await shop.join(email)
    expect(await tryIn(shop, home)).toBe('ok')
    const ask = async (origin: typeof home, identifier = email) =>
      tagOf(await requestReset(shop.ports, from(shop, origin.device, origin.address), { identifier }))
    for (let index = 0; index < 8; index += 1) await ask({ device: `bot ${index}`, address: `198.51.${index}.1` })
    const stranger = { device: 'another bot', address: home.address }
    expect(await ask(stranger)).toBe('TooManyCodes')
    // The browser is known to this account and to no other.
    expect(await ask(home, 'nobody@example.com')).toBe('TooManyCodes')
    const context = () => from(shop, home.device, home.address)
    const { challengeId } = must(await requestReset(shop.ports, context(), { identifier: email }))
    expect(tagOf(await requestSignInCode(shop.ports, context(), { identifier: email }))).toBe('ok')
    shop.pass(minute)
    expect(tagOf(await resendCode(shop.ports, from(shop, 'bot', home.address), { challengeId }))).toBe('TooManyCodes')
    must(await resendCode(shop.ports, context(), { challengeId }))
    const code = await shop.lastCode(email)
    must(await resetPassword(shop.ports, context(), { challengeId, code, newPassword: otherPassword }))
    // It has a budget of its own, of five an hour as an address has.
    expect(await ask(home)).toBe('ok')
    expect(await ask(home)).toBe('ok')
    expect(await ask(home)).toBe('TooManyCodes')
    shop.pass(hour)
    expect(await ask(home)).toBe('ok')
  })
})

describe('attack 3: text messages at the cost of the shop, by devices that are made up', () => {
  const phone = '+8613800138000'
  /** Signs in at a device that nobody has heard of, and asks there for a code in whatever way; answers the refusal. */
  const openPump = async (policy?: OpenOptions['policy']) => {
    const shop = await openAccounts(policy === undefined ? {} : { policy })
    await shop.join(phone)
    let devices = 0
    const pump = async (ask: 'reset' | 'signIn' | 'stepUp' | 'pay') => {
      devices += 1
      const origin = { device: `made up ${devices}`, address: `198.51.${devices % 250}.1` }
      const entered = must(
        await signIn(shop.ports, { ...shop.as(guest), origin }, { identifier: phone, password: goodPassword }),
      )
      const own = { ...shop.as(await shop.actorBy(entered.token)), origin }
      const stranger = { ...shop.as(guest), origin }
      switch (ask) {
        case 'reset':
          return tagOf(await requestReset(shop.ports, stranger, { identifier: phone }))
        case 'signIn':
          return tagOf(await requestSignInCode(shop.ports, stranger, { identifier: phone }))
        case 'stepUp':
          return tagOf(await requestPaymentPasswordReset(shop.ports, own, {}))
        case 'pay':
          return tagOf(await requestPaymentCode(shop.ports, own, {}))
      }
    }
    return { shop, pump }
  }

  it('fails: a number gets one message a minute, and an account ten an hour, over all its devices and purposes', async () => {
    const { shop, pump } = await openPump()
    const asks = ['reset', 'signIn', 'stepUp', 'pay'] as const
    for (let index = 0; index < 8; index += 1) await pump(asks[index % 4] ?? 'reset')
    await shop.deliver()
    expect(shop.mailbox.filter(({ channel }) => channel === 'sms')).toHaveLength(2)
    for (let index = 0; index < 24; index += 1) {
      shop.pass(minute)
      await pump(asks[index % 4] ?? 'reset')
    }
    await shop.deliver()
    // One of them was the registration's.
    expect(shop.mailbox.filter(({ channel }) => channel === 'sms')).toHaveLength(11)
    shop.pass(hour)
    expect(await pump('pay')).toBe('ok')
  })

  it('fails: known devices together have a budget of the shop that strangers do not use up, nor they theirs', async () => {
    const code = { ...(await openAccounts()).ports.accountsPolicy.code, shop: { perHour: 3, perDay: 9 } }
    const { shop, pump } = await openPump({ code })
    const tags: string[] = []
    for (let index = 0; index < 5; index += 1) {
      shop.pass(minute)
      tags.push(await pump('signIn'))
    }
    expect(tags).toEqual(['ok', 'ok', 'ok', 'TooManyCodes', 'TooManyCodes'])
    // The registration was one of the three.
    const strangers = await Promise.all(
      ['13800138001', '13800138002', '13800138003'].map((identifier) =>
        requestReset(shop.ports, from(shop, 'a stranger', '203.0.113.9'), { identifier }),
      ),
    )
    expect(strangers.map(tagOf).sort()).toEqual(['TooManyCodes', 'ok', 'ok'])
  })
})

describe('attack 4: one password at many accounts', () => {
  const failures = { network: { perHour: 6, perDay: 100 }, shop: { perHour: 20, perDay: 100 } }

  it('fails from one network: after so many failures no more are looked at there, and known devices still get in', async () => {
    const shop = await openAccounts({ policy: { failures } })
    await shop.join(email)
    await shop.join('victim@example.com')
    expect(await tryIn(shop, home)).toBe('ok')
    const hashes = shop.hashes()
    for (let index = 0; index < 10; index += 1) {
      const sprayer = { device: `bot ${index}`, address: `203.0.113.${100 + index}` }
      expect(await tryIn(shop, sprayer, `nobody${index}@example.com`)).toBe('SignInRefused')
    }
    // Refused attempts cost as much as others: nobody sees where the budget ended.
    expect(shop.hashes()).toBe(hashes + 10)
    const bot = { device: 'bot', address: '203.0.113.200' }
    expect(await tryIn(shop, bot, 'victim@example.com')).toBe('SignInRefused')
    expect(await tryIn(shop, home)).toBe('ok')
    expect(await tryIn(shop, { ...bot, address: '198.51.100.1' }, 'victim@example.com')).toBe('ok')
    shop.pass(hour)
    expect(await tryIn(shop, bot, 'victim@example.com')).toBe('ok')
  })

  it('fails from many networks too: the shop counts the sum', async () => {
    const shop = await openAccounts({ policy: { failures } })
    await shop.join(email)
    await shop.join('victim@example.com')
    expect(await tryIn(shop, home)).toBe('ok')
    for (let index = 0; index < 20; index += 1) {
      const sprayer = { device: `bot ${index}`, address: `198.51.${index}.1` }
      expect(await tryIn(shop, sprayer, `nobody${index}@example.com`)).toBe('SignInRefused')
    }
    const bot = { device: 'bot', address: '192.0.2.1' }
    expect(await tryIn(shop, bot, 'victim@example.com')).toBe('SignInRefused')
    expect(await tryIn(shop, home)).toBe('ok')
    expect(
      must(
        await signIn(shop.ports, from(shop, home.device, home.address), { identifier: email, password: goodPassword }),
      ).accountId,
    ).toMatch(/^account_/)
  })
})
