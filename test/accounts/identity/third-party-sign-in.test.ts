import {
  activateAccount,
  beginLinking,
  beginProviderSignIn,
  commitChanges,
  confirmSignIn,
  confirmTotp,
  enrolTotp,
  eraseAccount,
  finishLinking,
  type IdentityProviders,
  linkedIdentities,
  myAccount,
  put,
  reportSignUps,
  requestBinding,
  requestReset,
  resetPassword,
  signIn,
  unlinkIdentity,
  type VerifiedIdentity,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { hotpCode, secretBytesOf, stepAt } from '../../../src/accounts/second-factor/one-time-code.js'
import { identityOf } from '../../support/puppet-provider.js'
import { clerk, goodPassword, guest, minute, must, otherPassword, tagOf } from '../open-accounts.js'

import { email, openProviders as open, verified, wang } from './open-providers.js'

describe('signing in by somebody else who vouches for one', () => {
  it('registers at the first time and finds the same account ever after', async () => {
    const { shop, enter } = await open()
    const first = must(await enter(identityOf('idp.example', 'wang', verified)))
    const again = must(await enter(wang))
    expect(again.accountId).toBe(first.accountId)
    expect(must(await enter(identityOf('idp.example', 'li'))).accountId).not.toBe(first.accountId)
    // The same name of another issuer is another person.
    expect(must(await enter(identityOf('elsewhere.example', 'wang'))).accountId).not.toBe(first.accountId)
    // Three people came, one of them twice.
    const report = must(await reportSignUps(shop.ports, { actor: clerk }, { from: '2026-11', to: '2026-11' }))
    expect(report.months.map(({ byProvider }) => byProvider)).toEqual([3])
    expect(report.months[0]?.steps.map(({ reached }) => reached)).toEqual([0, 0, 0])
    const view = must(await myAccount(shop.ports, { actor: await shop.actorBy(first.token) }, {}))
    expect(view).toMatchObject({ email, identities: [{ providerId: 'puppet', linkedAt: shop.now() }] })
    // It has no password, and none opens it.
    const input = { identifier: email, password: goodPassword }
    expect(tagOf(await signIn(shop.ports, shop.as(guest), input))).toBe('SignInRefused')
  })

  it('takes an address for proved only where the provider says so', async () => {
    const { shop, enter } = await open()
    const unproved = must(await enter(identityOf('idp.example', 'li', { address: email, verified: false })))
    expect(must(await myAccount(shop.ports, { actor: await shop.actorBy(unproved.token) }, {})).email).toBeUndefined()
    const broken = must(await enter(identityOf('idp.example', 'mo', { address: 'x\r\nBcc: y@z.de', verified: true })))
    expect(must(await myAccount(shop.ports, { actor: await shop.actorBy(broken.token) }, {})).email).toBeUndefined()
    expect(await shop.join(email)).toMatch(/^account_/)
  })

  it('asks for the second factor as after every first proof', async () => {
    const { shop, enter, link } = await open()
    const accountId = await shop.join(email)
    const actor = await shop.actor(email)
    must(await link(actor, wang))
    const { secret } = must(await enrolTotp(shop.ports, shop.as(actor), {}))
    const app = () => hotpCode(secretBytesOf(secret), stepAt(shop.now()))
    must(await confirmTotp(shop.ports, shop.as(actor), { code: app() }))
    shop.pass(minute / 2)
    const refused = (await enter(wang))._unsafeUnwrapErr()
    const challengeId = refused.type === 'SecondFactorRequired' ? refused.challengeId : refused.type
    const second = { challengeId, kind: 'totp', code: app() } as const
    expect(must(await confirmSignIn(shop.ports, shop.as(guest), second)).accountId).toBe(accountId)
  })

  it('makes one account of 16 first sign-ins at once', async () => {
    const { enter, links } = await open({ attempts: 40 })
    const answers = await Promise.all(Array.from({ length: 16 }, () => enter(wang)))
    expect(new Set(answers.map((answer) => must(answer).accountId)).size).toBe(1)
    expect(await links()).toHaveLength(1)
  })

  it('says so when the provider is not known, is out of reach, or says no', async () => {
    const { shop, puppet, goAndReturn, finish } = await open()
    const begin = (providerId: string) => beginProviderSignIn(shop.ports, shop.as(guest), { providerId })
    expect(tagOf(await begin('constructor'))).toBe('ProviderUnknown')
    const way = await goAndReturn(wang)
    const state = /state=(.*)$/.exec(way.query)?.[1]
    const no = await finish({ ...way, query: `error=access_denied&state=${state}` })
    expect(no._unsafeUnwrapErr()).toEqual({ type: 'IdentityRefused', reason: 'cancelled' })
    const late = await goAndReturn(wang)
    puppet.turnOff()
    expect(tagOf(await finish(late))).toBe('IdentityUnavailable')
    expect(tagOf(await begin('puppet'))).toBe('IdentityUnavailable')
    // Both refusals are in the trail.
    expect(shop.stored.filter((text) => text.includes('"refused"')).join()).toMatch(/cancelled.*IdentityUnavailable/s)
  })

  it('is bounded by network, whether anybody comes back or not, and never for the whole shop', async () => {
    const failures = { network: { perHour: 2, perDay: 9 }, shop: { perHour: 3, perDay: 9 } }
    const { shop } = await open({ policy: { failures } })
    const begin = (address: string) =>
      beginProviderSignIn(shop.ports, { ...shop.as(guest), origin: { address } }, { providerId: 'puppet' })
    const tags = []
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '198.51.100.1', '198.51.100.2']) {
      tags.push(tagOf(await begin(address)))
    }
    expect(tags).toEqual(['ok', 'ok', 'TooManyCodes', 'ok', 'ok'])
  })
})

