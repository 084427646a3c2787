import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, fillCart, openShop, place, sandboxKey, type TestShop, value } from '../open-shop.js'

/** A kettle that was paid by a gateway and given up; the shop has none to give its money back. */
const owe = async (shop: TestShop, gatewayId: string, buyer: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  value(await payOrder(shop, by(buyer), { orderId, gatewayId, method: 'wechatPay' }))
  await cancelOrder({ ...shop, gateways: {} }, by(buyer), { orderId })
  shop.pass(1)
}

const waiting = async (shop: TestShop, gatewayId: string) =>
  (await booksOf(shop)).refunds.filter(({ state }) => state.gatewayId === gatewayId && state.status === 'requested')
    .length

describe('refunds whose gateway the shop has no more', () => {
  it('keep none that came later from being sent, however many they are', async () => {
    const shop = await openShop()
    const other = createSandboxGateway({ now: shop.clock.now, keys: [sandboxKey], gatewayId: 'other' })
    const both: TestShop = { ...shop, gateways: { ...shop.gateways, other } }
    for (let count = 0; count < 25; count += 1) await owe(both, 'other', `buyer-${count}`)
    await owe(both, 'sandbox', 'ann')
    for (let turn = 0; turn < 3 && (await waiting(shop, 'sandbox')) > 0; turn += 1) {
      const { failed } = value(await settleRefunds(shop, { limit: 1 }))
      expect(failed[0]).toMatchObject({ reason: 'GatewayUnknown' })
    }
    expect(await waiting(shop, 'sandbox')).toBe(0)
    expect(shop.gateway.books().refunds).toMatchObject([{ status: 'succeeded' }])
    // Once the gateway is back, each of them goes.
    value(await settleRefunds(both, { limit: 100 }))
    expect(await waiting(shop, 'other')).toBe(0)
    await expectBooksToAgree(shop)
  })
})
