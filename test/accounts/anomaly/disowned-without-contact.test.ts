import { okAsync } from 'neverthrow'
import {
  activateAccount,
  confirmBinding,
  disownSignIn,
  judgeSignIn,
  myAccount,
  registerOnDevice,
  requestBinding,
  requestReset,
  runRelay,
  setUserName,
  signIn,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { customer, goodPassword, guest, minute, must, openAccounts, tagOf } from '../open-accounts.js'

const thiefs = 'thief@example.com'
const thiefsPhone = '+8613800138000'

/** An account that was registered from a device, by a user name; its host knows that device. */
const open = async () => {
  const shop = await openAccounts({
    policy: { activationByPush: { accountsPerInstallation: 3 } },
    installations: {
      verify: (evidence) => okAsync({ installationId: evidence, pushAddress: `push:${evidence}` }),
    },
    contacts: { find: (_, channel) => okAsync(channel === 'push' ? { to: 'push:home' } : undefined) },
  })
  const { ports, as } = shop
  const input = { userName: 'liming', evidence: 'home', password: goodPassword, locale: 'en' } as const
  const { challengeId } = must(await registerOnDevice(ports, as(guest), input))
  const code = await shop.lastCode('push:home')
  const { accountId } = must(await activateAccount(ports, as(guest), { challengeId, code }))
  const enter = async (device: string, identifier = 'liming') => {
    shop.pass(minute)
    const context = { ...as(guest), origin: { address: '203.0.113.7', device } }
    return shop.actorBy(must(await signIn(ports, context, { identifier, password: goodPassword })).token)
  }
  type Person = Awaited<ReturnType<typeof enter>>
  const bind = async (actor: Person, contact: { email: string } | { phone: string }) => {
    shop.pass(minute)
    const asked = must(await requestBinding(ports, as(actor), contact))
    const sent = await shop.lastCode(Object.values(contact)[0] ?? '')
    must(await confirmBinding(ports, as(actor), { challengeId: asked.challengeId, code: sent }))
  }
  const relay = async () => {
    must(await runRelay(ports, [judgeSignIn], { worker: 'w', limit: 1_000 }))
    await shop.deliver()
  }
  const notices = () => shop.mailbox.filter(({ subject }) => subject === 'An unusual sign-in to your account')
  const disown = async () => {
    const token = /(challenge_[^. ]+\.[0-9A-Za-z]+)/.exec(notices().at(-1)?.text ?? '')?.[1] ?? ''
    return disownSignIn(ports, as(guest), { token })
  }
  const account = async () => must(await myAccount(ports, { actor: customer(accountId) }, {}))
  return { shop, enter, bind, relay, notices, disown, account }
}

describe('a sign-in that was not the owner, to an account without address and number', () => {
  it('leaves no contact of the thief behind, to which a code would go', async () => {
    const { shop, enter, bind, relay, disown, account } = await open()
    await enter('home')
    const thief = await enter('another')
    await relay()
    await bind(thief, { email: thiefs })
    await bind(thief, { phone: thiefsPhone })
    must(await disown())
    expect(await account()).toMatchObject({ userName: 'liming', missing: 'contact' })
    expect(await account()).not.toMatchObject({ email: expect.anything() })
    shop.pass(minute)
    await shop.deliver()
    for (const identifier of [thiefs, thiefsPhone, 'liming']) {
      const sent = shop.mailbox.length
      must(await requestReset(shop.ports, shop.as(guest), { identifier }))
      await shop.deliver()
      expect(shop.mailbox.slice(sent)).toEqual([])
    }
    // They are free again.
    await shop.join(thiefs)
  })

  it('leaves the contact that the owner bound before it', async () => {
    const { enter, bind, relay, disown, account } = await open()
    const owner = await enter('home')
    await bind(owner, { email: 'owner@example.com' })
    const thief = await enter('another')
    await relay()
    await bind(thief, { email: thiefs })
    await bind(thief, { phone: thiefsPhone })
    must(await disown())
    expect(await account()).toMatchObject({ userName: 'liming', email: 'owner@example.com' })
    expect(await account()).not.toMatchObject({ phone: expect.anything() })
  })

  it('gives the user name back by which the owner is found', async () => {
    const { shop, enter, bind, relay, disown, account } = await open()
    await enter('home')
    const thief = await enter('another')
    await relay()
    must(await setUserName(shop.ports, shop.as(thief), { userName: 'not-the-owner' }))
    shop.pass(minute)
    must(await setUserName(shop.ports, shop.as(thief), { userName: 'nor-this' }))
    await bind(thief, { email: thiefs })
    expect(shop.stored.join('\n')).not.toContain('liming')
    must(await disown())
    expect(await account()).toMatchObject({ userName: 'liming', missing: 'contact' })
  })

  it('leaves the user name that is, where the one before it is somebody else’s by now', async () => {
    const { shop, enter, relay, disown, account } = await open()
    await enter('home')
    const thief = await enter('another')
    await relay()
    must(await setUserName(shop.ports, shop.as(thief), { userName: 'not-the-owner' }))
    await shop.join('other@example.com')
    must(await setUserName(shop.ports, shop.as(await shop.actor('other@example.com')), { userName: 'liming' }))
    must(await disown())
    expect(await account()).toMatchObject({ userName: 'not-the-owner', missing: 'contact' })
  })

  it('is told at the device that the host knows, though the thief has bound a contact before it was judged', async () => {
    const { enter, bind, relay, notices } = await open()
    await enter('home')
    await relay()
    const thief = await enter('another')
    await bind(thief, { email: thiefs })
    await relay()
    expect(notices().map(({ to, channel }) => ({ to, channel }))).toEqual([{ to: 'push:home', channel: 'push' }])
  })
})

describe('an account without address and number', () => {
  it('is told at the device that the host knows of the first contact that is bound to it, and by that one from then on', async () => {
    const { shop, enter, bind } = await open()
    const actor = await enter('home')
    await bind(actor, { email: 'owner@example.com' })
    must(await setUserName(shop.ports, shop.as(actor), { userName: 'wangfang' }))
    await shop.deliver()
    const told = shop.mailbox.filter(({ text }) => /of your account was (added|changed)/.test(text))
    const ways = told.map(({ to, channel, text }) => [channel, to, /(e-mail address|user name)/.exec(text)?.[1]])
    expect(ways.sort()).toEqual([
      ['email', 'owner@example.com', 'user name'],
      ['push', 'push:home', 'e-mail address'],
    ])
    expect(tagOf(await requestReset(shop.ports, shop.as(guest), { identifier: 'wangfang' }))).toBe('ok')
  })
})