describe('a name that a provider tells later', () => {
  const openId = { issuer: 'wechat/app', subject: 'openid-1' }
  const unionId = { issuer: 'wechat/union', subject: 'unionid-1' }
  const otherApp = { issuer: 'wechat/other-app', subject: 'openid-9' }

  it('leads to the account that was found by the one before, and so does each name of it from then on', async () => {
    const { enter, links } = await open()
    const first = must(await enter({ subjects: [openId] }))
    for (const subjects of [[openId, unionId], [unionId], [otherApp, unionId], [otherApp], [openId]] as const) {
      expect(must(await enter({ subjects })).accountId).toBe(first.accountId)
    }
    const [kept] = await links()
    expect(kept?.state.links).toHaveLength(1)
    expect(kept?.state.links[0]?.keys).toHaveLength(3)
  })

  it('moves nobody: the narrowest name decides, and what leads elsewhere stays there', async () => {
    const { enter } = await open()
    const mine = must(await enter({ subjects: [openId] })).accountId
    const others = must(await enter({ subjects: [unionId] })).accountId
    expect(must(await enter({ subjects: [openId, unionId] })).accountId).toBe(mine)
    expect(must(await enter({ subjects: [unionId] })).accountId).toBe(others)
  })

  it('moves nobody at a device either that the account of the wider name knows, or both do', async () => {
    const { enter } = await open()
    const mine = must(await enter({ subjects: [openId] })).accountId
    const others = must(await enter({ subjects: [unionId] }, 'a shared telephone')).accountId
    for (let time = 0; time < 2; time += 1) {
      expect(must(await enter({ subjects: [openId, unionId] }, 'a shared telephone')).accountId).toBe(mine)
      expect(must(await enter({ subjects: [unionId] }, 'a shared telephone')).accountId).toBe(others)
    }
  })
})

describe('two links that a provider knows by one name', () => {
  const unionId = { issuer: 'wechat/union', subject: 'unionid-1' }
  const first: VerifiedIdentity = { subjects: [{ issuer: 'wechat/app', subject: 'openid-1' }, unionId] }
  const second: VerifiedIdentity = { subjects: [{ issuer: 'wechat/web', subject: 'openid-2' }, unionId] }

  const openTwo = async () => {
    const opened = await open()
    const accountId = await opened.shop.join(email)
    const actor = await opened.shop.actor(email)
    for (const each of [first, second]) must(await opened.link(actor, each))
    return { ...opened, accountId, actor }
  }

  it('list it once, and leave the account free to be erased', async () => {
    const { shop, actor, enter, links, accountId } = await openTwo()
    expect((await links())[0]?.state.links.map(({ keys }) => keys.length)).toEqual([2, 1])
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    for (const each of [first, second]) expect(must(await enter(each)).accountId).not.toBe(accountId)
  })

  it('are taken off one by one: the other leads in still, and takes the name up at the next sign-in', async () => {
    const { shop, actor, enter, links, accountId } = await openTwo()
    const off = async () => {
      const [kept] = must(await myAccount(shop.ports, { actor }, {})).identities
      must(await unlinkIdentity(shop.ports, shop.as(actor), { linkId: kept?.linkId ?? '' }))
    }
    await off()
    expect(must(await enter(second)).accountId).toBe(accountId)
    expect((await links())[0]?.state.links.map(({ keys }) => keys.length)).toEqual([2])
    expect(must(await enter({ subjects: [unionId] })).accountId).toBe(accountId)
    await off()
    expect(must(await enter(second)).accountId).not.toBe(accountId)
  })

  it('as they were once written, each with the name, are taken off and erased as well', async () => {
    const { shop, actor, enter, link, links, accountId } = await openTwo()
    const listTwice = async () => {
      const kept = (await links())[0]
      const all = kept?.state.links.flatMap(({ keys }) => keys) ?? []
      const shared = all[1] ?? ''
      const state = {
        accountId,
        links: (kept?.state.links ?? []).map((each) => ({ ...each, keys: [...new Set([...each.keys, shared])] })),
      }
      const changes = [put(linkedIdentities, { id: accountId, version: kept?.version ?? 0, state })]
      must(await commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes }))
    }
    await listTwice()
    const [kept] = must(await myAccount(shop.ports, { actor }, {})).identities
    must(await unlinkIdentity(shop.ports, shop.as(actor), { linkId: kept?.linkId ?? '' }))
    expect(must(await enter({ subjects: [unionId] })).accountId).toBe(accountId)
    must(await link(actor, first))
    await listTwice()
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
  })
})

