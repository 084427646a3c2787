import {
  confirmBinding,
  confirmContactFactor,
  confirmSignIn,
  confirmTotp,
  enrolTotp,
  myAccount,
  removeFactor,
  requestBinding,
  requestContactFactor,
  requestFactorCode,
  requestReset,
  requestSignInCode,
  requestStepUpCode,
  resendCode,
  resetPassword,
  type SecondFactorRequired,
  signIn,
  signInByCode,
  stepUp,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
import { secondProofsOf } from '../../src/accounts/second-factor/second-proofs.js'
import { unchecked } from '../support/unchecked.js'
import {
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

const email = 'owner@example.com'
const phone = '+8613800138000'
type Contact = 'email' | 'phone'
const addressOf = { email, phone }

/** An account with an address and a number, and codes to some of them as second factor. */
const open = async (contacts: readonly Contact[], options?: Parameters<typeof openAccounts>[0]) => {
  const shop = await openAccounts(options)
  const accountId = await shop.join(email)
  const actor = await shop.actor(email)
  const bound = must(await requestBinding(shop.ports, shop.as(actor), { phone }))
  must(
    await confirmBinding(shop.ports, shop.as(actor), {
      challengeId: bound.challengeId,
      code: await shop.lastCode(phone),
    }),
  )
  shop.pass(minute)
  const add = async (to: Contact) => {
    const { challengeId } = must(await requestContactFactor(shop.ports, shop.as(actor), { to }))
    const code = await shop.lastCode(addressOf[to])
    return must(await confirmContactFactor(shop.ports, shop.as(actor), { challengeId, code })).recoveryCodes
  }
  let recoveryCodes: readonly string[] = []
  for (const to of contacts) {
    recoveryCodes = await add(to)
    shop.pass(minute)
  }
  return { shop, accountId, actor, add, recoveryCodes }
}

const halfWay = async (shop: OpenAccounts, password = goodPassword): Promise<SecondFactorRequired> => {
  const refused = await signIn(shop.ports, shop.as(guest), { identifier: email, password })
  const error = refused._unsafeUnwrapErr()
  if (error.type !== 'SecondFactorRequired') throw new Error(error.type)
  return error
}

const byCode = async (shop: OpenAccounts, via: Contact): Promise<SecondFactorRequired> => {
  const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: addressOf[via] }))
  const code = await shop.lastCode(addressOf[via])
  const error = (await signInByCode(shop.ports, shop.as(guest), { challengeId, code }))._unsafeUnwrapErr()
  if (error.type !== 'SecondFactorRequired') throw new Error(error.type)
  return error
}

const ask = (shop: OpenAccounts, challengeId: string, to: Contact) =>
  requestFactorCode(shop.ports, shop.as(guest), { challengeId, to })

const second = (shop: OpenAccounts, challengeId: string, kind: string, code: string) =>
  confirmSignIn(shop.ports, shop.as(guest), { challengeId, kind: unchecked(kind), code })

describe('codes that strangers ask for', () => {
  it('keep no second proof and no code of a session from the owner at a device that is new', async () => {
    const { shop } = await open(['phone'])
    for (let index = 0; index < 12; index += 1) {
      shop.pass(15 * minute)
      const origin = { address: `198.51.${index}.1`, device: `bot ${index}` }
      await requestSignInCode(shop.ports, { ...shop.as(guest), origin }, { identifier: phone })
    }
    const origin = { address: '203.0.113.7', device: 'new' }
    const stranger = await requestSignInCode(shop.ports, { ...shop.as(guest), origin }, { identifier: phone })
    expect(tagOf(stranger)).toBe('TooManyCodes')
    const { challengeId } = await halfWay(shop)
    must(await requestFactorCode(shop.ports, { ...shop.as(guest), origin }, { challengeId, to: 'phone' }))
    const code = await shop.lastCode(phone)
    const proof = { challengeId, kind: 'phone', code } as const
    const { token } = must(await confirmSignIn(shop.ports, shop.as(guest), proof))
    const actor = await shop.actorBy(token)
    shop.pass(minute)
    expect(tagOf(await requestStepUpCode(shop.ports, { ...shop.as(actor), origin }, { to: 'phone' }))).toBe('ok')
  })

  it('are as many as may be, and so are those of whoever has shown to be the account', async () => {
    const { shop } = await open(['phone'])
    shop.pass(60 * minute)
    const answers: string[] = []
    for (let index = 0; index < 7; index += 1) {
      const origin = { address: `198.51.${index}.1`, device: `new ${index}` }
      const { challengeId } = await halfWay(shop)
      answers.push(
        tagOf(await requestFactorCode(shop.ports, { ...shop.as(guest), origin }, { challengeId, to: 'phone' })),
      )
      shop.pass(minute)
    }
    expect(answers).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'TooManyCodes', 'TooManyCodes'])
  })
})

