import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { productTallies } from '../../../src/catalog/product-tally.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { countSold } from '../../../src/orders/tallies/count-sold.js'
import { counters } from '../../../src/shared/read-plan.js'
import { ask } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type Sku, type TestShop, value } from '../open-shop.js'

const open = async (): Promise<TestShop> => {
  const shop = { ...(await openShop()), digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }) }
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), policy))
  return shop
}

/** Delivers what happened since, and tells what is counted then. */
const deliver = async (shop: TestShop) => {
  for (const event of shop.told.splice(0)) {
    if (countSold.listensTo.includes(`${event.collection}/${event.type}`)) value(await countSold.react(shop, event))
  }
  const sold = await ask(shop, counters(productTallies, ['p-kettle/sold', 'p-mug/sold']))
  return [sold.get('p-kettle/sold') ?? 0, sold.get('p-mug/sold') ?? 0]
}

const buy = async (shop: TestShop, lines: readonly (readonly [Sku, number])[]): Promise<string> => {
  await fillCart(shop, 'ann', lines)
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

const change = async (shop: TestShop, orderId: string, lines: readonly (readonly [string, number])[]) => {
  const asked = { orderId, lines: lines.map(([lineId, quantity]) => ({ lineId, quantity })) }
  const { hash } = value(await previewEdit(shop, by('ann'), asked))
  return value(await applyEdit(shop, by('ann'), { ...asked, hash }))
}

describe('what is sold of a product', () => {
  it('counts the pieces that are bought more for a paid order, and none of them once it is given up', async () => {
    const shop = await open()
    const orderId = await buy(shop, [['kettle', 1]])
    expect(await deliver(shop)).toEqual([1, 0])
    await change(shop, orderId, [['kettle-1', 3]])
    expect(await deliver(shop)).toEqual([1, 0])
    await pay(shop, 'ann', orderId)
    expect(await deliver(shop)).toEqual([3, 0])
    await change(shop, orderId, [['kettle-1', 2]])
    expect(await deliver(shop)).toEqual([2, 0])
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await deliver(shop)).toEqual([0, 0])
  })

  it('counts each piece once, in whatever order and however late it is told of', async () => {
    const shop = await open()
    const orderId = await buy(shop, [
      ['kettle', 1],
      ['mug', 2],
    ])
    await change(shop, orderId, [['mug-2', 0]])
    await change(shop, orderId, [['kettle-1', 3]])
    await pay(shop, 'ann', orderId)
    // The mug is gone from the order, and its one kettle has become three, when its payment is told of.
    expect(await deliver(shop)).toEqual([3, 0])
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await deliver(shop)).toEqual([0, 0])
  })

  it('counts them beside a line that was taken out before, and is gone from the order then', async () => {
    const shop = await open()
    const orderId = await buy(shop, [
      ['kettle', 1],
      ['mug', 2],
    ])
    expect(await deliver(shop)).toEqual([1, 2])
    await change(shop, orderId, [['mug-2', 0]])
    expect(await deliver(shop)).toEqual([1, 0])
    await change(shop, orderId, [['kettle-1', 3]])
    await pay(shop, 'ann', orderId)
    expect(await deliver(shop)).toEqual([3, 0])
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await deliver(shop)).toEqual([0, 0])
  })
})