describe('linking an identity to an account', () => {
  it('takes a fresh proof of the account, tells its contacts, and leads into it', async () => {
    const { shop, enter, link } = await open()
    const accountId = await shop.join(email)
    const actor = await shop.actor(email)
    shop.pass(11 * minute)
    const asked = await beginLinking(shop.ports, shop.as(actor), { providerId: 'puppet' })
    expect(tagOf(asked)).toBe('StepUpRequired')
    const fresh = await shop.actor(email)
    must(await link(fresh, wang))
    expect(tagOf(await link(fresh, wang))).toBe('AlreadyBound')
    expect(must(await enter(wang)).accountId).toBe(accountId)
    await shop.deliver()
    expect(shop.mailbox.at(-1)).toMatchObject({ to: email, subject: 'How you sign in was changed' })
    expect(shop.mailbox.at(-1)?.text).toContain('sign-in by another service of your account was added')
  })

  it('is refused where the identity leads elsewhere, until it is taken off there', async () => {
    const { shop, enter, link } = await open()
    const { accountId, token } = must(
      await enter(identityOf('idp.example', 'wang', { address: 'w@x.de', verified: true })),
    )
    await shop.join(email)
    const actor = await shop.actor(email)
    expect(tagOf(await link(actor, wang))).toBe('IdentityTaken')
    const wangs = await shop.actorBy(token)
    const [linked] = must(await myAccount(shop.ports, { actor: wangs }, {})).identities
    must(await unlinkIdentity(shop.ports, shop.as(wangs), { linkId: linked?.linkId ?? '' }))
    must(await link(actor, wang))
    expect(must(await enter(wang)).accountId).not.toBe(accountId)
  })

  it('cannot be undone where nothing else leads in', async () => {
    const { shop, enter, link } = await open()
    const { token } = must(await enter(wang))
    const actor = await shop.actorBy(token)
    const [only] = must(await myAccount(shop.ports, { actor }, {})).identities
    const unlink = () => unlinkIdentity(shop.ports, shop.as(actor), { linkId: only?.linkId ?? '' })
    expect(tagOf(await unlink())).toBe('LastWayIn')
    must(await link(actor, identityOf('idp.example', 'second')))
    must(await unlink())
    expect(tagOf(await unlink())).toBe('NotFound')
    expect(must(await enter(identityOf('idp.example', 'second'))).accountId).toBe(
      actor.kind === 'customer' ? actor.accountId : '',
    )
  })

  it('counts no provider that the shop has given up', async () => {
    const { shop, enter, link, puppet } = await open()
    const { token } = must(await enter(wang))
    const actor = await shop.actorBy(token)
    must(await link(actor, identityOf('idp.example', 'second')))
    const { identities } = must(await myAccount(shop.ports, { actor }, {}))
    const [linkId = '', other = ''] = identities.map((each) => each.linkId)
    const unlink = (offered: IdentityProviders, which: string) =>
      unlinkIdentity({ ...shop.ports, identityProviders: offered }, shop.as(actor), { linkId: which })
    expect(tagOf(await unlink({}, linkId))).toBe('LastWayIn')
    must(await unlink({ puppet: puppet.provider }, linkId))
    expect(tagOf(await unlink({ puppet: puppet.provider }, other))).toBe('LastWayIn')
  })

  it('of two that are taken off at once leaves one', async () => {
    const { shop, enter, link, links } = await open()
    const { token } = must(await enter(wang))
    const actor = await shop.actorBy(token)
    must(await link(actor, identityOf('idp.example', 'second')))
    const { identities } = must(await myAccount(shop.ports, { actor }, {}))
    const answers = await Promise.all(
      identities.map(({ linkId }) => unlinkIdentity(shop.ports, shop.as(actor), { linkId })),
    )
    expect(answers.map(tagOf).sort()).toEqual(['LastWayIn', 'ok'])
    expect((await links())[0]?.state.links).toHaveLength(1)
  })
})

