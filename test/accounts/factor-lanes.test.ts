import {
  confirmSignIn,
  confirmTotp,
  enrolTotp,
  eraseAccount,
  requestReset,
  resetPassword,
  signIn,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
import {
  day,
  goodPassword,
  guest,
  hour,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  otherPassword,
  otherThan,
  tagOf,
} from './open-accounts.js'

const email = 'owner@example.com'
const thirdPassword = 'Gd6!rwKt-vJc3'
const home = { device: 'a browser at home', address: '203.0.113.7' }
const elsewhere = { device: 'a browser of somebody who knows the password', address: '198.51.100.9' }

/** An account with an authenticator app, which knows the browser at home. */
const open = async (options?: Parameters<typeof openAccounts>[0]) => {
  const shop = await openAccounts(options)
  const accountId = await shop.join(email)
  const actor = await shop.actor(email)
  const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
  const app = () => hotpCode(secretBytesOf(secret), stepAt(shop.now()))
  const { recoveryCodes } = must(await confirmTotp(shop.ports, shop.as(actor), { code: app() }))
  shop.pass(minute)
  const enter = async (
    origin: typeof home,
    code: string,
    kind: 'totp' | 'recoveryCode' = 'totp',
    password = goodPassword,
  ) => {
    const half = await signIn(shop.ports, { ...shop.as(guest), origin }, { identifier: email, password })
    const challengeId = half.isErr() && half.error.type === 'SecondFactorRequired' ? half.error.challengeId : ''
    expect(challengeId).not.toBe('')
    return confirmSignIn(shop.ports, { ...shop.as(guest), origin }, { challengeId, kind, code })
  }
  must(await enter(home, app()))
  shop.pass(minute)
  return { shop, accountId, app, enter, recoveryCodes }
}

/** Wrong codes from elsewhere until no more of them counts. */
const failToTheEnd = async ({ shop, app, enter }: Awaited<ReturnType<typeof open>>, password = goodPassword) => {
  const { guard } = shop.ports.accountsPolicy
  for (let index = 0; index < guard.failuresBeforeDisable; index += 1) {
    expect(tagOf(await enter(elsewhere, otherThan(app(), index + 1), 'totp', password))).toBe('CodeRefused')
    shop.pass(guard.longestLockMs)
  }
}

const reset = async (shop: OpenAccounts, newPassword: string) => {
  const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
  must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code: await shop.lastCode(email), newPassword }))
}

const short = async () => {
  const { guard } = (await openAccounts()).ports.accountsPolicy
  return { policy: { guard: { ...guard, failuresBeforeDisable: 8 } } }
}

describe('attack 11: keeping the owner from the second factor by its failures', () => {
  it('fails: at a known device codes are looked at at any moment of an attack that never ends', async () => {
    const opened = await open(await short())
    const { shop, app, enter } = opened
    for (let index = 0; index < 7; index += 1) {
      await enter(elsewhere, otherThan(app(), index + 1))
      expect(tagOf(await enter(home, app()))).toBe('ok')
      shop.pass(minute)
    }
    await failToTheEnd(opened)
    expect(tagOf(await enter(elsewhere, app()))).toBe('CodeRefused')
    const { token } = must(await enter(home, app()))
    shop.pass(minute)
    // The step-up of the session too, and only from there.
    const proof = () => ({ kind: 'totp', code: app() }) as const
    const actor = await shop.actorBy(token)
    expect(tagOf(await stepUp(shop.ports, { ...shop.as(actor), origin: elsewhere }, proof()))).toBe('CodeRefused')
    expect(tagOf(await stepUp(shop.ports, { ...shop.as(actor), origin: home }, proof()))).toBe('ok')
  })

  it('fails: a known device is locked by its own failures, and is like any other once they are too many', async () => {
    const { shop, app, enter } = await open(await short())
    const wrong = async (index: number) => tagOf(await enter(home, otherThan(app(), index + 1)))
    for (let index = 0; index < 5; index += 1) expect(await wrong(index)).toBe('CodeRefused')
    expect(tagOf(await enter(home, app()))).toBe('CodeRefused')
    // What failed at home locks nobody elsewhere.
    expect(tagOf(await enter({ ...elsewhere, device: 'one that is new' }, app()))).toBe('ok')
    shop.pass(minute)
    for (let index = 5; index < 8; index += 1) {
      await wrong(index)
      shop.pass(30 * minute)
    }
    // Eight in a row at home: from now on failures there count with those of everybody, from none.
    for (let index = 8; index < 13; index += 1) expect(await wrong(index)).toBe('CodeRefused')
    expect(tagOf(await enter(elsewhere, app()))).toBe('CodeRefused')
    shop.pass(minute)
    expect(tagOf(await enter(elsewhere, app()))).toBe('ok')
  })

  it('fails: a reset lets codes be tried again; once in a month, for a mailbox is no second proof', async () => {
    const opened = await open(await short())
    const { shop, app, enter } = opened
    await failToTheEnd(opened)
    expect(tagOf(await enter(elsewhere, app()))).toBe('CodeRefused')
    await reset(shop, otherPassword)
    expect(tagOf(await enter(elsewhere, app(), 'totp', otherPassword))).toBe('ok')
    shop.pass(minute)
    // Whoever reads the mail resets again and again, and has eight guesses of it and no more.
    const again = await open(await short())
    await failToTheEnd(again)
    await reset(again.shop, otherPassword)
    again.shop.pass(2 * hour)
    await failToTheEnd(again, otherPassword)
    await reset(again.shop, thirdPassword)
    expect(tagOf(await again.enter(elsewhere, again.app(), 'totp', thirdPassword))).toBe('CodeRefused')
    const [recovery = ''] = again.recoveryCodes
    expect(tagOf(await again.enter(elsewhere, recovery, 'recoveryCode', thirdPassword))).toBe('ok')
  })

  it('tells the owner once a day, also of recovery codes that are guessed when the others count no more', async () => {
    const opened = await open(await short())
    const { shop, enter } = opened
    await failToTheEnd(opened)
    const notices = async () => {
      await shop.deliver()
      return shop.mailbox.filter(({ subject }) => subject === 'Wrong codes of your second factor').length
    }
    expect(await notices()).toBe(2)
    for (let index = 0; index < 40; index += 1) {
      expect(tagOf(await enter(elsewhere, `0000-0000-0000-00${10 + index}`, 'recoveryCode'))).toBe('CodeRefused')
      shop.pass(30 * minute)
    }
    expect(await notices()).toBe(2)
    shop.pass(day)
    for (let index = 0; index < 5; index += 1) await enter(elsewhere, '0000-0000-0000-0000', 'recoveryCode')
    expect(await notices()).toBe(3)
  })
})

it('erasing an account with a second factor takes a fresh proof by it, beside the password', async () => {
  const { shop, app, enter } = await open()
  const { token } = must(await enter(home, app()))
  shop.pass(10 * minute)
  const erase = async (by: string) =>
    eraseAccount(shop.ports, shop.as(await shop.actorBy(by)), { password: goodPassword })
  const refused = await erase(token)
  expect(refused.isErr() && refused.error).toEqual({
    type: 'StepUpRequired',
    action: 'accounts.erase',
    freshMs: 10 * minute,
  })
  const proof = { kind: 'totp', code: app() } as const
  const proven = must(await stepUp(shop.ports, shop.as(await shop.actorBy(token)), proof))
  const wrong = await eraseAccount(shop.ports, shop.as(await shop.actorBy(proven.token)), { password: otherPassword })
  expect(tagOf(wrong)).toBe('PasswordNotProven')
  expect(tagOf(await erase(proven.token))).toBe('ok')
})
