import {
  type Actor,
  actorOf,
  auditLog,
  entries,
  exportData,
  mySessions,
  readFacts,
  requestReset,
  resetPassword,
  setUserName,
  signIn,
  signOut,
  stepUp,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { digestOrigin } from '../../src/shared/origin.js'
import { askPaymentProof } from '../../src/shared/step-up.js'
import { customer, goodPassword, guest, minute, must, openAccounts, otherPassword, tagOf } from './open-accounts.js'

const email = 'owner@example.com'
const proof = { kind: 'password', password: goodPassword } as const

const actorBy = async (shop: Awaited<ReturnType<typeof openAccounts>>, token: string): Promise<Actor> =>
  must(await actorOf(shop.ports, token)).actor

describe('a step-up', () => {
  it('is asked for ten minutes after the last proof, and then by an actor without a session too', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const { token } = await shop.enter(email)
    const change = async (actor: Actor, userName: string) =>
      setUserName(shop.ports, shop.as(actor), { userName }).match(
        () => 'ok',
        (error) => error,
      )
    shop.pass(10 * minute - 1)
    expect(await change(await actorBy(shop, token), 'one')).toBe('ok')
    shop.pass(1)
    const refusal = { type: 'StepUpRequired', action: 'accounts.setUserName', freshMs: 10 * minute }
    expect(await change(await actorBy(shop, token), 'two')).toEqual(refusal)
    expect(await change(customer(accountId), 'two')).toEqual(refusal)
    const stepped = must(await stepUp(shop.ports, shop.as(await actorBy(shop, token)), proof))
    expect(stepped.freshUntil).toBe(shop.now() + 10 * minute)
    expect(await change(await actorBy(shop, stepped.token), 'two')).toBe('ok')
  })

  it('takes the right password, and counts a wrong one as a failed sign-in', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    for (let index = 0; index < 5; index += 1) {
      const wrong = { kind: 'password', password: `wrong-${index}` } as const
      expect(tagOf(await stepUp(shop.ports, shop.as(actor), wrong))).toBe('PasswordNotProven')
    }
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), proof))).toBe('PasswordNotProven')
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    shop.pass(minute)
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), proof))).toBe('ok')
  })

  it('is of a session that stands', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const { token } = await shop.enter(email)
    const actor = await actorBy(shop, token)
    expect(tagOf(await stepUp(shop.ports, shop.as(customer(accountId)), proof))).toBe('NotFound')
    must(await signOut(shop.ports, token))
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), proof))).toBe('NotFound')
    expect(tagOf(await unbindIdentifier(shop.ports, shop.as(guest), { kind: 'phone' }))).toBe('Denied')
  })
})

