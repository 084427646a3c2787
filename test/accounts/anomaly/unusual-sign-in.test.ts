import { errAsync, okAsync } from 'neverthrow'
import {
  type AnomalyPolicy,
  type AnomalyResponse,
  actorOf,
  auditEntry,
  auditLog,
  beginLinking,
  beginProviderSignIn,
  type CountryLookup,
  commitChanges,
  defaultAccountsPolicy,
  disownSignIn,
  entries,
  finishLinking,
  finishProviderSignIn,
  judgeSignIn,
  myAccount,
  mySessions,
  readFacts,
  reportSecurity,
  requestSignInCode,
  requestStepUpCode,
  runRelay,
  signAudit,
  signIn,
  signInByCode,
  signOut,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createPuppetProvider, identityOf } from '../../support/puppet-provider.js'
import { clerk, day, goodPassword, guest, hour, minute, must, openAccounts, tagOf } from '../open-accounts.js'

const email = 'owner@example.com'
const beijing = '203.0.113.7'
const paris = '198.51.100.9'
const countries: CountryLookup = {
  countryOf: (address) =>
    address.startsWith('192.0.2.')
      ? errAsync({ type: 'CountryUnavailable', detail: 'no list' })
      : okAsync(address === paris ? 'FR' : 'CN'),
}

const open = async (anomalies: Partial<AnomalyPolicy> = {}) => {
  const policy = { anomalies: { ...defaultAccountsPolicy.anomalies, ...anomalies } }
  const shop = await openAccounts({ policy, countries })
  const accountId = await shop.join(email)
  const enter = async (address: string, device?: string, password = goodPassword) => {
    const origin = { address, ...(device === undefined ? {} : { device }) }
    shop.pass(1)
    return signIn(shop.ports, { ...shop.as(guest), origin }, { identifier: email, password })
  }
  /** What happens after the commit. */
  const relay = async () => {
    must(await runRelay(shop.ports, [judgeSignIn], { worker: 'w', limit: 1_000 }))
    await shop.deliver()
  }
  const lastToken = () => {
    const text = shop.mailbox.filter(({ subject }) => subject === 'An unusual sign-in to your account').at(-1)?.text
    return /(challenge_[^. ]+\.[0-9A-Za-z]+)/.exec(text ?? '')?.[1] ?? ''
  }
  const trail = async () =>
    must(
      await readFacts(shop.ports.storage, {
        shop: 'main',
        scope: { kind: 'all' },
        at: shop.now(),
        plan: { found: entries(auditLog, { where: [], limit: 1_000 }) },
      }),
    ).found.map(({ body }) => body)
  return { shop, accountId, enter, relay, lastToken, trail }
}

describe('security events', () => {
  it('say from where they came: a digest of the device, one of the network, and the country', async () => {
    const { shop, enter, trail } = await open()
    must(await enter(paris, 'a browser at home'))
    must(await enter('192.0.2.1', 'a browser at home'))
    const origins = (await trail()).filter(({ action }) => action === 'accounts.signIn').map(({ origin }) => origin)
    const [first, second] = origins
    expect(first).toEqual({
      device: expect.stringMatching(/^[0-9a-f]{64}$/),
      network: expect.stringMatching(/^[0-9a-f]{64}$/),
      country: 'FR',
    })
    // Where the country cannot be told, it is not told, and nobody is kept out.
    expect(second).toEqual({ device: first?.device, network: expect.not.stringMatching(first?.network ?? '') })
    const everything = shop.stored.join('\n')
    for (const canary of [paris, '192.0.2.1', 'a browser at home']) expect(everything.includes(canary)).toBe(false)
  })

  it('of a provider say it too, whether they were done or refused', async () => {
    const puppet = createPuppetProvider('idp.example')
    const shop = await openAccounts({ countries, identityProviders: { puppet: puppet.provider } })
    await shop.join(email)
    const actor = await shop.actor(email)
    const { ports } = shop
    const at = (who: typeof guest) => ({ ...shop.as(who), origin: { address: paris, device: 'home' } })
    const away = must(await beginLinking(ports, at(actor), { providerId: 'puppet' }))
    const query = puppet.consent(away.redirectUrl, identityOf('idp.example', 'me'))
    const brought = { providerId: 'puppet', query, browserToken: away.browserToken }
    must(await finishLinking(ports, at(actor), brought))
    const { redirectUrl, browserToken } = must(await beginProviderSignIn(ports, at(guest), { providerId: 'puppet' }))
    const cancelled = `error=access_denied&state=${new URL(redirectUrl).searchParams.get('state')}`
    const input = { providerId: 'puppet', query: cancelled, browserToken, locale: 'en' } as const
    expect(tagOf(await finishProviderSignIn(ports, at(guest), input))).toBe('IdentityRefused')
    const found = must(
      await readFacts(ports.storage, {
        shop: 'main',
        scope: { kind: 'all' },
        at: shop.now(),
        plan: { found: entries(auditLog, { where: [], limit: 1_000 }) },
      }),
    ).found.map(({ body }) => body)
    const its = found.filter(({ action }) => action.startsWith('accounts.finish'))
    expect(its.map(({ outcome }) => outcome).sort()).toEqual(['done', 'done', 'done', 'refused'])
    for (const { origin } of its) expect(origin).toMatchObject({ country: 'FR', device: expect.any(String) })
  })

  it('are kept: no sweep of a year removes one', async () => {
    const { shop, enter, trail } = await open()
    must(await enter(paris))
    const { sweepAccounts } = await import('shopwright')
    const before = await trail()
    shop.pass(366 * day)
    must(await sweepAccounts(shop.ports, { limit: 1_000 }))
    expect(await trail()).toEqual(before)
  })
})

