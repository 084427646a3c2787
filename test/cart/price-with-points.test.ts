import { describe, expect, it } from 'vitest'
import { must, openingTime } from '../shop/open-shop.js'
import { by, clerk, join, recipient } from '../shop/world.js'
import { openStall } from '../support/open-stall.js'

describe('the price of a cart with points', () => {
  it('is that of the preview, spent points, earned points and all', async () => {
    const stall = await openStall([])
    const { shop, productId } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const grant = { accountId: ann.accountId, grantId: 'g', points: 750, expiresAt: openingTime + 86_400_000 }
    must(await shop.membership.grantPoints(by(clerk), grant))
    must(await shop.cart.addLine(by(ann.actor), { productId, sku: 'kettle', quantity: 1 }))
    const shipping = { methodId: 'standard', region: recipient.region }
    const without = must(await shop.cart.priceMyCart(by(ann.actor), { shipping })).price
    expect([without.pointsSpent, without.totals.payableMinor]).toEqual([0, 13_700])
    for (const points of [700, 5_000]) {
      const { price } = must(await shop.cart.priceMyCart(by(ann.actor), { shipping, points }))
      const preview = must(
        await shop.orders.preview(by(ann.actor), { shippingMethodId: 'standard', region: recipient.region, points }),
      )
      // Whole blocks of a hundred, no more than there are: 7.00 off.
      expect([price.pointsSpent, price.totals.pointsMinor, price.totals.payableMinor]).toEqual([700, 700, 13_000])
      expect(price.totals).toEqual(preview.price.totals)
      expect(price.pointsEarned).toBe(preview.price.pointsEarned)
    }
  })
})
