import { errAsync, okAsync } from 'neverthrow'
import {
  actorOf,
  type BreachedPasswords,
  eraseAccount,
  hybridPasswordPolicy,
  type PasswordPolicy,
  registerAccount,
  reportPasswordRisks,
  requestReset,
  requestSignInCode,
  requirePasswordChange,
  resetPassword,
  signIn,
  signInByCode,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import {
  clerk,
  customer,
  day,
  goodPassword,
  guest,
  hour,
  must,
  type OpenAccounts,
  openAccounts,
  otherPassword,
  tagOf,
} from './open-accounts.js'

const email = 'li.na@example.com'
const policyOf = (password: Partial<PasswordPolicy>) => ({ password: { ...hybridPasswordPolicy, ...password } })
const enter = (shop: OpenAccounts, password = goodPassword) =>
  signIn(shop.ports, shop.as(guest), { identifier: email, password })

const reset = async (shop: OpenAccounts, newPassword: string) => {
  shop.pass(2 * hour)
  const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
  const code = await shop.lastCode(email)
  return resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword })
}

/** A list of leaked passwords that grows, is asked about, and may be out of reach. */
const createLeaks = () => {
  const leaked = new Set<string>()
  const state = { asked: 0, isReachable: true }
  const list: BreachedPasswords = {
    isBreached: (password) => {
      state.asked += 1
      return state.isReachable
        ? okAsync(leaked.has(password))
        : errAsync({ type: 'BreachListUnavailable', detail: 'test' })
    },
  }
  return { list, leaked, state }
}

describe('passwords before', () => {
  it('do not come again until as many others have been: five, the present one among them', async () => {
    const shop = await openAccounts({ policy: policyOf({ history: 3 }) })
    await shop.join(email)
    const refused = await reset(shop, goodPassword)
    expect(refused.isErr() && refused.error).toEqual({
      type: 'PasswordRefused',
      reasons: [{ type: 'UsedBefore', history: 3 }],
    })
    const others = ['Vn4?bdXs-yGe1', 'Vn4?bdXs-yGe2', 'Vn4?bdXs-yGe3']
    must(await reset(shop, others[0] ?? ''))
    must(await reset(shop, others[1] ?? ''))
    expect(tagOf(await reset(shop, goodPassword))).toBe('PasswordRefused')
    must(await reset(shop, others[2] ?? ''))
    must(await reset(shop, goodPassword))
    expect(tagOf(await enter(shop))).toBe('ok')
  })

  it('are not kept by a policy that does not ask for them', async () => {
    const shop = await openAccounts({ policy: policyOf({ history: 0 }) })
    await shop.join(email)
    must(await reset(shop, goodPassword))
    expect(shop.stored.join('\n')).not.toContain('former')
  })
})

describe('a password that has leaked', () => {
  it('is refused to whoever registers or resets with it', async () => {
    const { list, leaked } = createLeaks()
    leaked.add(otherPassword)
    const shop = await openAccounts({ breachedPasswords: list })
    const input = { email: 'other@example.com', password: otherPassword, locale: 'en' } as const
    const refused = await registerAccount(shop.ports, shop.as(guest), input)
    expect(refused.isErr() && refused.error).toEqual({ type: 'PasswordRefused', reasons: [{ type: 'Breached' }] })
    await shop.join(email)
    expect(tagOf(await reset(shop, otherPassword))).toBe('PasswordRefused')
  })

  it('is let through or refused, as the policy says, while nobody can be asked', async () => {
    for (const [breached, expected] of [
      ['failOpen', 'ok'],
      ['failClosed', 'BreachListUnavailable'],
      ['ignored', 'ok'],
    ] as const) {
      const { list, state } = createLeaks()
      state.isReachable = false
      const shop = await openAccounts({ breachedPasswords: list, policy: policyOf({ breached }) })
      const answer = await registerAccount(shop.ports, shop.as(guest), { email, password: goodPassword, locale: 'en' })
      expect(tagOf(answer), breached).toBe(expected)
      expect(state.asked, breached).toBe(breached === 'ignored' ? 0 : 1)
    }
  })

  it('later signs nobody in any more: the owner is told once, and a reset opens the way', async () => {
    const { list, leaked, state } = createLeaks()
    const shop = await openAccounts({ breachedPasswords: list })
    await shop.join(email)
    expect(tagOf(await enter(shop))).toBe('ok')
    leaked.add(goodPassword)
    shop.pass(hour)
    const asked = state.asked
    expect(tagOf(await enter(shop))).toBe('ok')
    expect(state.asked).toBe(asked)
    shop.pass(day)
    for (let times = 0; times < 3; times += 1) {
      const answer = await enter(shop)
      expect(answer.isErr() && answer.error).toEqual({ type: 'PasswordChangeRequired', because: 'breached' })
    }
    await shop.deliver()
    expect(shop.mailbox.filter(({ text }) => /known to others/.test(text))).toHaveLength(1)
    leaked.clear()
    expect(tagOf(await enter(shop))).toBe('PasswordChangeRequired')
    must(await reset(shop, otherPassword))
    expect(tagOf(await enter(shop, otherPassword))).toBe('ok')
  })

  it('keeps nobody out at a sign-in because the list cannot be asked, whatever the policy', async () => {
    const { list, state } = createLeaks()
    const shop = await openAccounts({ breachedPasswords: list, policy: policyOf({ breached: 'failClosed' }) })
    await shop.join(email)
    shop.pass(2 * day)
    state.isReachable = false
    expect(tagOf(await enter(shop))).toBe('ok')
  })
})

