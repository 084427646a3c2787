import { banAccount, liftBan, signIn } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import { clerk, customer, goodPassword, guest, hour, must, openAccounts, tagOf } from './open-accounts.js'

const email = 'li.na@example.com'

describe('a ban', () => {
  it('is told to the owner, with its reason and its end, and so is that it was lifted', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    await shop.deliver()
    const before = shop.mailbox.length
    const until = shop.now() + 5 * hour
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'abuse', until }))
    await shop.deliver()
    shop.pass(1)
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'legal', until: null }))
    await shop.deliver()
    must(await liftBan(shop.ports, shop.as(clerk), { accountId, reason: 'appeal' }))
    await shop.deliver()
    const told = shop.mailbox.slice(before)
    expect(told.map(({ to }) => to)).toEqual([email, email, email])
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringMatching(/banned at 2026-11-24 09:00 .*until: 2026-11-24 14:00 .*breach of the shop’s rules/),
      expect.stringMatching(/until: with no end set; reason: a duty by law/),
      expect.stringMatching(/no longer banned.*your appeal was granted/),
    ])
    expect(told.map(({ text }) => text).join()).not.toMatch(/\{\w+\}/)
  })

  it('and its end stand in the log with their reasons', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'fraud', until: null }))
    must(await liftBan(shop.ports, shop.as(clerk), { accountId, reason: 'mistake' }))
    const log = shop.stored.filter((text) => /accounts\.(ban|liftBan)".*"detail"/.test(text))
    expect(log.map((text) => /"detail":"(\w+)"/.exec(text)?.[1])).toEqual(['fraud', 'mistake'])
  })

  it('ends in time to come or not at all, and changes nothing otherwise', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const ban = (until: number) => banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'abuse', until })
    for (const until of [0, shop.now() - 1, shop.now()]) {
      expect((await ban(until))._unsafeUnwrapErr()).toEqual({ type: 'BanOver', until })
    }
    expect((await shop.enter(email)).accountId).toBe(accountId)
    must(await ban(shop.now() + 1))
    const input = { identifier: email, password: goodPassword }
    expect(tagOf(await signIn(shop.ports, shop.as(guest), input))).toBe('SignInRefused')
  })

  it('is lifted by staff alone, for a reason that there is, and is not over because nobody said why', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'fraud', until: null }))
    const lift = (input: unknown, actor = clerk) => liftBan(shop.ports, shop.as(actor), unchecked(input))
    expect(tagOf(await lift({ accountId }))).toBe('InvalidInput')
    // Only time lifts a ban because it is over.
    expect(tagOf(await lift({ accountId, reason: 'expired' }))).toBe('InvalidInput')
    expect(tagOf(await lift({ accountId, reason: 'appeal' }, customer(accountId)))).toBe('Denied')
    const input = { identifier: email, password: goodPassword }
    expect(tagOf(await signIn(shop.ports, shop.as(guest), input))).toBe('SignInRefused')
  })
})
