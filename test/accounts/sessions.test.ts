import { okAsync } from 'neverthrow'
import {
  actorOf,
  banAccount,
  beginPasskeyRegistration,
  beginPasskeySignIn,
  beginProviderSignIn,
  credentials,
  finishPasskeyRegistration,
  finishPasskeySignIn,
  finishProviderSignIn,
  liftBan,
  mySessions,
  type PasswordHasher,
  readFacts,
  requestReset,
  revokeSession,
  revokeSessions,
  row,
  sessions,
  signIn,
  signOut,
  sweepAccounts,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createPasskeyVerifier } from '../../adapters/passkeys/simplewebauthn/index.js'
import { createAuthenticator } from '../support/authenticator.js'
import { createPuppetProvider, identityOf } from '../support/puppet-provider.js'
import { clerk, customer, day, goodPassword, guest, minute, must, openAccounts, tagOf } from './open-accounts.js'

const email = 'li.ming@example.com'

describe('a session', () => {
  it('speaks for its account with one read, and notes its use at most every five minutes', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const { token, sessionId } = await shop.enter(email)
    const calls: string[] = []
    const { storage } = shop.ports
    const counted = {
      ...shop.ports,
      storage: {
        ...storage,
        read: (request: Parameters<typeof storage.read>[0]) => {
          calls.push('read')
          return storage.read(request)
        },
        commit: (commit: Parameters<typeof storage.commit>[0]) => {
          calls.push('commit')
          return storage.commit(commit)
        },
      },
    }
    const session = { sessionId, provenAt: shop.now() }
    const actor = { kind: 'customer', accountId, session }
    expect(must(await actorOf(counted, token))).toEqual({ actor, sessionId })
    expect(calls).toEqual(['read'])
    shop.pass(5 * minute)
    must(await actorOf(counted, token))
    expect(calls).toEqual(['read', 'read', 'commit'])
  })

  it('is listed without what opens it, and ends by name, by its token, or for all at once by a ban', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const one = await shop.enter(email)
    shop.pass(1)
    const two = await shop.enter(email)
    shop.pass(1)
    const three = await shop.enter(email)
    const list = async () => must(await mySessions(shop.ports, { actor: customer(accountId) }, {})).sessions
    expect((await list()).map(({ sessionId }) => sessionId)).toEqual([three, two, one].map((each) => each.sessionId))
    expect(JSON.stringify(await list())).not.toContain(one.token.split('.')[1])
    must(await revokeSession(shop.ports, shop.as(customer(accountId)), { sessionId: one.sessionId }))
    must(await signOut(shop.ports, two.token))
    expect((await list()).map(({ sessionId }) => sessionId)).toEqual([three.sessionId])
    expect(tagOf(await signOut(shop.ports, two.token))).toBe('SessionRefused')
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'fraud', until: null }))
    for (const { token } of [one, two, three]) expect(tagOf(await actorOf(shop.ports, token))).toBe('SessionRefused')
    must(await liftBan(shop.ports, shop.as(clerk), { accountId, reason: 'mistake' }))
    expect(tagOf(await actorOf(shop.ports, three.token))).toBe('SessionRefused')
    expect((await shop.enter(email)).accountId).toBe(accountId)
  })

  it('of another person is as if absent', async () => {
    const shop = await openAccounts()
    const mine = await shop.join(email)
    await shop.join('other@example.com')
    const { sessionId } = await shop.enter('other@example.com')
    const answer = await revokeSession(shop.ports, shop.as(customer(mine)), { sessionId })
    expect(answer.isErr() && answer.error).toEqual({ type: 'NotFound', entity: 'session', id: sessionId })
    const none = await revokeSession(shop.ports, shop.as(customer(mine)), { sessionId: 'session_none' })
    expect(none.isErr() && none.error).toEqual({ type: 'NotFound', entity: 'session', id: 'session_none' })
  })

  it('is removed by the sweep once it has ended', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const { sessionId } = await shop.enter(email)
    shop.pass(7 * day - 1)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 })).sessions).toBe(0)
    shop.pass(1)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 })).sessions).toBe(1)
    const plan = { session: row(sessions, sessionId) }
    const scope = { kind: 'all' } as const
    const facts = await readFacts(shop.ports.storage, { shop: 'main', scope, at: shop.now(), plan })
    expect(must(facts).session).toBeUndefined()
  })

  it('answers the key of a sign-in once: the token is kept nowhere', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const context = shop.as(guest)
    const { token } = must(await signIn(shop.ports, context, { identifier: email, password: goodPassword }))
    expect(tagOf(await signIn(shop.ports, context, { identifier: email, password: goodPassword }))).toBe('AlreadyDone')
    expect(shop.stored.join()).not.toContain(token.split('.')[1])
  })
})

