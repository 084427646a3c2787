import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { products } from '../../../src/catalog/product.schema.js'
import { pointsAccounts } from '../../../src/membership/points-account.collection.schema.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { unitsOf } from '../../../src/orders/order-units.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { taxBookId } from '../../../src/pricing/books.schema.js'
import type { TaxBook } from '../../../src/pricing/tax-book.js'
import { put } from '../../../src/shared/commit.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  insist,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'
import { buy, edit, hear, openEditShop, orderOf, refusalOf, shipment, two } from './open-edit-shop.js'

/** Two buyers have two coupons. */
const withoutCoupons = (units: unknown): unknown => JSON.parse(JSON.stringify(units).replaceAll(/"c-[\w-]+"/g, '"c"'))

const rate = (rateId: string, rateMillionths: number) => ({
  rateId,
  title: { en: rateId, 'zh-CN': rateId },
  rateMillionths,
})

/** Kettles bear 13 %, mugs 9 % and 1 %, carriage 6 %. */
const taxes = (inclusive: boolean): TaxBook => ({
  bookId: taxBookId,
  regions: [
    {
      region: '*',
      inclusive,
      classes: {
        goods: [rate('full', 130_000)],
        food: [rate('low', 90_000), rate('city', 10_000)],
        carriage: [rate('service', 60_000)],
      },
      shippingClass: 'carriage',
    },
  ],
  roundPer: 'line',
  rounding: 'halfUp',
})

const taxMugsAsFood = async (shop: TestShop): Promise<void> => {
  const { id, version, state } = (await ask(shop, row(products, 'p-mug')))!
  const variants = state.variants.map((variant) => ({ ...variant, taxClass: 'food' }))
  await commit(shop, [put(products, { id, version, state: { ...state, variants } })])
}

