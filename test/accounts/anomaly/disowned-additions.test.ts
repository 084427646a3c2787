import {
  beginLinking,
  beginPasskeyRegistration,
  beginPasskeySignIn,
  confirmBinding,
  confirmContactFactor,
  confirmTotp,
  disownSignIn,
  enrolTotp,
  find,
  finishLinking,
  finishPasskeyRegistration,
  finishPasskeySignIn,
  formerContacts,
  judgeSignIn,
  myAccount,
  readFacts,
  requestBinding,
  requestContactFactor,
  requestReset,
  resetPassword,
  row,
  runRelay,
  setPaymentPassword,
  setUserName,
  signIn,
  signInGuards,
  sweepAccounts,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createPasskeyVerifier } from '../../../adapters/passkeys/simplewebauthn/index.js'
import { hotpCode, secretBytesOf, stepAt } from '../../../src/accounts/second-factor/one-time-code.js'
import { createAuthenticator } from '../../support/authenticator.js'
import { createPuppetProvider, identityOf } from '../../support/puppet-provider.js'
import {
  customer,
  day,
  goodPassword,
  guest,
  minute,
  must,
  openAccounts,
  otherPassword,
  tagOf,
} from '../open-accounts.js'

const email = 'owner@example.com'
const phone = '+8613800138000'
const rpId = 'shop.example'
const origin = 'https://www.shop.example'

