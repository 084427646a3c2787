import { okAsync } from 'neverthrow'
import { type Actor, type ContactBook, createShop } from 'shopwright'
import { expect, it } from 'vitest'
import { buyKettles, openStall } from '../support/open-stall.js'
import { must } from './open-shop.js'
import { by, join } from './world.js'

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
