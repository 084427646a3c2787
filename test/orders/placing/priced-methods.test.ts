import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { showShare } from '../../../src/orders/payers/show-share.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { methodsOfOffers } from '../../../src/pricing/methods-of-offers.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { type MethodId, methodIds } from '../../../src/shared/payment-method.js'
import { unchecked } from '../../support/unchecked.js'
import { expectBooksToAgree } from '../books-of.js'
import { edit, openEditShop, orderOf } from '../editing/open-edit-shop.js'
import { choose, courier, pageOf } from '../on-delivery/on-delivery-shop.js'
import {
  by,
  byStaff,
  fillCart,
  givePoints,
  offer,
  place,
  recipient,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'

const bank = createManualGateway({ bank: 'Bank of Shanghai', holder: 'The Shop', account: '6222 0000' })

const off = (offerId: string, offMinor: number, changes: Partial<Offer>): Offer =>
  offer({
    offerId,
    stage: 'platform',
    form: { kind: 'promotion' },
    threshold: { amountMinor: 20_000, basis: 'list' },
    benefit: { kind: 'amountOff', offMinor },
    ...changes,
  })

/** 10.00 off from 200.00, for who pays by a wallet. */
const byWallet = off('by-wallet', 1_000, { paymentMethods: ['alipay', 'wechatPay'] })

const openPaid = async (offers: readonly Offer[] = [byWallet], terms: Partial<ShopPolicy> = {}): Promise<TestShop> => {
  const shop = await openEditShop({ offers }, { cashOnDelivery: { openOrders: 3 }, ...terms })
  return { ...shop, gateways: { ...shop.gateways, manual: bank, courier } }
}

const order = async (
  shop: TestShop,
  paymentMethod: MethodId,
  lines: readonly (readonly [Sku, number])[] = [['kettle', 2]],
): Promise<string> => {
  await fillCart(shop, 'ann', lines)
  return (await place(shop, 'ann', { paymentMethod })).orderId
}

const transfer = (shop: TestShop, orderId: string) =>
  payOrder(shop, by('ann'), { orderId, gatewayId: 'manual', method: 'bankTransfer' })

const wallet = (shop: TestShop, orderId: string, method: MethodId = 'wechatPay') =>
  payOrder(shop, by('ann'), { orderId, gatewayId: 'sandbox', method })

const payableOf = async (shop: TestShop, orderId: string) => (await orderOf(shop, orderId))?.totals.payableMinor

describe('an order with a discount for a way of paying', () => {
  it('is paid by none but the ways that the discount is given for', async () => {
    const shop = await openPaid()
    const choice = { shippingMethodId: 'standard', region: recipient.region }
    const asGold = await previewOrder(shop, by('ann'), { ...choice, paymentMethod: unchecked('gold') })
    expect(asGold._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { payByMethod } = value(await previewOrder(shop, by('ann'), { ...choice, paymentMethod: 'alipay' }))
    expect(Object.keys(payByMethod)).toEqual(['wechatPay', 'alipay'])
    const { orderId } = await place(shop, 'ann', { paymentMethod: 'alipay' })
    // 2 x 129.00 and 8.00 carriage, less 10.00.
    expect(await payableOf(shop, orderId)).toBe(25_600)
    const refusal = { type: 'PricedForOtherMethods', orderId, methods: ['alipay', 'wechatPay'] }
    expect((await transfer(shop, orderId))._unsafeUnwrapErr()).toEqual({ ...refusal, method: 'bankTransfer' })
    expect((await choose(shop, 'ann', orderId))._unsafeUnwrapErr()).toEqual({ ...refusal, method: 'cashOnDelivery' })
    expect(await pageOf(shop, 'ann', orderId)).toMatchObject({
      paymentMethods: ['alipay', 'wechatPay'],
      payOnDelivery: 'pricedForOtherMethods',
      attempts: [],
    })
    expect(value(await wallet(shop, orderId))).toMatchObject({ orderStatus: 'paid' })
    await expectBooksToAgree(shop)
  })

  it('is paid by a way that all of its discounts are given for', async () => {
    const other = off('by-wechat', 500, { stage: 'shop', paymentMethods: ['payPal', 'wechatPay'] })
    const shop = await openPaid([byWallet, other])
    const orderId = await order(shop, 'wechatPay')
    expect(await payableOf(shop, orderId)).toBe(25_100)
    expect((await wallet(shop, orderId, 'alipay'))._unsafeUnwrapErr()).toMatchObject({ methods: ['wechatPay'] })
    expect(value(await wallet(shop, orderId))).toMatchObject({ orderStatus: 'paid' })
  })

  it('is paid so by each of several payers', async () => {
    const shop = await openPaid()
    const orderId = await order(shop, 'wechatPay')
    const payers = [
      { accountId: 'ann', part: { by: 'share', share: 1 } },
      { accountId: 'bob', part: { by: 'share', share: 1 } },
    ] as const
    value(await sharePayment(shop, by('ann'), { orderId, payers }))
    expect(value(await showShare(shop, by('bob'), { orderId })).paymentMethods).toEqual(['alipay', 'wechatPay'])
    expect((await transfer(shop, orderId)).isErr()).toBe(true)
    const byTransfer = { orderId, gatewayId: 'manual', method: 'bankTransfer' } as const
    expect((await payShare(shop, by('bob'), byTransfer))._unsafeUnwrapErr()).toMatchObject({
      type: 'PricedForOtherMethods',
    })
    value(await wallet(shop, orderId))
    const last = await payShare(shop, by('bob'), { orderId, gatewayId: 'sandbox', method: 'alipay' })
    expect(value(last)).toMatchObject({ orderStatus: 'paid' })
  })

  it('has none where points pay all of it: nothing is paid by the way named', async () => {
    const { points } = defaultShopPolicy
    if (points === null) throw new Error('the default terms have points')
    const whole = { ...points, spend: { ...points.spend, capBasisPoints: 10_000 } }
    const shop = await openPaid([byWallet], { points: whole })
    await givePoints(shop, 'ann', 100_000)
    // 4 x 129.00, carriage free: 516.00 in points, not 506.00.
    await fillCart(shop, 'ann', [['kettle', 4]])
    const choice = { shippingMethodId: 'standard', region: recipient.region, paymentMethod: 'alipay' } as const
    const almost = value(await previewOrder(shop, by('ann'), { ...choice, points: 50_600 }))
    expect(almost).toMatchObject({ paymentMethods: null, payOnDelivery: 'offered' })
    expect(almost.totals).toMatchObject({ discountMinor: 0, pointsMinor: 50_600, payableMinor: 1_000 })
    expect(value(await previewOrder(shop, by('ann'), { ...choice, points: 100_000 })).payByMethod).toEqual({})
    const { orderId } = await place(shop, 'ann', { points: 100_000, paymentMethod: 'alipay' })
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'paid', pointsSpent: 51_600 })
    expect((await pageOf(shop, 'ann', orderId)).paymentMethods).toBeNull()
  })

  it('may be paid any way once a change has lost it the discount', async () => {
    const shop = await openPaid()
    const orderId = await order(shop, 'alipay', [
      ['kettle', 1],
      ['lamp', 2],
    ])
    expect(await payableOf(shop, orderId)).toBe(24_500)
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'lamp-2', quantity: 1 }] })
    expect(await payableOf(shop, orderId)).toBe(19_600)
    expect(await pageOf(shop, 'ann', orderId)).toMatchObject({ paymentMethods: null, payOnDelivery: 'offered' })
    const { paymentId } = value(await transfer(shop, orderId))
    const receipt = { paymentId, amountMinor: 19_600, currency: 'CNY', reference: 'line-1' }
    expect(value(await recordReceipt(shop, byStaff(), receipt))).toMatchObject({ orderStatus: 'paid' })
    // More pieces do not bring it the discount: it was not paid so.
    const more = { orderId, lines: [{ lineId: 'lamp-2', quantity: 2 }] }
    expect(await edit(shop, 'ann', more)).toMatchObject({ toPayMinor: 5_900 })
    expect((await pageOf(shop, 'ann', orderId)).paymentMethods).toBeNull()
    expect(value(await wallet(shop, orderId))).toMatchObject({ orderStatus: 'paid' })
    await expectBooksToAgree(shop)
  })

  it('does not come by the discount later, where it may be paid any way', async () => {
    const shop = await openPaid()
    const orderId = await order(shop, 'alipay', [['kettle', 1]])
    const waiting = value(await transfer(shop, orderId))
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] })
    expect(await pageOf(shop, 'ann', orderId)).toMatchObject({
      paymentMethods: null,
      totals: { payableMinor: 26_600 },
      attempts: [{ paymentId: waiting.paymentId, status: 'closing' }],
    })
  })

  it('pays the difference of a dearer change so too', async () => {
    // More goods do not bring it what is given for the way that was named and not used.
    const named = off('by-alipay', 2_000, {
      stage: 'shop',
      threshold: { amountMinor: 30_000, basis: 'list' },
      paymentMethods: ['alipay'],
    })
    const shop = await openPaid([byWallet, named])
    const orderId = await order(shop, 'alipay')
    value(await wallet(shop, orderId))
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })
    expect((await transfer(shop, orderId))._unsafeUnwrapErr()).toMatchObject({ type: 'PricedForOtherMethods' })
    expect(value(await wallet(shop, orderId, 'alipay'))).toMatchObject({ orderStatus: 'paid' })
    expect(await payableOf(shop, orderId)).toBe(38_500)
    await expectBooksToAgree(shop)
  })
})

describe('the ways that all discounts of a price are given for', () => {
  it('are those that each of them asks for, and any where none asks', () => {
    const some = fc.option(fc.uniqueArray(fc.constantFrom(...methodIds), { minLength: 1 }), { nil: undefined })
    fc.assert(
      fc.property(fc.array(some, { maxLength: 4 }), fc.constantFrom(...methodIds), (asked, method) => {
        const methods = methodsOfOffers(asked.map((each) => (each === undefined ? {} : { paymentMethods: each })))
        expect(methods === null || methods.includes(method)).toBe(
          asked.every((each) => each?.includes(method) !== false),
        )
        expect(methods === null).toBe(asked.every((each) => each === undefined))
      }),
    )
  })
})