describe('signing in', () => {
  it('is refused to staff, merchants and the shop itself, who are not customers', async () => {
    const shop = await openAccounts()
    expect(tagOf(await signIn(shop.ports, shop.as(clerk), { identifier: email, password: goodPassword }))).toBe(
      'Denied',
    )
  })

  it('reminds of a password that is older than the policy advises, and asks nothing', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    shop.pass(76 * day - 1)
    expect((await shop.enter(email)).passwordReminder).toBe(false)
    shop.pass(1)
    expect((await shop.enter(email)).passwordReminder).toBe(true)
  })

  it('hashes the password anew when the cost has risen, once', async () => {
    let cost = 1
    const hasher: PasswordHasher = {
      hash: (password) => okAsync(`$cost${cost}$${password.length}`),
      verify: (phc, password) => okAsync(phc.endsWith(`$${password.length}`)),
      verifyNothing: () => okAsync<false>(false),
      needsRehash: (phc) => !phc.startsWith(`$cost${cost}$`),
    }
    const shop = await openAccounts({ hasher })
    const accountId = await shop.join(email)
    const stored = async () => {
      const plan = { credential: row(credentials, accountId) }
      const scope = { kind: 'all' } as const
      const facts = await readFacts(shop.ports.storage, { shop: 'main', scope, at: shop.now(), plan })
      return must(facts).credential
    }
    cost = 2
    await shop.enter(email)
    await shop.enter(email)
    expect(await stored()).toMatchObject({ version: 2, state: { phc: `$cost2$${goodPassword.length}` } })
  })

  it('answers Busy, not refused, when the hasher has too much to do', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const { err, errAsync } = await import('neverthrow')
    const busy = { type: 'Busy', retryAfterMs: 1_000 } as const
    const hasher = { ...shop.ports.hasher, verify: () => errAsync(busy), verifyNothing: () => errAsync(busy) }
    for (const address of [email, 'nobody@example.com']) {
      const answer = await signIn({ ...shop.ports, hasher }, shop.as(guest), {
        identifier: address,
        password: goodPassword,
      })
      expect(answer).toEqual(err(busy))
    }
  })
})

describe('the sweep of accounts', () => {
  it('forgets codes and failures after a month', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    await signIn(shop.ports, shop.as(guest), { identifier: 'nobody@example.com', password: 'wrong' })
    shop.pass(30 * day - 1)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 }))).toMatchObject({ challenges: 0, guards: 0 })
    shop.pass(1)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 }))).toMatchObject({ challenges: 2, guards: 1 })
    expect(must(await sweepAccounts(shop.ports, { limit: 10 }))).toMatchObject({ challenges: 0, guards: 0 })
  })
})

