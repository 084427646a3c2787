import {
  askPaymentProof,
  beginLinking,
  beginPasskeyRegistration,
  beginPasskeySignIn,
  beginPasskeyStepUp,
  beginProviderSignIn,
  confirmSignIn,
  confirmTotp,
  defaultAccountsPolicy,
  enrolTotp,
  eraseAccount,
  finishLinking,
  finishPasskeyRegistration,
  finishPasskeySignIn,
  finishProviderSignIn,
  myAccount,
  type PasskeyAssertion,
  removePasskey,
  requestReset,
  resetPassword,
  signIn,
  signInByCode,
  stepUp,
  unlinkIdentity,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createPasskeyVerifier } from '../../../adapters/passkeys/simplewebauthn/index.js'
import { hotpCode, secretBytesOf, stepAt } from '../../../src/accounts/second-factor/one-time-code.js'
import { type AuthenticatorOptions, createAuthenticator, type Tampering } from '../../support/authenticator.js'
import { createPuppetProvider, identityOf } from '../../support/puppet-provider.js'
import { goodPassword, guest, minute, must, openAccounts, otherPassword, tagOf } from '../open-accounts.js'

const email = 'owner@example.com'
const rpId = 'shop.example'
const origin = 'https://www.shop.example'

const open = async (options?: Parameters<typeof openAccounts>[0]) => {
  const passkeys = (await createPasskeyVerifier({ rpId, rpName: 'Shop', origins: [origin] }))._unsafeUnwrap()
  const shop = await openAccounts({ ...options, passkeys })
  const accountId = await shop.join(email)
  const actor = await shop.actor(email)
  type Device = ReturnType<typeof createAuthenticator>
  const device = (more: Partial<AuthenticatorOptions> = {}) => createAuthenticator({ origin, rpId, ...more })
  const invite = async () => must(await beginPasskeyRegistration(shop.ports, shop.as(actor), {}))
  const add = async (on: Device, tampering: Tampering = {}) => {
    const { challengeId, options: asked } = await invite()
    const made = on.create(asked.challenge, tampering)
    return finishPasskeyRegistration(shop.ports, shop.as(actor), { challengeId, ...made })
  }
  const ask = async () => must(await beginPasskeySignIn(shop.ports, shop.as(guest), {}))
  const finish = (challengeId: string, made: PasskeyAssertion) =>
    finishPasskeySignIn(shop.ports, shop.as(guest), { challengeId, ...made })
  const enter = async (on: Device, tampering: Tampering = {}, userHandle?: string) => {
    const { challengeId, options: asked } = await ask()
    return finish(challengeId, on.get(asked.challenge, userHandle, tampering))
  }
  return { shop, accountId, actor, device, invite, add, ask, finish, enter }
}

