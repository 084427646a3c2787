import { okAsync } from 'neverthrow'
import {
  type Actor,
  type ContactBook,
  createShop,
  guestOwnerId,
  type OrderContact,
  orders as orderRows,
  readFacts,
  row,
} from 'shopwright'
import { expect, it } from 'vitest'
import { buyKettles, deliverAll, openStall, orderKettles } from '../support/open-stall.js'
import { must } from './open-shop.js'
import { by, join, recipient } from './world.js'

it('users of the host’s own, who have no account here, buy and are told of it where the host says they are reached', async () => {
  const opened = await openStall([])
  const asked: string[] = []
  const contacts: ContactBook = {
    find: (accountId, channel) => {
      asked.push(`${accountId} by ${channel}`)
      const to = accountId === 'user-42' && channel === 'email' ? { to: 'user42@host.example' } : undefined
      return okAsync(to)
    },
  }
  const stall = { ...opened, shop: createShop({ ...opened.ports, contacts }) }
  const user: Actor = { kind: 'customer', accountId: 'user-42' }
  const stranger: Actor = { kind: 'customer', accountId: 'user-43' }
  const registered = await join(stall, 'ann@example.com', 'Ann')
  stall.mailbox.length = 0
  for (const buyer of [user, stranger, registered.actor]) await buyKettles(stall, buyer, 1)
  must(await stall.shop.upkeep.runAll({ worker: 'one' }))
  const told = (to: string) =>
    stall.mailbox.filter((message) => message.to === to && /is paid|支付成功/.test(message.subject))
  expect(told('user42@host.example')).toHaveLength(1)
  expect(told(registered.email)).toHaveLength(1)
  expect(new Set(stall.mailbox.map(({ to }) => to))).toEqual(new Set(['user42@host.example', registered.email]))
  expect(new Set(asked)).toEqual(new Set(['user-42 by email', 'user-43 by email']))
  expect(must(await stall.shop.orders.list(by(user), { limit: 9 })).orders).toHaveLength(1)
})

it('visitors who order are told of each once: as the host says, where they said, or by the number of who gets the goods', async () => {
  const opened = await openStall([])
  const contacts: ContactBook = {
    find: (accountId, channel) =>
      okAsync(accountId === guestOwnerId('known') && channel === 'email' ? { to: 'known@host.example' } : undefined),
  }
  const stall = { ...opened, shop: createShop({ ...opened.ports, contacts }) }
  const { shop, gateway, mailbox } = stall
  const visitor = (guestId: string): Actor => ({ kind: 'guest', guestId })
  const pay = async (actor: Actor, orderId: string) =>
    must(await shop.orders.pay(by(actor), { orderId, gatewayId: gateway.gatewayId, method: 'wechatPay' }))
  const contact = { email: 'Visitor@example.com' }
  const buys: readonly (readonly [Actor, OrderContact | undefined, string])[] = [
    [visitor('known'), contact, 'email known@host.example'],
    [visitor('named'), contact, 'email Visitor@example.com'],
    [visitor('mute'), undefined, `sms ${recipient.phone}`],
    // A user of the host's own of whom it knows no address: told where they said, and never by who gets the goods.
    [{ kind: 'customer', accountId: 'user-1' }, { phone: '13900000009' }, 'sms 13900000009'],
    [{ kind: 'customer', accountId: 'user-2' }, undefined, ''],
  ]
  const orders = []
  for (const [actor, named] of buys) {
    const order = await orderKettles(stall, actor, 1, named === undefined ? {} : { contact: named })
    await pay(actor, order.orderId)
    orders.push(order)
  }
  for (let turn = 0; turn < 2; turn += 1) {
    await deliverAll(stall)
    must(await shop.upkeep.sendMessages())
  }
  const told = (orderNumber: string, said: RegExp) =>
    mailbox
      .filter(({ text, subject }) => text.includes(orderNumber) && said.test(subject))
      .map(({ channel, to }) => `${channel} ${to}`)
  for (const [place, [, , where]] of buys.entries()) {
    const number = orders[place]?.orderNumber ?? ''
    const once = where === '' ? [] : [where]
    expect(told(number, /is paid|支付成功/), where).toEqual(once)
    // That it was ordered has passed by now; that it is paid is one.
    expect(told(number, /[Bb]ill|账单/), where).toEqual(once)
  }

  // Once it may no longer be kept, nobody is told by it.
  const [, named] = orders
  if (named === undefined) return expect.unreachable('no order')
  must(await shop.orders.cancel(by(visitor('named')), { orderId: named.orderId }))
  const kept = async () => {
    const plan = { order: row(orderRows, named.orderId) }
    const { order } = must(
      await readFacts(stall.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: stall.now(), plan }),
    )
    return order?.state.details
  }
  expect((await kept())?.contact).toBeDefined()
  expect(JSON.stringify(await kept())).not.toContain('example.com')
  stall.pass(1_097 * 86_400_000)
  must(await shop.upkeep.forgetRecipients())
  expect(await kept()).toMatchObject({ recipient: null })
  expect(await kept()).not.toHaveProperty('contact')
})
