import { okAsync } from 'neverthrow'
import { collectionOnDelivery, type PaymentGateway, type VerifiedNotification } from 'shopwright/payments'
import { describe, expect, it } from 'vitest'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, fillCart, pay, place, recipient, type TestShop, value } from '../open-shop.js'
import { openMall, settlement } from '../placing/open-mall.js'
import { choose, courier, orderUnpaid, pageOf, paymentOf, receive } from './on-delivery-shop.js'

const bothWares = [
  ['kettle', 1],
  ['lamp', 1],
] as const

/** A mall whose couriers collect 129.00 of the shop and 59.00 of `lights`, with carriage 8.00. */
const openCarried = async (...couriers: readonly PaymentGateway[]): Promise<TestShop> => {
  const shop = await openMall({}, { settlement, cashOnDelivery: { openOrders: 3 } })
  return {
    ...shop,
    gateways: { ...shop.gateways, ...Object.fromEntries(couriers.map((each) => [each.gatewayId, each])) },
  }
}

const withCapabilities = (gatewayId: string, more: Partial<PaymentGateway['capabilities']>): PaymentGateway => ({
  ...courier,
  gatewayId,
  capabilities: { ...courier.capabilities, ...more },
})
const asked = withCapabilities('asked', { query: true })
const telling = withCapabilities('telling', { notifications: 'signed' })

const previewed = async (shop: TestShop) =>
  value(await previewOrder(shop, by('ann'), { shippingMethodId: 'standard', region: recipient.region })).payOnDelivery

describe('a courier that says itself what it collected', () => {
  it.each([asked, telling])('is not chosen for a checkout that is divided: $gatewayId', async (speaking) => {
    const shop = await openCarried(speaking)
    await fillCart(shop, 'ann', bothWares)
    expect(await previewed(shop)).toBe('severalMerchants')
    const { orderId } = await place(shop, 'ann')
    expect((await pageOf(shop, 'ann', orderId)).payOnDelivery).toBe('severalMerchants')
    const { gatewayId } = speaking
    const chosen = await payOrder(shop, by('ann'), { orderId, gatewayId, method: 'cashOnDelivery' })
    expect(chosen._unsafeUnwrapErr()).toEqual({ type: 'OnDeliveryNotOffered', orderId, reason: 'severalMerchants' })
    // It is paid otherwise as ever.
    expect((await pay(shop, 'ann', orderId)).orderStatus).toBe('divided')
    await expectBooksToAgree(shop)
  })

  it('leaves such a checkout to a courier of whom a person says what came', async () => {
    const shop = await openCarried(asked, courier)
    await fillCart(shop, 'ann', bothWares)
    expect(await previewed(shop)).toBe('offered')
    const { orderId } = await place(shop, 'ann')
    expect((await pageOf(shop, 'ann', orderId)).payOnDelivery).toBe('offered')
    const chosen = await payOrder(shop, by('ann'), { orderId, gatewayId: 'asked', method: 'cashOnDelivery' })
    expect(chosen._unsafeUnwrapErr()).toMatchObject({ reason: 'severalMerchants' })
    expect(value(await choose(shop, 'ann', orderId)).orderStatus).toBe('divided')
    await expectBooksToAgree(shop)
  })

  it('is chosen for the goods of one merchant', async () => {
    const shop = await openCarried(asked)
    await fillCart(shop, 'ann', [['lamp', 1]])
    expect(await previewed(shop)).toBe('offered')
    const { orderId } = await place(shop, 'ann')
    const chosen = value(await payOrder(shop, by('ann'), { orderId, gatewayId: 'asked', method: 'cashOnDelivery' }))
    expect(chosen.orderStatus).toBe('paid')
  })
})

describe('money collected for a checkout whose orders collect for themselves', () => {
  /** A courier that was told of as one of whom people say what came, and then speaks for itself. */
  const openTold = async () => {
    const manual = await openCarried(courier)
    const { orderId, payableMinor, paymentId } = await orderUnpaid(manual, 'ann', bothWares)
    const shop = (facts: VerifiedNotification['facts']): TestShop => ({
      ...manual,
      gateways: {
        ...manual.gateways,
        courier: { ...courier, verifyNotification: () => okAsync({ eventId: `e${facts.length}`, facts }) },
      },
    })
    const hear = async (takenMinor: number, isLast: boolean) => {
      const payment = await paymentOf(manual, paymentId)
      if (payment === undefined) throw new Error('no payment')
      const at = manual.clock.now()
      const facts = [collectionOnDelivery(payment, { takenMinor, isLast, at })]
      return value(
        await receiveNotification(shop(facts), {
          gatewayId: 'courier',
          body: new Uint8Array([takenMinor % 251]),
          headers: {},
        }),
      )
    }
    return { shop: manual, orderId, payableMinor, paymentId, hear }
  }
  const refundsOf = async (shop: TestShop) =>
    (await booksOf(shop)).refunds.map(({ state: { reason, amountMinor, orderId } }) => [orderId, reason, amountMinor])

  it('goes back to the payer, however often it is heard of', async () => {
    const { shop, orderId, payableMinor, hear } = await openTold()
    await hear(payableMinor, true)
    shop.pass(1_000)
    await hear(payableMinor, true)
    expect(await refundsOf(shop)).toEqual([[orderId, 'duplicatePayment', payableMinor]])
    value(await settleRefunds(shop, { limit: 10 }))
    const { orders, ledger } = await booksOf(shop)
    const due = orders.flatMap(({ state }) => ('paidAt' in state ? [state.onDelivery?.dueMinor ?? 0] : []))
    expect(due.reduce((sum, each) => sum + each, 0)).toBe(payableMinor)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is recorded by nobody under the promise of all of them', async () => {
    const { shop, payableMinor, paymentId } = await openTold()
    expect((await receive(shop, paymentId, payableMinor))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReceiptNotExpected',
    })
    expect(await refundsOf(shop)).toEqual([])
  })
})
