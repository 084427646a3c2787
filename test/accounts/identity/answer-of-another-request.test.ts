import {
  accountsPersonalData,
  beginLinking,
  eraseAccount,
  findUnregistered,
  finishLinking,
  type Json,
  resendCode,
  signInByCode,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { identityOf } from '../../support/puppet-provider.js'
import { customer, guest, minute, must, tagOf } from '../open-accounts.js'

import { email, openProviders as open, verified, wang } from './open-providers.js'

describe('attack 15: an answer that is not of this request', () => {
  it('fails: used again, late, twice at once, by another browser, at another provider, for another purpose', async () => {
    const { shop, puppet, goAndReturn, finish } = await open()
    const once = await goAndReturn(wang)
    expect(tagOf(await finish(once))).toBe('ok')
    expect(tagOf(await finish(once))).toBe('IdentityRefused')

    const late = await goAndReturn(wang)
    shop.pass(10 * minute)
    expect(tagOf(await finish(late))).toBe('IdentityRefused')

    const race = await goAndReturn(wang)
    const answers = await Promise.all(Array.from({ length: 8 }, () => finish(race)))
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)

    const victims = await goAndReturn(identityOf('idp.example', 'victim'))
    const attackers = await goAndReturn(identityOf('idp.example', 'attacker'))
    // The attacker's answer in the victim's browser, and with the victim's state.
    expect(tagOf(await finish({ ...attackers, browserToken: victims.browserToken }))).toBe('IdentityRefused')
    const code = /code=([^&]*)/.exec(attackers.query)?.[1]
    const swapped = victims.query.replace(/code=[^&]*/, `code=${code}`)
    expect((await finish({ ...victims, query: swapped }))._unsafeUnwrapErr()).toEqual({
      type: 'IdentityRefused',
      reason: 'codeRefused',
    })

    const mixed = await goAndReturn(wang)
    expect(tagOf(await finish({ ...mixed, providerId: 'other' }))).toBe('IdentityRefused')

    await shop.join(email)
    const actor = await shop.actor(email)
    const { locale: _, ...signIn } = await goAndReturn(wang)
    expect(tagOf(await finishLinking(shop.ports, shop.as(actor), signIn))).toBe('IdentityRefused')
    const linking = must(await beginLinking(shop.ports, shop.as(actor), { providerId: 'puppet' }))
    const query = puppet.consent(linking.redirectUrl, wang)
    const input = { providerId: 'puppet', query, browserToken: linking.browserToken, locale: 'en' }
    expect(tagOf(await finish(input))).toBe('IdentityRefused')
  })

  it('fails: without a state, with two, with one that is none, and as a code of another challenge', async () => {
    const { shop, goAndReturn, finish } = await open()
    const { query, ...way } = await goAndReturn(wang)
    const state = /state=(.*)$/.exec(query)?.[1] ?? ''
    for (const bad of ['code=x', `${query}&state=${state}`, `state=%ff&code=x`, 'state=a.b', `%73tate=x&${query}`]) {
      expect(tagOf(await finish({ ...way, query: bad }))).toBe('IdentityRefused')
    }
    const [challengeId = ''] = state.split('.')
    const code = { challengeId, code: '123456' }
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), code))).toBe('CodeRefused')
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))).toBe('CodeRefused')
  })

  it('leaves nothing readable of state, verifier, nonce, code, browser or person, and nothing at all after an erasure', async () => {
    const { shop, puppet, enter, goAndReturn, finish, links } = await open()
    const way = await goAndReturn(identityOf('idp.example', 'canary-subject', verified))
    const { token, accountId } = must(await finish(way))
    const everything = shop.stored.join('\n')
    const requests = [...puppet.requests.values()]
    const secrets = requests.flatMap(({ state, nonce, codeVerifier }) => [state, nonce, codeVerifier])
    expect(requests[0]?.codeVerifier).toMatch(/^[0-9a-f]{64}$/)
    for (const canary of [...secrets, 'code-1', way.browserToken, 'canary-subject', email, token]) {
      expect(everything.includes(canary), canary).toBe(false)
    }
    const kept = (await links()).map(({ state }) => ({ collection: 'linkedIdentities', state: state as Json }))
    expect(findUnregistered(accountsPersonalData, kept)).toEqual([])
    const actor = await shop.actorBy(token)
    // It has no password: who came a moment ago erases it, and nobody later.
    expect(tagOf(await eraseAccount(shop.ports, shop.as(customer(accountId)), {}))).toBe('StepUpRequired')
    must(await eraseAccount(shop.ports, shop.as(actor), {}))
    expect(await links()).toEqual([])
    expect(must(await enter(identityOf('idp.example', 'canary-subject'))).accountId).not.toBe(accountId)
  })
})
