import {
  answerPrivacyRequest,
  correctProfile,
  eraseAccount,
  listPrivacyRequests,
  myAccount,
  requestPrivacy,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import { clerk, customer, day, goodPassword, must, openAccounts, tagOf } from './open-accounts.js'

describe('a request about personal data', () => {
  it('has a number and a day by which it is answered, and one of a kind is open at a time', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('li.na@example.com')
    const me = customer(accountId)
    const taken = must(await requestPrivacy(shop.ports, shop.as(me), { kind: 'restriction' }))
    expect(taken).toMatchObject({ number: expect.stringMatching(/^P20261124-\d{8}$/), dueAt: shop.now() + 15 * day })
    const again = await requestPrivacy(shop.ports, shop.as(me), { kind: 'restriction' })
    expect(again.isErr() && again.error).toEqual({
      type: 'PrivacyRequestOpen',
      number: taken.number,
      dueAt: taken.dueAt,
    })
    must(await requestPrivacy(shop.ports, shop.as(me), { kind: 'objection' }))
    expect(must(await listPrivacyRequests(shop.ports, { actor: me }, {})).requests).toHaveLength(2)
    const other = await shop.join('other@example.com')
    expect(must(await listPrivacyRequests(shop.ports, { actor: customer(other) }, {})).requests).toEqual([])
  })

  it('is answered once, with a reason where it is refused, and the person is told', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('li.na@example.com')
    const { requestId, number } = must(
      await requestPrivacy(shop.ports, shop.as(customer(accountId)), { kind: 'objection' }),
    )
    shop.pass(15 * day)
    const due = must(await listPrivacyRequests(shop.ports, { actor: clerk }, { status: 'open' }))
    expect(due.requests).toMatchObject([{ number, isOverdue: false }])
    shop.pass(1)
    const late = must(await listPrivacyRequests(shop.ports, { actor: clerk }, {}))
    expect(late.requests).toMatchObject([{ number, isOverdue: true }])
    const refusal = { requestId, outcome: { kind: 'refused', reason: 'legalDuty' } } as const
    must(await answerPrivacyRequest(shop.ports, shop.as(clerk), refusal))
    expect(must(await listPrivacyRequests(shop.ports, { actor: customer(accountId) }, {})).requests).toMatchObject([
      { status: 'refused', reason: 'legalDuty', answeredAt: shop.now(), isOverdue: false },
    ])
    const second = await answerPrivacyRequest(shop.ports, shop.as(clerk), { requestId, outcome: { kind: 'done' } })
    expect(second.isErr() && second.error).toEqual({ type: 'PrivacyRequestAnsweredBefore', status: 'refused' })
    await shop.deliver()
    expect(shop.mailbox.at(-1)?.text).toContain(number)
    const mine = await answerPrivacyRequest(shop.ports, shop.as(customer(accountId)), refusal)
    expect(tagOf(mine)).toBe('Denied')
  })

  it('for erasure is not called done while everything is still there: erasing answers it, or a reason', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('li.na@example.com')
    const me = customer(accountId)
    const { requestId } = must(await requestPrivacy(shop.ports, shop.as(me), { kind: 'erasure' }))
    const done = { requestId, outcome: { kind: 'done' } } as const
    const refused = await answerPrivacyRequest(shop.ports, shop.as(clerk), done)
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'RequestNotCarriedOut', kind: 'erasure' })
    const open = must(await listPrivacyRequests(shop.ports, { actor: me }, { status: 'open' }))
    expect(open.requests).toMatchObject([{ requestId }])
    must(await eraseAccount(shop.ports, shop.as(me), { password: goodPassword }))
    const answered = await answerPrivacyRequest(shop.ports, shop.as(clerk), done)
    expect(answered._unsafeUnwrapErr()).toEqual({ type: 'PrivacyRequestAnsweredBefore', status: 'done' })
  })

  it('is listed page by page, the one due first at the top', async () => {
    const shop = await openAccounts()
    for (const name of ['a', 'b', 'c']) {
      const accountId = await shop.join(`${name}@example.com`)
      must(await requestPrivacy(shop.ports, shop.as(customer(accountId)), { kind: 'access' }))
      shop.pass(day)
    }
    const first = must(await listPrivacyRequests(shop.ports, { actor: clerk }, { limit: 2 }))
    expect(first.requests.map(({ dueAt }) => dueAt)).toEqual([...first.requests.map(({ dueAt }) => dueAt)].sort())
    const rest = must(
      await listPrivacyRequests(shop.ports, { actor: clerk }, { limit: 2, after: unchecked(first.next) }),
    )
    expect([first.requests.length, rest.requests.length, rest.next]).toEqual([2, 1, null])
  })
})

describe('correcting what is kept of oneself', () => {
  it('changes the name and the language, or takes the name away', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('li.na@example.com', undefined, 'Li')
    const me = customer(accountId)
    must(await correctProfile(shop.ports, shop.as(me), { name: '李娜', locale: 'zh-CN' }))
    expect(must(await myAccount(shop.ports, { actor: me }, {}))).toMatchObject({ name: '李娜', locale: 'zh-CN' })
    expect(shop.stored.join('\n')).not.toContain('李娜')
    must(await correctProfile(shop.ports, shop.as(me), { name: null }))
    expect(must(await myAccount(shop.ports, { actor: me }, {}))).not.toHaveProperty('name')
    expect(must(await myAccount(shop.ports, { actor: me }, {}))).toMatchObject({ locale: 'zh-CN' })
    expect(tagOf(await correctProfile(shop.ports, shop.as(customer('account_none')), { name: 'x' }))).toBe('NotFound')
  })
})
