import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { settleDisputes } from '../../src/orders/disputes/settle-disputes.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { completeOrder, confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { captureAndShip, shipOrder } from '../../src/orders/parcels/ship-order.js'
import { decidePayment } from '../../src/orders/paying/decide-payment.js'
import { savePolicy } from '../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { payOut } from '../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../src/orders/settlement/release-shares.js'
import { splitShares } from '../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../src/orders/settlement/tell-payout.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../src/orders/sweep-orders.js'
import type { PayoutPort } from '../../src/payments/payout.js'
import type { DisputePort, PaymentGateway } from '../../src/payments/ports.js'
import { daysMs, hoursMs, minutesMs } from '../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from './books-of.js'
import { dispute } from './disputes/disputed.js'
import { by, byStaff, fillCart, openShop, pay, place, type Sku, type TestShop, value } from './open-shop.js'

const limit = { limit: 10 }

/** The same shop on a machine whose clock is a month ahead. */
const ahead = <Shop extends TestShop>(shop: Shop): Shop => ({
  ...shop,
  clock: { now: () => shop.clock.now() + 30 * daysMs },
})

const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)
const silent = (shop: TestShop): TestShop => {
  const quiet: PaymentGateway = {
    ...shop.gateway,
    ...{ query: lost, close: lost, capture: lost, refund: lost, queryRefund: lost },
  }
  return { ...shop, gateways: { sandbox: quiet } }
}

const open = async (terms: Partial<ShopPolicy> = {}, options: Parameters<typeof openShop>[0] = {}) => {
  const shop = await openShop(options)
  const { policyId: _, ...policy } = { ...defaultShopPolicy, ...terms }
  value(await savePolicy(shop, byStaff(), policy))
  return shop
}

const order = async (shop: TestShop, lines: readonly (readonly [Sku, number])[] = [['kettle', 1]]) => {
  await fillCart(shop, 'ann', lines)
  return (await place(shop, 'ann')).orderId
}

const buy = async (shop: TestShop, lines?: readonly (readonly [Sku, number])[]) => {
  const orderId = await order(shop, lines)
  return { orderId, paymentId: (await pay(shop, 'ann', orderId)).paymentId }
}

const post = (orderId: string) => ({ orderId, carrier: 'sf-express', trackingNumber: 'SF1' })

/** An order of Ann's that she has received, and whose shares are to be paid out. */
const sell = async (shop: TestShop) => {
  const { orderId } = await buy(shop)
  value(await shipOrder(shop, byStaff(), post(orderId)))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  return orderId
}

const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state
const paymentOf = async (shop: TestShop) => (await booksOf(shop)).payments[0]?.state
const refundsOf = async (shop: TestShop) => (await booksOf(shop)).refunds.map(({ state }) => state.status)
const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]
const settlementTerms = (afterWorkingDays: number) => ({ settlement: { afterWorkingDays, rates } })

