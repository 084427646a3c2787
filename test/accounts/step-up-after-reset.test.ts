import fc from 'fast-check'
import {
  type Actor,
  commitChanges,
  confirmBinding,
  confirmContactFactor,
  confirmSignIn,
  defaultAccountsPolicy,
  eraseAccount,
  myAccount,
  put,
  readFacts,
  requestBinding,
  requestContactFactor,
  requestFactorCode,
  requestReset,
  requestSignInCode,
  requestStepUpCode,
  resetPassword,
  row,
  type SecondFactor,
  type Session,
  sessions,
  setUserName,
  signIn,
  signInByCode,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import type { StandingAccount } from '../../src/accounts/account-machine.js'
import { stepUpWays } from '../../src/accounts/second-factor/step-up-ways.js'
import { isSteppedUp } from '../../src/shared/step-up.js'
import { day, guest, minute, must, type OpenAccounts, openAccounts, otherPassword, tagOf } from './open-accounts.js'

const email = 'owner@example.com'
const phone = '+8613800138000'
const newPassword = { kind: 'password', password: otherPassword } as const

/** Sets the password anew by a code to a contact, as whoever reads its messages can. */
const reset = async (shop: OpenAccounts, contact: string): Promise<void> => {
  const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: contact }))
  const given = { challengeId, code: await shop.lastCode(contact), newPassword: otherPassword }
  must(await resetPassword(shop.ports, shop.as(guest), given))
}

const bindPhone = async (shop: OpenAccounts): Promise<void> => {
  const actor = await shop.actor(email)
  const { challengeId } = must(await requestBinding(shop.ports, shop.as(actor), { phone }))
  must(await confirmBinding(shop.ports, shop.as(actor), { challengeId, code: await shop.lastCode(phone) }))
  // A number is sent a code once a minute.
  shop.pass(minute)
}

const rename = async (shop: OpenAccounts, actor: Actor, userName = 'lina'): Promise<string> =>
  tagOf(await setUserName(shop.ports, shop.as(actor), { userName }))

/** Steps up by a code to a contact. */
const proveBy = async (
  shop: OpenAccounts,
  actor: Actor,
  to: 'email' | 'phone',
): Promise<{ readonly tag: string; readonly token?: string; readonly freshUntil?: number }> => {
  const sent = await requestStepUpCode(shop.ports, shop.as(actor), { to })
  if (sent.isErr()) return { tag: sent.error.type }
  const code = await shop.lastCode(to === 'email' ? email : phone)
  const proof = { kind: to, challengeId: sent.value.challengeId, code }
  return (await stepUp(shop.ports, shop.as(actor), proof)).match(
    ({ token, freshUntil }) => ({ tag: 'ok', token, freshUntil }),
    ({ type }) => ({ tag: type }),
  )
}

/** Makes a session one that has to be proved, as an unusual sign-in does. */
const doubt = async (shop: OpenAccounts, sessionId: string): Promise<void> => {
  const request = { shop: 'main', scope: { kind: 'all' }, at: shop.now() } as const
  const { found } = must(await readFacts(shop.ports.storage, { ...request, plan: { found: row(sessions, sessionId) } }))
  if (found === undefined) throw new Error('no session')
  const changes = [put(sessions, { ...found, state: { ...found.state, mustProve: true } })]
  must(await commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes }))
}

