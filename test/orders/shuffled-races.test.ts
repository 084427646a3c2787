import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../src/orders/paying/query-payment.js'
import { receiveNotification } from '../../src/orders/paying/receive-notification.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../src/orders/sweep-orders.js'
import { minutesMs } from '../../src/shared/instant.js'
import { runsOf } from '../kit/property-runs.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from './books-of.js'
import { noticesOf } from './notices/notices-of.js'
import { by, fillCart, insist, openShop, pay, place, type TestShop, value } from './open-shop.js'

type Task = () => Promise<unknown>

const many = 64

/** In which order as many begin, and how long each waits before, milliseconds. */
const starts = fc.record({
  order: fc.shuffledSubarray(
    Array.from({ length: many }, (_, index) => index),
    { minLength: many },
  ),
  waits: fc.array(fc.nat({ max: 40 }), { minLength: many, maxLength: many }),
})

const beginAll = async (
  tasks: readonly Task[],
  { order, waits }: typeof starts extends fc.Arbitrary<infer T> ? T : never,
) => {
  expect(tasks).toHaveLength(many)
  await Promise.all(
    order.map(async (place, turn) => {
      await new Promise((resolve) => setTimeout(resolve, waits[turn]))
      await tasks[place]?.()
    }),
  )
}

const times = (count: number, task: Task): readonly Task[] => Array.from({ length: count }, () => task)

// One race takes a second or two on Postgres; FC_NUM_RUNS asks for more of them.
const races = { numRuns: runsOf(1), endOnFailure: true }

const queryBy =
  (shop: TestShop, accountId: string, orderId: string): Task =>
  () =>
    insist(() => queryPayment(shop, by(accountId), { orderId }))

/** The sandbox’s word of a payment, taken now and handed over. */
const hear = async (shop: TestShop) => {
  for (const signed of await shop.gateway.takeNotifications()) {
    value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
  }
}

const settle = async (shop: TestShop) => {
  for (let turn = 0; turn < 3; turn += 1) {
    shop.pass(5 * minutesMs)
    await hear(shop)
    value(await settlePayments(shop, { limit: 200 }))
    value(await closeUnpaidOrders(shop, { limit: 200 }))
    value(await settleRefunds(shop, { limit: 200 }))
  }
}

