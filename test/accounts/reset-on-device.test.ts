import { errAsync, okAsync } from 'neverthrow'
import {
  activateAccount,
  confirmBinding,
  defaultAccountsPolicy,
  registerOnDevice,
  requestBinding,
  requestReset,
  requestResetOnDevice,
  requirePasswordChange,
  resendCode,
  resetPassword,
  setUserName,
  signIn,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import {
  clerk,
  day,
  goodPassword,
  guest,
  hour,
  minute,
  must,
  type OpenOptions,
  openAccounts,
  otherPassword,
  tagOf,
} from './open-accounts.js'

/** An account that was registered at `home` by the name `liming`, and has no contact. */
const open = async (options: OpenOptions = {}) => {
  const asked: string[] = []
  const shop = await openAccounts({
    installations: {
      verify: (evidence) => {
        asked.push(evidence)
        if (evidence === 'forged') return errAsync({ type: 'InstallationRefused' })
        return okAsync({ installationId: evidence, pushAddress: `push:${evidence}` })
      },
    },
    contacts: { find: (_, channel) => okAsync(channel === 'push' ? { to: 'push:home' } : undefined) },
    ...options,
    policy: { activationByPush: { accountsPerInstallation: 3 }, ...options.policy },
  })
  const { ports, as } = shop
  const input = { userName: 'liming', evidence: 'home', password: goodPassword, locale: 'en' } as const
  const { challengeId } = must(await registerOnDevice(ports, as(guest), input))
  const { accountId } = must(
    await activateAccount(ports, as(guest), { challengeId, code: await shop.lastCode('push:home') }),
  )
  const ask = (evidence = 'home', userName = 'liming', world = ports) =>
    requestResetOnDevice(world, as(guest), { userName, evidence })
  const reset = (challenge: string, code: string) =>
    resetPassword(ports, as(guest), { challengeId: challenge, code, newPassword: otherPassword })
  const enter = (password = goodPassword) => signIn(ports, as(guest), { identifier: 'liming', password })
  const bind = async (email: string) => {
    const actor = await shop.actor('liming')
    const sent = must(await requestBinding(ports, as(actor), { email }))
    must(await confirmBinding(ports, as(actor), { challengeId: sent.challengeId, code: await shop.lastCode(email) }))
  }
  return { shop, accountId, asked, ask, reset, enter, bind }
}

describe('a password of an account without contact that is forgotten, or known to others', () => {
  it('is set anew at the device that the account was registered from, by a code by push', async () => {
    const { shop, ask, reset, enter } = await open()
    shop.pass(minute)
    const { challengeId } = must(await ask())
    expect(tagOf(await reset(challengeId, await shop.lastCode('push:home')))).toBe('ok')
    expect(tagOf(await enter())).toBe('SignInRefused')
    // The device is another proof than the password: what asks for a fresh one is open.
    const actor = await shop.actorBy(must(await enter(otherPassword)).token)
    expect(tagOf(await setUserName(shop.ports, shop.as(actor), { userName: 'wangfang' }))).toBe('ok')
    await shop.deliver()
    expect(shop.mailbox.filter(({ to }) => to !== 'push:home')).toEqual([])
  })

  it('keeps out whoever knows it once it is compromised, and the owner comes back by the device', async () => {
    const { shop, accountId, ask, reset, enter } = await open()
    must(await requirePasswordChange(shop.ports, shop.as(clerk), { accountId }))
    expect((await enter())._unsafeUnwrapErr()).toEqual({ type: 'PasswordChangeRequired', because: 'compromised' })
    shop.pass(minute)
    // At the thief's own device nobody is sent a code.
    const theirs = must(await ask('another'))
    expect(await shop.lastCode('push:another')).toBe('')
    expect(tagOf(await reset(theirs.challengeId, '000000'))).toBe('CodeRefused')
    const { challengeId } = must(await ask())
    must(await reset(challengeId, await shop.lastCode('push:home')))
    expect(tagOf(await enter(otherPassword))).toBe('ok')
  })

  it('has its code sent anew, to the same device', async () => {
    const { shop, ask, reset } = await open()
    shop.pass(minute)
    const { challengeId } = must(await ask())
    const first = await shop.lastCode('push:home')
    shop.pass(minute)
    must(await resendCode(shop.ports, shop.as(guest), { challengeId }))
    const second = await shop.lastCode('push:home')
    expect(second).not.toBe(first)
    expect(tagOf(await reset(challengeId, second))).toBe('ok')
  })

  it('is answered alike for every name, and no code goes to a device where there is a contact', async () => {
    const { shop, ask, bind } = await open()
    await bind('owner@example.com')
    shop.pass(minute)
    await shop.deliver()
    const sent = shop.mailbox.length
    const answers = [must(await ask()), must(await ask('home', 'nobody')), must(await ask('another'))]
    await shop.deliver()
    expect(shop.mailbox.slice(sent).filter(({ channel }) => channel === 'push')).toEqual([])
    const expiresAt = shop.now() + 10 * minute
    const same = { challengeId: expect.any(String), expiresAt, resendAt: shop.now() + minute }
    expect(answers).toEqual([same, same, same])
    must(await requestReset(shop.ports, shop.as(guest), { identifier: 'liming' }))
    expect(await shop.lastCode('owner@example.com')).toMatch(/^\d{6}$/)
  })

  it('is not offered without a register; one that registers nobody any more is asked all the same', async () => {
    const { shop, asked, ask } = await open()
    const { installations, ...without } = shop.ports
    expect(tagOf(await ask('home', 'liming', without))).toBe('ActivationByPushNotOffered')
    const accountsPolicy = { ...shop.ports.accountsPolicy, activationByPush: null }
    expect(tagOf(await ask('home', 'liming', { ...shop.ports, accountsPolicy }))).toBe('ok')
    expect(tagOf(await ask('forged'))).toBe('InstallationRefused')
    const before = asked.length
    expect(tagOf(await ask('home', '13800138000'))).toBe('UserNameMalformed')
    expect(tagOf(await ask(''))).toBe('InvalidInput')
    expect(asked.length).toBe(before)
    expect(installations).toBeDefined()
  })

  it('is asked for as often as any code: five times an hour', async () => {
    const { shop, ask } = await open()
    // What the registration spent is another hour's.
    shop.pass(hour)
    for (let time = 0; time < 5; time += 1) expect(tagOf(await ask())).toBe('ok')
    expect(tagOf(await ask())).toBe('TooManyCodes')
  })
})

describe('a right password of an account without contact', () => {
  const age = { days: 90, remindDaysBefore: 10, afterwards: 'force' } as const
  it('is let in and reminded when it is too old, for nobody could set another one; with a contact it is not', async () => {
    const { shop, enter, bind } = await open({ policy: { password: { ...defaultAccountsPolicy.password, age } } })
    shop.pass(90 * day)
    expect(must(await enter())).toMatchObject({ passwordReminder: true })
    await bind('owner@example.com')
    expect((await enter())._unsafeUnwrapErr()).toEqual({ type: 'PasswordChangeRequired', because: 'expired' })
  })

  it('is let in when it is on a list of leaked ones, and its owner is told; with a contact it is not', async () => {
    let leaked = false
    const { shop, enter, bind } = await open({ breachedPasswords: { isBreached: () => okAsync(leaked) } })
    leaked = true
    shop.pass(day)
    expect(tagOf(await enter())).toBe('ok')
    expect(tagOf(await enter())).toBe('ok')
    await shop.deliver()
    const told = shop.mailbox.filter(({ subject }) => subject === 'Your password has to be changed')
    expect(told.map(({ to }) => to)).toEqual(['push:home'])
    await bind('owner@example.com')
    expect((await enter())._unsafeUnwrapErr()).toEqual({ type: 'PasswordChangeRequired', because: 'breached' })
  })
})
