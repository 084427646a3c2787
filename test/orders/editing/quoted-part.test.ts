import { describe, expect, it } from 'vitest'
import { createFixedCarriageRates } from '../../../adapters/rates/fixed/index.js'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { by, byStaff, fillCart, pay, recipient, type Sku, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

/** 10.00 a kilogram to Shanghai, 9.00 next door, 17.00 far away; of a lamp, 500 g. */
const carriageRates = createFixedCarriageRates(
  [
    {
      methodId: 'courier',
      title: { en: 'Courier', 'zh-CN': '快递' },
      currency: 'CNY',
      days: { earliest: 1, latest: 2 },
      regions: {
        'CN-31': { baseMinor: 0, perKilogramMinor: 1_000 },
        'CN-32': { baseMinor: 0, perKilogramMinor: 900 },
        'CN-54': { baseMinor: 0, perKilogramMinor: 1_700 },
      },
    },
  ],
  { source: 'c', validForMs: 10_000_000 },
)

/** Four lamps of `lights`, paid, alone or beside four kettles of the shop's. */
const openQuoted = async (lines: readonly (readonly [Sku, number])[]) => {
  const digests = createKeyedDigest({ key: new Uint8Array(32).fill(3) })
  const shop = { ...(await openMall()), carriageRates, digests }
  await fillCart(shop, 'ann', lines)
  const choice = { shippingMethodId: 'courier' }
  const { totals } = value(await previewOrder(shop, by('ann'), { ...choice, region: 'CN-31' }))
  const asked = { ...choice, recipient, expectedTotalMinor: totals.payableMinor }
  const placed = value(await placeOrder(shop, by('ann'), asked))
  await pay(shop, 'ann', placed.orderId)
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId: placed.orderId }))
  // The lamps are the last of the lines, and their order the last of the parts.
  const orderId = orderIds.at(-1) ?? placed.orderId
  return {
    orderId,
    shop,
    to: (region: string) => previewEdit(shop, by('ann'), { orderId, recipient: { ...recipient, region } }),
  }
}

const wares: Readonly<Record<string, readonly (readonly [Sku, number])[]>> = {
  'an order of its own': [['lamp', 4]],
  'a part of a divided checkout': [
    ['kettle', 4],
    ['lamp', 4],
  ],
}

describe.each(Object.entries(wares))('another address of %s whose carriage was quoted', (_, lines) => {
  it('is refused where carriage of its own goods costs more there', async () => {
    const { orderId, to } = await openQuoted(lines)
    expect((await to('CN-54'))._unsafeUnwrapErr()).toMatchObject({
      type: 'EditCostsMore',
      orderId,
      differenceMinor: 1_400,
    })
  })
})

describe.each(Object.entries(wares))('another address of %s of which nothing would be left', (_, lines) => {
  it.each(['CN-31', 'CN-32', 'CN-54'])('is refused for that: %s', async (region) => {
    const { orderId, shop } = await openQuoted(lines)
    const order = value(await orderPage(shop, by('ann'), { orderId }))
    const none = order.lines.map(({ lineId }) => ({ lineId, quantity: 0 }))
    const asked = { orderId, recipient: { ...recipient, region }, lines: none }
    expect((await previewEdit(shop, by('ann'), asked))._unsafeUnwrapErr()).toEqual({
      type: 'EditLeavesNothing',
      orderId,
    })
  })
})

it('is held against carriage of the goods that are left, where some were taken out', async () => {
  const { orderId, shop, to } = await openQuoted(wares['an order of its own'] ?? [])
  const two = { orderId, lines: [{ lineId: 'lamp-1', quantity: 2 }] }
  const { hash } = value(await previewEdit(shop, by('ann'), two))
  value(await applyEdit(shop, by('ann'), { ...two, hash }))
  // A kilogram costs 10.00 here, 17.00 far away and 9.00 next door.
  expect((await to('CN-54'))._unsafeUnwrapErr()).toMatchObject({ type: 'EditCostsMore', differenceMinor: 700 })
  expect(value(await to('CN-32')).refund?.cashMinor).toBe(100)
})

it('gives back of a part’s carriage no more than its own goods cost less there', async () => {
  const { to } = await openQuoted(wares['a part of a divided checkout'] ?? [])
  const { refund } = value(await to('CN-32'))
  expect(refund?.cashMinor ?? 0).toBeLessThanOrEqual(200)
})