describe('a code to a contact as second factor', () => {
  it('is turned on by a code that comes back from there, and asked for from then on', async () => {
    const { shop, accountId, actor, recoveryCodes } = await open(['phone'])
    expect(recoveryCodes).toHaveLength(10)
    expect(must(await myAccount(shop.ports, { actor }, {})).secondFactor).toMatchObject({
      ways: ['phone'],
      recoveryCodesLeft: 10,
    })
    const required = await halfWay(shop)
    expect(required.factors).toEqual(['phone', 'recoveryCode'])
    const { challengeId } = required
    const sent = must(await ask(shop, challengeId, 'phone'))
    expect(sent).toEqual({ challengeId, expiresAt: required.expiresAt, resendAt: shop.now() + minute })
    const code = await shop.lastCode(phone)
    expect(shop.mailbox.at(-1)).toMatchObject({ channel: 'sms', to: phone, subject: 'Your second sign-in code' })
    expect(tagOf(await second(shop, challengeId, 'phone', otherThan(code)))).toBe('CodeRefused')
    expect(must(await second(shop, challengeId, 'phone', code)).accountId).toBe(accountId)
    expect(tagOf(await second(shop, challengeId, 'phone', code))).toBe('CodeRefused')
    expect(shop.stored.join('\n').includes(code)).toBe(false)
  })

  it('is off until its code has come back, and the code is of this account, this contact and this purpose', async () => {
    const { shop, actor } = await open([])
    const { challengeId } = must(await requestContactFactor(shop.ports, shop.as(actor), { to: 'phone' }))
    const code = await shop.lastCode(phone)
    expect((await shop.enter(email)).token).not.toBe('')
    const other = await shop.join('other@example.com')
    const stranger = await shop.actor('other@example.com')
    expect(other).toMatch(/^account_/)
    expect(tagOf(await confirmContactFactor(shop.ports, shop.as(stranger), { challengeId, code }))).toBe('CodeRefused')
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), { kind: 'phone', challengeId, code }))).toBe('CodeRefused')
    const wrong = { challengeId, code: otherThan(code) }
    expect(tagOf(await confirmContactFactor(shop.ports, shop.as(actor), wrong))).toBe('CodeRefused')
    expect(tagOf(await confirmContactFactor(shop.ports, shop.as(actor), { challengeId, code }))).toBe('ok')
    shop.pass(minute)
    expect(tagOf(await requestContactFactor(shop.ports, shop.as(actor), { to: 'phone' }))).toBe('FactorWayStands')
    expect(tagOf(await requestContactFactor(shop.ports, shop.as(stranger), { to: 'phone' }))).toBe('NotBound')
  })

  it('stands beside an authenticator app; each way is taken off by itself, by a fresh proof', async () => {
    const { shop, actor, add } = await open(['email'])
    const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    const app = () => hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    must(await confirmTotp(shop.ports, shop.as(actor), { code: app() }))
    await add('phone')
    expect((await halfWay(shop)).factors).toEqual(['totp', 'email', 'phone', 'recoveryCode'])
    expect(tagOf(await unbindIdentifier(shop.ports, shop.as(actor), { kind: 'phone' }))).toBe('ContactInUse')
    shop.pass(11 * minute)
    expect(tagOf(await removeFactor(shop.ports, shop.as(actor), { way: 'phone' }))).toBe('StepUpRequired')
    const password = await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword })
    expect(password._unsafeUnwrapErr()).toEqual({
      type: 'FactorProofRequired',
      factors: ['totp', 'email', 'phone', 'recoveryCode'],
    })
    const { challengeId } = must(await requestStepUpCode(shop.ports, shop.as(actor), { to: 'phone' }))
    const code = await shop.lastCode(phone)
    // A code that went to the number is none of the address.
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), { kind: 'email', challengeId, code }))).toBe('CodeRefused')
    const { token } = must(await stepUp(shop.ports, shop.as(actor), { kind: 'phone', challengeId, code }))
    const fresh = await shop.actorBy(token)
    for (const way of ['totp', 'phone'] as const) must(await removeFactor(shop.ports, shop.as(fresh), { way }))
    expect(tagOf(await removeFactor(shop.ports, shop.as(fresh), { way: 'phone' }))).toBe('FactorWayAbsent')
    expect(tagOf(await requestStepUpCode(shop.ports, shop.as(fresh), { to: 'phone' }))).toBe('FactorWayAbsent')
    expect(tagOf(await unbindIdentifier(shop.ports, shop.as(fresh), { kind: 'phone' }))).toBe('ok')
    expect((await halfWay(shop)).factors).toEqual(['email', 'recoveryCode'])
    must(await removeFactor(shop.ports, shop.as(fresh), { way: 'email' }))
    expect((await shop.enter(email)).token).not.toBe('')
  })
})

