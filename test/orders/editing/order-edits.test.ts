import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import type { EditOrderInput } from '../../../src/orders/order-inputs.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { shippingBookId, shippingBooks } from '../../../src/pricing/books.schema.js'
import { put } from '../../../src/shared/commit.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  recipient,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'

type Options = NonNullable<Parameters<typeof openShop>[0]>

/** A shop that sends to Shanghai for 8.00, next door for 5.00 and far away for 18.00. */
const openWithRegions = async (options: Options = {}, terms: Partial<ShopPolicy> = {}): Promise<TestShop> => {
  const opened = await openShop(options)
  const shop = { ...opened, digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }) }
  const title = { en: 'Standard', 'zh-CN': '标准' }
  const zone = (zoneId: string, regions: readonly string[], chargeMinor: number) => ({
    zoneId,
    regions,
    rate: { kind: 'flat' as const, chargeMinor },
    freeFromMinor: null,
    days: { earliest: 1, latest: 3 },
  })
  const methods = [
    {
      methodId: 'standard',
      title,
      zones: [zone('here', ['CN-31'], 800), zone('near', ['CN-32'], 500), zone('far', ['CN-54'], 1_800)],
    },
  ]
  const { policyId: _, ...policy } = { ...defaultShopPolicy, ...terms }
  await commit(shop, [
    put(shippingBooks, { id: shippingBookId, version: 1, state: { bookId: shippingBookId, currency: 'CNY', methods } }),
  ])
  value(await savePolicy(shop, byStaff(), policy))
  return shop
}

const buy = async (
  shop: TestShop,
  lines: readonly (readonly [Sku, number])[],
  extra: { readonly paid?: false; readonly points?: number; readonly couponIds?: readonly string[] } = {},
): Promise<string> => {
  const { paid = true, points, couponIds } = extra
  await fillCart(shop, 'ann', lines, couponIds)
  const { orderId } = await place(shop, 'ann', points === undefined ? {} : { points })
  if (paid) await pay(shop, 'ann', orderId)
  return orderId
}

/** Previews a change and applies it by the hash of that. */
const edit = async (shop: TestShop, context: CommandContext, change: EditOrderInput) => {
  const { hash, ...outcome } = value(await previewEdit(shop, context, change))
  const applied = value(await applyEdit(shop, context, { ...change, hash }))
  expect(applied).toMatchObject(outcome)
  return applied
}

const refusalOf = async (shop: TestShop, context: CommandContext, change: EditOrderInput) =>
  (await previewEdit(shop, context, change))._unsafeUnwrapErr()

const pageOf = async (shop: TestShop, orderId: string) => value(await orderPage(shop, by('ann'), { orderId }))

const shipment = { carrier: 'sf-express', trackingNumber: 'SF1' }
const elsewhere = { ...recipient, name: '李四', address: '解放路 9 号' }