describe('a password that the shop knows is in other hands', () => {
  it('signs nobody in any more, and its sessions are over', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const { token } = await shop.enter(email)
    must(await requirePasswordChange(shop.ports, shop.as(clerk), { accountId }))
    expect(tagOf(await actorOf(shop.ports, token))).toBe('SessionRefused')
    const answer = await enter(shop)
    expect(answer.isErr() && answer.error).toEqual({ type: 'PasswordChangeRequired', because: 'compromised' })
    expect(tagOf(await enter(shop, otherPassword))).toBe('SignInRefused')
    must(await reset(shop, otherPassword))
    expect(tagOf(await enter(shop, otherPassword))).toBe('ok')
  })

  it('proves nothing in a session that a code began, and erases nothing', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    must(await requirePasswordChange(shop.ports, shop.as(clerk), { accountId }))
    const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    const { token } = must(await signInByCode(shop.ports, shop.as(guest), { challengeId, code }))
    const actor = await shop.actorBy(token)
    const refused = { type: 'PasswordChangeRequired', because: 'compromised' }
    const proven = await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword })
    expect(proven.isErr() && proven.error).toEqual(refused)
    const erased = await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword })
    expect(erased.isErr() && erased.error).toEqual(refused)
    expect((await shop.actorBy(token)).kind).toBe('customer')
    must(await reset(shop, otherPassword))
    const own = must(await enter(shop, otherPassword))
    shop.pass(day)
    const later = await shop.actorBy(own.token)
    expect(tagOf(await eraseAccount(shop.ports, shop.as(later), { password: otherPassword }))).toBe('ok')
  })

  it('is so by staff alone, and of an account that is there', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const asked = await requirePasswordChange(shop.ports, shop.as(customer(accountId)), { accountId })
    expect(tagOf(asked)).toBe('Denied')
    expect(tagOf(await requirePasswordChange(shop.ports, shop.as(clerk), { accountId: 'account_none' }))).toBe(
      'NotFound',
    )
  })
})

describe('the age of a password', () => {
  it('is reminded of two weeks before, and nobody is kept out by it', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    shop.pass(75 * day)
    expect((await shop.enter(email)).passwordReminder).toBe(false)
    shop.pass(day)
    expect((await shop.enter(email)).passwordReminder).toBe(true)
    shop.pass(400 * day)
    expect((await shop.enter(email)).passwordReminder).toBe(true)
  })

  it('ends it where a policy says so, to the millisecond', async () => {
    const age = { days: 90, remindDaysBefore: 14, afterwards: 'force' } as const
    const shop = await openAccounts({ policy: policyOf({ age }) })
    await shop.join(email)
    shop.pass(90 * day - 1)
    expect(tagOf(await enter(shop))).toBe('ok')
    shop.pass(1)
    const answer = await enter(shop)
    expect(answer.isErr() && answer.error).toEqual({ type: 'PasswordChangeRequired', because: 'expired' })
    must(await reset(shop, otherPassword))
    expect(tagOf(await enter(shop, otherPassword))).toBe('ok')
  })
})

describe('the report on passwords', () => {
  it('counts parameters, age, last check and what has to be changed, and names nobody', async () => {
    const { list, leaked, state } = createLeaks()
    const shop = await openAccounts({ breachedPasswords: list })
    const from = shop.now()
    await shop.join(email)
    // Nobody could say of this one.
    state.isReachable = false
    await shop.join('fourth@example.com', 'Hw7_hollow-Elm2')
    state.isReachable = true
    const second = await shop.join('second@example.com', otherPassword)
    shop.pass(100 * day)
    await shop.join('third@example.com', 'Kp9_sunken-Oar4')
    leaked.add(goodPassword)
    expect(tagOf(await enter(shop))).toBe('PasswordChangeRequired')
    must(await requirePasswordChange(shop.ports, shop.as(clerk), { accountId: second }))
    const report = must(await reportPasswordRisks(shop.ports, { actor: clerk }, { from, to: from + 90 * day }))
    expect(report).toEqual({
      from,
      to: from + 90 * day,
      passwords: 4,
      setInPeriod: 3,
      byParameters: { $test: 4 },
      outdatedParameters: 0,
      byAge: { to90: 1, to180: 3, to365: 0, older: 0 },
      // One on being set, one after it, at a sign-in, and one on being set after it.
      lastChecked: { inPeriod: 1, before: 0, after: 2, never: 1 },
      mustChange: { breached: 1, compromised: 1 },
    })
  })
})
