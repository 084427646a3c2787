import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { put } from '../../../src/shared/commit.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** An order of two kettles, 266.00, whose money was being taken for a parcel when the answer was lost. */
const openCapturing = async (captured: boolean) => {
  const shop = await openShop()
  const state = { ...defaultShopPolicy, capture: 'onShipment' as const }
  await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  shop.gateway.scriptCapture({ kind: 'timeout', captured })
  const post = { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }
  expect((await captureAndShip(shop, byStaff(), post))._unsafeUnwrapErr().type).toBe('CaptureUnderway')
  return { shop, orderId }
}

const offered = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, byStaff(), { orderId })).nextActions

const goodwill = (orderId: string) =>
  ({ orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity: 1 }] }) as const

describe('while nobody knows whether money of an order was taken', () => {
  it('what would give it back is not offered, and is refused as CaptureUnderway', async () => {
    const { shop, orderId } = await openCapturing(false)
    const silent = { ...shop, gateways: { sandbox: silentOf(shop) } }
    const actions = await offered(silent, orderId)
    expect(actions.filter((each) => each === 'cancel' || each === 'refund')).toEqual([])
    for (const answer of [
      await cancelOrder(silent, by('ann'), { orderId }),
      await refundOrder(silent, byStaff(), goodwill(orderId)),
    ]) {
      expect(answer._unsafeUnwrapErr().type).toBe('CaptureUnderway')
    }
    await expectBooksToAgree(shop)
  })

  it.each([true, false])(
    'an order is given up once the gateway says so: it is asked first (taken: %s)',
    async (taken) => {
      const { shop, orderId } = await openCapturing(taken)
      shop.pass(minutesMs)
      value(await cancelOrder(shop, by('ann'), { orderId }))
      shop.pass(minutesMs)
      expect((await booksOf(shop)).orders[0]?.state.status).toBe('cancelled')
      await expectBooksToAgree(shop)
    },
  )

  it('money is given back once the gateway says so: it is asked first', async () => {
    const { shop, orderId } = await openCapturing(true)
    shop.pass(minutesMs)
    expect(value(await refundOrder(shop, byStaff(), goodwill(orderId))).status).toBe('succeeded')
    expect(await offered(shop, orderId)).toContain('cancel')
    await expectBooksToAgree(shop)
  })
})

const silentOf = ({ gateway }: TestShop): TestShop['gateway'] => ({
  ...gateway,
  query: () => okAsync({ kind: 'unknown', cause: 'timeout' }),
})
