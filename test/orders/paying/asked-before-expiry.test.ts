import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { commandsOfClose } from '../../../src/payments/outcome.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, fillCart, openShop, pay, place, value } from '../open-shop.js'

/** Ann's order of one kettle; the request to pay it was lost on its way, and the gateway has never heard of it. */
const openLost = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'timeout', charged: false })
  await pay(shop, 'ann', orderId)
  const paymentOf = async () => (await booksOf(shop)).payments[0]?.state
  const expiresAt = (await paymentOf())?.expiresAt ?? 0
  return { shop, orderId, paymentOf, toExpiryMs: expiresAt - shop.clock.now() }
}

describe('a payment of which its gateway has never heard', () => {
  it('is not ended by an answer to a question of before its time was over, however late it comes', async () => {
    const { shop, orderId, paymentOf, toExpiryMs } = await openLost()
    shop.pass(toExpiryMs - 1)
    const close: typeof shop.gateway.close = (asked) =>
      shop.gateway.close(asked).map((outcome) => {
        shop.pass(minutesMs)
        return outcome
      })
    const slow = { ...shop, gateways: { sandbox: { ...shop.gateway, close } } }
    value(await cancelOrder(slow, by('ann'), { orderId }))
    expect(await paymentOf()).toMatchObject({ status: 'closing', closing: { reason: 'orderCancelled' } })
    // A request that was under way by then may have reached it since: the stock waits.
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('closing')
    expect(await freeOf(shop, 'kettle')).toBe(99)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await paymentOf()).toMatchObject({ status: 'closed', closed: { evidence: 'notFoundAfterExpiry' } })
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('cancelled')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })

  it('is ended by an answer to a question of when its time was over', async () => {
    const { shop, orderId, paymentOf, toExpiryMs } = await openLost()
    // A millisecond before, the order may be cancelled, and its gateway is not there; then it is, to the moment.
    shop.pass(toExpiryMs - 1)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await paymentOf()).toMatchObject({ status: 'closing' })
    shop.pass(30 * minutesMs)
    const askedAt = shop.clock.now()
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await paymentOf()).toMatchObject({ closed: { evidence: 'notFoundAfterExpiry', at: askedAt } })
  })
})

describe('what the answer to a request to close means', () => {
  const expiresAt = 1_000
  const meant = (at: number, outcome: Parameters<typeof commandsOfClose>[0], status: 'closing' | 'partlyCaptured') =>
    commandsOfClose(outcome, { at, expiresAt, status })
  const asked = (at: number) => ({ type: 'RecordAsked', at })

  it('is the end where it was closed, and where it was not heard of from the moment on that its time is over', () => {
    const notFound = { kind: 'ok', value: 'notFound' } as const
    expect(meant(999, notFound, 'closing')).toEqual([asked(999)])
    for (const at of [1_000, 1_001]) {
      expect(meant(at, notFound, 'closing')).toEqual([{ type: 'ConfirmClosed', evidence: 'notFoundAfterExpiry', at }])
    }
    const closed = { kind: 'ok', value: 'closed' } as const
    expect(meant(1, closed, 'closing')).toEqual([{ type: 'ConfirmClosed', evidence: 'closedByGateway', at: 1 }])
    expect(meant(1, closed, 'partlyCaptured')).toEqual([{ type: 'ConfirmReleased' }])
  })

  it('is not the end where the gateway is busy, says no, has taken the money or did not answer', () => {
    const error = { code: 'GatewayDown', gatewayCode: '503' } as const
    expect(meant(2_000, { kind: 'declined', error }, 'closing')).toEqual([asked(2_000)])
    expect(meant(2_000, { kind: 'ok', value: 'alreadyPaid' }, 'closing')).toEqual([asked(2_000)])
    expect(meant(2_000, { kind: 'unknown', cause: 'timeout' }, 'closing')).toEqual([
      asked(2_000),
      { type: 'RecordUnknown', cause: 'timeout', at: 2_000 },
    ])
  })
})
