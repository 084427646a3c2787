import {
  accountsPersonalData,
  confirmSignIn,
  confirmTotp,
  enrolTotp,
  eraseAccount,
  find,
  findUnregistered,
  type Json,
  myAccount,
  readFacts,
  removeFactor,
  renewRecoveryCodes,
  requestReset,
  requestSignInCode,
  resendCode,
  resetPassword,
  secondFactors,
  signIn,
  signInByCode,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
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
const halfMinute = minute / 2

/** An account with a second factor, and the app that has its secret. */
const openWithFactor = async (options?: Parameters<typeof openAccounts>[0]) => {
  const shop = await openAccounts(options)
  const accountId = await shop.join(email)
  const actor = await shop.actor(email)
  const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
  const app = () => hotpCode(secretBytesOf(secret), stepAt(shop.now()))
  const { recoveryCodes } = must(await confirmTotp(shop.ports, shop.as(actor), { code: app() }))
  // The code that turned it on is used.
  shop.pass(halfMinute)
  return { shop, accountId, actor, app, secret, recoveryCodes }
}

/** The first step of a sign-in, by the password. */
const halfWay = async (shop: OpenAccounts): Promise<string> => {
  const refused = await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword })
  return refused.match(
    () => 'signed in',
    (error) => (error.type === 'SecondFactorRequired' ? error.challengeId : error.type),
  )
}

const second = (shop: OpenAccounts, challengeId: string, code: string, kind = 'totp') =>
  confirmSignIn(shop.ports, shop.as(guest), { challengeId, kind: unchecked(kind), code })

describe('signing in with a second factor', () => {
  it('takes the password, then a code of the app; the password alone begins no session', async () => {
    const { shop, accountId, app } = await openWithFactor()
    const refused = await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword })
    expect(refused._unsafeUnwrapErr()).toEqual({
      type: 'SecondFactorRequired',
      challengeId: expect.stringMatching(/^challenge_/),
      expiresAt: shop.now() + 10 * minute,
      factors: ['totp', 'recoveryCode'],
    })
    const challengeId = await halfWay(shop)
    expect(must(await second(shop, challengeId, app())).accountId).toBe(accountId)
    await shop.deliver()
    expect(shop.mailbox.map(({ subject }) => subject)).toContain('Your second factor was changed')
  })

  it('asks for nothing before a first code of the secret has come back', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    const { secret, uri } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    expect(uri).toContain(`secret=${secret}&issuer=shopwright`)
    expect((await shop.enter(email)).token).not.toBe('')
    const code = hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    expect(tagOf(await confirmTotp(shop.ports, shop.as(actor), { code: otherThan(code) }))).toBe('CodeRefused')
    const { recoveryCodes } = must(await confirmTotp(shop.ports, shop.as(actor), { code }))
    expect(recoveryCodes).toHaveLength(10)
    expect(recoveryCodes[0]).toMatch(/^\d{4}-\d{4}-\d{4}-\d{4}$/)
    expect(must(await myAccount(shop.ports, { actor }, {})).secondFactor).toEqual({
      enabledAt: shop.now(),
      ways: ['totp'],
      recoveryCodesLeft: 10,
    })
    expect(tagOf(await enrolTotp(shop.ports, shop.as(actor), {}))).toBe('FactorWayStands')
  })

  it('takes each recovery code once, however it is typed; new ones make the old void', async () => {
    const { shop, recoveryCodes, app } = await openWithFactor()
    const [first = '', other = ''] = recoveryCodes
    must(await second(shop, await halfWay(shop), first.replaceAll('-', ' '), 'recoveryCode'))
    expect(tagOf(await second(shop, await halfWay(shop), first, 'recoveryCode'))).toBe('CodeRefused')
    const { token } = must(await second(shop, await halfWay(shop), app()))
    const actor = await shop.actorBy(token)
    must(await renewRecoveryCodes(shop.ports, shop.as(actor), {}))
    expect(tagOf(await second(shop, await halfWay(shop), other, 'recoveryCode'))).toBe('CodeRefused')
    expect(must(await myAccount(shop.ports, { actor }, {})).secondFactor?.recoveryCodesLeft).toBe(10)
  })

  it('is over when the factor is taken off, for which the factor is asked once more', async () => {
    const { shop, actor, app } = await openWithFactor()
    shop.pass(10 * minute)
    expect(tagOf(await removeFactor(shop.ports, shop.as(actor), {}))).toBe('StepUpRequired')
    const byPassword = { kind: 'password', password: goodPassword } as const
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), byPassword))).toBe('FactorProofRequired')
    const code = app()
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), { kind: 'totp', code: otherThan(code) }))).toBe('CodeRefused')
    const { token } = must(await stepUp(shop.ports, shop.as(actor), { kind: 'totp', code }))
    must(await removeFactor(shop.ports, shop.as(await shop.actorBy(token)), {}))
    expect((await shop.enter(email)).token).not.toBe('')
  })

  it('leaves no secret and no recovery code readable, and nothing at all after an erasure', async () => {
    const { shop, accountId, actor, secret, recoveryCodes } = await openWithFactor()
    const everything = shop.stored.join('\n')
    for (const canary of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
      expect(everything.includes(canary)).toBe(false)
    }
    const rows = async () =>
      must(
        await readFacts(shop.ports.storage, {
          shop: 'main',
          scope: { kind: 'all' },
          at: shop.now(),
          plan: { kept: find(secondFactors, { where: [], limit: 9 }) },
        }),
      ).kept
    const kept = (await rows()).map(({ state }) => ({ collection: 'secondFactor', state: state as Json }))
    expect(findUnregistered(accountsPersonalData, kept)).toEqual([])
    expect(findUnregistered([], kept)).toEqual([{ collection: 'secondFactor', path: 'app.secret' }])
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    expect(await rows()).toEqual([])
    expect(accountId).toMatch(/^account_/)
  })
})