describe('attack 14: getting into an account before or beside its owner', () => {
  it('fails: an address alone joins no two accounts, proved or not', async () => {
    const { shop, enter } = await open()
    const accountId = await shop.join(email)
    const proved = identityOf('idp.example', 'wang', verified)
    expect(tagOf(await enter(proved))).toBe('LinkFirst')
    const unproved = must(await enter(identityOf('idp.example', 'li', { address: email, verified: false })))
    expect(unproved.accountId).not.toBe(accountId)
  })

  it('fails: the address in other letters, as a provider may spell it, is the same address', async () => {
    const spelled = ['OWNER@EXAMPLE.COM', 'Owner@Example.com', ' owner@EXAMPLE.com ', 'ＯＷＮＥＲ@example.com']
    const told = (subject: string, address: string) => identityOf('idp.example', subject, { address, verified: true })
    for (const address of spelled) {
      const { shop, enter, links } = await open()
      await shop.join(email)
      expect(tagOf(await enter(told('wang', address))), address).toBe('LinkFirst')
      expect(await links(), address).toEqual([])
    }
    // Who came by the provider first has the address: no second account registers with it, by whatever way.
    for (const address of spelled) {
      const { shop, enter } = await open()
      const { accountId, token } = must(await enter(told('wang', address)))
      const view = must(await myAccount(shop.ports, { actor: await shop.actorBy(token) }, {}))
      expect(view.email, address).toBe(email)
      expect(must(await enter(told('wang', email))).accountId).toBe(accountId)
      expect(tagOf(await enter(told('li', email))), address).toBe('LinkFirst')
      await shop.register('oWNER@example.COM')
      await shop.deliver()
      expect(shop.mailbox.map(({ to, subject }) => `${to}: ${subject}`)).toContain(
        `${email}: You already have an account`,
      )
    }
  })

  it('fails: who registers the owner’s address by a password holds nothing when the owner comes by a provider', async () => {
    const { shop, enter } = await open()
    const planted = await shop.register(email, otherPassword)
    const owner = must(await enter(identityOf('idp.example', 'owner', verified)))
    const code = await shop.lastCode(email)
    const { challengeId } = planted
    // Even the owner, who was sent the code, cannot be made to activate it now.
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))).toBe('CodeRefused')
    const view = must(await myAccount(shop.ports, { actor: await shop.actorBy(owner.token) }, {}))
    expect(view.email).toBe(email)
  })

  it('fails: a change of address that waits for its code holds nothing either', async () => {
    const { shop, enter } = await open()
    await shop.join('attacker@example.com')
    const attacker = await shop.actor('attacker@example.com')
    must(await requestBinding(shop.ports, shop.as(attacker), { email }))
    const owner = must(await enter(identityOf('idp.example', 'owner', verified)))
    expect(owner.accountId).not.toBe(attacker.kind === 'customer' ? attacker.accountId : '')
  })

  it('fails: an attacker’s identity is not linked by the owner’s browser', async () => {
    const { shop, puppet, enter } = await open()
    await shop.join('attacker@example.com')
    const attacker = await shop.actor('attacker@example.com')
    await shop.join(email)
    const owner = await shop.actor(email)
    const planted = must(await beginLinking(shop.ports, shop.as(attacker), { providerId: 'puppet' }))
    const query = puppet.consent(planted.redirectUrl, identityOf('idp.example', 'attacker'))
    const own = must(await beginLinking(shop.ports, shop.as(owner), { providerId: 'puppet' }))
    for (const browserToken of [own.browserToken, planted.browserToken]) {
      const input = { providerId: 'puppet', query, browserToken }
      expect(tagOf(await finishLinking(shop.ports, shop.as(owner), input))).toBe('IdentityRefused')
    }
    expect(must(await enter(identityOf('idp.example', 'attacker'))).accountId).not.toBe(
      owner.kind === 'customer' ? owner.accountId : '',
    )
  })

  it('fails: what was asked for before a reset links nothing after it', async () => {
    const { shop, puppet } = await open()
    await shop.join(email)
    const thief = await shop.actor(email)
    const way = must(await beginLinking(shop.ports, shop.as(thief), { providerId: 'puppet' }))
    const query = puppet.consent(way.redirectUrl, identityOf('idp.example', 'thief'))
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
    const input = { providerId: 'puppet', query, browserToken: way.browserToken }
    expect(tagOf(await finishLinking(shop.ports, shop.as(thief), input))).toBe('NotFound')
  })
})
