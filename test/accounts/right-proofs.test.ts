import {
  banAccount,
  beginPasskeyRegistration,
  beginPasskeySignIn,
  beginProviderSignIn,
  confirmSignIn,
  confirmTotp,
  enrolTotp,
  eraseAccount,
  finishPasskeyRegistration,
  finishPasskeySignIn,
  finishProviderSignIn,
  requestReset,
  requestSignInCode,
  resetPassword,
  signIn,
  signInByCode,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createPasskeyVerifier } from '../../adapters/passkeys/simplewebauthn/index.js'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
import { createAuthenticator, type Tampering } from '../support/authenticator.js'
import { createPuppetProvider, identityOf } from '../support/puppet-provider.js'
import {
  clerk,
  customer,
  goodPassword,
  guest,
  minute,
  must,
  openAccounts,
  otherPassword,
  otherThan,
  tagOf,
} from './open-accounts.js'

const email = 'owner@example.com'
const site = { rpId: 'shop.example', origin: 'https://www.shop.example' }

/** An account with a passkey, and how each proof of it is given, right or wrong. */
const open = async () => {
  const verifier = await createPasskeyVerifier({ rpId: site.rpId, rpName: 'Shop', origins: [site.origin] })
  const puppet = createPuppetProvider('idp.example')
  const shop = await openAccounts({ passkeys: must(verifier), identityProviders: { puppet: puppet.provider } })
  const accountId = await shop.join(email)
  const phone = createAuthenticator(site)
  const actor = await shop.actor(email)
  const invited = must(await beginPasskeyRegistration(shop.ports, shop.as(actor), {}))
  const made = { challengeId: invited.challengeId, ...phone.create(invited.options.challenge) }
  must(await finishPasskeyRegistration(shop.ports, shop.as(actor), made))
  const ban = async () =>
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'abuse', until: null }))
  const byPassword = (password: string, identifier = email) =>
    signIn(shop.ports, shop.as(guest), { identifier, password })
  const asked = async () => must(await beginPasskeySignIn(shop.ports, shop.as(guest), {}))
  const byPasskey = ({ challengeId, options }: Awaited<ReturnType<typeof asked>>, tampering: Tampering = {}) =>
    finishPasskeySignIn(shop.ports, shop.as(guest), {
      challengeId,
      ...phone.get(options.challenge, undefined, tampering),
    })
  return { shop, puppet, accountId, actor, ban, byPassword, asked, byPasskey }
}

