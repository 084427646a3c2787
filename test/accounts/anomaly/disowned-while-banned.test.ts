import {
  banAccount,
  confirmBinding,
  disownSignIn,
  judgeSignIn,
  liftBan,
  myAccount,
  requestBinding,
  requestReset,
  resetPassword,
  runRelay,
  setUserName,
  signIn,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import {
  clerk,
  customer,
  goodPassword,
  guest,
  minute,
  must,
  openAccounts,
  otherPassword,
  tagOf,
} from '../open-accounts.js'

const email = 'owner@example.com'
const thiefs = 'thief@example.com'
const thiefsPhone = '+8613800138000'

describe('a sign-in that was not the owner, to an account that is banned by now', () => {
  it('leaves no contact of the thief, gives the owner’s back, and tells the owner alone; the ban stands until it is lifted', async () => {
    const shop = await openAccounts()
    const { ports, as } = shop
    const accountId = await shop.join(email)
    const enter = async (device: string) => {
      shop.pass(minute)
      const context = { ...as(guest), origin: { address: '203.0.113.7', device } }
      return shop.actorBy(must(await signIn(ports, context, { identifier: email, password: goodPassword })).token)
    }
    await enter('home')
    const thief = await enter('another')
    must(await runRelay(ports, [judgeSignIn], { worker: 'w', limit: 1_000 }))
    await shop.deliver()
    const notice = shop.mailbox.filter(({ subject }) => subject === 'An unusual sign-in to your account').at(-1)
    const token = /(challenge_[^. ]+\.[0-9A-Za-z]+)/.exec(notice?.text ?? '')?.[1] ?? ''
    for (const contact of [{ phone: thiefsPhone }, { email: thiefs }]) {
      const { challengeId } = must(await requestBinding(ports, as(thief), contact))
      const code = await shop.lastCode(Object.values(contact)[0] ?? '')
      must(await confirmBinding(ports, as(thief), { challengeId, code }))
    }
    must(await banAccount(ports, as(clerk), { accountId, reason: 'compromised', until: null }))
    await shop.deliver()
    const before = shop.mailbox.length
    must(await disownSignIn(ports, as(guest), { token }))
    await shop.deliver()
    const told = shop.mailbox.slice(before).map(({ to, text }) => [to, /The (.+?) of your account/.exec(text)?.[1]])
    expect(told).toContainEqual([email, 'e-mail address'])
    expect(told).toContainEqual([email, 'mobile number'])
    expect(new Set(told.map(([to]) => to))).toEqual(new Set([email]))
    const account = async () => must(await myAccount(ports, { actor: customer(accountId) }, {}))
    expect(await account()).toMatchObject({ email })
    expect(await account()).not.toMatchObject({ phone: expect.anything() })
    expect(tagOf(await signIn(ports, as(guest), { identifier: email, password: goodPassword }))).toBe('SignInRefused')
    // Whoever is banned binds and unbinds nothing themselves, were a session of theirs still at hand.
    const banned = { ...customer(accountId), session: { sessionId: 'session_x', provenAt: shop.now() } } as const
    expect(tagOf(await unbindIdentifier(ports, as(banned), { kind: 'email' }))).toBe('NotFound')
    expect(tagOf(await requestBinding(ports, as(banned), { email: thiefs }))).toBe('NotFound')
    expect(tagOf(await setUserName(ports, as(banned), { userName: 'liming' }))).toBe('NotFound')
    shop.pass(minute)
    must(await liftBan(ports, as(clerk), { accountId, reason: 'resolved' }))
    const { challengeId } = must(await requestReset(ports, as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    must(await resetPassword(ports, as(guest), { challengeId, code, newPassword: otherPassword }))
    expect((await shop.enter(email, otherPassword)).accountId).toBe(accountId)
    // What the thief bound is free again.
    for (const contact of [thiefs, thiefsPhone]) await shop.join(contact)
  })
})