describe('an unusual sign-in', () => {
  it('at a new device is told to the owner, who says in one step that it was not they', async () => {
    const { shop, accountId, enter, relay, lastToken, trail } = await open()
    must(await enter(beijing, 'home'))
    await relay()
    expect(shop.mailbox.some(({ subject }) => subject.includes('unusual'))).toBe(false)
    const thief = must(await enter(beijing, 'another'))
    await relay()
    expect(shop.mailbox.at(-1)?.text).toContain('at a device not used before')
    expect((await actorOf(shop.ports, thief.token)).isOk()).toBe(true)
    const events: string[] = []
    const ports = {
      ...shop.ports,
      emit: (told: readonly { readonly type: string }[]) => events.push(...told.map(({ type }) => type)),
    }
    const token = lastToken()
    expect(
      tagOf(await disownSignIn(ports, shop.as(guest), { token: `${token.split('.')[0]}.${'0'.repeat(43)}` })),
    ).toBe('CodeRefused')
    expect(must(await disownSignIn(ports, shop.as(guest), { token }))).toEqual({ accountId })
    expect(events).toContain('SignInDisowned')
    expect(tagOf(await actorOf(shop.ports, thief.token))).toBe('SessionRefused')
    const again = (await enter(beijing, 'another'))._unsafeUnwrapErr()
    expect(again).toEqual({ type: 'PasswordChangeRequired', because: 'compromised' })
    expect(tagOf(await disownSignIn(shop.ports, shop.as(guest), { token }))).toBe('CodeRefused')
    await shop.deliver()
    expect(shop.mailbox.at(-1)).toMatchObject({ to: email })
    expect((await trail()).filter(({ action }) => action === 'accounts.anomaly')).toMatchObject([
      { actor: 'system:anomaly', subject: accountId, detail: expect.stringMatching(/^newDevice:allow:\d+$/) },
    ])
    expect(shop.stored.join('\n').includes(token.split('.')[1] ?? 'nothing')).toBe(false)
  })

  it('is judged once, however often its event is delivered, and its token ends', async () => {
    const { shop, enter, relay, lastToken } = await open()
    must(await enter(beijing, 'home'))
    must(await enter(paris, 'home'))
    await relay()
    await relay()
    expect(shop.mailbox.filter(({ subject }) => subject.includes('unusual'))).toHaveLength(1)
    expect(shop.mailbox.at(-1)?.text).toContain('from another country shortly after')
    const token = lastToken()
    shop.pass(7 * day)
    expect(tagOf(await disownSignIn(shop.ports, shop.as(guest), { token }))).toBe('CodeRefused')
  })

  it('is found however many strangers were refused since the last one', async () => {
    const { shop, accountId, enter, relay, lastToken } = await open()
    must(await enter(beijing, 'home'))
    const refused = Array.from({ length: 205 }, () =>
      auditEntry(shop.ports.ids, {
        actor: guest,
        action: 'accounts.signIn',
        subject: accountId,
        at: shop.now() + minute,
        outcome: 'refused',
        detail: 'notLookedAt',
      }),
    )
    const changes = must(await signAudit(shop.ports, refused))
    must(await commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes }))
    shop.pass(hour + minute)
    must(await enter(paris, 'another'))
    await relay()
    expect(shop.mailbox.at(-1)?.text).toContain('at a device not used before, from another country shortly after')
    expect(lastToken()).not.toBe('')
  })

  it('that signed out before it was judged is told to the owner, and is answered but for its session', async () => {
    const { shop, accountId, enter, relay, lastToken, trail } = await open({ newDevice: { response: 'endSessions' } })
    const home = must(await enter(beijing, 'home'))
    const thief = must(await enter(beijing, 'another'))
    must(await signOut(shop.ports, thief.token))
    await relay()
    expect(shop.mailbox.at(-1)?.text).toContain('at a device not used before')
    expect((await trail()).filter(({ action }) => action === 'accounts.anomaly')).toMatchObject([
      { subject: accountId, detail: expect.stringMatching(/^newDevice:endSessions:\d+$/) },
    ])
    expect(tagOf(await actorOf(shop.ports, home.token))).toBe('SessionRefused')
    expect(must(await disownSignIn(shop.ports, shop.as(guest), { token: lastToken() })).accountId).toBe(accountId)
  })

  it('at a known device is not answered by what strangers failed at elsewhere', async () => {
    const { shop, enter, relay } = await open({
      failureBurst: { response: 'endSessions', failures: 4, withinMs: hour },
    })
    must(await enter(beijing, 'home'))
    for (let index = 0; index < 4; index += 1) await enter(`198.51.${index}.1`, 'stranger', 'wrong')
    const { token } = must(await enter(beijing, 'home'))
    await relay()
    expect((await actorOf(shop.ports, token)).isOk()).toBe(true)
    expect(shop.mailbox.some(({ subject }) => subject.includes('unusual'))).toBe(false)
  })

  it('that is challenged does nothing before more than the password has proved it', async () => {
    const { shop, enter, relay } = await open()
    must(await enter(beijing, 'home'))
    const { token } = must(await enter(paris, 'home'))
    await relay()
    const actor = await shop.actorBy(token)
    expect(tagOf(await myAccount(shop.ports, { actor }, {}))).toBe('StepUpRequired')
    const byPassword = await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword })
    expect(byPassword._unsafeUnwrapErr()).toEqual({ type: 'FactorProofRequired', factors: ['email'] })
    const { challengeId } = must(await requestStepUpCode(shop.ports, shop.as(actor), { to: 'email' }))
    const code = await shop.lastCode(email)
    const proven = must(await stepUp(shop.ports, shop.as(actor), { kind: 'email', challengeId, code }))
    const fresh = await shop.actorBy(proven.token)
    expect(tagOf(await myAccount(shop.ports, { actor: fresh }, {}))).toBe('ok')
  })

  it.each<[AnomalyResponse, string, string]>([
    ['lock', 'SessionRefused', 'ok'],
    ['endSessions', 'SessionRefused', 'SessionRefused'],
  ])('is answered by %s', async (response, its, others) => {
    const { shop, enter, relay, lastToken, accountId } = await open({
      impossibleTravel: { response, withinMs: 3 * hour },
    })
    const home = must(await enter(beijing, 'home'))
    const away = must(await enter(paris, 'away'))
    await relay()
    expect(tagOf(await actorOf(shop.ports, away.token))).toBe(its)
    expect(tagOf(await actorOf(shop.ports, home.token))).toBe(others)
    // Where no device is known, a lock keeps passwords out; at the known one the owner is not locked out.
    expect(tagOf(await enter(beijing, 'somewhere'))).toBe(response === 'lock' ? 'SignInRefused' : 'ok')
    expect(tagOf(await enter(beijing, 'home'))).toBe('ok')
    expect(must(await disownSignIn(shop.ports, shop.as(guest), { token: lastToken() })).accountId).toBe(accountId)
  })

  it.each<AnomalyResponse>(['challenge', 'lock', 'endSessions'])(
    'that was answered by %s makes no other usual, until it is proved',
    async (response) => {
      const { shop, enter, relay } = await open({
        newDevice: { response },
        impossibleTravel: { response, withinMs: 3 * hour },
      })
      must(await enter(beijing, 'home'))
      await relay()
      for (const _ of [1, 2]) {
        // Once the lock is over, where there is one.
        shop.pass(hour)
        must(await enter(paris, 'away'))
        // Nothing of it waits for the relay: both may be there before one is judged.
      }
      const { token } = must(await enter(paris, 'away'))
      await relay()
      const notices = () => shop.mailbox.filter(({ subject }) => subject === 'An unusual sign-in to your account')
      expect(notices()).toHaveLength(3)
      if (response !== 'challenge') {
        expect(tagOf(await actorOf(shop.ports, token))).toBe('SessionRefused')
        expect(tagOf(await enter(paris, 'away'))).toBe(response === 'lock' ? 'SignInRefused' : 'ok')
        return
      }
      const origin = { address: paris, device: 'away' }
      const actor = await shop.actorBy(token)
      expect(tagOf(await myAccount(shop.ports, { actor }, {}))).toBe('StepUpRequired')
      const { challengeId } = must(await requestStepUpCode(shop.ports, { ...shop.as(actor), origin }, { to: 'email' }))
      const code = await shop.lastCode(email)
      must(await stepUp(shop.ports, { ...shop.as(actor), origin }, { kind: 'email', challengeId, code }))
      const again = must(await enter(paris, 'away'))
      await relay()
      expect(tagOf(await myAccount(shop.ports, { actor: await shop.actorBy(again.token) }, {}))).toBe('ok')
      expect(notices()).toHaveLength(3)
    },
  )

  it('that a code began is proved by another way than that contact', async () => {
    const { shop, enter, relay } = await open()
    must(await enter(beijing, 'home'))
    await relay()
    const away = () => ({ ...shop.as(guest), origin: { address: paris, device: 'away' } })
    shop.pass(minute)
    const asked = must(await requestSignInCode(shop.ports, away(), { identifier: email }))
    const code = await shop.lastCode(email)
    const { token } = must(await signInByCode(shop.ports, away(), { challengeId: asked.challengeId, code }))
    await relay()
    shop.pass(minute)
    const actor = await shop.actorBy(token)
    expect(tagOf(await myAccount(shop.ports, { actor }, {}))).toBe('StepUpRequired')
    expect(tagOf(await requestStepUpCode(shop.ports, shop.as(actor), { to: 'email' }))).toBe('FactorWayAbsent')
    const proven = must(await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword }))
    expect(tagOf(await myAccount(shop.ports, { actor: await shop.actorBy(proven.token) }, {}))).toBe('ok')
  })

  it('after a burst of failures is found whoever failed, and the report of the period counts it all', async () => {
    const { shop, enter, relay } = await open({
      failureBurst: { response: 'endSessions', failures: 4, withinMs: hour },
      notMe: { ttlMs: day, url: 'https://shop.example/not-me#{token}' },
    })
    const from = shop.now()
    for (let index = 0; index < 4; index += 1) await enter(`198.51.${index}.1`, undefined, 'wrong')
    const { token } = must(await enter(beijing))
    await relay()
    expect(tagOf(await actorOf(shop.ports, token))).toBe('SessionRefused')
    expect(shop.mailbox.at(-1)?.text).toMatch(/https:\/\/shop\.example\/not-me#challenge_\S+\.\S+/)
    shop.pass(hour)
    const report = must(await reportSecurity(shop.ports, { actor: clerk }, { from, to: shop.now() }))
    expect(report).toMatchObject({
      signIns: { entered: 1, failed: 4 },
      anomalies: {
        byRule: { newDevice: 0, impossibleTravel: 0, failureBurst: 1 },
        byResponse: { allow: 0, challenge: 0, lock: 0, endSessions: 1 },
      },
      disowned: 0,
    })
    expect(report.byAction['accounts.signIn']).toEqual({ done: 1, refused: 4 })
    expect(JSON.stringify(report)).not.toContain('account_')
    // That somebody looked stands in the log, and in the next report.
    const next = must(await reportSecurity(shop.ports, { actor: clerk }, { from, to: shop.now() + 1 }))
    expect(next.byAction['accounts.securityReport']).toEqual({ done: 1, refused: 0 })
    expect(tagOf(await reportSecurity(shop.ports, { actor: guest }, { from, to: shop.now() }))).toBe('Denied')
    const { token: later } = must(await enter(beijing))
    expect(must(await mySessions(shop.ports, { actor: await shop.actorBy(later) }, {})).sessions).toHaveLength(1)
  })
})
