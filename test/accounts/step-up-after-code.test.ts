import fc from 'fast-check'
import {
  type Actor,
  beginPasskeyRegistration,
  confirmBinding,
  defaultAccountsPolicy,
  eraseAccount,
  myAccount,
  provePayment,
  requestBinding,
  requestPaymentCode,
  requestReset,
  requestSignInCode,
  requestStepUpCode,
  resetPassword,
  setPaymentPassword,
  signInByCode,
  stepUp,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import type { StandingAccount } from '../../src/accounts/account-machine.js'
import { stepUpWays } from '../../src/accounts/second-factor/step-up-ways.js'
import type { Session } from '../../src/accounts/session.js'
import { identityOf } from '../support/puppet-provider.js'
import { openProviders, verified } from './identity/open-providers.js'
import {
  goodPassword,
  guest,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  otherPassword,
  tagOf,
} from './open-accounts.js'

const email = 'owner@example.com'
const phone = '+8613800138000'
const password = { kind: 'password', password: goodPassword } as const

/** Signs in by a code to a contact, as whoever reads its messages can. */
const enterByCode = async (shop: OpenAccounts, contact: string): Promise<Actor> => {
  shop.pass(minute)
  const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: contact }))
  const code = await shop.lastCode(contact)
  return shop.actorBy(must(await signInByCode(shop.ports, shop.as(guest), { challengeId, code })).token)
}

const bindPhone = async (shop: OpenAccounts, actor: Actor): Promise<string> => {
  const asked = await requestBinding(shop.ports, shop.as(actor), { phone })
  if (asked.isErr()) return asked.error.type
  const { challengeId } = asked.value
  return tagOf(await confirmBinding(shop.ports, shop.as(actor), { challengeId, code: await shop.lastCode(phone) }))
}

describe('a session that a code to a contact began', () => {
  it('is no fresh proof where there is a password: who reads the mail binds no number, adds no passkey, resets and gains nothing', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const thief = await enterByCode(shop, email)
    expect(await bindPhone(shop, thief)).toBe('StepUpRequired')
    expect(tagOf(await beginPasskeyRegistration(shop.ports, shop.as(thief), {}))).toBe('StepUpRequired')
    expect(tagOf(await unbindIdentifier(shop.ports, shop.as(thief), { kind: 'email' }))).toBe('StepUpRequired')
    expect(tagOf(await requestStepUpCode(shop.ports, shop.as(thief), { to: 'email' }))).toBe('FactorWayAbsent')
    shop.pass(minute)
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const given = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
    must(await resetPassword(shop.ports, shop.as(guest), given))
    for (const actor of [await shop.actor(email, otherPassword), await enterByCode(shop, email)]) {
      expect(await bindPhone(shop, actor)).toBe('StepUpRequired')
      expect(tagOf(await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: otherPassword }))).toBe(
        'StepUpWaits',
      )
    }
  })

  it('does everything else at once, and what asks for a proof by the password', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const owner = await enterByCode(shop, email)
    expect(tagOf(await myAccount(shop.ports, { actor: owner }, {}))).toBe('ok')
    const { token } = must(await stepUp(shop.ports, shop.as(owner), password))
    expect(await bindPhone(shop, await shop.actorBy(token))).toBe('ok')
    // Erasing asks for the password itself.
    const again = await enterByCode(shop, email)
    expect(tagOf(await eraseAccount(shop.ports, shop.as(again), { password: goodPassword }))).toBe('ok')
  })

  it('is proved by a code to the other contact, and by none to the same', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await bindPhone(shop, await shop.actor(email))
    const owner = await enterByCode(shop, phone)
    expect(tagOf(await requestStepUpCode(shop.ports, shop.as(owner), { to: 'phone' }))).toBe('FactorWayAbsent')
    const { challengeId } = must(await requestStepUpCode(shop.ports, shop.as(owner), { to: 'email' }))
    const proof = { kind: 'email', challengeId, code: await shop.lastCode(email) } as const
    const { token } = must(await stepUp(shop.ports, shop.as(owner), proof))
    expect(tagOf(await unbindIdentifier(shop.ports, shop.as(await shop.actorBy(token)), { kind: 'email' }))).toBe('ok')
  })

  it('is a fresh proof where there is nothing but the contact to prove anything by', async () => {
    const { shop, enter } = await openProviders()
    must(await enter(identityOf('idp.example', 'li', verified)))
    const actor = await enterByCode(shop, verified.address)
    expect(await bindPhone(shop, actor)).toBe('ok')
    // From now on there is a number too.
    const later = await enterByCode(shop, verified.address)
    expect(tagOf(await unbindIdentifier(shop.ports, shop.as(later), { kind: 'phone' }))).toBe('StepUpRequired')
  })

  it('counts at once in a shop that lets a reset password count at once', async () => {
    const stepUpPolicy = { ...defaultAccountsPolicy.stepUp, afterResetMs: 0 }
    const shop = await openAccounts({ policy: { stepUp: stepUpPolicy } })
    await shop.join(email)
    expect(await bindPhone(shop, await enterByCode(shop, email))).toBe('ok')
  })
})