describe('fewer pieces of an order that is paid', () => {
  it('go back to the shelf and their money to the payer; the rest is sent, and the books agree', async () => {
    const shop = await openWithRegions()
    const orderId = await buy(shop, [
      ['kettle', 2],
      ['lamp', 1],
    ])
    const edited = await edit(shop, by('ann'), {
      orderId,
      lines: [
        { lineId: 'kettle-1', quantity: 1 },
        { lineId: 'lamp-2', quantity: 0 },
      ],
    })
    expect(edited).toMatchObject({
      lines: [
        { lineId: 'kettle-1', sku: 'kettle', before: 2, after: 1 },
        { lineId: 'lamp-2', sku: 'lamp', before: 1, after: 0 },
      ],
      payableBeforeMinor: 32_500,
      payableAfterMinor: 13_700,
      shippingAfterMinor: 800,
      refund: { cashMinor: 18_800, shippingMinor: 0 },
      refundStatus: 'succeeded',
    })
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([99, 100])
    await expectBooksToAgree(shop)
    const { parcelId, status, lines } = value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
    expect([status, lines]).toEqual(['shipped', [{ lineId: 'kettle-1', warehouse: 'main', quantity: 1 }]])
    value(await recordDelivery(shop, byStaff(), { parcelId }))
    const page = await pageOf(shop, orderId)
    expect([page.state, page.refund]).toEqual(['signed', 'partly'])
    expect(page.history.filter(({ happened }) => happened === 'linesChanged')).toMatchObject([{ by: 'buyer' }])
    await expectBooksToAgree(shop)
  })

  it('take a gift with them that is lost by it and still here, unless the shop takes them out', async () => {
    const shop = await openWithRegions({ offers: [giftOffer] })
    const orderId = await buy(shop, [['kettle', 2]])
    const edited = await edit(shop, by('ann'), { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    expect(edited.lines.map(({ sku, after }) => [sku, after])).toEqual([
      ['kettle', 1],
      ['bag', 0],
    ])
    expect(edited.refund).toMatchObject({ cashMinor: 12_900 })
    expect(await freeOf(shop, 'bag')).toBe(100)
    await expectBooksToAgree(shop)

    const another = await openWithRegions({ offers: [giftOffer] })
    const given = await buy(another, [['kettle', 2]])
    const bySeller = await edit(another, byStaff(), { orderId: given, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    expect(bySeller.lines.map(({ sku, after }) => [sku, after])).toEqual([['kettle', 1]])
    expect(bySeller.refund).toMatchObject({ cashMinor: 12_900 })
    expect(await freeOf(another, 'bag')).toBe(99)
    value(await cancelOrder(another, byStaff(), { orderId: given }))
    expect(await freeOf(another, 'bag')).toBe(100)
  })

  it('are reckoned by what the rest costs, where the terms say so: 20.00 off is lost below 100.00', async () => {
    const shop = await openWithRegions(
      { offers: [couponOffer] },
      { returns: { ...defaultShopPolicy.returns, refundPolicy: 'reevaluate' } },
    )
    const couponIds = [await giveCoupon(shop, 'ann')]
    const orderId = await buy(
      shop,
      [
        ['kettle', 1],
        ['lamp', 1],
      ],
      { couponIds },
    )
    // 129 + 59 - 20 = 168 paid for the goods; the lamp alone is 59.
    const edited = await edit(shop, by('ann'), { orderId, lines: [{ lineId: 'kettle-1', quantity: 0 }] })
    expect(edited).toMatchObject({ refund: { cashMinor: 10_900 }, couponIdsFreed: [] })
    const { status } = value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(status).toBe('cancelled')
    const books = await booksOf(shop)
    expect(balanceOf(books.ledger, `escrow:${orderId}`)).toBe(0)
    expect(books.orders[0]?.state.refunds.reduce((sum, { cashMinor }) => sum + cashMinor, 0)).toBe(17_600)
    await expectBooksToAgree(shop)
  })

  it('that the shop takes out lose the buyer no discount: the kettle gives back what was paid for it', async () => {
    const shop = await openWithRegions(
      { offers: [couponOffer] },
      { returns: { ...defaultShopPolicy.returns, refundPolicy: 'reevaluate' } },
    )
    const couponIds = [await giveCoupon(shop, 'ann')]
    const orderId = await buy(
      shop,
      [
        ['kettle', 1],
        ['lamp', 1],
      ],
      { couponIds },
    )
    // 12900 of 18800 of the 20.00 fall on the kettle: 13.72.
    const edited = await edit(shop, byStaff(), { orderId, lines: [{ lineId: 'kettle-1', quantity: 0 }] })
    expect(edited.refund).toMatchObject({ cashMinor: 11_528 })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const [order] = (await booksOf(shop)).orders
    expect(order?.state.refunds.map(({ cashMinor, sellerAtFault }) => [cashMinor, sellerAtFault])).toEqual([
      [11_528, true],
      [6_072, undefined],
    ])
    await expectBooksToAgree(shop)
  })

  it('may be all that has not left: an order with a parcel under way is then shipped, and signed when that has come', async () => {
    for (const arrived of [false, true]) {
      const shop = await openWithRegions()
      const orderId = await buy(shop, [['mug', 3]])
      const lines = [{ lineId: 'mug-1', quantity: 1 }]
      const { parcelId } = value(await shipOrder(shop, byStaff(), { orderId, ...shipment, lines }))
      if (arrived) value(await recordDelivery(shop, byStaff(), { parcelId }))
      await edit(shop, by('ann'), { orderId, lines })
      expect((await pageOf(shop, orderId)).state).toBe(arrived ? 'signed' : 'shipped')
      expect(await freeOf(shop, 'mug')).toBe(99)
      await expectBooksToAgree(shop)
    }
  })

  it('is refused where nothing would be left, where more is wanted than there is, and once all has left', async () => {
    const shop = await openWithRegions()
    const orderId = await buy(shop, [['mug', 2]])
    const wanted = (quantity: number) => ({ orderId, lines: [{ lineId: 'mug-1', quantity }] })
    expect(await refusalOf(shop, by('ann'), wanted(0))).toEqual({ type: 'EditLeavesNothing', orderId })
    expect(await refusalOf(shop, by('ann'), wanted(101))).toEqual({
      type: 'OutOfStock',
      lines: [{ lineId: 'mug-1', sku: 'mug', wanted: 99, available: 98 }],
    })
    expect(await refusalOf(shop, by('ann'), wanted(2))).toEqual({ type: 'NothingToDo', command: 'Edit' })
    expect(await refusalOf(shop, by('ben'), wanted(1))).toEqual({ type: 'NotFound', entity: 'order', id: orderId })
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
    expect(await refusalOf(shop, by('ann'), wanted(1))).toMatchObject({ type: 'OrderStateForbids', status: 'shipped' })
  })
})

describe('another recipient', () => {
  it('is sealed anew, and told in the history without the address; carriage that costs less there goes back', async () => {
    const shop = await openWithRegions()
    const orderId = await buy(shop, [['kettle', 1]])
    const edited = await edit(shop, by('ann'), { orderId, recipient: { ...elsewhere, region: 'CN-32' } })
    expect(edited).toMatchObject({
      newRecipient: true,
      region: 'CN-32',
      shippingBeforeMinor: 800,
      shippingAfterMinor: 500,
      refund: { cashMinor: 300, shippingMinor: 300 },
    })
    const page = await pageOf(shop, orderId)
    expect(page.recipient).toMatchObject({ name: '李四', region: 'CN-32' })
    expect(page.history.find(({ happened }) => happened === 'recipientChanged')).toMatchObject({ by: 'buyer' })
    const written = JSON.stringify([await booksOf(shop), shop.told])
    for (const secret of [elsewhere.name, elsewhere.address]) expect(written).not.toContain(secret)
    await expectBooksToAgree(shop)
  })

  it('where carriage costs more is refused once the order is paid, unless the seller takes it over', async () => {
    const change = { recipient: { ...elsewhere, region: 'CN-54' } }
    const shop = await openWithRegions()
    const orderId = await buy(shop, [['kettle', 1]])
    expect(await refusalOf(shop, by('ann'), { orderId, ...change })).toEqual({
      type: 'EditCostsMore',
      orderId,
      differenceMinor: 1_000,
      currency: 'CNY',
    })
    const generous = await openWithRegions({}, { dearerCarriage: 'seller' })
    const taken = await buy(generous, [['kettle', 1]])
    const edited = await edit(generous, by('ann'), { orderId: taken, ...change })
    expect(edited).toMatchObject({
      region: 'CN-54',
      payableBeforeMinor: 13_700,
      payableAfterMinor: 13_700,
      refund: null,
    })
    expect(await refusalOf(shop, by('ann'), { orderId, recipient: { ...elsewhere, region: 'XX' } })).toMatchObject({
      type: 'RegionNotServed',
    })
  })

  it('is refused once a parcel has left', async () => {
    const shop = await openWithRegions()
    const orderId = await buy(shop, [['mug', 2]])
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment, lines: [{ lineId: 'mug-1', quantity: 1 }] }))
    expect(await refusalOf(shop, byStaff(), { orderId, recipient: elsewhere })).toEqual({
      type: 'RecipientFixed',
      orderId,
    })
  })
})

describe('an order that is not paid', () => {
  it('is priced anew: points and coupon that it needs no more are free, the rest is what is paid', async () => {
    const shop = await openWithRegions({ offers: [couponOffer] })
    await givePoints(shop, 'ann', 5_000)
    const couponIds = [await giveCoupon(shop, 'ann')]
    const orderId = await buy(
      shop,
      [
        ['kettle', 1],
        ['lamp', 1],
      ],
      { paid: false, points: 5_000, couponIds },
    )
    // 168.00 of goods and 8.00 of carriage, 50.00 of it in points; then 59.00, at most half in points, and 18.00.
    const edited = await edit(shop, by('ann'), {
      orderId,
      recipient: { ...elsewhere, region: 'CN-54' },
      lines: [{ lineId: 'kettle-1', quantity: 0 }],
    })
    expect(edited).toMatchObject({
      payableBeforeMinor: 12_600,
      payableAfterMinor: 4_800,
      pointsSpentAfter: 2_900,
      couponIdsFreed: couponIds,
      refund: null,
    })
    await expectBooksToAgree(shop)
    expect(value(await replayPrice(shop, byStaff(), { orderId })).identical).toBe(true)
    expect((await booksOf(shop)).points[0]?.state).toMatchObject({ balance: 2_100 })
    expect((await pay(shop, 'ann', orderId)).amountMinor).toBe(4_800)
    expect((await pageOf(shop, orderId)).state).toBe('awaitingShipment')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })

  it('is left as it is where its gifts would be other ones, or a payment is under way', async () => {
    const shop = await openWithRegions({ offers: [giftOffer] })
    const orderId = await buy(shop, [['kettle', 2]], { paid: false })
    const fewer = { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] }
    expect(await refusalOf(shop, by('ann'), fewer)).toEqual({
      type: 'EditNeedsNewOrder',
      orderId,
      reason: 'otherGifts',
    })
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    expect(await refusalOf(shop, by('ann'), { orderId, recipient: { ...elsewhere, region: 'CN-54' } })).toEqual({
      type: 'AttemptUnderway',
      orderId,
      paymentId,
      status: 'unknown',
    })
    // To another door of the same region it costs the same, so the payment may come.
    await edit(shop, by('ann'), { orderId, recipient: elsewhere })
    shop.pass(60_000)
    value(await settlePayments(shop, { limit: 10 }))
    expect((await pageOf(shop, orderId)).state).toBe('awaitingShipment')
    await expectBooksToAgree(shop)
  })
})

