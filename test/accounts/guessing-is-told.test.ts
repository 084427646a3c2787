import {
  confirmSignIn,
  confirmTotp,
  enrolTotp,
  type GuardedProof,
  type OutboxEvent,
  provePayment,
  setPaymentPassword,
  signIn,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
import { goodPassword, guest, hour, minute, must, type OpenAccounts, openAccounts, tagOf } from './open-accounts.js'

const email = 'owner@example.com'

/** What was told of guessing, in the order of time. */
const told = async (shop: OpenAccounts): Promise<readonly OutboxEvent[]> => {
  const types = ['ProofLocked', 'ProofDisabled', 'FailuresSpent'].map((type) => `signInGuard/${type}`)
  const request = { shop: 'main', types, from: 0, until: shop.now() + 1, after: null, limit: 1_000 }
  return [...must(await shop.ports.storage.events(request))].sort((one, other) => one.at - other.at)
}

const bodies = async (shop: OpenAccounts) => (await told(shop)).map(({ body }) => body)

const guess = async (shop: OpenAccounts, identifier: string, origin: { device: string; address: string }) =>
  tagOf(await signIn(shop.ports, { ...shop.as(guest), origin }, { identifier, password: 'guess' }))

const bot = (index: number, address = `198.51.${index % 250}.1`) => ({ device: `bot ${index}`, address })

describe('attack 3: guessing that never succeeds', () => {
  it('is told at each lock and when the password counts no more, with no word of who the person is', async () => {
    const shop = await openAccounts({ policy: { guard: { ...(await policies()).guard, failuresBeforeDisable: 8 } } })
    const accountId = await shop.join(email)
    for (let index = 0; index < 12; index += 1) {
      expect(await guess(shop, email, bot(index))).toBe('SignInRefused')
      if (index >= 4) shop.pass(30 * minute)
    }
    const proof: GuardedProof = 'password'
    const events = await told(shop)
    const locked = (failures: number, minutes: number) => ({
      type: 'ProofLocked',
      proof,
      accountId,
      failures,
      until: (events[failures - 5]?.at ?? 0) + minutes * minute,
    })
    expect(events.map(({ body }) => body)).toEqual([
      locked(5, 1),
      locked(6, 2),
      locked(7, 4),
      { type: 'ProofDisabled', proof, accountId, failures: 8 },
    ])
    expect(JSON.stringify(events)).not.toMatch(/owner@|198\.51|bot/)
  })

  it('is told of an identifier that nobody has, too', async () => {
    const shop = await openAccounts()
    for (let index = 0; index < 5; index += 1) await guess(shop, 'nobody@example.com', bot(index))
    expect(await bodies(shop)).toEqual([
      { type: 'ProofLocked', proof: 'password', failures: 5, until: shop.now() + minute },
    ])
  })

  it('is told of the second factor and the payment password by what they are', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const actor = await shop.actor(email)
    must(await setPaymentPassword(shop.ports, shop.as(actor), { paymentPassword: '738201' }))
    for (let index = 0; index < 5; index += 1) {
      await provePayment(shop.ports, shop.as(actor), { kind: 'paymentPassword', paymentPassword: '738202' })
    }
    const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    const code = hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    must(await confirmTotp(shop.ports, shop.as(actor), { code }))
    const half = await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword })
    const challengeId = half.isErr() && half.error.type === 'SecondFactorRequired' ? half.error.challengeId : ''
    for (let index = 0; index < 5; index += 1) {
      await confirmSignIn(shop.ports, shop.as(guest), { challengeId, kind: 'totp', code })
    }
    expect((await bodies(shop)).map(({ proof, accountId: whose }) => [proof, whose]).sort()).toEqual([
      ['paymentPassword', accountId],
      ['secondFactor', accountId],
    ])
  })
})

describe('attack 4: one password at many accounts', () => {
  const failures = { network: { perHour: 6, perDay: 100 }, shop: { perHour: 20, perDay: 100 } }
  const { UTC } = Date

  it('is told once an hour of each network whose failures are used up, and of the shop', async () => {
    const shop = await openAccounts({ policy: { failures } })
    shop.setNow(UTC(2026, 10, 25, 9, 30))
    const until = UTC(2026, 10, 25, 10)
    for (let index = 0; index < 5; index += 1)
      await guess(shop, `nobody${index}@example.com`, bot(index, '203.0.113.9'))
    expect(await bodies(shop)).toEqual([])
    for (let index = 5; index < 12; index += 1)
      await guess(shop, `nobody${index}@example.com`, bot(index, '203.0.113.9'))
    const ofNetwork = { type: 'FailuresSpent', of: 'network', until }
    expect(await bodies(shop)).toEqual([ofNetwork])
    for (let index = 12; index < 30; index += 1) await guess(shop, `nobody${index}@example.com`, bot(index))
    expect(await bodies(shop)).toEqual([ofNetwork, { type: 'FailuresSpent', of: 'shop', until }])
    shop.pass(hour)
    for (let index = 0; index < 8; index += 1)
      await guess(shop, `nobody${index}@example.com`, bot(index, '203.0.113.9'))
    expect(await bodies(shop)).toContainEqual({ type: 'FailuresSpent', of: 'network', until: until + hour })
    expect(await bodies(shop)).toHaveLength(3)
    expect(JSON.stringify(await told(shop))).not.toMatch(/nobody|203\.0/)
  })

  it('is told once, and nobody is told to come again, when 20 find the last of it at the same moment', async () => {
    const shop = await openAccounts({ policy: { failures }, attempts: 60 })
    for (let index = 0; index < 6; index += 1)
      await guess(shop, `nobody${index}@example.com`, bot(index, '203.0.113.9'))
    const at = (index: number) => guess(shop, `nobody${index}@example.com`, bot(index, '203.0.113.9'))
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => at(index + 6)))
    expect(new Set(answers)).toEqual(new Set(['SignInRefused']))
    expect((await bodies(shop)).filter(({ of }) => of === 'network')).toHaveLength(1)
  })
})

describe('attack 6: having text messages sent by failing', () => {
  it('fails: of all the locks of a day the owner is told once, and of the end of the password always', async () => {
    const shop = await openAccounts()
    const phone = '+8613800138000'
    await shop.join(phone)
    const texts = async () => {
      await shop.deliver()
      return shop.mailbox.filter(({ channel }) => channel === 'sms').map(({ text }) => text.slice(0, 24))
    }
    const before = (await texts()).length
    shop.setNow(Date.UTC(2026, 10, 25))
    for (let index = 0; index < 300; index += 1) {
      await guess(shop, phone, bot(index))
      await shop.deliver()
      shop.pass(12 * minute)
    }
    const since = (await texts()).slice(before)
    expect((await bodies(shop)).filter(({ type }) => type === 'ProofLocked').length).toBeGreaterThan(80)
    const locked = 'After repeated failures '
    expect(since).toEqual([locked, locked, locked, 'After too many failures '])
  }, 60_000)
})

const policies = async () => (await openAccounts()).ports.accountsPolicy
