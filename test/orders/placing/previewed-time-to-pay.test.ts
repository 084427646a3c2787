import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import type { ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { openUnpaidShop } from '../on-delivery/on-delivery-shop.js'
import { by, fillCart, place, recipient, type TestShop, value } from '../open-shop.js'

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })

/** A shop that takes cards, transfers and payment on delivery in region CN-31 alone, and Ann with a kettle in her cart. */
const openKettle = async (terms: Partial<ShopPolicy> = {}) => {
  const opened = await openUnpaidShop({}, terms, { regions: ['CN-31'] })
  const shop = { ...opened, gateways: { ...opened.gateways, manual } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  return shop
}

const preview = async (shop: TestShop, choice: { readonly region?: string } = {}) =>
  value(await previewOrder(shop, by('ann'), { shippingMethodId: 'standard', region: recipient.region, ...choice }))

describe('the time to pay of an order that is not placed yet', () => {
  it('is told for each way of paying that is offered, a transfer’s with the days that it takes', async () => {
    const shop = await openKettle()
    const soon = shop.clock.now() + 30 * minutesMs
    const { payBy, payByMethod } = await preview(shop)
    expect(payBy).toBe(soon)
    expect(payByMethod).toEqual({
      wechatPay: soon,
      alipay: soon,
      unionPayQuickPass: soon,
      creditCard: soon,
      debitCard: soon,
      eCny: soon,
      bankTransfer: shop.clock.now() + 7 * daysMs,
      payPal: soon,
      cashOnDelivery: soon,
    })
    const { orderId } = await place(shop, 'ann')
    const begun = value(await payOrder(shop, by('ann'), { orderId, gatewayId: 'manual', method: 'bankTransfer' }))
    expect(begun.payBy).toBe(payByMethod.bankTransfer)
  })

  it('is as the terms of the shop say', async () => {
    const shop = await openKettle({ payWithinMs: 60 * minutesMs, payByMethodWithinMs: { bankTransfer: 2 * daysMs } })
    const { payByMethod } = await preview(shop)
    expect(payByMethod).toMatchObject({
      wechatPay: shop.clock.now() + 60 * minutesMs,
      bankTransfer: shop.clock.now() + 2 * daysMs,
    })
  })

  it('is told for no way of paying that the order cannot be paid by', async () => {
    const shop = await openKettle()
    expect((await preview(shop, { region: 'CN-11' })).payByMethod).not.toHaveProperty('cashOnDelivery')
    const { manual: _, ...others } = shop.gateways
    expect((await preview({ ...shop, gateways: others })).payByMethod).not.toHaveProperty('bankTransfer')
    const abroad = { ...manual, capabilities: { ...manual.capabilities, currencies: ['USD'] } }
    const elsewhere = { ...shop, gateways: { ...shop.gateways, manual: abroad } }
    expect((await preview(elsewhere)).payByMethod).not.toHaveProperty('bankTransfer')
  })
})
