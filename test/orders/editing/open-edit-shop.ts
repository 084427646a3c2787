import { expect } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import type { EditOrderInput } from '../../../src/orders/order-inputs.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { booksOf } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type Sku, type TestShop, value } from '../open-shop.js'

export const openEditShop = async (
  options: NonNullable<Parameters<typeof openShop>[0]> = {},
  terms: Partial<ShopPolicy> = {},
): Promise<TestShop> => {
  const opened = await openShop(options)
  const shop = { ...opened, digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }) }
  const { policyId: _, ...policy } = { ...defaultShopPolicy, ...terms }
  value(await savePolicy(shop, byStaff(), policy))
  return shop
}

export const buy = async (
  shop: TestShop,
  buyer: string,
  lines: readonly (readonly [Sku, number])[],
  couponIds: readonly string[] = [],
): Promise<string> => {
  await fillCart(shop, buyer, lines, couponIds)
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  return orderId
}

/** Previews a change and applies it by the hash of that. */
export const edit = async (shop: TestShop, buyer: string, change: EditOrderInput) => {
  const { hash, payBy: _, ...outcome } = value(await previewEdit(shop, by(buyer), change))
  const applied = value(await applyEdit(shop, by(buyer), { ...change, hash }))
  expect(applied).toMatchObject(outcome)
  return applied
}

export const refusalOf = async (shop: TestShop, change: EditOrderInput) =>
  (await previewEdit(shop, by('ann'), change))._unsafeUnwrapErr()

export const orderOf = async (shop: TestShop, orderId: string) =>
  (await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state

export const hear = async (shop: TestShop): Promise<void> => {
  for (const signed of await shop.gateway.takeNotifications()) {
    expect(value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed })).outcome).toBe('handled')
  }
}

export const shipment = { carrier: 'sf-express', trackingNumber: 'SF1' }
export const two = (orderId: string): EditOrderInput => ({ orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] })
