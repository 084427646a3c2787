import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** Ann's order of a kettle, 137.00 with carriage, paid by a gateway that the shop opens without afterwards. */
const openPaid = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return { shop, orderId, without: { ...shop, gateways: {} } satisfies TestShop }
}

const refundsOf = async (shop: TestShop) =>
  (await booksOf(shop)).refunds.map(({ state: { status, tries } }) => ({ status, tries }))

const staffMay = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, byStaff(), { orderId })).nextActions

const giveUp = async (shop: TestShop, orderId: string) => {
  await cancelOrder(shop, by('ann'), { orderId })
  return (await booksOf(shop)).refunds[0]?.id ?? ''
}

describe('a refund whose gateway the shop has no more', () => {
  it('is not taken for sent: it waits as it was decided, is named every turn, and staff pay it by hand', async () => {
    const { shop, orderId, without } = await openPaid()
    const refundId = await giveUp(without, orderId)
    expect(await refundsOf(shop)).toEqual([{ status: 'requested', tries: 0 }])
    for (let turn = 0; turn < 2; turn += 1) {
      shop.pass(daysMs)
      expect(value(await settleRefunds(without, { limit: 10 })).failed).toEqual([
        { id: refundId, reason: 'GatewayUnknown' },
      ])
    }
    expect(await refundsOf(shop)).toEqual([{ status: 'requested', tries: 0 }])
    expect(await staffMay(without, orderId)).toEqual(['payRefundByHand'])
    value(await payRefundByHand(without, byStaff(), { refundId }))
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('cancelled')
    expect(shop.gateway.books().refunds).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('goes out once the gateway is back', async () => {
    const { shop, orderId, without } = await openPaid()
    await giveUp(without, orderId)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([{ status: 'succeeded', tries: 1 }])
    await expectBooksToAgree(shop)
  })

  it('is not sent again by a hand either, where it failed before', async () => {
    const { shop, orderId, without } = await openPaid()
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const asked = { orderId, reason: 'goodwill', amountMinor: 500 } as const
    const { refundId } = value(await refundOrder(shop, byStaff(), asked))
    expect(await staffMay(without, orderId)).not.toContain('retryRefund')
    expect((await retryRefund(without, byStaff(), { refundId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'GatewayUnknown',
      gatewayId: 'sandbox',
    })
    expect(await staffMay(shop, orderId)).toContain('retryRefund')
    value(await retryRefund(shop, byStaff(), { refundId }))
    expect(await refundsOf(shop)).toEqual([{ status: 'succeeded', tries: 2 }])
    await expectBooksToAgree(shop)
  })
})
