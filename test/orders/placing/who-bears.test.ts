import { describe, expect, it } from 'vitest'
import { priceMyCart } from '../../../src/cart/price-my-cart.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { tellsWhoBears } from '../../../src/pricing/buyer-price.js'
import { orderWithReturns } from '../../../src/storefront/order-with-returns.js'
import { by, byStaff, couponOffer, fillCart, giveCoupon, openShop, pay, place, recipient, value } from '../open-shop.js'

/** What says who bears a discount: of a line, of an offer, of an order and of a refund. */
const told = (shown: unknown): readonly string[] =>
  JSON.stringify(shown).match(/platformMinor|platformGoodsMinor|subsidyMinor/g) ?? []

describe('who bears a discount, platform or seller', () => {
  it('is told to the shop and to the merchant of an order, and to no buyer', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const couponId = await giveCoupon(shop, 'ann')
    const lines = [
      ['kettle', 1],
      ['lamp', 1],
    ] as const
    await fillCart(shop, 'ann', lines, [couponId])
    const shipping = { shippingMethodId: 'standard', region: recipient.region }
    const preview = value(await previewOrder(shop, by('ann'), shipping))
    // 20.00 off is shown, and what each line got of it; that the platform pays 10.00 of it is not.
    expect(preview.totals.discountMinor).toBe(2_000)
    expect(preview.price.lines.flatMap(({ shares }) => shares.map(({ amountMinor }) => amountMinor))).toHaveLength(2)
    expect(told(preview)).toEqual([])
    expect(told(value(await priceMyCart(shop, by('ann'), {})))).toEqual([])

    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const refund = { orderId, reason: 'goodwill' as const, lines: [{ lineId: 'lamp-2', quantity: 1 }] }
    value(await refundOrder(shop, byStaff(), refund))
    for (const page of [orderPage, orderWithReturns]) {
      const bought = value(await page(shop, by('ann'), { orderId }))
      expect(bought.refunds).toHaveLength(1)
      expect(told(bought)).toEqual([])
      expect(tellsWhoBears(bought.price)).toBe(false)
    }

    for (const actor of [byStaff().actor, { kind: 'merchant', merchantId: 'self' } as const]) {
      const page = value(await orderPage(shop, { actor }, { orderId }))
      expect(page.totals.subsidyMinor).toBe(1_000)
      if (!tellsWhoBears(page.price)) throw new Error('the shop is not told who bears the discount')
      expect(page.price.applied.map(({ platformGoodsMinor }) => platformGoodsMinor)).toEqual([1_000])
      const parts = page.price.lines.flatMap(({ shares }) => shares.map(({ platformMinor }) => platformMinor))
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(1_000)
      expect(page.refunds[0]?.subsidyMinor).toBeGreaterThan(0)
    }
  })
})
