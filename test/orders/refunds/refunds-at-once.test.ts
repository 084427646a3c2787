import { okAsync, ResultAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, value } from '../open-shop.js'

it('a refund whose answer was lost is sent again by one machine, however many sweep at once', async () => {
  const opened = await openShop()
  let sent = 0
  const gateway: typeof opened.gateway = {
    ...opened.gateway,
    refund: (request) => {
      sent += 1
      // What the others would be told.
      return sent > 2
        ? okAsync({ kind: 'declined', error: { code: 'InsufficientFunds', gatewayCode: 'no money' } })
        : opened.gateway.refund(request)
    },
  }
  const shop = { ...opened, gateway, gateways: { [gateway.gatewayId]: gateway } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
  const asked = { orderId, reason: 'goodwill' as const, amountMinor: 1_000 }
  expect(value(await refundOrder(shop, byStaff(), asked)).status).toBe('pending')
  shop.pass(minutesMs)
  const sweeps = await Promise.all(Array.from({ length: 4 }, () => settleRefunds(shop, { limit: 10 })))
  expect(sweeps.flatMap((sweep) => value(sweep).failed)).toEqual([])
  expect(sent).toBe(2)
  expect(shop.gateway.books().refunds.map(({ status }) => status)).toEqual(['succeeded'])
  await expectBooksToAgree(shop)
})

it('a refund that is on its way is left alone by sweeps, and by its command sent again, until the call is over', async () => {
  const opened = await openShop()
  const sent: string[] = []
  let reach = () => {}
  let answer = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  const gateway: typeof opened.gateway = {
    ...opened.gateway,
    refund: (request) => {
      sent.push(request.key)
      reach()
      return ResultAsync.fromSafePromise<void, never>(answered).andThen(() => opened.gateway.refund(request))
    },
  }
  const shop = { ...opened, gateway, gateways: { [gateway.gatewayId]: gateway } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  const context = byStaff()
  const asked = { orderId, reason: 'goodwill' as const, amountMinor: 1_000 }
  const first = refundOrder(shop, context, asked)
  await reached
  for (const waitsMs of [5 * secondsMs, 15 * secondsMs, 39 * secondsMs]) {
    shop.pass(waitsMs)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(value(await refundOrder(shop, context, asked)).status).toBe('pending')
  }
  expect(sent).toHaveLength(1)
  answer()
  value(await first)
  expect(shop.gateway.books().refunds.map(({ status }) => status)).toEqual(['succeeded'])
  await expectBooksToAgree(shop)
})