const open = async () => {
  const passkeys = (await createPasskeyVerifier({ rpId, rpName: 'Shop', origins: [origin] }))._unsafeUnwrap()
  const puppet = createPuppetProvider('idp.example')
  const shop = await openAccounts({ passkeys, identityProviders: { puppet: puppet.provider } })
  const accountId = await shop.join(email)
  const { ports, as } = shop
  const enter = async (device: string) => {
    shop.pass(minute)
    const context = { ...as(guest), origin: { address: '203.0.113.7', device } }
    return shop.actorBy(must(await signIn(ports, context, { identifier: email, password: goodPassword })).token)
  }
  type Person = Parameters<typeof as>[0]
  const relay = async () => {
    must(await runRelay(ports, [judgeSignIn], { worker: 'w', limit: 1_000 }))
    await shop.deliver()
  }
  const addPasskey = async (actor: Person) => {
    const device = createAuthenticator({ origin, rpId })
    const { challengeId, options } = must(await beginPasskeyRegistration(ports, as(actor), {}))
    const made = device.create(options.challenge, {})
    must(await finishPasskeyRegistration(ports, as(actor), { challengeId, ...made }))
    return async () => {
      const asked = must(await beginPasskeySignIn(ports, as(guest), {}))
      const signed = device.get(asked.options.challenge)
      return tagOf(await finishPasskeySignIn(ports, as(guest), { challengeId: asked.challengeId, ...signed }))
    }
  }
  const addApp = async (actor: Person) => {
    const { secret } = must(await enrolTotp(ports, as(actor), {}))
    must(await confirmTotp(ports, as(actor), { code: hotpCode(secretBytesOf(secret), stepAt(shop.now())) }))
  }
  const bind = async (actor: Person, contact: { email: string } | { phone: string }) => {
    const { challengeId } = must(await requestBinding(ports, as(actor), contact))
    const code = await shop.lastCode(Object.values(contact)[0] ?? '')
    must(await confirmBinding(ports, as(actor), { challengeId, code }))
  }
  const addContactFactor = async (actor: Person, to: 'email' | 'phone', address: string) => {
    shop.pass(minute)
    const { challengeId } = must(await requestContactFactor(ports, as(actor), { to }))
    must(await confirmContactFactor(ports, as(actor), { challengeId, code: await shop.lastCode(address) }))
  }
  const link = async (actor: Person, subject: string) => {
    const { redirectUrl, browserToken } = must(await beginLinking(ports, as(actor), { providerId: 'puppet' }))
    const query = puppet.consent(redirectUrl, identityOf('idp.example', subject))
    must(await finishLinking(ports, as(actor), { providerId: 'puppet', query, browserToken }))
  }
  const disown = async () => {
    const text = shop.mailbox.filter(({ subject }) => subject === 'An unusual sign-in to your account').at(-1)?.text
    const token = /(challenge_[^. ]+\.[0-9A-Za-z]+)/.exec(text ?? '')?.[1] ?? ''
    must(await disownSignIn(ports, as(guest), { token }))
  }
  /** The owner sets the password anew and signs in at home. */
  const comeBack = async () => {
    shop.pass(minute)
    const { challengeId } = must(await requestReset(ports, as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    must(await resetPassword(ports, as(guest), { challengeId, code, newPassword: otherPassword }))
    // A reset password counts as a proof a day later.
    shop.pass(day)
    return signIn(ports, as(guest), { identifier: email, password: otherPassword })
  }
  const account = async (actor: Person) => must(await myAccount(ports, { actor }, {}))
  return { shop, accountId, enter, relay, addPasskey, addApp, addContactFactor, bind, link, disown, comeBack, account }
}

describe('a sign-in that was not the owner', () => {
  it('leaves nothing behind that it added, and the owner is told of each', async () => {
    const { shop, enter, relay, addPasskey, addApp, bind, link, disown, comeBack, account } = await open()
    await enter('home')
    const thief = await enter('another')
    await relay()
    const enterByPasskey = await addPasskey(thief)
    await addApp(thief)
    await bind(thief, { phone })
    must(await setUserName(shop.ports, shop.as(thief), { userName: 'not-the-owner' }))
    must(await setPaymentPassword(shop.ports, shop.as(thief), { paymentPassword: '274913' }))
    await link(thief, 'thief')
    expect(await enterByPasskey()).toBe('ok')
    await disown()
    expect(await enterByPasskey()).toBe('PasskeyRefused')
    // No second factor of the thief's keeps the owner out.
    const owner = await shop.actorBy(must(await comeBack()).token)
    expect(await account(owner)).toMatchObject({ email, passkeys: [], identities: [] })
    expect(await account(owner)).not.toMatchObject({ phone: expect.anything() })
    expect(await account(owner)).not.toMatchObject({ userName: expect.anything() })
    const payment = shop.mailbox.filter(({ subject }) => subject === 'Your payment password was removed')
    expect(payment.map(({ to }) => to)).toEqual([email])
    must(await setPaymentPassword(shop.ports, shop.as(owner), { paymentPassword: '918264' }))
    for (const what of ['passkey', 'mobile number', 'user name', 'sign-in by another service']) {
      const told = shop.mailbox.filter(({ text }) => text.includes(`The ${what} of your account was removed`))
      expect(told.map(({ to }) => to)).toEqual([email])
    }
    // What it held is free again.
    await shop.join(phone)
    must(await setUserName(shop.ports, shop.as(owner), { userName: 'not-the-owner' }))
    await link(owner, 'thief')
  })

  it('leaves what was there before it', async () => {
    const { shop, enter, relay, addPasskey, addContactFactor, bind, link, disown, account } = await open()
    const owner = await enter('home')
    const enterByPasskey = await addPasskey(owner)
    await link(owner, 'owner')
    must(await setUserName(shop.ports, shop.as(owner), { userName: 'the-owner' }))
    await bind(owner, { phone })
    must(await setPaymentPassword(shop.ports, shop.as(owner), { paymentPassword: '274913' }))
    shop.pass(minute)
    const thief = await enter('another')
    await relay()
    await addContactFactor(thief, 'phone', phone)
    shop.pass(minute)
    await bind(thief, { email: 'thief@example.com' })
    await disown()
    expect(await enterByPasskey()).toBe('ok')
    const signedIn = await signIn(shop.ports, shop.as(guest), { identifier: phone, password: goodPassword })
    expect(signedIn._unsafeUnwrapErr()).toEqual({ type: 'PasswordChangeRequired', because: 'compromised' })
    await shop.deliver()
    // The address that the thief put in its place gives way to the owner's, which is told of it.
    const told = shop.mailbox.filter(({ text }) => text.includes('The e-mail address of your account was changed'))
    expect(
      told
        .slice(-2)
        .map(({ to }) => to)
        .sort(),
    ).toEqual([phone, email])
    const again = await shop.actorBy(await sessionByReset(shop))
    const stays = { email, phone, userName: 'the-owner', identities: [{ providerId: 'puppet' }] }
    expect(await account(again)).toMatchObject(stays)
    const kept = await setPaymentPassword(shop.ports, shop.as(again), { paymentPassword: '918264' })
    expect(tagOf(kept)).toBe('PaymentPasswordStands')
    await shop.join('thief@example.com')
  })

  it('gives back the contact of before it, however often it was replaced, and takes off what came beside', async () => {
    const { shop, accountId, enter, relay, addContactFactor, bind, disown, account } = await open()
    await enter('home')
    const thief = await enter('another')
    await relay()
    await bind(thief, { email: 'new@example.com' })
    shop.pass(minute)
    await bind(thief, { email: 'newer@example.com' })
    await bind(thief, { phone })
    await addContactFactor(thief, 'phone', phone)
    expect(shop.stored.join('\n')).not.toContain('owner@example')
    await disown()
    expect(await account(customer(accountId))).toMatchObject({ email })
    expect(await account(customer(accountId))).not.toMatchObject({ phone: expect.anything() })
    shop.pass(minute)
    for (const contact of ['new@example.com', 'newer@example.com', phone]) await shop.join(contact)
  })

  it('gives back a contact that it took off, and none that was given up before it', async () => {
    const { shop, accountId, enter, relay, bind, disown, account } = await open()
    const owner = await enter('home')
    await bind(owner, { phone })
    shop.pass(minute)
    await bind(owner, { phone: '+8613900139000' })
    shop.pass(minute)
    const thief = await enter('another')
    await relay()
    must(await unbindIdentifier(shop.ports, shop.as(thief), { kind: 'phone' }))
    await disown()
    expect(await account(customer(accountId))).toMatchObject({ email, phone: '+8613900139000' })
  })

  it('leaves the last contact where the one before it is somebody else’s by now, for without one nobody is reached', async () => {
    const { shop, accountId, enter, relay, bind, disown, account } = await open()
    await enter('home')
    const thief = await enter('another')
    await relay()
    await bind(thief, { email: 'new@example.com' })
    await shop.join(email)
    await disown()
    expect(await account(customer(accountId))).toMatchObject({ email: 'new@example.com' })
  })

  it('is forgotten with its days: a former contact is kept for no longer than its change may be disowned', async () => {
    const { shop, accountId, enter, bind } = await open()
    const owner = await enter('home')
    await bind(owner, { email: 'new@example.com' })
    const kept = async () => {
      const plan = { former: row(formerContacts, accountId) }
      const request = { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan } as const
      return must(await readFacts(shop.ports.storage, request)).former?.state.contacts.length ?? 0
    }
    shop.pass(7 * day - 1)
    must(await sweepAccounts(shop.ports, { limit: 10 }))
    expect(await kept()).toBe(1)
    shop.pass(1)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 })).formerContacts).toBe(1)
    expect(await kept()).toBe(0)
  })

  it('makes its device known no longer, and leaves the others known', async () => {
    const { shop, accountId, enter, relay, disown } = await open()
    await enter('home')
    await enter('another')
    await relay()
    const known = async () => {
      const guards = find(signInGuards, { where: [], limit: 50 })
      const request = { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan: { guards } } as const
      const found = must(await readFacts(shop.ports.storage, request)).guards
      return found.filter(({ id }) => id.startsWith(`device:${accountId}:`)).length
    }
    expect(await known()).toBe(2)
    await disown()
    expect(await known()).toBe(1)
    // Whoever holds the owner's device has a lane of their own still; at the thief's a guess counts as a stranger's.
    const tryAt = async (device: string) => {
      const context = { ...shop.as(guest), origin: { address: '203.0.113.7', device } }
      return tagOf(await signIn(shop.ports, context, { identifier: email, password: otherPassword }))
    }
    for (let time = 0; time < 12; time += 1) expect(await tryAt('another')).toBe('SignInRefused')
    const context = { ...shop.as(guest), origin: { address: '203.0.113.7', device: 'home' } }
    const atHome = await signIn(shop.ports, context, { identifier: email, password: goodPassword })
    expect(tagOf(atHome)).toBe('PasswordChangeRequired')
  })
})

const sessionByReset = async (shop: Awaited<ReturnType<typeof openAccounts>>): Promise<string> => {
  shop.pass(minute)
  const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: phone }))
  const code = await shop.lastCode(phone)
  must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
  // A reset password counts as a proof a day later.
  shop.pass(day)
  return must(await signIn(shop.ports, shop.as(guest), { identifier: phone, password: otherPassword })).token
}