describe('a turn of upkeep whose clock is a month ahead keeps no longer from its turn', () => {
  it('a payment that nobody knows the fate of', async () => {
    const shop = await open()
    const orderId = await order(shop)
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'ann', orderId)
    shop.pass(minutesMs)
    value(await settlePayments(ahead(silent(shop)), limit))
    shop.pass(minutesMs)
    value(await settlePayments(shop, limit))
    expect(await orderOf(shop)).toMatchObject({ status: 'paid' })
    await expectBooksToAgree(shop)
  })

  it('a capture that is to be sent again', async () => {
    const shop = await open({ capture: 'onShipment' })
    const { orderId } = await buy(shop)
    expect((await captureAndShip(silent(shop), byStaff(), post(orderId)))._unsafeUnwrapErr().type).toBe(
      'CaptureUnderway',
    )
    shop.pass(2 * minutesMs)
    value(await settlePayments(ahead(silent(shop)), limit))
    shop.pass(2 * minutesMs)
    value(await settlePayments(shop, limit))
    expect(await paymentOf(shop)).toMatchObject({ status: 'captured' })
    await expectBooksToAgree(shop)
  })

  it('a capture that staff may decide, as nothing is heard of it for three days', async () => {
    const shop = await open({ capture: 'onShipment' })
    const { orderId, paymentId } = await buy(shop)
    await captureAndShip(silent(shop), byStaff(), post(orderId))
    shop.pass(3 * daysMs)
    value(await settlePayments(ahead(silent(shop)), limit))
    shop.pass(minutesMs)
    value(await decidePayment(shop, byStaff(), { paymentId, paid: false, note: 'In no statement.' }))
    expect(await paymentOf(shop)).toMatchObject({ status: 'authorised' })
  })

  it('an order whose attempts are being ended', async () => {
    const shop = await open()
    const orderId = await order(shop)
    shop.gateway.script({ kind: 'timeout', charged: false })
    await pay(shop, 'ann', orderId)
    shop.pass(daysMs)
    value(await closeUnpaidOrders(ahead(silent(shop)), limit))
    shop.pass(minutesMs)
    value(await closeUnpaidOrders(shop, limit))
    expect(await orderOf(shop)).toMatchObject({ status: 'closed' })
    await expectBooksToAgree(shop)
  })

  it('a refund whose answer was lost', async () => {
    const shop = await open()
    const { orderId } = await buy(shop)
    value(await cancelOrder(silent(shop), by('ann'), { orderId }))
    shop.pass(2 * minutesMs)
    value(await settleRefunds(ahead(silent(shop)), limit))
    shop.pass(2 * minutesMs)
    value(await settleRefunds(shop, limit))
    expect(await refundsOf(shop)).toEqual(['succeeded'])
    await expectBooksToAgree(shop)
  })

  it('a refund that was begun in it and not sent', async () => {
    const shop = await open()
    const { orderId } = await buy(shop)
    value(await cancelOrder({ ...ahead(shop), gateways: {} }, by('ann'), { orderId }))
    expect(await refundsOf(shop)).toEqual(['requested'])
    value(await settleRefunds(shop, limit))
    expect(await refundsOf(shop)).toEqual(['succeeded'])
    await expectBooksToAgree(shop)
  })

  it('a dispute that is asked about once a day, and those that are heard of once an hour', async () => {
    const shop = await open()
    const { paymentId } = await buy(shop)
    await dispute(shop, paymentId)
    const asked = { query: 0, list: 0 }
    const { disputes } = shop.gateway
    if (disputes === undefined) throw new Error('no disputes')
    const counted: DisputePort = {
      ...disputes,
      query: (request) => {
        asked.query += 1
        return disputes.query(request)
      },
      list: (request) => {
        asked.list += 1
        return disputes.list?.(request) ?? okAsync({ kind: 'ok', value: [] })
      },
    }
    const heard = { ...shop, gateways: { sandbox: { ...shop.gateway, disputes: counted } } }
    value(await settleDisputes(ahead(heard), limit))
    expect(asked).toEqual({ query: 1, list: 1 })
    for (const _ of [1, 2]) {
      value(await settleDisputes(heard, limit))
      expect(asked).toEqual({ query: 2, list: 2 })
    }
  })

  it('a payout that is to be told again', async () => {
    let isHeard = false
    const payouts: PayoutPort = {
      send: () => (isHeard ? okAsync({ kind: 'ok', value: { payoutRef: 'bank-1' } }) : lost()),
    }
    const shop = { ...(await open(settlementTerms(0))), payouts }
    await sell(shop)
    value(await releaseShares(shop, limit))
    value(await payOut(shop, byStaff(), { payee: 'self', currency: 'CNY' }))
    shop.pass(hoursMs)
    value(await settlePayouts(ahead(shop), limit))
    isHeard = true
    shop.pass(hoursMs)
    expect(value(await settlePayouts(shop, limit))).toEqual({ done: 1, failed: [] })
    await expectBooksToAgree(shop)
  })

  it('a payment that its gateway is to divide', async () => {
    const shop = await open(settlementTerms(0), { splits: { payees: { self: 'acct-self' } } })
    const { splits } = shop.gateway
    if (splits === undefined) throw new Error('no splits')
    const unheard = { ...shop, gateways: { sandbox: { ...shop.gateway, splits: { ...splits, finish: lost } } } }
    await sell(shop)
    value(await releaseShares(shop, limit))
    value(await splitShares(ahead(unheard), limit))
    shop.pass(hoursMs)
    value(await splitShares(shop, limit))
    expect(shop.gateway.books().splitsOver).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('what is to be named once it has waited for three days', async () => {
    const shop = await open()
    const orderId = await order(ahead(shop))
    shop.gateway.script({ kind: 'timeout', charged: false })
    const { paymentId } = await pay(ahead(shop), 'ann', orderId)
    expect(value(await settlePayments(silent(shop), limit)).failed).toEqual([
      { id: paymentId, reason: 'PaymentUnheard' },
    ])
    shop.pass(minutesMs)
    value(await decidePayment(shop, byStaff(), { paymentId, paid: false, note: 'In no statement.' }))
  })
})

it('a refund that is to be asked about in minutes is asked about in minutes, where no clock was wrong', async () => {
  const shop = await open()
  const { orderId } = await buy(shop)
  value(await shipOrder(shop, byStaff(), post(orderId)))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await refundOrder(silent(shop), byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 }))
  // The next question is minutes away, and nobody asks before.
  value(await settleRefunds(shop, limit))
  expect(await refundsOf(shop)).toEqual(['unknown'])
})