describe('in a session that a password just reset by mail began', () => {
  it('signing in is no fresh proof, and neither the password nor the same mailbox proves more: the number does', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await bindPhone(shop)
    await reset(shop, email)
    const actor = await shop.actor(email, otherPassword)
    expect(await rename(shop, actor)).toBe('StepUpRequired')
    const byPassword = await stepUp(shop.ports, shop.as(actor), newPassword)
    expect(byPassword._unsafeUnwrapErr()).toEqual({ type: 'FactorProofRequired', factors: ['phone'] })
    expect(await proveBy(shop, actor, 'email')).toEqual({ tag: 'FactorWayAbsent' })
    expect(await rename(shop, actor)).toBe('StepUpRequired')
    const proven = await proveBy(shop, actor, 'phone')
    expect(await rename(shop, await shop.actorBy(proven.token ?? ''))).toBe('ok')
  })

  it('a code that went to the number is none of the mailbox', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await bindPhone(shop)
    await reset(shop, email)
    const { token, sessionId } = await shop.enter(email, otherPassword)
    await doubt(shop, sessionId)
    const actor = await shop.actorBy(token)
    // Sent to the number, and said to have come by mail.
    const { challengeId } = must(await requestStepUpCode(shop.ports, shop.as(actor), { to: 'phone' }))
    const proof = { kind: 'email', challengeId, code: await shop.lastCode(phone) } as const
    expect(tagOf(await stepUp(shop.ports, shop.as(actor), proof))).toBe('CodeRefused')
  })

  it('who has this mailbox alone does everything else at once, and what asks for a proof a day later', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await reset(shop, email)
    const resetAt = shop.now()
    const { token } = await shop.enter(email, otherPassword)
    const actor = await shop.actorBy(token)
    expect(tagOf(await myAccount(shop.ports, { actor }, {}))).toBe('ok')
    expect(await rename(shop, actor)).toBe('StepUpRequired')
    const waits = { type: 'StepUpWaits', retryAt: resetAt + day }
    expect((await stepUp(shop.ports, shop.as(actor), newPassword))._unsafeUnwrapErr()).toEqual(waits)
    expect(await proveBy(shop, actor, 'email')).toEqual({ tag: 'FactorWayAbsent' })
    expect(tagOf(await eraseAccount(shop.ports, shop.as(actor), { password: otherPassword }))).toBe('StepUpRequired')
    shop.setNow(resetAt + day - 1)
    expect((await stepUp(shop.ports, shop.as(actor), newPassword))._unsafeUnwrapErr()).toEqual(waits)
    shop.setNow(resetAt + day)
    const late = await shop.actorBy(token)
    const proven = must(await stepUp(shop.ports, shop.as(late), newPassword))
    expect(await rename(shop, await shop.actorBy(proven.token))).toBe('ok')
    expect(tagOf(await eraseAccount(shop.ports, shop.as(late), { password: otherPassword }))).toBe('ok')
  })

  it('a doubtful one of such an owner is let in by the mailbox, and nothing more is proved by it', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await reset(shop, email)
    const { token, sessionId } = await shop.enter(email, otherPassword)
    await doubt(shop, sessionId)
    const actor = await shop.actorBy(token)
    expect(tagOf(await myAccount(shop.ports, { actor }, {}))).toBe('StepUpRequired')
    const byPassword = await stepUp(shop.ports, shop.as(actor), newPassword)
    expect(byPassword._unsafeUnwrapErr()).toEqual({ type: 'FactorProofRequired', factors: ['email'] })
    const entered = await proveBy(shop, actor, 'email')
    expect(entered).toMatchObject({ tag: 'ok', freshUntil: shop.now() })
    const inside = await shop.actorBy(entered.token ?? '')
    expect(tagOf(await myAccount(shop.ports, { actor: inside }, {}))).toBe('ok')
    expect(await rename(shop, inside)).toBe('StepUpRequired')
    expect(isSteppedUp(inside, shop.now(), day)).toBe(false)
  })

  it('a doubtful one of who has a number too takes a code to the number, and none to the mailbox', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await bindPhone(shop)
    await reset(shop, email)
    const { token, sessionId } = await shop.enter(email, otherPassword)
    await doubt(shop, sessionId)
    const actor = await shop.actorBy(token)
    expect(await proveBy(shop, actor, 'email')).toEqual({ tag: 'FactorWayAbsent' })
    expect(await proveBy(shop, actor, 'phone')).toMatchObject({ tag: 'ok' })
  })

  it('a code to the mailbox begins no better one, and a password known before proves what a code began', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await reset(shop, email)
    const byCode = async () => {
      const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
      const code = await shop.lastCode(email)
      return shop.actorBy(must(await signInByCode(shop.ports, shop.as(guest), { challengeId, code })).token)
    }
    expect(await rename(shop, await byCode())).toBe('StepUpRequired')
    // Nor a day later: the password counts then, and the code by itself does not.
    shop.pass(day)
    const late = await byCode()
    expect(await rename(shop, late)).toBe('StepUpRequired')
    const { token } = must(await stepUp(shop.ports, shop.as(late), newPassword))
    expect(await rename(shop, await shop.actorBy(token))).toBe('ok')
  })

  it('of an account with a second factor, the mailbox proves nothing more even where it is one of its ways', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await bindPhone(shop)
    const owner = await shop.actor(email)
    for (const to of ['email', 'phone'] as const) {
      const { challengeId } = must(await requestContactFactor(shop.ports, shop.as(owner), { to }))
      const code = await shop.lastCode(to === 'email' ? email : phone)
      must(await confirmContactFactor(shop.ports, shop.as(owner), { challengeId, code }))
      shop.pass(minute)
    }
    await reset(shop, email)
    const half = (
      await signIn(shop.ports, shop.as(guest), { identifier: email, password: otherPassword })
    )._unsafeUnwrapErr()
    if (half.type !== 'SecondFactorRequired') throw new Error(half.type)
    const { challengeId } = half
    must(await requestFactorCode(shop.ports, shop.as(guest), { challengeId, to: 'phone' }))
    const second = { challengeId, kind: 'phone', code: await shop.lastCode(phone) } as const
    const { token } = must(await confirmSignIn(shop.ports, shop.as(guest), second))
    const actor = await shop.actorBy(token)
    // The number has just proved it.
    expect(await rename(shop, actor)).toBe('ok')
    shop.pass(11 * minute)
    expect(await rename(shop, actor, 'another')).toBe('StepUpRequired')
    expect(await proveBy(shop, actor, 'email')).toEqual({ tag: 'FactorWayAbsent' })
    expect(await proveBy(shop, actor, 'phone')).toMatchObject({ tag: 'ok' })
  })

  it('a shop may let a reset password count at once', async () => {
    const stepUpPolicy = { ...defaultAccountsPolicy.stepUp, afterResetMs: 0 }
    const shop = await openAccounts({ policy: { stepUp: stepUpPolicy } })
    await shop.join(email)
    await reset(shop, email)
    expect(await rename(shop, await shop.actor(email, otherPassword))).toBe('ok')
  })
})

