import { describe, expect, it } from 'vitest'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import { secondsMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** A shop whose gateway counts what it is asked, and an order of Ann's whose payer is shown a code. */
const openPolled = async () => {
  const opened = await openShop()
  const asked = { queries: 0, closes: 0 }
  const { gateway } = opened
  const counting = {
    ...gateway,
    query: (question: Parameters<typeof gateway.query>[0]) => {
      asked.queries += 1
      return gateway.query(question)
    },
    close: (request: Parameters<typeof gateway.close>[0]) => {
      asked.closes += 1
      return gateway.close(request)
    },
  }
  const shop: TestShop = { ...opened, gateways: { [gateway.gatewayId]: counting } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  gateway.script({ kind: 'pending', delivery: { times: 0 } })
  const { paymentId } = await pay(shop, 'ann', orderId)
  return { shop, orderId, paymentId, asked }
}

const paymentOf = async (shop: TestShop) => (await booksOf(shop)).payments[0]?.state

describe('a page that asks every second whether the order is paid', () => {
  it('asks the gateway every three seconds at most, and puts no question of the sweep off', async () => {
    const { shop, orderId, paymentId, asked } = await openPolled()
    for (let second = 0; second < 60; second += 1) {
      shop.pass(secondsMs)
      expect(value(await queryPayment(shop, by('ann'), { orderId })).attempts).toEqual([
        { paymentId, status: 'requiresAction' },
      ])
    }
    expect(asked.queries).toBe(20)
    const polled = await paymentOf(shop)
    expect(polled).toMatchObject({ queries: 0, queryAt: (polled?.askedAt ?? 0) + 5 * secondsMs })
    // The page is left, and the payment made: no notification comes.
    shop.gateway.pay(paymentId)
    shop.pass(5 * secondsMs)
    expect(value(await settlePayments(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect(await paymentOf(shop)).toMatchObject({ status: 'captured' })
    await expectBooksToAgree(shop)
  })

  it('is told of the payment once three seconds have passed', async () => {
    const { shop, orderId, paymentId } = await openPolled()
    const ask = async (afterMs: number) => {
      shop.pass(afterMs)
      return value(await queryPayment(shop, by('ann'), { orderId })).orderStatus
    }
    await ask(secondsMs)
    shop.gateway.pay(paymentId)
    expect([await ask(2 * secondsMs), await ask(secondsMs)]).toEqual(['awaitingPayment', 'paid'])
  })

  it('and says that they did not pay, is heard at once, and the end is asked for every three seconds at most', async () => {
    const { shop, orderId, asked } = await openPolled()
    shop.pass(secondsMs)
    value(await queryPayment(shop, by('ann'), { orderId }))
    shop.gateway.scriptClose(...Array.from({ length: 9 }, () => ({ kind: 'timeout', closed: false }) as const))
    for (let second = 0; second < 6; second += 1) {
      const { attempts } = value(await queryPayment(shop, by('ann'), { orderId, unpaid: true }))
      expect(attempts.map(({ status }) => status)).toEqual(['closing'])
      shop.pass(secondsMs)
    }
    expect(asked.closes).toBe(2)
    expect(await paymentOf(shop)).toMatchObject({ status: 'closing', queries: 0 })
  })
})