describe('passkeys', () => {
  it.each(['ES256', 'EdDSA'] as const)(
    'are added and sign in without a name or a second factor: %s',
    async (algorithm) => {
      const { shop, accountId, actor, device, invite, add, enter } = await open()
      const { options } = await invite()
      expect(options).toMatchObject({
        rp: { id: rpId, name: 'Shop' },
        user: { name: email },
        excludeCredentials: [],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
      })
      expect(options.user.id).not.toContain(accountId)
      const phone = device({ algorithm })
      const { passkeyId } = must(await add(phone))
      expect(must(await myAccount(shop.ports, { actor }, {})).passkeys).toEqual([
        { passkeyId, addedAt: shop.now(), backedUp: false },
      ])
      const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
      const code = hotpCode(secretBytesOf(secret), stepAt(shop.now()))
      must(await confirmTotp(shop.ports, shop.as(actor), { code }))
      expect(must(await enter(phone, {}, options.user.id)).accountId).toBe(accountId)
      expect(must(await enter(phone)).accountId).toBe(accountId)
      expect((await invite()).options.excludeCredentials).toEqual([
        { type: 'public-key', id: phone.credentialId, transports: ['internal'] },
      ])
      await shop.deliver()
      expect(shop.mailbox.some(({ text }) => text.includes('The passkey of your account was added'))).toBe(true)
    },
  )

  it('take a fresh proof to be added or taken off, and the last way in stays', async () => {
    const { shop, actor, device, add, enter } = await open()
    const phone = device()
    const { passkeyId } = must(await add(phone))
    shop.pass(11 * minute)
    expect(tagOf(await beginPasskeyRegistration(shop.ports, shop.as(actor), {}))).toBe('StepUpRequired')
    expect(tagOf(await removePasskey(shop.ports, shop.as(actor), { passkeyId }))).toBe('StepUpRequired')
    const fresh = await shop.actorBy(must(await enter(phone)).token)
    must(await removePasskey(shop.ports, shop.as(fresh), { passkeyId }))
    expect(tagOf(await enter(phone))).toBe('PasskeyRefused')
    expect(tagOf(await removePasskey(shop.ports, shop.as(fresh), { passkeyId }))).toBe('NotFound')
  })

  it('stay after a reset, which names them and linked identities to its owner, the latest first', async () => {
    const puppet = createPuppetProvider('idp.example')
    const { shop, accountId, actor, device, add } = await open({ identityProviders: { puppet: puppet.provider } })
    const { passkeyId } = must(await add(device()))
    const since = shop.now()
    shop.pass(minute)
    const way = must(await beginLinking(shop.ports, shop.as(actor), { providerId: 'puppet' }))
    const query = puppet.consent(way.redirectUrl, identityOf('idp.example', 'wang'))
    const back = { providerId: 'puppet', query, browserToken: way.browserToken } as const
    const { linkId } = must(await finishLinking(shop.ports, shop.as(actor), back))
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const reset = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
    expect(must(await resetPassword(shop.ports, shop.as(guest), reset))).toEqual({
      accountId,
      stays: [
        { kind: 'identity', linkId, providerId: 'puppet', since: since + minute },
        { kind: 'passkey', passkeyId, since },
      ],
    })
  })

  it('are the last way in where nothing else leads into the account, also when both are taken off at once', async () => {
    const puppet = createPuppetProvider('idp.example')
    const openWang = async () => {
      const { shop, device } = await open({ identityProviders: { puppet: puppet.provider }, attempts: 40 })
      const way = must(await beginProviderSignIn(shop.ports, shop.as(guest), { providerId: 'puppet' }))
      const query = puppet.consent(way.redirectUrl, identityOf('idp.example', 'wang'))
      const back = { providerId: 'puppet', query, browserToken: way.browserToken, locale: 'en' } as const
      const wang = await shop.actorBy(must(await finishProviderSignIn(shop.ports, shop.as(guest), back)).token)
      const { challengeId, options } = must(await beginPasskeyRegistration(shop.ports, shop.as(wang), {}))
      const made = device().create(options.challenge)
      const added = await finishPasskeyRegistration(shop.ports, shop.as(wang), { challengeId, ...made })
      const { passkeyId } = must(added)
      const linkId = must(await myAccount(shop.ports, { actor: wang }, {})).identities[0]?.linkId ?? ''
      const unlink = () => unlinkIdentity(shop.ports, shop.as(wang), { linkId })
      const remove = () => removePasskey(shop.ports, shop.as(wang), { passkeyId })
      return { unlink, remove }
    }
    const one = await openWang()
    expect([tagOf(await one.unlink()), tagOf(await one.remove())]).toEqual(['ok', 'LastWayIn'])
    const other = await openWang()
    expect([tagOf(await other.remove()), tagOf(await other.unlink())]).toEqual(['ok', 'LastWayIn'])
    const both = await openWang()
    const answers = await Promise.all([both.unlink(), both.remove()])
    expect(answers.map((answer) => tagOf(answer)).sort()).toEqual(['LastWayIn', 'ok'])
  })

  it('are a second proof of a sign-in by password, signed for that sign-in and no other', async () => {
    const { shop, accountId, actor, device, add } = await open()
    const phone = device()
    must(await add(phone))
    const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    const code = hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    must(await confirmTotp(shop.ports, shop.as(actor), { code }))
    const halfWay = async () => {
      const refused = await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword })
      const error = refused._unsafeUnwrapErr()
      if (error.type !== 'SecondFactorRequired' || error.passkey === undefined) throw new Error(error.type)
      return { challengeId: error.challengeId, factors: error.factors, options: error.passkey }
    }
    const confirm = (challengeId: string, made: PasskeyAssertion) =>
      confirmSignIn(shop.ports, shop.as(guest), { kind: 'passkey', challengeId, ...made })
    const asked = await halfWay()
    expect(asked.factors).toEqual(['totp', 'recoveryCode', 'passkey'])
    expect(asked.options.allowCredentials.map(({ id }) => id)).toEqual([phone.credentialId])
    const other = await halfWay()
    const made = phone.get(asked.options.challenge)
    expect(tagOf(await confirm(other.challengeId, made))).toBe('CodeRefused')
    const stranger = device().get(asked.options.challenge)
    expect(tagOf(await confirm(asked.challengeId, stranger))).toBe('CodeRefused')
    expect(must(await confirm(asked.challengeId, made)).accountId).toBe(accountId)
    expect(tagOf(await confirm(asked.challengeId, made))).toBe('CodeRefused')
  })

  it('prove once more who one is, also where a second factor is on', async () => {
    const { shop, actor, device, add } = await open()
    const phone = device()
    expect(tagOf(await beginPasskeyStepUp(shop.ports, shop.as(actor), {}))).toBe('NotFound')
    must(await add(phone))
    const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    const code = hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    must(await confirmTotp(shop.ports, shop.as(actor), { code }))
    shop.pass(11 * minute)
    const prove = async (tampering: Tampering = {}) => {
      const { challengeId, options } = must(await beginPasskeyStepUp(shop.ports, shop.as(actor), {}))
      expect(options.allowCredentials.map(({ id }) => id)).toEqual([phone.credentialId])
      const made = phone.get(options.challenge, undefined, tampering)
      return stepUp(shop.ports, shop.as(actor), { kind: 'passkey', challengeId, ...made })
    }
    expect(tagOf(await prove({ userVerified: false }))).toBe('PasskeyRefused')
    const { token } = must(await prove())
    const fresh = await shop.actorBy(token)
    expect(tagOf(await beginPasskeyRegistration(shop.ports, shop.as(fresh), {}))).toBe('ok')
    // A payment of any amount takes it too: it is the finger or the face of its owner.
    const payment = { action: 'orders.pay', amount: { minor: 1_000_000, currency: 'CNY' }, challenged: true } as const
    const { payment: policy } = defaultAccountsPolicy.stepUp
    expect(askPaymentProof(actor, policy, { ...payment, at: shop.now() }).isErr()).toBe(true)
    expect(askPaymentProof(fresh, policy, { ...payment, at: shop.now() }).isOk()).toBe(true)
  })

  it('let the owner in while failures at the password have locked it, and after a reset', async () => {
    const { shop, device, add, enter } = await open()
    const phone = device()
    must(await add(phone))
    for (let index = 0; index < 6; index += 1) {
      await signIn(shop.ports, shop.as(guest), { identifier: email, password: 'wrong' })
    }
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    expect(tagOf(await enter(phone))).toBe('ok')
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
    expect(tagOf(await enter(phone))).toBe('ok')
  })

  it('whose counter does not count, and which are copied to other devices, are taken for what they say', async () => {
    const { shop, actor, device, add, enter } = await open()
    const synced = device({ counts: false, backedUp: true })
    must(await add(synced))
    for (let visit = 0; visit < 3; visit += 1) expect(tagOf(await enter(synced))).toBe('ok')
    expect(must(await myAccount(shop.ports, { actor }, {})).passkeys[0]?.backedUp).toBe(true)
  })

  it('are gone with the account, and of no other account', async () => {
    const { shop, actor, device, invite, add, enter } = await open()
    const phone = device()
    must(await add(phone))
    await shop.join('other@example.com')
    const other = await shop.actor('other@example.com')
    const { challengeId } = await invite()
    const made = device().create((await invite()).options.challenge)
    // Another account's invitation, and a key that leads elsewhere already.
    expect(tagOf(await finishPasskeyRegistration(shop.ports, shop.as(other), { challengeId, ...made }))).toBe(
      'PasskeyRefused',
    )
    const theirs = must(await beginPasskeyRegistration(shop.ports, shop.as(other), {}))
    const taken = { challengeId: theirs.challengeId, ...phone.create(theirs.options.challenge) }
    expect(tagOf(await finishPasskeyRegistration(shop.ports, shop.as(other), taken))).toBe('PasskeyRefused')
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    expect(tagOf(await enter(phone))).toBe('PasskeyRefused')
    const again = must(await beginPasskeyRegistration(shop.ports, shop.as(other), {}))
    const free = { challengeId: again.challengeId, ...phone.create(again.options.challenge) }
    expect(tagOf(await finishPasskeyRegistration(shop.ports, shop.as(other), free))).toBe('ok')
  })
})