describe('the right proof of an account that is banned is answered like a wrong one', () => {
  it('by a password, with the same work', async () => {
    const { shop, ban, byPassword } = await open()
    await ban()
    const answers = []
    for (const [password, identifier] of [
      [goodPassword, email],
      [otherPassword, email],
      [goodPassword, 'nobody@example.com'],
    ] as const) {
      const before = shop.hashes()
      answers.push({ answer: await byPassword(password, identifier), hashes: shop.hashes() - before })
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]?.hashes).toBe(1)
  })

  it('by a code that was sent before, to sign in or to reset', async () => {
    const { shop, ban } = await open()
    const entry = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    const reset = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const resetCode = await shop.lastCode(email)
    await ban()
    const enter = (given: string) =>
      signInByCode(shop.ports, shop.as(guest), { challengeId: entry.challengeId, code: given })
    expect(await enter(code)).toEqual(await enter(otherThan(code)))
    const renew = (given: string) =>
      resetPassword(shop.ports, shop.as(guest), {
        challengeId: reset.challengeId,
        code: given,
        newPassword: otherPassword,
      })
    expect(await renew(resetCode)).toEqual(await renew(otherThan(resetCode)))
  })

  it('by a passkey, signed before the ban or after it, and like one that was erased', async () => {
    const { shop, accountId, ban, asked, byPasskey } = await open()
    const before = await asked()
    expect(tagOf(await byPasskey(await asked()))).toBe('ok')
    await ban()
    const wrong = await byPasskey(await asked(), { spoilSignature: true })
    expect(wrong._unsafeUnwrapErr()).toEqual({ type: 'PasskeyRefused' })
    expect(await byPasskey(before)).toEqual(wrong)
    expect(await byPasskey(await asked())).toEqual(wrong)
    const other = await open()
    const gone = { actor: other.shop.as(customer(other.accountId)), password: goodPassword }
    must(await eraseAccount(other.shop.ports, gone.actor, { password: gone.password }))
    expect(await other.byPasskey(await other.asked())).toEqual(wrong)
    // Of a right signature the trail alone tells, and nobody was signed in.
    expect(shop.stored.some((text) => text.includes('mayNotSignIn') && text.includes(accountId))).toBe(true)
  })

  it('by the second proof, where the ban came after the first', async () => {
    const { shop, actor, ban, byPassword } = await open()
    const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    const app = () => hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    must(await confirmTotp(shop.ports, shop.as(actor), { code: app() }))
    shop.pass(minute)
    const half = (await byPassword(goodPassword))._unsafeUnwrapErr()
    const challengeId = half.type === 'SecondFactorRequired' ? half.challengeId : ''
    expect(challengeId).not.toBe('')
    await ban()
    const second = (code: string) => confirmSignIn(shop.ports, shop.as(guest), { challengeId, kind: 'totp', code })
    const wrong = await second(otherThan(app()))
    expect(tagOf(wrong)).toBe('CodeRefused')
    expect(await second(app())).toEqual(wrong)
  })
})

it('a provider that vouches for somebody who is banned signs nobody in, and makes no second account', async () => {
  const { shop, puppet } = await open()
  const come = async () => {
    const way = must(await beginProviderSignIn(shop.ports, shop.as(guest), { providerId: 'puppet' }))
    const query = puppet.consent(way.redirectUrl, identityOf('idp.example', 'wang'))
    const { browserToken } = way
    return finishProviderSignIn(shop.ports, shop.as(guest), { providerId: 'puppet', query, browserToken, locale: 'en' })
  }
  const { accountId } = must(await come())
  must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'fraud', until: null }))
  expect((await come())._unsafeUnwrapErr()).toEqual({ type: 'SignInRefused' })
})

describe('the right password of an account', () => {
  it('that is locked, or waits for its code, is answered like a wrong one and like nobody’s', async () => {
    const { shop, byPassword } = await open()
    await shop.register('pending@example.com')
    for (let index = 0; index < 5; index += 1) await byPassword('wrong')
    const answers = []
    for (const [password, identifier] of [
      [goodPassword, email],
      [otherPassword, email],
      [goodPassword, 'pending@example.com'],
      [goodPassword, 'nobody@example.com'],
    ] as const) {
      const before = shop.hashes()
      answers.push({ answer: await byPassword(password, identifier), hashes: shop.hashes() - before })
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('that is locked does not keep a passkey or a code out: they are other proofs', async () => {
    const { shop, byPassword, byPasskey, asked } = await open()
    for (let index = 0; index < 5; index += 1) await byPassword('wrong')
    expect(tagOf(await byPasskey(await asked()))).toBe('ok')
    const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), { challengeId, code }))).toBe('ok')
  })
})

it('whoever waits to be activated is sent no code but that one, and asking answers as for nobody', async () => {
  const { shop } = await open()
  await shop.register('pending@example.com')
  await shop.deliver()
  const sent = shop.mailbox.length
  for (const ask of [requestReset, requestSignInCode]) {
    const [pending, nobody] = [
      must(await ask(shop.ports, shop.as(guest), { identifier: 'pending@example.com' })),
      must(await ask(shop.ports, shop.as(guest), { identifier: 'nobody@example.com' })),
    ]
    expect({ ...pending, challengeId: '' }).toEqual({ ...nobody, challengeId: '' })
  }
  await shop.deliver()
  expect(shop.mailbox).toHaveLength(sent)
})