describe('the ways to prove a session', () => {
  const bound = { key: 'k', value: { alg: 'A', nonce: 'n', text: 't' } } as never
  it('never hold the contact that it rests on, nor the password which that contact has set, while there is another', () => {
    const contact = fc.constantFrom('email' as const, 'phone' as const)
    const given = fc.record({
      rest: contact,
      until: fc.integer({ min: 1, max: 20 }),
      at: fc.integer({ min: 1, max: 20 }),
      mustProve: fc.boolean(),
      begunBy: fc.option(contact, { nil: undefined }),
      bound: fc.subarray(['email', 'phone'] as const),
      ways: fc.option(fc.subarray(['email', 'phone'] as const, { minLength: 1 }), { nil: undefined }),
      recovery: fc.boolean(),
      hasPasskeys: fc.boolean(),
    })
    fc.assert(
      fc.property(given, ({ rest, until, at, mustProve, begunBy, bound: kinds, ways, recovery, hasPasskeys }) => {
        const facts = { accountId: 'a', registeredAt: 0, sessionEpoch: 0, activatedAt: 0 }
        const identifiers = Object.fromEntries(kinds.map((kind) => [kind, bound]))
        const account: StandingAccount = { ...facts, status: 'active', identifiers }
        const recoveryDigests = recovery ? ['d'] : []
        const factor: SecondFactor | undefined = ways && {
          status: 'enabled',
          accountId: 'a',
          enabledAt: 0,
          contacts: ways,
          recoveryDigests,
        }
        const session: Session = {
          ...{ sessionId: 's', accountId: 'a', tokenDigest: 'd', epoch: 0, startedAt: 0, lastSeenAt: 0, idleUntil: 99 },
          ...{ endsAt: 99, restsOn: { contact: rest, until } },
          ...(begunBy === undefined ? {} : { begunBy }),
          ...(mustProve ? { mustProve } : {}),
        }
        const found = stepUpWays(session, { account, factor, hasPassword: true, hasPasskeys, at })
        if (at >= until) {
          expect(found.kind).toBe('open')
          return
        }
        // Nobody is left without a way in, or without a moment from which there is one.
        if (found.kind === 'waits') {
          expect([found.until, mustProve]).toEqual([until, false])
          return
        }
        if (found.kind === 'entryOnly') {
          expect([found.proofs, mustProve]).toEqual([[rest], true])
          return
        }
        expect(found.password).toBe(false)
        expect(found.proofs).not.toContain(rest)
        expect(found.proofs.length).toBeGreaterThan(0)
      }),
    )
  })
})