describe('sessions by device', () => {
  it('are listed with the device they were begun on, and ended by it, or all but the one that asks', async () => {
    const shop = await openAccounts()
    await shop.join('li.na@example.com')
    const from = async (device: string) => {
      const context = { ...shop.as(guest), origin: { device } }
      return must(await signIn(shop.ports, context, { identifier: 'li.na@example.com', password: goodPassword }))
    }
    const [phone, phoneAgain, laptop] = [await from('phone'), await from('phone'), await from('laptop')]
    const actor = await shop.actorBy(laptop.token)
    const list = async () => must(await mySessions(shop.ports, { actor }, {})).sessions
    const byId = new Map((await list()).map((session) => [session.sessionId, session]))
    const deviceOf = (sessionId: string) => byId.get(sessionId)?.device
    expect(deviceOf(phone.sessionId)).toBe(deviceOf(phoneAgain.sessionId))
    expect(deviceOf(phone.sessionId)).not.toBe(deviceOf(laptop.sessionId))
    expect([...byId.values()].filter(({ isCurrent }) => isCurrent).map(({ sessionId }) => sessionId)).toEqual([
      laptop.sessionId,
    ])
    expect(shop.stored.join('\n')).not.toContain('"phone"')
    const device = deviceOf(phone.sessionId) ?? ''
    expect(must(await revokeSessions(shop.ports, shop.as(actor), { kind: 'device', device }))).toEqual({ ended: 2 })
    expect(tagOf(await actorOf(shop.ports, phone.token))).toBe('SessionRefused')
    // A cookie that is not there, or is more than one, as a host without types hands it over.
    for (const token of [undefined, null, 42, ['a.b'], {}]) {
      expect(tagOf(await Reflect.apply(actorOf, undefined, [shop.ports, token]))).toBe('SessionRefused')
    }
    await from('tablet')
    await from('phone')
    expect(must(await revokeSessions(shop.ports, shop.as(actor), { kind: 'others' }))).toEqual({ ended: 2 })
    expect((await list()).map(({ sessionId }) => sessionId)).toEqual([laptop.sessionId])
    expect(tagOf(await actorOf(shop.ports, laptop.token))).toBe('ok')
    const other = await shop.join('other@example.com')
    expect(must(await revokeSessions(shop.ports, shop.as(customer(other)), { kind: 'device', device }))).toEqual({
      ended: 0,
    })
  })

  it('end all but the one that asks, also those that no list names any more', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const first = await shop.enter(email)
    for (let index = 0; index < 200; index += 1) await shop.enter(email)
    shop.pass(1)
    const own = await shop.enter(email)
    const actor = await shop.actorBy(own.token)
    expect(must(await mySessions(shop.ports, { actor }, {})).sessions).toHaveLength(200)
    expect(must(await revokeSessions(shop.ports, shop.as(actor), { kind: 'others' }))).toEqual({ ended: 199 })
    expect(tagOf(await actorOf(shop.ports, first.token))).toBe('SessionRefused')
    expect(tagOf(await actorOf(shop.ports, own.token))).toBe('ok')
    expect(must(await mySessions(shop.ports, { actor }, {})).sessions).toHaveLength(1)
  })

  it('know theirs also where a passkey or the registration by a provider began them', async () => {
    const origin = { device: 'phone' } as const
    const page = 'https://shop.example'
    const passkeys = must(await createPasskeyVerifier({ rpId: 'shop.example', rpName: 'Shop', origins: [page] }))
    const puppet = createPuppetProvider('idp.example')
    const shop = await openAccounts({ passkeys, identityProviders: { puppet: puppet.provider } })
    const from = () => ({ ...shop.as(guest), origin }) as const
    const way = must(await beginProviderSignIn(shop.ports, from(), { providerId: 'puppet' }))
    const query = puppet.consent(way.redirectUrl, identityOf('idp.example', 'wang'))
    const back = { providerId: 'puppet', query, browserToken: way.browserToken, locale: 'en' } as const
    const registered = must(await finishProviderSignIn(shop.ports, from(), back))
    const actor = await shop.actorBy(registered.token)
    const key = createAuthenticator({ origin: page, rpId: 'shop.example' })
    const invited = must(await beginPasskeyRegistration(shop.ports, shop.as(actor), {}))
    const made = key.create(invited.options.challenge)
    must(await finishPasskeyRegistration(shop.ports, shop.as(actor), { challengeId: invited.challengeId, ...made }))
    const asked = must(await beginPasskeySignIn(shop.ports, from(), {}))
    const signed = key.get(asked.options.challenge)
    must(await finishPasskeySignIn(shop.ports, from(), { challengeId: asked.challengeId, ...signed }))
    const { sessions: begun } = must(await mySessions(shop.ports, { actor }, {}))
    expect(begun).toHaveLength(2)
    const [device = '', other] = begun.map((session) => session.device)
    expect(other).toBe(device)
    expect(must(await revokeSessions(shop.ports, shop.as(actor), { kind: 'device', device }))).toEqual({ ended: 2 })
  })
})