describe('a code before a payment', () => {
  const payBy = async (shop: OpenAccounts, actor: Actor, challengeId: string, to: string) =>
    tagOf(await provePayment(shop.ports, shop.as(actor), { kind: 'code', challengeId, code: await shop.lastCode(to) }))

  it('shows nothing where it goes to the contact that alone began the session: it goes to the other one', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const owner = await shop.actor(email)
    await bindPhone(shop, owner)
    const byCode = await enterByCode(shop, phone)
    shop.pass(minute)
    const refused = await requestPaymentCode(shop.ports, shop.as(byCode), { to: 'phone' })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'ProofNotTaken', proof: 'code' })
    const { challengeId } = must(await requestPaymentCode(shop.ports, shop.as(byCode), {}))
    expect(await payBy(shop, byCode, challengeId, email)).toBe('ok')
  })

  it('is not taken from another session of the account either', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const owner = await shop.actor(email)
    const byCode = await enterByCode(shop, email)
    shop.pass(minute)
    const { challengeId } = must(await requestPaymentCode(shop.ports, shop.as(owner), { to: 'email' }))
    expect(await payBy(shop, byCode, challengeId, email)).toBe('CodeRefused')
    expect(await payBy(shop, owner, challengeId, email)).toBe('ok')
  })

  it('counts once the session was proved otherwise, and after a reset not before the day is over', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const byCode = await enterByCode(shop, email)
    expect(tagOf(await requestPaymentCode(shop.ports, shop.as(byCode), {}))).toBe('ProofNotTaken')
    const { token } = must(await stepUp(shop.ports, shop.as(byCode), password))
    shop.pass(minute)
    expect(tagOf(await requestPaymentCode(shop.ports, shop.as(await shop.actorBy(token)), {}))).toBe('ok')
    shop.pass(minute)
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const given = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
    must(await resetPassword(shop.ports, shop.as(guest), given))
    const rested = await shop.actor(email, otherPassword)
    expect(tagOf(await requestPaymentCode(shop.ports, shop.as(rested), {}))).toBe('ProofNotTaken')
    expect(tagOf(await setPaymentPassword(shop.ports, shop.as(rested), { paymentPassword: '274913' }))).toBe(
      'StepUpRequired',
    )
  })
})

describe('the ways to prove a session that a code began', () => {
  it('are never the contact of that code, where there is no second factor', () => {
    const bound = { key: 'k', value: { alg: 'A', nonce: 'n', text: 't' } } as never
    const contact = fc.constantFrom('email' as const, 'phone' as const)
    const given = fc.record({
      begunBy: contact,
      bound: fc.subarray(['email', 'phone'] as const),
      mustProve: fc.boolean(),
      hasPassword: fc.boolean(),
      hasPasskeys: fc.boolean(),
    })
    fc.assert(
      fc.property(given, ({ begunBy, bound: kinds, mustProve, hasPassword, hasPasskeys }) => {
        const facts = { accountId: 'a', registeredAt: 0, sessionEpoch: 0, activatedAt: 0 }
        const identifiers = Object.fromEntries(kinds.map((kind) => [kind, bound]))
        const account: StandingAccount = { ...facts, status: 'active', identifiers }
        const session: Session = {
          ...{ sessionId: 's', accountId: 'a', tokenDigest: 'd', epoch: 0, startedAt: 0, lastSeenAt: 0, idleUntil: 99 },
          ...{ endsAt: 99, begunBy, provenAt: 0 },
          ...(mustProve ? { mustProve } : {}),
        }
        const found = stepUpWays(session, { account, factor: undefined, hasPassword, hasPasskeys, at: 1 })
        if (found.kind !== 'open') throw new Error(found.kind)
        expect(found.proofs).not.toContain(begunBy)
        // What there is none of is not asked for.
        expect(found.password).toBe(hasPassword)
        if (!hasPassword && hasPasskeys) expect(found.proofs).toContain('passkey')
      }),
    )
  })
})
