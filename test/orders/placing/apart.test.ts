import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { listPayments } from '../../../src/orders/pages/list-payments.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { isOrderNumber } from '../../../src/orders/placing/order-number.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { hoursMs, minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { row, rows } from '../../../src/shared/read-plan.js'
import type { QueryContext } from '../../../src/shared/run-query.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { decideAt, deliver, dispute, refundsOf } from '../disputes/disputed.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'
import { openMall, settlement } from './open-mall.js'

const shipment = { carrier: 'sf-express', trackingNumber: 'SF1' }
const shownPolicy = (shop: TestShop) => ask(shop, rows(policyBooks, [shopPolicyId]))

const pageOf = async (shop: TestShop, orderId: string) => value(await orderPage(shop, byStaff(), { orderId }))
const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0)

/** Two kettles, a lamp and a mug, with a coupon and points, paid at once. */
const buyAll = async (shop: TestShop) => {
  await givePoints(shop, 'ann', 5_000)
  const couponId = await giveCoupon(shop, 'ann')
  await fillCart(
    shop,
    'ann',
    [
      ['kettle', 2],
      ['lamp', 1],
      ['mug', 1],
    ],
    [couponId],
  )
  const placed = await place(shop, 'ann', { points: 1_000 })
  const paid = await pay(shop, 'ann', placed.orderId)
  const checkout = await pageOf(shop, placed.orderId)
  const parts = await Promise.all(checkout.orderIds.map((orderId) => pageOf(shop, orderId)))
  const orderOf = (sku: string) => parts.find(({ lines }) => lines.some((line) => line.sku === sku))?.orderId ?? ''
  return { couponId, placed, paid, checkout, parts, orderOf }
}