describe('more pieces of an order that is paid', () => {
  it('are set aside, and the order is changed once the difference is paid; what goes back goes where it came from', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    // 129.00 and 8.00 carriage before, twice 129.00 and 8.00 then.
    const asked = await edit(shop, 'ann', two(orderId))
    expect(asked).toMatchObject({
      lines: [{ lineId: 'kettle-1', sku: 'kettle', before: 1, after: 2 }],
      payableBeforeMinor: 13_700,
      payableAfterMinor: 26_600,
      toPayMinor: 12_900,
      payBy: shop.clock.now() + 30 * minutesMs,
      refund: null,
    })
    expect(await freeOf(shop, 'kettle')).toBe(98)
    expect(await orderOf(shop, orderId)).toMatchObject({ lines: [{ quantity: 1 }], totals: { payableMinor: 13_700 } })
    const waiting = value(await orderPage(shop, by('ann'), { orderId }))
    expect(waiting).toMatchObject({ state: 'awaitingShipment', edit: { toPayMinor: 12_900 } })
    expect(waiting.nextActions).toContain('pay')
    await expectBooksToAgree(shop)

    const paid = await pay(shop, 'ann', orderId)
    expect(paid).toMatchObject({ amountMinor: 12_900, orderStatus: 'paid', paymentStatus: 'captured' })
    const order = await orderOf(shop, orderId)
    expect(order).toMatchObject({ lines: [{ quantity: 2 }], extraPaymentIds: [paid.paymentId] })
    expect(order?.totals.payableMinor).toBe(26_600)
    expect(await freeOf(shop, 'kettle')).toBe(98)
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-26_600)
    await expectBooksToAgree(shop)

    // One piece less: its money goes back by the payment that brought it.
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    const { refunds } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.paymentId, state.amountMinor, state.status])).toEqual([
      [paid.paymentId, 12_900, 'succeeded'],
    ])
    expect(await freeOf(shop, 'kettle')).toBe(99)
    await expectBooksToAgree(shop)
  })

  it('are sent with the rest, and given up with it: every payment gets its own back', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await edit(shop, 'ann', two(orderId))
    await pay(shop, 'ann', orderId)
    value(await cancelOrder(shop, by('ann'), { orderId }))
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    const { refunds, ledger } = await booksOf(shop)
    expect(refunds.map(({ state }) => state.amountMinor).sort((a, b) => a - b)).toEqual([12_900, 13_700])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })

  it('lapse without a trace where the difference is not paid in time, and late money goes back', async () => {
    const shop = await openEditShop({ perPerson: { kettle: 2 } })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const before = await orderOf(shop, orderId)
    await edit(shop, 'ann', two(orderId))
    expect(await refusalOf(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })).toMatchObject({
      type: 'PersonLimitExceeded',
    })
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    const { paymentIds: _, ...after } = (await orderOf(shop, orderId))!
    const { paymentIds: __, ...untouched } = before!
    expect(after).toEqual(untouched)
    expect(await freeOf(shop, 'kettle')).toBe(99)
    await expectBooksToAgree(shop)

    expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    const { refunds, ledger } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.paymentId, state.amountMinor, state.status])).toEqual([
      [paymentId, 12_900, 'succeeded'],
    ])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    expect((await orderOf(shop, orderId))?.lines).toMatchObject([{ quantity: 1 }])
    // The limit is as free as it was.
    await edit(shop, 'ann', two(orderId))
    await expectBooksToAgree(shop)
  })

  it('are not paid after their time is over, however often a gateway puts off the end of an attempt', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const { payBy } = await edit(shop, 'ann', two(orderId))
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    await closeUnpaidOrders(shop, { limit: 10 })
    const late = await payOrder(shop, by('ann'), { orderId, gatewayId: 'sandbox', method: 'alipay' })
    expect(late._unsafeUnwrapErr()).toEqual({ type: 'PaymentOverdue', orderId, payBy })
    expect(value(await orderPage(shop, by('ann'), { orderId })).edit).toMatchObject({ payBy })
    shop.pass(minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(value(await orderPage(shop, by('ann'), { orderId })).edit).toBeNull()
    await expectBooksToAgree(shop)
  })

  it('are free for the change that takes the place of the one that waits', async () => {
    const shop = await openEditShop({ stock: { kettle: 3 }, perPerson: { kettle: 3 } })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const asked = (quantity: number) => edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity }] })
    expect(await asked(3)).toMatchObject({ toPayMinor: 25_800 })
    expect(await asked(2)).toMatchObject({ toPayMinor: 12_900 })
    expect(await freeOf(shop, 'kettle')).toBe(1)
    expect(await asked(3)).toMatchObject({ toPayMinor: 25_800 })
    expect(await refusalOf(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 4 }] })).toEqual({
      type: 'PersonLimitExceeded',
      productId: 'p-kettle',
      requested: 3,
      remaining: 2,
    })
    await expectBooksToAgree(shop)
  })

  it('count for as long as they wait, be their product limited for a person or not meanwhile', async () => {
    const shop = await openEditShop({ perPerson: { kettle: 2 } })
    const limitKettles = async (perPersonLimit: number | null) => {
      const { id, version, state } = (await ask(shop, row(products, 'p-kettle')))!
      await commit(shop, [put(products, { id, version, state: { ...state, perPersonLimit } })])
    }
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await limitKettles(null)
    await edit(shop, 'ann', two(orderId))
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    await limitKettles(2)
    expect(await refusalOf(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })).toMatchObject({
      type: 'PersonLimitExceeded',
      remaining: 1,
    })
  })

  it('are paid by another attempt where one fails, and by one whose answer was lost', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await edit(shop, 'ann', two(orderId))
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ orderStatus: 'paid', paymentStatus: 'failed' })
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 2 } })
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ paymentStatus: 'unknown' })
    // Nobody knows what it brought: it is neither replaced nor paid a second time.
    shop.gateway.scriptQuery({ kind: 'timeout' })
    const again = await payOrder(shop, by('ann'), { orderId, gatewayId: 'sandbox', method: 'alipay' })
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'AttemptUnderway' })
    expect(await refusalOf(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })).toMatchObject({
      type: 'AttemptUnderway',
    })
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    await hear(shop)
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'paid', lines: [{ quantity: 2 }], failedAttempts: 0 })
    await expectBooksToAgree(shop)
  })

  it('are dropped where the order is sent whole, given up, or changed otherwise; what was paid for them goes back', async () => {
    for (const end of ['ship', 'cancel', 'fewer'] as const) {
      const shop = await openEditShop()
      const orderId = await buy(shop, 'ann', [
        ['kettle', 1],
        ['lamp', 1],
      ])
      await edit(shop, 'ann', two(orderId))
      shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
      const { paymentId } = await pay(shop, 'ann', orderId)
      if (end === 'ship') value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
      if (end === 'cancel') value(await cancelOrder(shop, by('ann'), { orderId }))
      if (end === 'fewer') await edit(shop, 'ann', { orderId, lines: [{ lineId: 'lamp-2', quantity: 0 }] })
      shop.gateway.pay(paymentId, { evenIfEnded: true })
      await hear(shop)
      value(await settleRefunds(shop, { limit: 10 }))
      const { refunds } = await booksOf(shop)
      expect(refunds.filter(({ state }) => state.paymentId === paymentId)).toMatchObject([
        { state: { amountMinor: 12_900, status: 'succeeded' } },
      ])
      expect(await freeOf(shop, 'kettle')).toBe(end === 'cancel' ? 100 : 99)
      await expectBooksToAgree(shop)
    }
  })

  it('are dropped, and offered no more, once points alone go back: what is paid for them goes back, and the rest', async () => {
    const { points } = defaultShopPolicy
    if (points === null) throw new Error('the default terms have points')
    const spend = { ...points.spend, capBasisPoints: 10_000 }
    const shop = await openEditShop({}, { points: { ...points, spend } })
    await givePoints(shop, 'ann', 51_600)
    await fillCart(shop, 'ann', [['kettle', 4]])
    // 516.00 in points; carriage is free from 500.00.
    const { orderId } = await place(shop, 'ann', { points: 51_600 })
    const fifth = { orderId, lines: [{ lineId: 'kettle-1', quantity: 5 }] }
    expect(await edit(shop, 'ann', fifth)).toMatchObject({ toPayMinor: 12_900 })
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    const oneBack = { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity: 1 }] } as const
    expect(value(await refundOrder(shop, byStaff(), oneBack))).toMatchObject({ cashMinor: 0, points: 12_900 })
    expect(value(await orderPage(shop, by('ann'), { orderId })).edit).toBeNull()
    expect(await freeOf(shop, 'kettle')).toBe(96)
    expect((await payOrder(shop, by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' })).isErr()).toBe(true)
    shop.gateway.pay(paymentId, { evenIfEnded: true })
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.lines).toMatchObject([{ quantity: 4, refundedQuantity: 1 }])
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const books = await booksOf(shop)
    expect(books.orders[0]?.state.status).toBe('cancelled')
    expect(books.points[0]?.state).toMatchObject({ balance: 51_600 })
    expect(books.refunds.map(({ state }) => [state.paymentId, state.amountMinor, state.status])).toEqual([
      [paymentId, 12_900, 'succeeded'],
    ])
    await expectBooksToAgree(shop)
  })

  it('can be added while some have left, and are refused where the order has no one price any more', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment, lines: [{ lineId: 'lamp-2', quantity: 1 }] }))
    await edit(shop, 'ann', two(orderId))
    await pay(shop, 'ann', orderId)
    const order = await orderOf(shop, orderId)
    expect(order).toMatchObject({ status: 'partlyShipped', lines: [{ quantity: 2 }, { shippedQuantity: 1 }] })
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment, lines: [{ lineId: 'kettle-1', quantity: 1 }] }))
    await expectBooksToAgree(shop)
    const mixed = {
      orderId,
      lines: [
        { lineId: 'kettle-1', quantity: 3 },
        { lineId: 'lamp-2', quantity: 0 },
      ],
    }
    expect(await refusalOf(shop, mixed)).toMatchObject({ type: 'EditNeedsNewOrder', reason: 'moreAndFewer' })
    value(
      await refundOrder(shop, byStaff(), {
        orderId,
        reason: 'goodwill',
        lines: [{ lineId: 'lamp-2', quantity: 1 }],
      }),
    )
    const more = { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] }
    expect(await refusalOf(shop, more)).toMatchObject({ type: 'EditNeedsNewOrder', reason: 'partlyRefunded' })
  })

  it('are refused where there are none, or they are sold no more', async () => {
    const shop = await openEditShop({ stock: { kettle: 1 } })
    const orderId = await buy(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    expect(await refusalOf(shop, two(orderId))).toMatchObject({
      type: 'OutOfStock',
      lines: [{ wanted: 1, available: 0 }],
    })
    const stored = (await ask(shop, row(products, 'p-lamp')))!
    await commit(shop, [
      put(products, { id: stored.id, version: stored.version, state: { ...stored.state, variants: [] } }),
    ])
    expect(await refusalOf(shop, { orderId, lines: [{ lineId: 'lamp-2', quantity: 2 }] })).toMatchObject({
      type: 'ItemUnavailable',
      sku: 'lamp',
    })
  })

  it('earn points as if they had been bought so', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await edit(shop, 'ann', two(orderId))
    await pay(shop, 'ann', orderId)
    const points = (await ask(shop, row(pointsAccounts, 'ann')))?.state
    expect(points).toMatchObject({ pending: [{ points: 258 }] })
    const promised = shop.told.filter(({ type }) => type === 'PointsPromised')
    expect(promised.map(({ body }) => body.replaces)).toEqual([undefined, `earn:${orderId}`])
  })

  it('of eight buyers at once for three pieces are set aside for three', async () => {
    const shop = await openEditShop({ stock: { kettle: 11 } })
    const buyers = Array.from({ length: 8 }, (_, index) => `buyer-${index}`)
    const asked = []
    for (const buyer of buyers) {
      const orderId = await buy(shop, buyer, [['kettle', 1]])
      asked.push({ buyer, orderId, hash: value(await previewEdit(shop, by(buyer), two(orderId))).hash })
    }
    const answers = await Promise.all(
      asked.map(({ buyer, orderId, hash }) => {
        const context = by(buyer)
        return insist(() => applyEdit(shop, context, { ...two(orderId), hash }))
      }),
    )
    expect(answers.filter((answer) => 'toPayMinor' in answer)).toHaveLength(3)
    expect(answers.flatMap((answer) => ('type' in answer ? [answer.type] : []))).toEqual(Array(5).fill('OutOfStock'))
    expect(await freeOf(shop, 'kettle')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('cost, tax by rate and all, what they would have cost from the beginning, through any changes before', async () => {
    const piece = fc.integer({ min: 1, max: 3 })
    await fc.assert(
      fc.asyncProperty(
        piece,
        piece,
        fc.array(fc.tuple(fc.boolean(), piece), { minLength: 1, maxLength: 4 }),
        fc.record({ coupon: fc.boolean(), inclusive: fc.boolean() }),
        async (kettles, mugs, changes, { coupon, inclusive }) => {
          const shop = await openEditShop({ offers: [couponOffer], tax: taxes(inclusive) })
          await taxMugsAsFood(shop)
          const couponsOf = async (buyer: string) => (coupon ? [await giveCoupon(shop, buyer)] : [])
          const orderId = await buy(
            shop,
            'ann',
            [
              ['kettle', kettles],
              ['mug', mugs],
            ],
            await couponsOf('ann'),
          )
          const wanted = { 'kettle-1': kettles, 'mug-2': mugs }
          for (const [isKettle, quantity] of changes) {
            const lineId = isKettle ? 'kettle-1' : 'mug-2'
            const change = { orderId, lines: [{ lineId, quantity }] }
            const preview = await previewEdit(shop, by('ann'), change)
            if (preview.isErr()) continue
            const { toPayMinor } = value(await applyEdit(shop, by('ann'), { ...change, hash: preview.value.hash }))
            if (toPayMinor > 0) await pay(shop, 'ann', orderId)
            wanted[lineId] = quantity
            await expectBooksToAgree(shop)
            if (toPayMinor === 0) continue
            // Priced anew it is what somebody else pays who buys the same at once.
            const twin = await buy(
              shop,
              `twin-${shop.clock.now()}`,
              [
                ['kettle', wanted['kettle-1']],
                ['mug', wanted['mug-2']],
              ],
              await couponsOf(`twin-${shop.clock.now()}`),
            )
            const [mine, theirs] = [await orderOf(shop, orderId), await orderOf(shop, twin)]
            expect(mine?.totals).toEqual(theirs?.totals)
            expect(mine?.details.price.taxes).toEqual(theirs?.details.price.taxes)
            expect(withoutCoupons(mine && unitsOf(mine.details))).toEqual(
              withoutCoupons(theirs && unitsOf(theirs.details)),
            )
            shop.pass(1)
          }
          value(await cancelOrder(shop, by('ann'), { orderId }))
          value(await settleRefunds(shop, { limit: 50 }))
          expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
          expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
          await expectBooksToAgree(shop)
        },
      ),
      { numRuns: 12 },
    )
  })
})

describe('more pieces of an order that is not paid', () => {
  it('are set aside and cost what the order then costs', async () => {
    const shop = await openEditShop({ stock: { kettle: 2 } })
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    expect(await edit(shop, 'ann', two(orderId))).toMatchObject({ payableAfterMinor: 26_600, toPayMinor: 0 })
    expect(await freeOf(shop, 'kettle')).toBe(0)
    expect(await refusalOf(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })).toMatchObject({
      type: 'OutOfStock',
    })
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ amountMinor: 26_600, orderStatus: 'paid' })
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
    await expectBooksToAgree(shop)
  })
})