describe('attack 8: giving one channel for two proofs', () => {
  it('fails: a code by the way of the first proof is no second one', async () => {
    const { shop } = await open(['email', 'phone'])
    const required = await byCode(shop, 'email')
    expect(required.factors).toEqual(['phone', 'recoveryCode'])
    expect(tagOf(await ask(shop, required.challengeId, 'email'))).toBe('CodeRefused')
    shop.pass(minute)
    must(await ask(shop, required.challengeId, 'phone'))
    const code = await shop.lastCode(phone)
    expect(tagOf(await second(shop, required.challengeId, 'email', code))).toBe('CodeRefused')
    expect(tagOf(await second(shop, required.challengeId, 'phone', code))).toBe('ok')
  })

  it('fails by a reset too: who reads the mail has the new password and needs something else than the mail', async () => {
    const { shop, recoveryCodes } = await open(['email'])
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const reset = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
    must(await resetPassword(shop.ports, shop.as(guest), reset))
    const required = await halfWay(shop, otherPassword)
    expect(required.factors).toEqual(['recoveryCode'])
    expect(tagOf(await ask(shop, required.challengeId, 'email'))).toBe('CodeRefused')
    must(await second(shop, required.challengeId, 'recoveryCode', recoveryCodes[0] ?? ''))
    // The person has shown more than the mail: from now on its codes count again.
    expect((await halfWay(shop, otherPassword)).factors).toEqual(['email', 'recoveryCode'])
  })

  it('fails though the owner comes in meanwhile by codes: the password that the mail made has not been proven anew by it', async () => {
    const { shop, actor } = await open(['email'])
    const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    const app = () => hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    must(await confirmTotp(shop.ports, shop.as(actor), { code: app() }))
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const reset = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
    must(await resetPassword(shop.ports, shop.as(guest), reset))
    shop.pass(minute)
    // The owner, of whose mail somebody else knows: twice by the number, then by the mail as a first proof too.
    for (const via of ['phone', 'phone', 'email'] as const) {
      const entry = await byCode(shop, via)
      must(await second(shop, entry.challengeId, 'totp', app()))
      shop.pass(minute)
    }
    const required = await halfWay(shop, otherPassword)
    expect(required.factors).toEqual(['totp', 'recoveryCode'])
    expect(tagOf(await ask(shop, required.challengeId, 'email'))).toBe('CodeRefused')
    must(await second(shop, required.challengeId, 'totp', app()))
    expect((await halfWay(shop, otherPassword)).factors).toEqual(['totp', 'email', 'recoveryCode'])
  })

  it('offers no proof twice, whatever ways there are', () => {
    for (const provenBy of ['email', 'phone', undefined] as const) {
      const factor = {
        status: 'enabled' as const,
        accountId: 'a',
        enabledAt: 1,
        contacts: ['email', 'phone'] as const,
        recoveryDigests: [],
      }
      const proofs = secondProofsOf(factor, { provenBy, hasPasskeys: true })
      expect(proofs).toContain('passkey')
      expect(proofs).toHaveLength(provenBy === undefined ? 3 : 2)
      if (provenBy !== undefined) expect(proofs).not.toContain(provenBy)
    }
    expect(secondProofsOf({ status: 'absent' }, { hasPasskeys: true })).toEqual([])
  })
})

describe('attack 5: guessing a second code over many of them', () => {
  it('fails: sends are few, the first proof is not prolonged, and wrong codes slow whatever way', async () => {
    const { shop } = await open(['phone'])
    const { challengeId, expiresAt } = await halfWay(shop)
    // Nobody was sent a code yet, so none is right.
    expect(tagOf(await second(shop, challengeId, 'phone', '000000'))).toBe('CodeRefused')
    must(await ask(shop, challengeId, 'phone'))
    const first = await shop.lastCode(phone)
    expect(tagOf(await ask(shop, challengeId, 'phone'))).toBe('CodeTooSoon')
    shop.pass(minute)
    expect(must(await ask(shop, challengeId, 'phone')).expiresAt).toBe(expiresAt)
    const latest = await shop.lastCode(phone)
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))).toBe('CodeRefused')
    if (first !== latest) expect(tagOf(await second(shop, challengeId, 'phone', first))).toBe('CodeRefused')
    const others = await halfWay(shop)
    for (let index = 0; index < 5; index += 1) {
      await second(shop, challengeId, 'phone', otherThan(latest, index + 1))
      await second(shop, others.challengeId, 'totp', '000000')
    }
    expect(tagOf(await second(shop, challengeId, 'phone', latest))).toBe('CodeRefused')
    await shop.deliver()
    expect(shop.mailbox.at(-1)).toMatchObject({ subject: 'Wrong codes of your second factor' })
    const tags: string[] = []
    for (let index = 0; index < 8; index += 1) {
      shop.pass(minute)
      const half = await halfWay(shop)
      tags.push(tagOf(await ask(shop, half.challengeId, 'phone')))
    }
    expect(tags).toContain('TooManyCodes')
  })

  it('fails when 32 come with one code at once: one signs in', async () => {
    const { shop } = await open(['phone'], { attempts: 100 })
    const { challengeId } = await halfWay(shop)
    must(await ask(shop, challengeId, 'phone'))
    const code = await shop.lastCode(phone)
    const answers = await Promise.all(Array.from({ length: 32 }, () => second(shop, challengeId, 'phone', code)))
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
  })
})
