import { describe, expect, it } from 'vitest'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import type { ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { shippingBookId, shippingBooks } from '../../../src/pricing/books.schema.js'
import { put } from '../../../src/shared/commit.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, pay, recipient, type TestShop, value } from '../open-shop.js'
import { buy, edit, hear, openEditShop, orderOf, refusalOf, shipment, two } from './open-edit-shop.js'

/** Shanghai for 8.00, next door for 5.00, far away for 18.00. */
const openFarShop = async (terms: Partial<ShopPolicy>): Promise<TestShop> => {
  const shop = await openEditShop({}, terms)
  const stored = (await ask(shop, row(shippingBooks, shippingBookId)))!
  const [method] = stored.state.methods
  const zone = (zoneId: string, regions: readonly string[], chargeMinor: number) => ({
    zoneId,
    regions,
    rate: { kind: 'flat' as const, chargeMinor },
    freeFromMinor: null,
    days: { earliest: 1, latest: 3 },
  })
  const zones = [zone('here', ['CN-31'], 800), zone('near', ['CN-32'], 500), zone('far', ['CN-54'], 1_800)]
  await commit(shop, [
    put(shippingBooks, {
      id: shippingBookId,
      version: stored.version,
      state: { ...stored.state, methods: [{ ...method!, zones }] },
    }),
  ])
  return shop
}

const far = { ...recipient, region: 'CN-54', city: '拉萨', address: '北京中路 1 号' }

const near = { ...recipient, region: 'CN-32', city: '苏州', address: '人民路 1 号' }

describe('a dearer address of an order that is paid', () => {
  it('is taken once the buyer has paid the difference of carriage, where the terms say so', async () => {
    const shop = await openFarShop({ dearerCarriage: 'buyer' })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    expect(await edit(shop, 'ann', { orderId, recipient: far })).toMatchObject({ toPayMinor: 1_000, region: 'CN-54' })
    expect(value(await orderPage(shop, by('ann'), { orderId })).recipient).toMatchObject({ region: 'CN-31' })
    await pay(shop, 'ann', orderId)
    expect(value(await orderPage(shop, by('ann'), { orderId })).recipient).toMatchObject(far)
    expect(await orderOf(shop, orderId)).toMatchObject({ totals: { shippingPaidMinor: 1_800, payableMinor: 14_700 } })
    await expectBooksToAgree(shop)
  })

  it('is dropped once the first parcel has left, and what is still paid for it goes back', async () => {
    const shop = await openFarShop({ dearerCarriage: 'buyer' })
    const orderId = await buy(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    await edit(shop, 'ann', { orderId, recipient: far })
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment, lines: [{ lineId: 'lamp-2', quantity: 1 }] }))
    shop.gateway.pay(paymentId, { evenIfEnded: true })
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    const page = value(await orderPage(shop, by('ann'), { orderId }))
    expect([page.edit, page.recipient]).toMatchObject([null, { region: 'CN-31' }])
    expect((await orderOf(shop, orderId))?.totals.shippingPaidMinor).toBe(800)
    const { refunds } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.paymentId, state.amountMinor])).toEqual([[paymentId, 1_000]])
    await expectBooksToAgree(shop)
  })

  it('costs the buyer no carriage with more pieces either, where the seller takes it over', async () => {
    const shop = await openFarShop({ dearerCarriage: 'seller' })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    // 8.00 were paid, 3.00 of it go back, and no more is paid from then on.
    shop.pass(1)
    expect(await edit(shop, 'ann', { orderId, recipient: near })).toMatchObject({ refund: { cashMinor: 300 } })
    expect(await edit(shop, 'ann', { orderId, recipient: far })).toMatchObject({ toPayMinor: 0, refund: null })
    expect(await edit(shop, 'ann', two(orderId))).toMatchObject({ toPayMinor: 12_900, region: 'CN-54' })
    await pay(shop, 'ann', orderId)
    const order = await orderOf(shop, orderId)
    expect([order?.totals.shippingPaidMinor, order?.details.region]).toEqual([500, 'CN-54'])
    await expectBooksToAgree(shop)

    const another = await buy(shop, 'bob', [['kettle', 1]])
    expect(await edit(shop, 'bob', { ...two(another), recipient: far })).toMatchObject({
      newRecipient: true,
      toPayMinor: 12_900,
    })
    await pay(shop, 'bob', another)
    expect(value(await orderPage(shop, by('bob'), { orderId: another })).recipient).toMatchObject(far)
    await expectBooksToAgree(shop)
  })

  it('and the first again give no carriage back that the buyer never paid, where the seller takes it over', async () => {
    const shop = await openFarShop({ dearerCarriage: 'seller' })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    expect(await edit(shop, 'ann', { orderId, recipient: far })).toMatchObject({ toPayMinor: 0, refund: null })
    // 8.00 were paid for carriage, of which to Shanghai nothing is too much; next door is 3.00 cheaper than that.
    expect(await edit(shop, 'ann', { orderId, recipient })).toMatchObject({ refund: null, shippingAfterMinor: 800 })
    await edit(shop, 'ann', { orderId, recipient: far })
    expect(await edit(shop, 'ann', { orderId, recipient: near })).toMatchObject({ refund: { shippingMinor: 300 } })
    for (const place of [far, near, far, recipient, near])
      expect(await edit(shop, 'ann', { orderId, recipient: place })).toMatchObject({ refund: null })
    await expectBooksToAgree(shop)
  })

  it('is refused with more pieces too, where the terms refuse it', async () => {
    const shop = await openFarShop({ dearerCarriage: 'refuse' })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    expect(await refusalOf(shop, { ...two(orderId), recipient: far })).toMatchObject({
      type: 'EditCostsMore',
      differenceMinor: 1_000,
    })
    expect(await edit(shop, 'ann', { ...two(orderId), recipient: near })).toMatchObject({ toPayMinor: 12_600 })
  })
})
