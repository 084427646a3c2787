import type { Actor, Offer, OrderContact } from 'shopwright'
import { expect } from 'vitest'
import { must, type OpenedShop, openShop } from '../shop/open-shop.js'
import { by, clerk, content, recipient, shippingBook, text } from '../shop/world.js'

/** A shop that sells one kettle for 129.00, carried for 8.00, under the offers given; one that is open already, or a new one. */
export const openStall = async (offers: readonly Offer[], pieces = 200, already?: OpenedShop) => {
  const opened = already ?? (await openShop())
  const { shop } = opened
  must(await shop.promotions.publishOffers(by(clerk), { expectedRevision: 0, offers, stacking: 'together' }))
  must(await shop.pricing.publishShippingBook(by(clerk), { expectedRevision: 0, ...shippingBook }))
  const home = { categoryId: 'home', parentId: null, name: text('Home'), slug: 'home', position: 0 }
  must(await shop.catalog.saveCategory(by(clerk), { ...home, requiredAttributes: [] }))
  const product = { externalId: 'kettle', merchantId: 'self', content: content('kettle', 'home') } as const
  const { productId } = must(await shop.catalog.saveProduct(by(clerk), product))
  must(await shop.catalog.publishProduct(by(clerk), { productId }))
  must(await shop.inventory.receive(by(clerk), { reference: 'first', lines: [{ sku: 'kettle', quantity: pieces }] }))
  return { ...opened, productId } as const
}

export type Stall = Awaited<ReturnType<typeof openStall>>

/** Orders kettles and pays for them. */
export const buyKettles = async (stall: Stall, actor: Actor, quantity: number, couponIds: readonly string[] = []) => {
  const order = await orderKettles(stall, actor, quantity, { couponIds })
  const { shop, gateway } = stall
  must(await shop.orders.pay(by(actor), { orderId: order.orderId, gatewayId: gateway.gatewayId, method: 'wechatPay' }))
  return order
}

/** Orders kettles. */
export const orderKettles = async (
  { shop, productId }: Stall,
  actor: Actor,
  quantity: number,
  { couponIds = [], contact }: { readonly couponIds?: readonly string[]; readonly contact?: OrderContact } = {},
) => {
  must(await shop.cart.addLine(by(actor), { productId, sku: 'kettle', quantity }))
  for (const couponId of couponIds) must(await shop.cart.attachCoupon(by(actor), { couponId }))
  const choice = { shippingMethodId: 'standard' }
  const { totals } = must(await shop.orders.preview(by(actor), { ...choice, region: recipient.region }))
  const told = contact === undefined ? {} : { contact }
  return must(
    await shop.orders.place(by(actor), { ...choice, ...told, recipient, expectedTotalMinor: totals.payableMinor }),
  )
}

/** Delivers every event that waits to every reaction. */
export const deliverAll = async ({ shop }: Pick<OpenedShop, 'shop'>): Promise<void> => {
  for (;;) {
    const { delivered, postponed } = must(await shop.upkeep.relay({ worker: 'w', limit: 500 }))
    expect(postponed).toEqual([])
    if (delivered === 0) return
  }
}
