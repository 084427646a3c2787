import {
  activateAccount,
  actorOf,
  auditLog,
  confirmBinding,
  entries,
  readFacts,
  requestBinding,
  requestReset,
  requestSignInCode,
  resendCode,
  resetPassword,
  signIn,
  signInByCode,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { digestCode } from '../../src/accounts/issue-code.js'
import {
  customer,
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

const owner = 'owner@example.com'

const evaluated = async (shop: OpenAccounts, action: string): Promise<number> => {
  const { trail } = must(
    await readFacts(shop.ports.storage, {
      shop: 'main',
      scope: { kind: 'all' },
      at: shop.now(),
      plan: { trail: entries(auditLog, { where: [{ field: 'action', is: 'eq', value: action }], limit: 1_000 }) },
    }),
  )
  return trail.filter(({ body }) => body.detail === undefined || ['CodeWrong', 'wrong'].includes(body.detail)).length
}

describe('attack 5: guessing a code over many of them', () => {
  it('fails: fifty tries a day are looked at, one chance in 20,000, however often a code is sent anew', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const hour = 60 * minute
    shop.setNow(Date.UTC(2026, 10, 25))
    for (let turn = 0; turn < 32; turn += 1) {
      const origin = { device: `bot ${turn}`, address: `198.51.${turn}.1` }
      const context = () => ({ ...shop.as(guest), origin })
      const asked = await requestSignInCode(shop.ports, context(), { identifier: owner })
      const challengeId = asked.isOk() ? asked.value.challengeId : ''
      const code = asked.isOk() ? await shop.lastCode(owner) : '000000'
      for (let guess = 1; guess <= 3; guess += 1) {
        await signInByCode(shop.ports, context(), { challengeId, code: otherThan(code, guess) })
      }
      shop.pass(minute)
      await resendCode(shop.ports, context(), { challengeId })
      for (let guess = 4; guess <= 6; guess += 1) {
        await signInByCode(shop.ports, context(), { challengeId, code: otherThan(code, guess) })
      }
      shop.pass(0.7 * hour)
    }
    const looked = await evaluated(shop, 'accounts.signInByCode')
    expect(looked).toBeGreaterThanOrEqual(20)
    expect(looked).toBeLessThanOrEqual(50)
    expect(looked / 10 ** shop.ports.accountsPolicy.code.digits).toBeLessThanOrEqual(1e-4)
  })
})

describe('attack 3: guessing one password', () => {
  it('gets no more than five guesses looked at when 64 come at once', async () => {
    const shop = await openAccounts({ attempts: 100 })
    await shop.join(owner)
    const guesses = Array.from({ length: 64 }, (_, index) =>
      signIn(shop.ports, shop.as(guest), { identifier: owner, password: `guess-${index}` }),
    )
    expect(new Set((await Promise.all(guesses)).map(tagOf))).toEqual(new Set(['SignInRefused']))
    expect(await evaluated(shop, 'accounts.signIn')).toBe(5)
  })

  it('is forgotten at a success, and the owner gets in when the lock ends', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const wrong = () => signIn(shop.ports, shop.as(guest), { identifier: owner, password: 'wrong' })
    for (let index = 0; index < 4; index += 1) await wrong()
    await shop.enter(owner)
    for (let index = 0; index < 5; index += 1) await wrong()
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: owner, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    await shop.deliver()
    expect(shop.mailbox.at(-1)).toMatchObject({ to: owner, subject: 'Sign-in is locked for a while' })
    shop.pass(minute)
    expect((await shop.enter(owner)).sessionId).toMatch(/^session_/)
  })
})

describe('attack 7: using a code again', () => {
  it('fails: one code opens once, also when 32 come with it at the same moment', async () => {
    const shop = await openAccounts({ attempts: 100 })
    const { challengeId } = await shop.register(owner)
    const code = await shop.lastCode(owner)
    const answers = await Promise.all(
      Array.from({ length: 32 }, () => activateAccount(shop.ports, shop.as(guest), { challengeId, code })),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))).toBe('CodeRefused')
  })
})