describe('a checkout of several merchants who sell apart', () => {
  it('are not sold so by terms that say nobody’s share, and what stood before stands', async () => {
    const shop = await openShop()
    const { policyId: _, ...policy } = defaultShopPolicy
    value(await savePolicy(shop, byStaff(), policy))
    const before = await shownPolicy(shop)
    expect((await savePolicy(shop, byStaff(), { ...policy, severalMerchants: 'apart' }))._unsafeUnwrapErr()).toEqual({
      type: 'SettlementTermsMissing',
      severalMerchants: 'apart',
    })
    expect(await shownPolicy(shop)).toEqual(before)
    value(await savePolicy(shop, byStaff(), { ...policy, severalMerchants: 'together' }))
    value(await savePolicy(shop, byStaff(), { ...policy, severalMerchants: 'apart', settlement }))
  })

  it('is paid once and is then an order for each, discounts and carriage shared to the unit', async () => {
    const shop = await openMall({ offers: [couponOffer, giftOffer] })
    const { checkout, parts, placed } = await buyAll(shop)
    expect(checkout.state).toBe('divided')
    const numbers = [checkout, ...parts].map(({ orderNumber }) => orderNumber)
    expect(numbers.filter(isOrderNumber)).toEqual(numbers)
    expect(parts.map(({ lines, state, checkoutId }) => [lines.map(({ sku }) => sku), state, checkoutId])).toEqual([
      [['kettle', 'bag'], 'awaitingShipment', placed.orderId],
      [['lamp'], 'awaitingShipment', placed.orderId],
      [['mug'], 'awaitingShipment', placed.orderId],
    ])
    // 336.00 of goods less 20.00, 10.00 of it in points, and 8.00 of carriage.
    expect(checkout.totals).toMatchObject({ payableMinor: 31_400, discountMinor: 2_000, pointsMinor: 1_000 })
    for (const name of ['listMinor', 'discountMinor', 'goodsMinor', 'shippingPaidMinor', 'payableMinor'] as const) {
      expect([name, sum(parts.map(({ totals }) => totals[name]))]).toEqual([name, checkout.totals[name]])
    }
    for (const name of ['pointsMinor', 'subsidyMinor', 'taxMinor'] as const) {
      expect([name, sum(parts.map(({ totals }) => totals[name] ?? 0))]).toEqual([name, checkout.totals[name]])
    }
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, `escrow:${placed.orderId}`)).toBe(0)
    for (const { orderId, totals } of parts) {
      const { payableMinor, pointsMinor, subsidyMinor = 0 } = totals
      expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0 - payableMinor - pointsMinor - subsidyMinor)
      expect(value(await replayPrice(shop, byStaff(), { orderId })).identical).toBe(true)
    }
    const listed = value(await listOrders(shop, by('ann'), {})).orders.map(({ orderId }) => orderId)
    expect([...listed].sort()).toEqual([...checkout.orderIds].sort())
    const { bills } = value(await listBills(shop, by('ann'), {}))
    expect(bills.map(({ status, methods }) => [status, methods])).toEqual(
      parts.map(() => ['paid', ['wechatPay', 'points']]),
    )
    expect(sum(bills.map(({ paidMinor }) => paidMinor))).toBe(32_400)
    await expectBooksToAgree(shop)
  })

  it('is sent, given up, given back and settled one by one; the coupon they share comes back with the last', async () => {
    const shop = await openMall({ offers: [couponOffer] }, { settlement })
    const { couponId, parts, orderOf } = await buyAll(shop)
    const [kettles, lamp, mug] = [orderOf('kettle'), orderOf('lamp'), orderOf('mug')]
    const paidBy = async (orderId: string) => value(await listPayments(shop, by('ann'), { orderId })).payments
    // Each has the payment of the whole beside it, once, whether anything goes back of it or not.
    expect(await paidBy(lamp)).toMatchObject([{ status: 'captured' }])
    expect(await paidBy(mug)).toEqual(await paidBy(lamp))
    expect(value(await cancelOrder(shop, by('ann'), { orderId: mug })).status).toBe('cancelled')
    expect(await freeOf(shop, 'mug')).toBe(100)
    const listed = value(await listPayments(shop, by('ann'), { orderId: mug }))
    expect(listed.refunds.map(({ paymentId }) => paymentId)).toEqual(listed.payments.map(({ paymentId }) => paymentId))
    expect(listed.payments).toMatchObject([{ status: 'captured' }])

    value(await shipOrder(shop, byStaff(), { orderId: lamp, ...shipment }))
    value(await confirmReceipt(shop, by('ann'), { orderId: lamp }))
    expect((await pageOf(shop, kettles)).state).toBe('awaitingShipment')
    value(await completeOrder(shop, byStaff(), { orderId: lamp }))
    const held = parts.find(({ orderId }) => orderId === lamp)?.totals
    const worthMinor = (held?.payableMinor ?? 0) + (held?.pointsMinor ?? 0) + (held?.subsidyMinor ?? 0)
    const account = value(await showPayee(shop, byStaff(), { payee: 'lights', currency: 'CNY' }))
    expect(account.pendingMinor).toBe(worthMinor - Math.round(worthMinor * 0.05))
    await expectBooksToAgree(shop)

    const couponState = async () => (await ask(shop, row(coupons, couponId)))?.state.status
    value(await cancelOrder(shop, by('ann'), { orderId: kettles }))
    expect(await couponState()).toBe('used')
    const lines = [{ lineId: 'lamp-2', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId: lamp, reason: 'goodwill', lines, withShipping: true }))
    expect(await couponState()).toBe('claimed')
    const books = await booksOf(shop)
    expect(sum(books.refunds.map(({ state }) => state.amountMinor))).toBe(31_400)
    expect(balanceOf(books.ledger, 'gatewayClearing:sandbox')).toBe(0)
    for (const { orderId } of parts) expect(balanceOf(books.ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('stands on the statement and the bills of each merchant with what paid their order, and how', async () => {
    const shop = await openMall({ offers: [couponOffer] })
    const { parts, orderOf, placed } = await buyAll(shop)
    const lines = [{ lineId: 'lamp-2', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId: orderOf('lamp'), reason: 'goodwill', lines }))
    value(await settleRefunds(shop, { limit: 10 }))
    const period = { from: shop.clock.now() - hoursMs, to: shop.clock.now() + 1 }
    const sums = async (context: QueryContext) => value(await showStatement(shop, context, period)).sums?.[0]
    const whole = await sums(byStaff())
    expect(whole).toMatchObject({ paidMinor: placed.payableMinor, paidInPointsMinor: 1_000 })
    const ofMerchants = []
    for (const [merchantId, sku] of [
      ['self', 'kettle'],
      ['lights', 'lamp'],
      ['potter', 'mug'],
    ] as const) {
      const context: QueryContext = { actor: { kind: 'merchant', merchantId } }
      const part = parts.find(({ orderId }) => orderId === orderOf(sku))?.totals
      const own = await sums(context)
      expect(own).toMatchObject({ paidMinor: part?.payableMinor, paidInPointsMinor: part?.pointsMinor })
      ofMerchants.push(own)
      const { bills } = value(await listBills(shop, context))
      expect(bills.map(({ orderId, methods }) => [orderId, methods])).toEqual([[orderOf(sku), ['wechatPay', 'points']]])
    }
    for (const name of ['paidMinor', 'paidInPointsMinor', 'refundedMinor', 'pointsReturnedMinor'] as const) {
      expect([name, sum(ofMerchants.map((own) => own?.[name] ?? 0))]).toEqual([name, whole?.[name]])
    }
    expect(ofMerchants.map((own) => (own?.refundedMinor ?? 0) > 0)).toEqual([false, true, false])
    // Ann, who paid once, has it once.
    expect(await sums(by('ann'))).toEqual(whole)
  })

  it('is divided too where late money opens it again', async () => {
    const shop = await openMall({}, { lateSuccess: 'reinstateIfStock' })
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    shop.gateway.pay(paymentId, { evenIfEnded: true })
    await deliver(shop)
    const { orders, refunds } = await booksOf(shop)
    expect(orders.map(({ state }) => state.status).sort()).toEqual(['divided', 'paid', 'paid'])
    expect(refunds).toEqual([])
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([99, 99])
    await expectBooksToAgree(shop)
  })

  it('sends a second capture of the checkout back, and nothing of its orders', async () => {
    const shop = await openMall()
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['mug', 1],
    ])
    const { orderId, payableMinor } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const first = await pay(shop, 'ann', orderId)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    await pay(shop, 'ann', orderId)
    expect(shop.gateway.pay(first.paymentId)).toBe(true)
    for (const signed of await shop.gateway.takeNotifications()) {
      value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
    }
    value(await settleRefunds(shop, { limit: 10 }))
    const books = await booksOf(shop)
    expect(books.refunds.map(({ state }) => [state.orderId, state.status, state.amountMinor])).toEqual([
      [orderId, 'succeeded', payableMinor],
    ])
    await expectBooksToAgree(shop)
  })

  it('loses nothing by what comes back where only together they reached an offer', async () => {
    const reevaluate = { ...defaultShopPolicy.returns, refundPolicy: 'reevaluate' as const }
    const shop = await openMall({ offers: [couponOffer] }, { returns: reevaluate })
    await fillCart(
      shop,
      'ann',
      [
        ['lamp', 1],
        ['mug', 3],
      ],
      [await giveCoupon(shop, 'ann')],
    )
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const [lamp, mugs] = (await pageOf(shop, orderId)).orderIds
    // 59.00 and 57.00 reached 100.00 together: of the 20.00, 9.83 went to the mugs.
    const lines = [{ lineId: 'mug-2', quantity: 3 }]
    value(await shipOrder(shop, byStaff(), { orderId: mugs ?? '', ...shipment }))
    value(await confirmReceipt(shop, by('ann'), { orderId: mugs ?? '' }))
    const back = value(await refundOrder(shop, byStaff(), { orderId: mugs ?? '', reason: 'returned', lines }))
    expect(back.cashMinor).toBe(5_700 - 983)
    expect((await pageOf(shop, lamp ?? '')).refund).toBe('none')
    await expectBooksToAgree(shop)
  })

  it('is divided as well where points pay all of it', async () => {
    const { points } = defaultShopPolicy
    if (points === null) throw new Error('the default terms have points')
    const spend = { ...points.spend, capBasisPoints: 10_000 }
    const shop = await openMall(
      { warehouses: ['main', 'south'], stock: { kettle: 3 }, elsewhere: { south: { kettle: 9 } } },
      {
        points: { ...points, spend },
      },
    )
    await givePoints(shop, 'ann', 100_000)
    await fillCart(shop, 'ann', [
      ['kettle', 4],
      ['mug', 1],
    ])
    const { orderId, status } = await place(shop, 'ann', { points: 100_000 })
    expect(status).toBe('divided')
    const [kettles] = (await pageOf(shop, orderId)).orderIds
    expect(value(await cancelOrder(shop, by('ann'), { orderId: kettles ?? '' })).status).toBe('cancelled')
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'kettle', 'south')]).toEqual([3, 9])
    await expectBooksToAgree(shop)
  })

  it('of which one was cancelled takes the loss of a dispute, though the money sent back came back', async () => {
    const shop = await openMall()
    const { paid, orderOf } = await buyAll(shop)
    const orderId = orderOf('mug')
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
    const refundRef = shop.gateway.books().refunds[0]?.refundRef ?? ''
    shop.pass(secondsMs)
    expect(shop.gateway.failRefund(refundRef, 'InstrumentInvalid')).toBe(true)
    await deliver(shop)
    expect(await refundsOf(shop)).toEqual([[refundRef, 'failed']])
    // The other orders, paid by the same payment, know nothing of it.
    const { refund, moneyBack, nextActions } = await pageOf(shop, orderId)
    expect([refund, moneyBack.length]).toEqual(['failed', 1])
    expect(nextActions).toContain('payRefundByHand')
    for (const sku of ['kettle', 'lamp']) {
      const page = await pageOf(shop, orderOf(sku))
      expect([page.refund, page.moneyBack]).toEqual(['none', []])
      expect(page.nextActions).not.toContain('payRefundByHand')
    }
    const { disputeRef } = await dispute(shop, paid.paymentId)
    expect(await decideAt(shop, disputeRef, 'lost')).toEqual(['handled'])
    expect(await refundsOf(shop)).toEqual([[refundRef, 'chargedBack']])
    expect((await pageOf(shop, orderId)).state).toBe('cancelled')
  })

  it('is divided by its gateway order by order, which is told that it is over after the last', async () => {
    const splits = { payees: { self: 'acct-self', lights: 'acct-lights', potter: 'acct-potter' } }
    const terms = { settlement: { ...settlement, afterWorkingDays: 0 } }
    const shop = await openMall({ offers: [couponOffer, giftOffer], splits }, terms)
    const { orderOf, paid } = await buyAll(shop)
    const finish = async (sku: string) => {
      const orderId = orderOf(sku)
      value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
      value(await confirmReceipt(shop, by('ann'), { orderId }))
      value(await completeOrder(shop, byStaff(), { orderId }))
      value(await releaseShares(shop, { limit: 10 }))
      value(await splitShares(shop, { limit: 10 }))
    }
    await finish('kettle')
    expect(shop.gateway.books().splitsOver).toEqual([])
    await finish('lamp')
    // The mugs never leave: with their order nothing is left to divide.
    value(await cancelOrder(shop, byStaff(), { orderId: orderOf('mug') }))
    shop.pass(6 * hoursMs)
    value(await splitShares(shop, { limit: 10 }))
    expect(shop.gateway.books().splits.map(({ account, attemptRef }) => [account, attemptRef])).toEqual([
      ['acct-self', paid.paymentId],
      ['acct-lights', paid.paymentId],
    ])
    expect(shop.gateway.books().splitsOver).toEqual([paid.paymentId])
    for (const payee of ['self', 'lights']) {
      const { paidOutMinor, owedMinor } = value(await showPayee(shop, byStaff(), { payee, currency: 'CNY' }))
      expect(paidOutMinor).toBeGreaterThan(0)
      expect(owedMinor).toBe(0)
    }
    await expectBooksToAgree(shop)
  })
})