describe('64 who begin in any order', () => {
  it('scenario 3: notices, questions, sweeps and another attempt to pay: one payment is booked, once', async () => {
    await fc.assert(
      fc.asyncProperty(starts, async (drawn) => {
        const shop = await openShop()
        await fillCart(shop, 'ann', [['kettle', 1]])
        const { orderId } = await place(shop, 'ann')
        shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 36 } })
        await pay(shop, 'ann', orderId)
        const signed = await shop.gateway.takeNotifications()
        await beginAll(
          [
            ...signed.map((each) => async () => {
              const handled = value(await receiveNotification(shop, { gatewayId: 'sandbox', ...each }))
              expect(['handled', 'postponed']).toContain(handled.outcome)
            }),
            ...times(12, queryBy(shop, 'ann', orderId)),
            ...times(8, async () => settlePayments(shop, { limit: 10 })),
            ...times(8, () => {
              const context = by('ann')
              return insist(() => payOrder(shop, context, { orderId, gatewayId: 'sandbox', method: 'alipay' }))
            }),
          ],
          drawn,
        )
        await settle(shop)
        const { orders, ledger, payments } = await booksOf(shop)
        expect(orders.map(({ state }) => state.status)).toEqual(['paid'])
        const takenBy = payments.filter(({ state }) => state.known.captured !== null)
        const booked = ledger.filter(({ body }) => body.kind === 'captured')
        expect(booked).toHaveLength(takenBy.length)
        // What a second attempt took besides has gone back.
        expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(13_700)
        expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
        expect(shop.gateway.books().totals).toMatchObject([{ netMinor: 13_700 }])
        expect(shop.told.filter((event) => event.type === 'OrderPaid')).toHaveLength(1)
        expect((await noticesOf(shop)).filter(([, kind]) => kind === 'paymentSucceeded')).toHaveLength(1)
        expect(await freeOf(shop, 'kettle')).toBe(99)
        await expectBooksToAgree(shop)
      }),
      races,
    )
  })

  it('closing against paying: the order has its money and its goods, or neither', async () => {
    await fc.assert(
      fc.asyncProperty(starts, async (drawn) => {
        const shop = await openShop()
        await fillCart(shop, 'ann', [['kettle', 1]])
        const { orderId, payBy } = await place(shop, 'ann')
        shop.gateway.script({ kind: 'pending' })
        const { paymentId } = await pay(shop, 'ann', orderId)
        shop.pass(payBy - shop.clock.now())
        await beginAll(
          [
            async () => {
              expect(shop.gateway.pay(paymentId, { evenIfEnded: true, delivery: { times: 2 } })).toBe(true)
              await hear(shop)
            },
            ...times(15, async () => {
              shop.gateway.repeat(paymentId)
              await hear(shop)
            }),
            ...times(16, async () => closeUnpaidOrders(shop, { limit: 10 })),
            ...times(12, async () => settlePayments(shop, { limit: 10 })),
            ...times(12, queryBy(shop, 'ann', orderId)),
            ...times(8, () => {
              const context = by('ann')
              return insist(() => cancelOrder(shop, context, { orderId }))
            }),
          ],
          drawn,
        )
        await settle(shop)
        const { orders, refunds, ledger } = await booksOf(shop)
        const status = orders[0]?.state.status ?? ''
        const isPaid = status === 'paid'
        if (!isPaid) expect(['closed', 'cancelled']).toContain(status)
        expect(shop.gateway.books().totals).toMatchObject([{ netMinor: isPaid ? 13_700 : 0 }])
        expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual(
          isPaid ? [] : [['succeeded', 13_700]],
        )
        expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(isPaid ? 13_700 : 0)
        expect(balanceOf(ledger, `escrow:${orderId}`) + (isPaid ? 13_700 : 0)).toBe(0)
        expect(await freeOf(shop, 'kettle')).toBe(isPaid ? 99 : 100)
        await expectBooksToAgree(shop)
      }),
      races,
    )
  })

  it('the unpaid deadline against the money: each of 16 orders is paid, or closed with its money on its way back', async () => {
    await fc.assert(
      fc.asyncProperty(starts, async (drawn) => {
        const shop = await openShop()
        let payBy = 0
        for (let index = 0; index < 16; index += 1) {
          await fillCart(shop, `buyer-${index}`, [['mug', 1]])
          const placed = await place(shop, `buyer-${index}`)
          payBy = placed.payBy
          shop.gateway.script({ kind: 'pending' })
          const { paymentId } = await pay(shop, `buyer-${index}`, placed.orderId)
          expect(shop.gateway.pay(paymentId, { delivery: { times: 3 } })).toBe(true)
        }
        shop.pass(payBy - shop.clock.now())
        const signed = await shop.gateway.takeNotifications()
        await beginAll(
          [
            ...signed.map((each) => async () => {
              value(await receiveNotification(shop, { gatewayId: 'sandbox', ...each }))
            }),
            ...times(16, async () => closeUnpaidOrders(shop, { limit: 20 })),
          ],
          drawn,
        )
        await settle(shop)
        const { orders, refunds } = await booksOf(shop)
        expect(orders).toHaveLength(16)
        let kept = 0
        for (const { id, state } of orders) {
          const back = refunds.filter((refund) => refund.state.orderId === id)
          expect([state.status, back.length]).toEqual(state.status === 'paid' ? ['paid', 0] : ['closed', 1])
          if (state.status === 'paid') kept += 1
        }
        expect(await freeOf(shop, 'mug')).toBe(100 - kept)
        await expectBooksToAgree(shop)
      }),
      races,
    )
  })
})
