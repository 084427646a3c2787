import type { Actor } from 'shopwright'
import { expect, it } from 'vitest'
import { must } from '../shop/open-shop.js'
import { by, clerk, content, join, recipient } from '../shop/world.js'
import { deliverAll, openStall } from '../support/open-stall.js'

it('recommends what is bought with it and what is like it to everybody, and by one’s own history to who agreed', async () => {
  const stall = await openStall([])
  const { shop, gateway, productId: kettle, pass } = stall
  for (const sku of ['cup', 'tea', 'pan']) {
    const product = { externalId: sku, merchantId: 'self', content: content(sku, 'home') } as const
    const { productId } = must(await shop.catalog.saveProduct(by(clerk), product))
    must(await shop.catalog.publishProduct(by(clerk), { productId }))
  }
  const lines = ['cup', 'tea'].map((sku) => ({ sku, quantity: 20 }))
  must(await shop.inventory.receive(by(clerk), { reference: 'second', lines }))
  const ann = await join(stall, 'ann@example.com', 'Ann')
  const buy = async (skus: readonly string[]) => {
    for (const sku of skus)
      must(await shop.cart.addLine(by(ann.actor), { productId: `prd_self.${sku}`, sku, quantity: 1 }))
    const choice = { shippingMethodId: 'standard' }
    const { totals } = must(await shop.orders.preview(by(ann.actor), { ...choice, region: recipient.region }))
    const order = { ...choice, recipient, expectedTotalMinor: totals.payableMinor }
    const { orderId } = must(await shop.orders.place(by(ann.actor), order))
    must(await shop.orders.pay(by(ann.actor), { orderId, gatewayId: gateway.gatewayId, method: 'wechatPay' }))
  }
  for (const skus of [['kettle', 'tea'], ['kettle', 'tea'], ['kettle', 'tea'], ['cup'], ['cup']]) await buy(skus)
  await deliverAll(stall)
  stall.pass(60_000)
  must(await shop.upkeep.rankProducts({ limit: 10 }))

  const anyone: Actor = { kind: 'guest', guestId: 'passer-by' }
  const together = must(await shop.storefront.boughtTogether({ actor: anyone }, { productId: kettle }))
  // Three of five orders had both: 3 * 5 / (3 * 3).
  expect(together).toMatchObject([
    {
      card: { productId: 'prd_self.tea', price: { minor: 12_900 }, standing: { sold: 3 } },
      because: { kind: 'boughtTogether', productId: kettle, orders: 3, liftHundredths: 166 },
    },
  ])
  const alike = must(await shop.storefront.similar({ actor: anyone }, { productId: kettle }))
  // The pan is sold out.
  expect(alike.map(({ card }) => card.productId)).toEqual(['prd_self.cup', 'prd_self.tea'])
  expect(alike[0]?.because).toEqual({ kind: 'similar', productId: kettle, shared: ['colour', 'volume'] })

  expect(must(await shop.storefront.forYou(ann))).toEqual({ recommendations: [], because: 'noConsent' })
  const consent = { purpose: 'personalisation', decision: 'given', noticeVersion: 'v1' } as const
  must(await shop.accounts.setConsent(by(ann.actor), consent))
  must(await shop.history.record(by(ann.actor), { kind: 'product', productId: kettle }))
  expect(must(await shop.storefront.forYou(ann))).toMatchObject({
    recommendations: [{ card: { productId: 'prd_self.tea' }, because: { kind: 'viewed', productId: kettle } }],
    because: null,
  })
  must(await shop.history.record(by(ann.actor), { kind: 'product', productId: 'prd_self.tea' }))
  expect(must(await shop.storefront.forYou(ann)).recommendations).toEqual([])
  pass(1)
  must(await shop.accounts.setConsent(by(ann.actor), { ...consent, decision: 'withdrawn' }))
  expect(must(await shop.storefront.forYou(ann)).because).toBe('noConsent')
})
