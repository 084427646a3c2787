import { banAccount, eraseAccount, remindOfUserName, requestReset, type Sealer, setUserName } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import { clerk, goodPassword, guest, minute, must, type OpenAccounts, openAccounts, tagOf } from './open-accounts.js'

const email = 'owner@example.com'
const phone = '+8613800138000'

const remind = (shop: OpenAccounts, input: unknown) => remindOfUserName(shop.ports, shop.as(guest), unchecked(input))

const mailTo = async (shop: OpenAccounts) => {
  shop.mailbox.length = 0
  await shop.deliver()
  return shop.mailbox.map(({ channel, to, subject, text }) => ({ channel, to, subject, text }))
}

describe('the reminder of a forgotten user name', () => {
  it('goes to the proven address or number of the account, and says so where there is none', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    await shop.join(phone)
    shop.pass(minute)
    await mailTo(shop)
    must(await remind(shop, { email }))
    expect(await mailTo(shop)).toMatchObject([{ to: email, subject: 'You have no user name' }])
    must(await setUserName(shop.ports, shop.as(actor), { userName: 'canary-li-ming' }))
    await mailTo(shop)
    must(await remind(shop, { email: ' OWNER@example.com' }))
    const [told] = await mailTo(shop)
    expect(told).toMatchObject({ channel: 'email', to: email, subject: 'Your user name' })
    expect(told?.text).toContain('Your user name is canary-li-ming.')
    must(await remind(shop, { phone: '138 0013 8000' }))
    expect(await mailTo(shop)).toMatchObject([{ channel: 'sms', to: phone, subject: 'You have no user name' }])
    expect(shop.stored.join('\n').includes('canary-li-ming')).toBe(false)
  })

  it('answers alike whether there is an account, none, a banned or an erased one', async () => {
    const shop = await openAccounts()
    const banned = await shop.join('banned@example.com')
    must(await banAccount(shop.ports, shop.as(clerk), { accountId: banned, reason: 'fraud', until: null }))
    await shop.join('gone@example.com')
    const gone = await shop.actor('gone@example.com')
    must(await eraseAccount(shop.ports, shop.as(gone), { password: goodPassword }))
    await shop.join(email)
    await mailTo(shop)
    const answers = []
    for (const each of [email, 'nobody@example.com', 'banned@example.com', 'gone@example.com']) {
      answers.push(must(await remind(shop, { email: each })))
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([`{"askedAt":${shop.now()}}`]))
    expect((await mailTo(shop)).map(({ to }) => to)).toEqual([email])
  })

  it('seals and opens as much for an address that nobody has as for one with a user name', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await shop.join('named@example.com')
    const named = await shop.actor('named@example.com')
    must(await setUserName(shop.ports, shop.as(named), { userName: 'li-ming' }))
    const work: string[] = []
    const { createKey, seal, open } = shop.ports.sealer
    const sealer: Sealer = {
      createKey: (subjectId) => {
        work.push('createKey')
        return createKey(subjectId)
      },
      seal: (key, place, text) => {
        work.push('seal')
        return seal(key, place, text)
      },
      open: (key, place, sealed) => {
        work.push('open')
        return open(key, place, sealed)
      },
    }
    const ports = { ...shop.ports, sealer }
    const workOf = async (ask: typeof remindOfUserName | typeof requestReset, input: unknown) => {
      work.length = 0
      expect(tagOf<{ readonly type: string }>(await ask(ports, shop.as(guest), unchecked(input)))).toBe('ok')
      return [...work].sort()
    }
    for (const each of ['named@example.com', email, 'nobody@example.com']) {
      expect(await workOf(remindOfUserName, { email: each }), each).toEqual(['createKey', 'open', 'seal'])
      expect(await workOf(requestReset, { identifier: each }), each).toEqual(['createKey', 'seal'])
    }
  })

  it('keeps no code from anybody: what it costs is counted apart', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    for (let asked = 0; asked < 5; asked += 1) must(await remind(shop, { email }))
    expect(tagOf(await remind(shop, { email }))).toBe('TooManyCodes')
    for (let asked = 0; asked < 4; asked += 1) {
      shop.pass(minute)
      expect(tagOf(await requestReset(shop.ports, shop.as(guest), { identifier: email }))).toBe('ok')
    }
  })

  it('is bounded as codes are, known or not, and takes an address or a number only', async () => {
    const shop = await openAccounts()
    const tags = []
    for (let asked = 0; asked < 6; asked += 1) tags.push(tagOf(await remind(shop, { email: 'nobody@example.com' })))
    expect(tags).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'TooManyCodes'])
    expect(tagOf(await remind(shop, { email: 'liming' }))).toBe('EmailMalformed')
    expect(tagOf(await remind(shop, { email, phone }))).toBe('InvalidInput')
    expect(tagOf(await remind(shop, { userName: 'liming' }))).toBe('InvalidInput')
  })
})