describe('a payment that was begun before the order was changed', () => {
  it('goes back whole, should it still come; the order is paid by what it costs now', async () => {
    const shop = await openWithRegions()
    const orderId = await buy(shop, [['kettle', 1]], { paid: false })
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    await edit(shop, by('ann'), { orderId, recipient: { ...elsewhere, region: 'CN-54' } })
    expect(shop.gateway.pay(paymentId)).toBe(true)
    for (const signed of await shop.gateway.takeNotifications()) {
      value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
    }
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await pageOf(shop, orderId)).state).toBe('awaitingPayment')
    expect((await booksOf(shop)).refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([
      ['succeeded', 13_700],
    ])
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ amountMinor: 14_700, orderStatus: 'paid' })
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-14_700)
    await expectBooksToAgree(shop)
  })
})

describe('a change that was previewed', () => {
  it('is not applied once the order has changed; what it would come to now is told with the refusal', async () => {
    const shop = await openWithRegions()
    const orderId = await buy(shop, [['mug', 3]])
    const change = { orderId, lines: [{ lineId: 'mug-1', quantity: 2 }] }
    const shown = value(await previewEdit(shop, by('ann'), change))
    await edit(shop, byStaff(), { orderId, recipient: elsewhere })
    const refused = (await applyEdit(shop, by('ann'), { ...change, hash: shown.hash }))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'EditOutdated', orderId, now: { payableAfterMinor: 4_600 } })
    if (refused.type !== 'EditOutdated') return
    expect(refused.now.hash).not.toBe(shown.hash)
    value(await applyEdit(shop, by('ann'), { ...change, hash: refused.now.hash }))
  })

  it('is not another change under the same hash, and is done once under one key', async () => {
    const shop = await openWithRegions()
    const orderId = await buy(shop, [['mug', 3]])
    const change = { orderId, lines: [{ lineId: 'mug-1', quantity: 2 }] }
    const { hash } = value(await previewEdit(shop, by('ann'), change))
    const other = { orderId, lines: [{ lineId: 'mug-1', quantity: 1 }], hash }
    expect((await applyEdit(shop, by('ann'), other))._unsafeUnwrapErr()).toMatchObject({ type: 'EditOutdated' })
    const first = value(await applyEdit(shop, by('ann', 'once'), { ...change, hash }))
    const again = value(await applyEdit(shop, by('ann', 'once'), { ...change, hash }))
    expect(again).toEqual(first)
    expect((await booksOf(shop)).refunds).toHaveLength(1)
  })
})