describe('signing in by a code', () => {
  it('takes the code that went to the address or number, once, and no password', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('+8613800138000')
    shop.pass(minute)
    const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: '138 0013 8000' }))
    const code = await shop.lastCode('+8613800138000')
    expect(shop.mailbox.at(-1)).toMatchObject({ channel: 'sms', subject: 'Your sign-in code' })
    const input = { challengeId, code }
    expect(must(await signInByCode(shop.ports, shop.as(guest), input)).accountId).toBe(accountId)
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), input))).toBe('CodeRefused')
  })

  it('answers alike where there is no account, and asks for the second factor where there is one', async () => {
    const { shop, app } = await openWithFactor()
    const unknown = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: 'nobody@example.com' }))
    const known = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
    expect({ ...known, challengeId: '' }).toEqual({ ...unknown, challengeId: '' })
    const wrong = { challengeId: unknown.challengeId, code: '0000000' }
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), wrong))).toBe('CodeRefused')
    const given = { challengeId: known.challengeId, code: await shop.lastCode(email) }
    const answer = (await signInByCode(shop.ports, shop.as(guest), given))._unsafeUnwrapErr()
    const challengeId = answer.type === 'SecondFactorRequired' ? answer.challengeId : ''
    expect(tagOf(await second(shop, challengeId, app()))).toBe('ok')
  })

  it('lets the owner in while failures at the password have locked it', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    for (let index = 0; index < 6; index += 1) {
      await signIn(shop.ports, shop.as(guest), { identifier: email, password: 'wrong' })
    }
    expect(await halfWay(shop)).toBe('SignInRefused')
    const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), { challengeId, code }))).toBe('ok')
  })
})

describe('attack 7: using a code of an authenticator app again', () => {
  it('fails: in another sign-in, for a step-up, after a newer one, and when 32 come with it at once', async () => {
    const { shop, app } = await openWithFactor({ attempts: 80 })
    const code = app()
    const challenges: string[] = []
    for (let index = 0; index < 32; index += 1) challenges.push(await halfWay(shop))
    const answers = await Promise.all(challenges.map((challengeId) => second(shop, challengeId, code)))
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
    const { token } = must(answers.find((answer) => answer.isOk()) ?? (await second(shop, '', '')))
    shop.pass(halfMinute + 30 * minute)
    const actor = await shop.actorBy(token)
    const older = app()
    shop.pass(halfMinute)
    const newer = app()
    must(await second(shop, await halfWay(shop), newer))
    expect(tagOf(await second(shop, await halfWay(shop), older))).toBe('CodeRefused')
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), { kind: 'totp', code: newer }))).toBe('CodeRefused')
  })

  it('fails: guesses are few over all sign-ins, the owner is told, and the password does not begin the count anew', async () => {
    const { shop, app, recoveryCodes } = await openWithFactor()
    for (let index = 0; index < 5; index += 1) {
      expect(tagOf(await second(shop, await halfWay(shop), otherThan(app(), index + 1)))).toBe('CodeRefused')
    }
    expect(tagOf(await second(shop, await halfWay(shop), app()))).toBe('CodeRefused')
    await shop.deliver()
    expect(shop.mailbox.at(-1)).toMatchObject({ to: email, subject: 'Wrong codes of your second factor' })
    shop.pass(minute)
    expect(tagOf(await second(shop, await halfWay(shop), recoveryCodes[0] ?? '', 'recoveryCode'))).toBe('ok')
  })

  it('fails: a first proof counts ten minutes, for its account and for nothing else', async () => {
    const { shop, app } = await openWithFactor()
    const challengeId = await halfWay(shop)
    const code = app()
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), { challengeId, code }))).toBe('CodeRefused')
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))).toBe('CodeRefused')
    const signInCode = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
    expect(tagOf(await second(shop, signInCode.challengeId, code))).toBe('CodeRefused')
    shop.pass(10 * minute)
    expect(tagOf(await second(shop, challengeId, app()))).toBe('CodeRefused')
  })
})

describe('attack 8: going round the second factor', () => {
  it('fails: a reset signs nobody in, and the new password still leads to the factor', async () => {
    const { shop, app } = await openWithFactor()
    const planted = await halfWay(shop)
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
    // What was begun with the old password is void.
    expect(tagOf(await second(shop, planted, app()))).toBe('CodeRefused')
    const refused = await signIn(shop.ports, shop.as(guest), { identifier: email, password: otherPassword })
    expect(tagOf(refused)).toBe('SecondFactorRequired')
  })
})