describe('attack 18: using a token that was replaced', () => {
  it('fails after its grace, and then ends the session for both who hold tokens of it', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const { token: old } = await shop.enter(email)
    const { token } = must(await stepUp(shop.ports, shop.as(await actorBy(shop, old)), proof))
    expect(token).not.toBe(old)
    expect(token.split('.')[0]).toBe(old.split('.')[0])
    shop.pass(minute - 1)
    expect(tagOf(await actorOf(shop.ports, old))).toBe('ok')
    shop.pass(1)
    expect(tagOf(await actorOf(shop.ports, token))).toBe('ok')
    // However often it comes, the log and the owner are told once.
    const origin = { address: '203.0.113.7', device: 'the thief’s own' }
    for (const each of [old, old, token]) expect(tagOf(await actorOf(shop.ports, each, origin))).toBe('SessionRefused')
    const plan = {
      found: entries(auditLog, { where: [{ field: 'action', is: 'eq', value: 'accounts.sessionReuse' }], limit: 9 }),
    }
    const request = { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan } as const
    const logged = must(await readFacts(shop.ports.storage, request)).found.map(({ body }) => body)
    expect(logged).toMatchObject([{ actor: 'system:sessionReuse', subject: accountId, outcome: 'done' }])
    expect(logged[0]?.origin).toEqual(must(await digestOrigin(shop.ports.digests, origin)))
    expect(JSON.stringify(logged)).not.toMatch(/203\.0\.113|the thief/)
    await shop.deliver()
    const notices = shop.mailbox.filter(({ subject }) => subject === 'One of your sign-ins was ended')
    expect(notices.map(({ to }) => to)).toEqual([email])
  })

  it('fails within its grace: no proof given later is a proof of who brings it, and a payment asks them for one', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const { token: old } = await shop.enter(email)
    shop.pass(10 * minute)
    const { token } = must(await stepUp(shop.ports, shop.as(await actorBy(shop, old)), proof))
    const change = async (by: string, userName: string) =>
      tagOf(await setUserName(shop.ports, shop.as(await actorBy(shop, by)), { userName }))
    const pay = async (by: string) => {
      const asked = { asked: 'always', proofs: ['stepUp'], freshMs: 10 * minute } as const
      const amount = { minor: 9_900, currency: 'CNY' } as const
      const payment = { action: 'orders.pay', amount, challenged: false, at: shop.now() }
      return tagOf(askPaymentProof(await actorBy(shop, by), asked, payment))
    }
    expect(await change(old, 'the-thief')).toBe('StepUpRequired')
    expect(await pay(old)).toBe('StepUpRequired')
    // What was under way with it goes on as before.
    expect(tagOf(await mySessions(shop.ports, { actor: await actorBy(shop, old) }, {}))).toBe('ok')
    expect(await change(token, 'the-owner')).toBe('ok')
    expect(await pay(token)).toBe('ok')
    // What was proved before it was replaced counts on for it.
    shop.pass(minute)
    const next = must(await stepUp(shop.ports, shop.as(await actorBy(shop, token)), proof)).token
    expect(await change(token, 'the-owner-again')).toBe('ok')
    expect(await pay(next)).toBe('ok')
  })

  it('fails after several: each token has the grace of its own, and any of them that comes late ends the session', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const { token: first } = await shop.enter(email)
    const next = async (token: string) =>
      must(await stepUp(shop.ports, shop.as(await actorBy(shop, token)), proof)).token
    const second = await next(first)
    shop.pass(5_000)
    const third = await next(second)
    // A request that was under way with the first token before both.
    shop.pass(1_000)
    for (const each of [first, second, third]) expect(tagOf(await actorOf(shop.ports, each))).toBe('ok')
    shop.pass(minute - 6_000)
    expect(tagOf(await actorOf(shop.ports, second))).toBe('ok')
    shop.pass(9 * minute)
    const fourth = await next(third)
    expect(tagOf(await actorOf(shop.ports, fourth))).toBe('ok')
    expect(tagOf(await actorOf(shop.ports, first))).toBe('SessionRefused')
    expect(tagOf(await actorOf(shop.ports, fourth))).toBe('SessionRefused')
  })

  it('fails when two step up at once: whichever answer comes last, the session goes on with its token', async () => {
    const shop = await openAccounts({ attempts: 40 })
    await shop.join(email)
    const { token } = await shop.enter(email)
    const actor = await actorBy(shop, token)
    const answers = await Promise.all([
      stepUp(shop.ports, shop.as(actor), proof),
      stepUp(shop.ports, shop.as(actor), proof),
    ])
    const tokens = answers.map((answer) => must(answer).token)
    expect(new Set(tokens.map((each) => each.split('.')[0])).size).toBe(1)
    for (const wait of [0, minute, 5 * minute]) {
      shop.pass(wait)
      for (const each of tokens) expect(tagOf(await actorOf(shop.ports, each))).toBe('ok')
    }
    // The next proof replaces both.
    const next = must(await stepUp(shop.ports, shop.as(await actorBy(shop, tokens[0] ?? '')), proof)).token
    shop.pass(minute)
    expect(tagOf(await actorOf(shop.ports, next))).toBe('ok')
    expect(tagOf(await actorOf(shop.ports, tokens[1] ?? ''))).toBe('SessionRefused')
    expect(tagOf(await actorOf(shop.ports, next))).toBe('SessionRefused')
  })

  it('fails when the owner resets at the same moment: whichever comes first, no token is left', async () => {
    for (let round = 0; round < 4; round += 1) {
      const shop = await openAccounts({ attempts: 40 })
      await shop.join(email)
      const { token } = await shop.enter(email)
      const actor = await actorBy(shop, token)
      const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
      const reset = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
      const renew = () => stepUp(shop.ports, shop.as(actor), proof)
      const end = () => resetPassword(shop.ports, shop.as(guest), reset)
      const [renewed, ended] =
        round % 2 === 0 ? await Promise.all([renew(), end()]) : (await Promise.all([end(), renew()])).reverse()
      expect(ended?.isOk()).toBe(true)
      const tokens = [token, ...(renewed?.isOk() && 'token' in renewed.value ? [renewed.value.token] : [])]
      for (const each of tokens) expect(tagOf(await actorOf(shop.ports, each))).toBe('SessionRefused')
    }
  })
})

describe('everything that is kept of a person', () => {
  it('is handed out upon a fresh proof alone: a stolen session does not carry it away', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const { token } = await shop.enter(email)
    expect(tagOf(await exportData(shop.ports, { actor: await actorBy(shop, token) }, {}))).toBe('ok')
    shop.pass(10 * minute)
    const actor = await actorBy(shop, token)
    expect(tagOf(await exportData(shop.ports, { actor }, {}))).toBe('StepUpRequired')
    const proven = must(await stepUp(shop.ports, shop.as(actor), proof))
    expect(tagOf(await exportData(shop.ports, { actor: await actorBy(shop, proven.token) }, {}))).toBe('ok')
  })
})
