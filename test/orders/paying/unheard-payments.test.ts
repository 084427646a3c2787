import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { listHeldPayments } from '../../../src/payments/list-held-payments.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)

/** A shop whose gateway answers nothing, but that the payer has paid or held the money, if anything. */
const silent = (shop: TestShop): TestShop => {
  const { gateway } = shop
  const quiet: PaymentGateway = { ...gateway, query: lost, close: lost, capture: lost }
  return { ...shop, gateways: { sandbox: quiet } }
}

const openOrder = async () => {
  const shop = await openShop()
  const state = { ...defaultShopPolicy, capture: 'onShipment' as const }
  await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  await fillCart(shop, 'ann', [['kettle', 1]])
  return { shop, orderId: (await place(shop, 'ann')).orderId }
}

const turn = async (shop: TestShop) => {
  value(await closeUnpaidOrders(shop, { limit: 10 }))
  return value(await settlePayments(shop, { limit: 10 })).failed
}

const unheard = async (shop: TestShop) =>
  value(await listHeldPayments(shop, byStaff(), { unheard: true })).payments.map(({ paymentId, unheardSince }) => ({
    paymentId,
    unheardSince,
  }))

describe('a payment whose gateway does not answer', () => {
  it('is listed, and named by every turn once its end has been waited for for three days', async () => {
    const { shop, orderId } = await openOrder()
    shop.gateway.script({ kind: 'timeout', charged: false })
    const { paymentId } = await pay(shop, 'ann', orderId)
    expect(await unheard(shop)).toEqual([{ paymentId, unheardSince: shop.clock.now() }])
    const quiet = silent(shop)
    shop.pass(daysMs)
    expect(await turn(quiet)).toEqual([])
    const [{ unheardSince } = { unheardSince: null }] = await unheard(shop)
    expect(unheardSince).toBe(shop.clock.now())
    shop.pass(3 * daysMs - 1)
    expect(await turn(quiet)).toEqual([])
    shop.pass(1)
    for (let again = 0; again < 2; again += 1) {
      expect(await turn(quiet)).toEqual([{ id: paymentId, reason: 'PaymentUnheard' }])
    }
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await turn(shop)).toEqual([])
    expect(await unheard(shop)).toEqual([])
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('closed')
    await expectBooksToAgree(shop)
  })

  it('is named where a capture was not answered for three days, until it is', async () => {
    const { shop, orderId } = await openOrder()
    const { paymentId } = await pay(shop, 'ann', orderId)
    expect(await unheard(shop)).toEqual([])
    const quiet = silent(shop)
    const post = { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }
    expect((await captureAndShip(quiet, byStaff(), post))._unsafeUnwrapErr().type).toBe('CaptureUnderway')
    const since = shop.clock.now()
    shop.pass(3 * daysMs - hoursMs)
    expect(await turn(quiet)).toEqual([])
    expect(await unheard(shop)).toEqual([{ paymentId, unheardSince: since }])
    shop.pass(hoursMs)
    expect(await turn(quiet)).toEqual([{ id: paymentId, reason: 'PaymentUnheard' }])
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await turn(shop)).toEqual([])
    expect(await unheard(shop)).toEqual([])
    await expectBooksToAgree(shop)
  })
})