describe('attacks on passkeys', () => {
  const wrong: readonly (readonly [string, Tampering])[] = [
    ['made for another origin', { origin: 'https://www.shop.example.evil.example' }],
    ['made for another domain', { rpId: 'evil.example' }],
    ['by a device that verified nobody', { userVerified: false }],
    ['for another challenge', { challenge: 'a'.repeat(64) }],
    ['for another purpose', { type: 'payment.get' }],
  ]

  it.each(wrong)('fail: %s', async (_, tampering) => {
    const { device, add, enter } = await open()
    const phone = device()
    expect(tagOf(await add(phone, tampering))).toBe('PasskeyRefused')
    must(await add(phone))
    expect(tagOf(await enter(phone, tampering))).toBe('PasskeyRefused')
    expect(tagOf(await enter(phone))).toBe('ok')
  })

  it('fail: a signature that is not the key’s, a copy that lags behind, a key that changed its kind, another user', async () => {
    const { device, add, enter } = await open()
    const phone = device()
    must(await add(phone))
    expect(tagOf(await enter(phone, { spoilSignature: true }))).toBe('PasskeyRefused')
    expect(tagOf(await enter(phone))).toBe('ok')
    expect(tagOf(await enter(phone, { counter: 1 }))).toBe('PasskeyRefused')
    expect(tagOf(await enter(phone, { counter: 0 }))).toBe('PasskeyRefused')
    expect(tagOf(await enter(phone, { backupEligible: true }))).toBe('PasskeyRefused')
    expect(tagOf(await enter(phone, {}, 'somebody-else'))).toBe('PasskeyRefused')
    expect(tagOf(await enter(phone))).toBe('ok')
    expect(tagOf(await enter(device()))).toBe('PasskeyRefused')
  })

  it('fail: what was signed once, again, late, for another challenge, and 16 times at once', async () => {
    const { shop, actor, device, add, ask, finish } = await open({ attempts: 40 })
    const phone = device()
    must(await add(phone))
    const once = await ask()
    const made = phone.get(once.options.challenge)
    expect(tagOf(await finish(once.challengeId, made))).toBe('ok')
    expect(tagOf(await finish(once.challengeId, made))).toBe('PasskeyRefused')
    expect(tagOf(await finish((await ask()).challengeId, made))).toBe('PasskeyRefused')
    const late = await ask()
    const old = phone.get(late.options.challenge)
    const code = { challengeId: late.challengeId, code: '123456' }
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), code))).toBe('CodeRefused')
    const proof = { kind: 'passkey', challengeId: late.challengeId, ...old } as const
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), proof))).toBe('PasskeyRefused')
    shop.pass(10 * minute)
    expect(tagOf(await finish(late.challengeId, old))).toBe('PasskeyRefused')
    const race = await ask()
    const raced = phone.get(race.options.challenge)
    const answers = await Promise.all(Array.from({ length: 16 }, () => finish(race.challengeId, raced)))
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
  })

  it('fail: guesses at one challenge are few, and questions are bounded by network, never for the whole shop', async () => {
    const failures = { network: { perHour: 2, perDay: 9 }, shop: { perHour: 1, perDay: 1 } }
    const { shop, device, add, ask, finish } = await open({ policy: { failures } })
    const phone = device()
    must(await add(phone))
    const { challengeId, options } = await ask()
    for (let guess = 0; guess < 5; guess += 1) {
      const made = phone.get(options.challenge, undefined, { spoilSignature: true })
      expect(tagOf(await finish(challengeId, made))).toBe('PasskeyRefused')
    }
    expect(tagOf(await finish(challengeId, phone.get(options.challenge)))).toBe('PasskeyRefused')
    const from = () => ({ ...shop.as(guest), origin: { address: '192.0.2.1' } })
    const tags = []
    for (let asked = 0; asked < 3; asked += 1) tags.push(tagOf(await beginPasskeySignIn(shop.ports, from(), {})))
    expect(tags).toEqual(['ok', 'ok', 'TooManyCodes'])
  })

  it('fail: an origin that is no text is refused, counted and in the trail like any other', async () => {
    const { shop, device, add, ask, finish } = await open()
    const phone = device()
    must(await add(phone))
    const { challengeId, options } = await ask()
    for (let guess = 0; guess < 5; guess += 1) {
      const made = phone.get(options.challenge, undefined, { origin: 'https://canary\ud800\u0000' })
      expect(tagOf(await finish(challengeId, made))).toBe('PasskeyRefused')
    }
    expect(shop.stored.filter((text) => text.includes('"refused"') && text.includes('"origin"'))).toHaveLength(5)
    expect(shop.stored.join('\n')).not.toContain('canary')
    expect(tagOf(await finish(challengeId, phone.get(options.challenge)))).toBe('PasskeyRefused')
  })

  it('are told of where the shop takes none', async () => {
    const shop = await openAccounts()
    expect(tagOf(await beginPasskeySignIn(shop.ports, shop.as(guest), {}))).toBe('PasskeysNotOffered')
  })
})
