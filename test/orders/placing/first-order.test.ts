import { ResultAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { countPaid } from '../../../src/orders/money/first-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { firstPaidSpace, paidCheckouts } from '../../../src/promotions/limits.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { claims, counters } from '../../../src/shared/read-plan.js'
import { commitChanges } from '../../../src/shared/storage.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { edit, openEditShop, orderOf, two } from '../editing/open-edit-shop.js'
import { emptyCart, placeAnew } from '../on-delivery/on-delivery-shop.js'
import { by, fillCart, offer, pay, payableNow, place, recipient, type Sku, type TestShop, value } from '../open-shop.js'
import { openMall } from './open-mall.js'

/** 20.00 off from 200.00, on the first order. */
const welcome: Offer = offer({
  offerId: 'welcome',
  stage: 'platform',
  form: { kind: 'promotion' },
  threshold: { amountMinor: 20_000, basis: 'running' },
  audience: { firstOrder: true },
  benefit: { kind: 'amountOff', offMinor: 2_000 },
})

/** Any order: 20.00 off from 100.00. */
const small: Offer = { ...welcome, threshold: { amountMinor: 10_000, basis: 'running' } }

const order = async (shop: TestShop, lines: readonly (readonly [Sku, number])[] = [['kettle', 1]]): Promise<string> =>
  (await placeAnew(shop, 'ann', lines)).orderId

/** What a kettle would cost ann now, carriage included. */
const priceNow = async (shop: TestShop): Promise<number> => {
  await emptyCart(shop, 'ann')
  await fillCart(shop, 'ann', [['kettle', 1]])
  return payableNow(shop, 'ann')
}

const full = 12_900 + 800
const less = full - 2_000

describe('what only a first order is offered', () => {
  it('no order gets by a change that did not have it, before it is paid and after', async () => {
    const shop = await openEditShop({ offers: [welcome] })
    const [one, other] = [await order(shop), await order(shop)]
    await edit(shop, 'ann', two(one))
    expect((await orderOf(shop, one))?.totals.payableMinor).toBe(25_800 + 800)
    await pay(shop, 'ann', other)
    expect(value(await previewEdit(shop, by('ann'), two(other)))).toMatchObject({ toPayMinor: 12_900 })
  })

  it('stays with the order that has it through its changes', async () => {
    const shop = await openEditShop({ offers: [small] })
    const orderId = await order(shop)
    await edit(shop, 'ann', two(orderId))
    expect((await orderOf(shop, orderId))?.totals.payableMinor).toBe(25_800 + 800 - 2_000)
    await pay(shop, 'ann', orderId)
    const asked = { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] }
    expect(value(await previewEdit(shop, by('ann'), asked))).toMatchObject({ toPayMinor: 12_900 })
  })

  it('is not offered a second time once another order was paid while the one that has it was not', async () => {
    const shop = await openEditShop({ offers: [small] })
    const unpaid = await order(shop)
    const paid = await order(shop)
    await pay(shop, 'ann', paid)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect((await orderOf(shop, unpaid))?.status).toBe('closed')
    expect(await priceNow(shop)).toBe(full)
  })

  it('is offered again once the order that had it was closed or given up whole', async () => {
    const shop = await openEditShop({ offers: [small] })
    await order(shop)
    expect(await priceNow(shop)).toBe(full)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await priceNow(shop)).toBe(less)
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    expect(await priceNow(shop)).toBe(full)
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await priceNow(shop)).toBe(less)
    await expectBooksToAgree(shop)
  })

  it('is not offered again while any order that was paid is kept, whichever was paid first', async () => {
    const shop = await openEditShop({ offers: [small] })
    const [first, second] = [await order(shop), await order(shop)]
    await pay(shop, 'ann', first)
    await pay(shop, 'ann', second)
    value(await cancelOrder(shop, by('ann'), { orderId: first }))
    expect(await priceNow(shop)).toBe(full)
    const third = await order(shop)
    await pay(shop, 'ann', third)
    value(await cancelOrder(shop, by('ann'), { orderId: second }))
    expect(await priceNow(shop)).toBe(full)
    value(await cancelOrder(shop, by('ann'), { orderId: third }))
    expect(await priceNow(shop)).toBe(less)
  })

  it('is had by none that is placed while another is paid', async () => {
    const shop = await openEditShop({ offers: [small] })
    const other = await order(shop, [['mug', 1]])
    await emptyCart(shop, 'ann')
    await fillCart(shop, 'ann', [['kettle', 1]])
    // Paid after the first read of the order that is placed, and before its commit.
    let paid = false
    const storage: typeof shop.storage = {
      ...shop.storage,
      commit: (commit) => {
        if (paid) return shop.storage.commit(commit)
        paid = true
        return ResultAsync.fromSafePromise(pay(shop, 'ann', other)).andThen(() => shop.storage.commit(commit))
      },
    }
    const placed = await placeOrder({ ...shop, storage }, by('ann'), {
      shippingMethodId: 'standard',
      recipient,
      expectedTotalMinor: less,
    })
    expect(placed.isErr() && placed.error.type).toBe('PriceChanged')
    expect(await payableNow(shop, 'ann')).toBe(full)
  })

  it('counts as one first order where two are paid at once', async () => {
    const shop = await openEditShop({ offers: [small] })
    const ids = [await order(shop), await order(shop), await order(shop)]
    await Promise.all(ids.map((orderId) => pay(shop, 'ann', orderId)))
    expect(await ask(shop, claims(firstPaidSpace, ids))).toHaveProperty('size', 1)
    expect(await ask(shop, counters(paidCheckouts, ['ann']))).toEqual(new Map([['ann', -3]]))
    // Of two that were decided on the same facts, whatever else they have in common, the storage takes one.
    const none = { firstOrder: new Map<string, string>(), paidCheckouts: new Map<string, number>() }
    const decided = ['o1', 'o2'].map((orderId) => countPaid(none, { orderId, accountId: 'bob' }))
    const answers = await Promise.all(
      decided.map((changes) => commitChanges(shop.storage, { shop: shop.shop, at: shop.clock.now(), changes })),
    )
    expect(answers.flatMap((answer) => (answer.isErr() ? [answer.error.type] : []))).toEqual(['FloorReached'])
  })

  it('is offered again once the last order of a divided checkout was given up', async () => {
    const shop = { ...(await openMall({ offers: [small] })), digests: createKeyedDigest({ key: new Uint8Array(32) }) }
    const checkoutId = await order(shop, [
      ['kettle', 1],
      ['lamp', 1],
    ])
    await pay(shop, 'ann', checkoutId)
    const checkout = await orderOf(shop, checkoutId)
    const [one, other] = checkout?.status === 'divided' ? checkout.orderIds : []
    value(await cancelOrder(shop, by('ann'), { orderId: one ?? '' }))
    expect(await priceNow(shop)).toBe(full)
    value(await cancelOrder(shop, by('ann'), { orderId: other ?? '' }))
    expect(await priceNow(shop)).toBe(less)
  })
})