describe('attack 8: reusing and mixing reset codes', () => {
  const newPassword = otherPassword

  it('fails: a code is of one use, one purpose and one person', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    await shop.join('other@example.com')
    const pending = await shop.register('third@example.com')
    const activation = await shop.lastCode('third@example.com')
    const mine = must(await requestReset(shop.ports, shop.as(guest), { identifier: owner }))
    const myCode = await shop.lastCode(owner)
    const theirs = must(await requestReset(shop.ports, shop.as(guest), { identifier: 'other@example.com' }))
    const reset = async (challengeId: string, code: string) =>
      tagOf(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword }))
    expect(await reset(theirs.challengeId, myCode)).toBe('CodeRefused')
    expect(await reset(pending.challengeId, activation)).toBe('CodeRefused')
    expect(
      tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId: mine.challengeId, code: myCode })),
    ).toBe('CodeRefused')
    expect(await reset(mine.challengeId, myCode)).toBe('ok')
    expect(await reset(mine.challengeId, myCode)).toBe('CodeRefused')
    expect(
      tagOf(
        await activateAccount(shop.ports, shop.as(guest), {
          ...pending,
          code: activation,
          challengeId: pending.challengeId,
        }),
      ),
    ).toBe('InvalidInput')
    expect(
      tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId: pending.challengeId, code: activation })),
    ).toBe('ok')
  })

  it('fails after the password was changed by another code, and ends every session and lock', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const session = await shop.enter(owner)
    const first = must(await requestReset(shop.ports, shop.as(guest), { identifier: owner }))
    const firstCode = await shop.lastCode(owner)
    const second = must(await requestReset(shop.ports, shop.as(guest), { identifier: owner }))
    const secondCode = await shop.lastCode(owner)
    for (let index = 0; index < 5; index += 1) {
      await signIn(shop.ports, shop.as(guest), { identifier: owner, password: 'wrong' })
    }
    const done = { challengeId: second.challengeId, code: secondCode, newPassword }
    must(await resetPassword(shop.ports, shop.as(guest), done))
    const stale = { challengeId: first.challengeId, code: firstCode, newPassword: 'Another-7-one!' }
    expect(tagOf(await resetPassword(shop.ports, shop.as(guest), stale))).toBe('CodeRefused')
    expect(tagOf(await actorOf(shop.ports, session.token))).toBe('SessionRefused')
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: owner, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    expect((await shop.enter(owner, newPassword)).sessionId).toMatch(/^session_/)
    await shop.deliver()
    expect(shop.mailbox.filter(({ to }) => to === owner).map(({ subject }) => subject)).toContain(
      'Your password was changed',
    )
  })

  it('fails when 64 use one code at once: one resets', async () => {
    const shop = await openAccounts({ attempts: 100 })
    await shop.join(owner)
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: owner }))
    const code = await shop.lastCode(owner)
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword })),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
  })

  it('fails by a code that went to an address which is the account’s no more', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const actor = await shop.actor(owner)
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: owner }))
    const code = await shop.lastCode(owner)
    const moved = must(await requestBinding(shop.ports, shop.as(actor), { email: 'new@example.com' }))
    const proof = { challengeId: moved.challengeId, code: await shop.lastCode('new@example.com') }
    must(await confirmBinding(shop.ports, shop.as(actor), proof))
    expect(tagOf(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword }))).toBe(
      'CodeRefused',
    )
    expect((await shop.enter('new@example.com', goodPassword)).sessionId).toMatch(/^session_/)
  })

  it('does not let a new password in that is made of the person’s own words', async () => {
    const shop = await openAccounts()
    await shop.join(owner, goodPassword, 'Wilhelmina')
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: owner }))
    const code = await shop.lastCode(owner)
    const vain = { challengeId, code, newPassword: 'Wilhelmina-1!' }
    const refused = await resetPassword(shop.ports, shop.as(guest), vain)
    expect(refused.isErr() && refused.error).toEqual({
      type: 'PasswordRefused',
      reasons: [{ type: 'HoldsContextWord', source: 'name' }],
    })
    expect(tagOf(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword }))).toBe('ok')
  })
})

describe('attack 9: planting a session', () => {
  it('fails: every sign-in makes a token of its own, and no other opens it', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const one = await shop.enter(owner)
    const two = await shop.enter(owner)
    expect(one.token).not.toBe(two.token)
    expect(one.token.split('.')[1]).toMatch(/^[0-9A-Za-z]{43}$/)
    const [sessionId] = two.token.split('.')
    const [, secret] = one.token.split('.')
    const forged = [`${sessionId}.${secret}`, `${sessionId}.`, `${sessionId}`, '', `${two.token}x`, 'x'.repeat(10_000)]
    for (const token of forged) expect(tagOf(await actorOf(shop.ports, token))).toBe('SessionRefused')
    expect(must(await actorOf(shop.ports, two.token)).actor).toMatchObject(customer(two.accountId))
  })
})

describe('a stored code', () => {
  it('is bound to its challenge, its purpose and its round: the same digits elsewhere are another digest', async () => {
    const { ports } = await openAccounts()
    const code = { challengeId: 'c', purpose: 'reset', round: 1, code: '123456' } as const
    const others = [
      code,
      { ...code, challengeId: 'd' },
      { ...code, purpose: 'activate' },
      { ...code, round: 2 },
      { ...code, code: '123457' },
    ] as const
    const digests = await Promise.all(others.map((other) => digestCode(ports.digests, other)))
    expect(new Set(digests.map(must)).size).toBe(others.length)
  })
})
