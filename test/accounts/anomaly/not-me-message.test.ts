import {
  confirmBinding,
  disownSignIn,
  judgeSignIn,
  requestBinding,
  requestReset,
  resetPassword,
  runRelay,
  signIn,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { goodPassword, guest, minute, must, openAccounts, otherPassword, tagOf } from '../open-accounts.js'

const email = 'owner@example.com'
const phone = '+8613800138000'
const thiefs = 'thief@example.com'

const open = async (contact = email) => {
  const shop = await openAccounts({})
  const { ports, as, mailbox } = shop
  const accountId = await shop.join(contact)
  const enter = async (device: string, identifier = contact, password = goodPassword) => {
    shop.pass(minute)
    const context = { ...as(guest), origin: { address: '203.0.113.7', device } }
    return signIn(ports, context, { identifier, password })
  }
  const judge = async () => must(await runRelay(ports, [judgeSignIn], { worker: 'w', limit: 1_000 }))
  const notices = () => mailbox.filter(({ text }) => /challenge_[^. ]+\.[0-9A-Za-z]+/.test(text))
  const tokens = () => notices().map(({ text }) => /(challenge_[^. ]+\.[0-9A-Za-z]+)/.exec(text)?.[1] ?? '')
  const bindTo = async (actor: Parameters<typeof as>[0], address: string) => {
    const { challengeId } = must(await requestBinding(ports, as(actor), { email: address }))
    const code = await shop.lastCode(address)
    return async () => {
      must(await confirmBinding(ports, as(actor), { challengeId, code }))
    }
  }
  const resetBy = async (identifier: string, newPassword: string) => {
    shop.pass(minute)
    const { challengeId } = must(await requestReset(ports, as(guest), { identifier }))
    const code = await shop.lastCode(identifier)
    return resetPassword(ports, as(guest), { challengeId, code, newPassword })
  }
  const disown = (token: string | undefined) => disownSignIn(ports, as(guest), { token: token ?? '' })
  must(await enter('home'))
  await judge()
  const thief = await shop.actorBy(must(await enter('another')).token)
  return { shop, accountId, enter, judge, notices, tokens, bindTo, resetBy, disown, thief }
}

describe('the message by which an owner says that it was not they', () => {
  it('is worth something after the thief set the password anew, by an address of theirs', async () => {
    const { shop, accountId, enter, judge, tokens, bindTo, resetBy, disown, thief } = await open()
    await judge()
    await shop.deliver()
    await (await bindTo(thief, thiefs))()
    must(await resetBy(thiefs, otherPassword))
    must(await enter('another', thiefs, otherPassword))
    expect(must(await disown(tokens()[0]))).toEqual({ accountId })
    expect(tagOf(await enter('another', thiefs, otherPassword))).toBe('SignInRefused')
    expect(tagOf(await enter('another', email, otherPassword))).toBe('PasswordChangeRequired')
    must(await resetBy(email, 'Kf9?qpWm-tRb3'))
    expect(tagOf(await enter('home', email, 'Kf9?qpWm-tRb3'))).toBe('ok')
    // It counts once.
    expect(tagOf(await disown(tokens()[0]))).toBe('CodeRefused')
  })

  it('is void once a sign-in was disowned, and a later one has a message of its own', async () => {
    const { shop, enter, judge, tokens, resetBy, disown } = await open()
    must(await enter('a third'))
    await judge()
    await shop.deliver()
    const [first, second] = tokens()
    must(await disown(second))
    expect(tagOf(await disown(first))).toBe('CodeRefused')
    must(await resetBy(email, otherPassword))
    expect(tagOf(await disown(first))).toBe('CodeRefused')
    must(await enter('a fourth', email, otherPassword))
    await judge()
    await shop.deliver()
    expect(tagOf(await disown(tokens().at(-1)))).toBe('ok')
  })

  it.each(['before it was judged', 'before it was sent'])(
    'goes to where the owner was reached, though the address was changed %s',
    async (when) => {
      const { shop, judge, notices, bindTo, thief } = await open()
      const confirm = await bindTo(thief, thiefs)
      if (when === 'before it was sent') await judge()
      await confirm()
      await judge()
      await shop.deliver()
      expect(notices().map(({ to }) => to)).toEqual([email])
    },
  )

  it('goes to the number of an account that had no address when the sign-in began', async () => {
    const { shop, judge, notices, bindTo, thief } = await open(phone)
    await (await bindTo(thief, thiefs))()
    await judge()
    await shop.deliver()
    expect(notices().map(({ to, channel }) => ({ to, channel }))).toEqual([{ to: phone, channel: 'sms' }])
  })
})
