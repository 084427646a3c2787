import { ResultAsync } from 'neverthrow'
import {
  type AccountsPorts,
  confirmBinding,
  confirmContactFactor,
  confirmTotp,
  enrolTotp,
  requestBinding,
  requestContactFactor,
  requestReset,
  resetPassword,
  signIn,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
import { guest, minute, must, type OpenAccounts, openAccounts, otherPassword, tagOf } from './open-accounts.js'

const email = 'owner@example.com'
const phone = '+8613800138000'

/** The same accounts, in whose next commit something happens between reading and writing. */
const meanwhile = ({ ports }: OpenAccounts, happens: () => Promise<unknown>): AccountsPorts => {
  let waits = true
  return {
    ...ports,
    storage: {
      ...ports.storage,
      commit: (commit) => {
        if (!waits) return ports.storage.commit(commit)
        waits = false
        return ResultAsync.fromSafePromise(happens()).andThen(() => ports.storage.commit(commit))
      },
    },
  }
}

/** An account with an address and a number; one of them is asked to be a second factor, and its code is there. */
const open = async (before: readonly ('email' | 'phone')[] = []) => {
  const shop = await openAccounts()
  await shop.join(email)
  const actor = await shop.actor(email)
  const bound = must(await requestBinding(shop.ports, shop.as(actor), { phone }))
  const code = await shop.lastCode(phone)
  must(await confirmBinding(shop.ports, shop.as(actor), { challengeId: bound.challengeId, code }))
  const prepare = async (to: 'email' | 'phone') => {
    shop.pass(minute)
    const { challengeId } = must(await requestContactFactor(shop.ports, shop.as(actor), { to }))
    const sent = await shop.lastCode(to === 'email' ? email : phone)
    return async () => must(await confirmContactFactor(shop.ports, shop.as(actor), { challengeId, code: sent }))
  }
  for (const to of before) await (await prepare(to))()
  return { shop, actor, prepare }
}

const reset = async (shop: OpenAccounts, happens: () => Promise<unknown>) => {
  shop.pass(minute)
  const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
  const given = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
  must(await resetPassword(meanwhile(shop, happens), shop.as(guest), given))
  const refused = await signIn(shop.ports, shop.as(guest), { identifier: email, password: otherPassword })
  const error = refused._unsafeUnwrapErr()
  return error.type === 'SecondFactorRequired' ? error.factors : error.type
}

describe('a second factor that begins to count while something else is decided', () => {
  it('keeps its contact: one that is taken off at the same moment stays, first factor or not', async () => {
    for (const before of [[], ['phone']] as const) {
      const { shop, actor, prepare } = await open(before)
      const confirm = await prepare('email')
      const unbound = await unbindIdentifier(meanwhile(shop, confirm), shop.as(actor), { kind: 'email' })
      expect(tagOf(unbound), before.join()).toBe('ContactInUse')
    }
  })

  it('is held against a reset at the same moment: a code by the way of the reset is no second proof', async () => {
    const first = await open()
    expect(await reset(first.shop, await first.prepare('email'))).toEqual(['recoveryCode'])
    const second = await open(['email'])
    expect(await reset(second.shop, await second.prepare('phone'))).toEqual(['phone', 'recoveryCode'])
    const third = await open()
    const enrolled = await reset(third.shop, async () => {
      const { secret } = must(await enrolTotp(third.shop.ports, third.shop.as(third.actor), {}))
      const code = hotpCode(secretBytesOf(secret), stepAt(third.shop.now()))
      must(await confirmTotp(third.shop.ports, third.shop.as(third.actor), { code }))
      await (await third.prepare('email'))()
    })
    expect(enrolled).toEqual(['totp', 'recoveryCode'])
  })
})
