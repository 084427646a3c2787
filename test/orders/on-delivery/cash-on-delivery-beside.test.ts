import { describe, expect, it } from 'vitest'
import { products } from '../../../src/catalog/product.schema.js'
import { messages } from '../../../src/notify/message.schema.js'
import { writeMessage } from '../../../src/notify/templates.js'
import { orderReactions } from '../../../src/orders/notices/notify-buyer.js'
import { completeOrder } from '../../../src/orders/parcels/complete-order.js'
import { recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import type { ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { put } from '../../../src/shared/commit.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { find, rows } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { edit, refusalOf } from '../editing/open-edit-shop.js'
import {
  byStaff,
  commit,
  couponOffer,
  giveCoupon,
  givePoints,
  pay,
  recipient,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'
import { deliver, openUnpaidShop, orderUnpaid, pageOf, paymentOf, receive, send } from './on-delivery-shop.js'

const settlement = { afterWorkingDays: 2, rates: [{ merchantId: null, platformBasisPoints: 500, partners: [] }] }

/** Kettles are the shop's own, lamps of `lights`; each sells apart. */
const openMall = async (terms: Partial<ShopPolicy> = {}): Promise<TestShop> => {
  const shop = await openUnpaidShop({ offers: [couponOffer] }, { severalMerchants: 'apart', settlement, ...terms })
  const [lamp] = await ask(shop, rows(products, ['p-lamp']))
  if (lamp !== undefined) {
    const { id, version, state } = lamp
    await commit(shop, [put(products, { id, version, state: { ...state, merchantId: 'lights' } })])
  }
  return shop
}

describe('an order that goes out unpaid', () => {
  it('goes to no region where its terms do not let it be collected', async () => {
    const shop = await openUnpaidShop({}, {}, { regions: ['CN-31', 'CN-32'] })
    const { orderId } = await orderUnpaid(shop, 'ann', [['kettle', 1]])
    const to = (region: string) => ({ orderId, recipient: { ...recipient, region } })
    expect(await refusalOf(shop, to('CN-54'))).toEqual({ type: 'OnDeliveryNotOffered', orderId, reason: 'region' })
    expect(await refusalOf(shop, { ...to('CN-54'), lines: [{ lineId: 'kettle-1', quantity: 2 }] })).toMatchObject({
      type: 'OnDeliveryNotOffered',
    })
    expect((await edit(shop, 'ann', to('CN-32'))).region).toBe('CN-32')
    // Once it is collected it may go anywhere.
    const paid = await orderUnpaid(shop, 'ann', [['mug', 1]])
    value(await receive(shop, paid.paymentId, paid.payableMinor))
    const moved = await edit(shop, 'ann', { orderId: paid.orderId, recipient: { ...recipient, region: 'CN-54' } })
    expect(moved.region).toBe('CN-54')
    await expectBooksToAgree(shop)
  })
})

describe('an order that is collected on delivery and was extended by what is paid at once', () => {
  const extended = async (others: readonly (readonly [Sku, number])[] = []) => {
    const shop = await openUnpaidShop()
    const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [['lamp', 1], ...others])
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'lamp-1', quantity: 2 }] })
    const { paymentId: extra } = await pay(shop, 'ann', orderId)
    const { parcelId } = await send(shop, orderId, [{ lineId: 'lamp-1', quantity: 2 }])
    value(await recordParcelReturn(shop, byStaff(), { parcelId }))
    return { shop, orderId, paymentId, extra }
  }

  it('is at its end when all of it comes back: nothing is to be collected, and what was paid goes back', async () => {
    const { shop, orderId, paymentId, extra } = await extended()
    expect((await paymentOf(shop, paymentId))?.forgoneMinor).toBe(6_700)
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await paymentOf(shop, extra))?.refundedMinor).toBe(5_900)
    expect((await pageOf(shop, 'ann', orderId)).state).toBe('cancelled')
    await expectBooksToAgree(shop)
  })

  it('still has to be paid for what is yet to come when a part comes back', async () => {
    const { shop, orderId, paymentId } = await extended([['mug', 1]])
    // 59.00 and a mug of 27.00 were promised, carried for nothing; the lamps came back.
    expect((await paymentOf(shop, paymentId))?.forgoneMinor).toBe(5_900)
    expect((await pageOf(shop, 'ann', orderId)).onDelivery?.dueMinor).toBe(2_700)
    await expectBooksToAgree(shop)
    const { parcelId } = await send(shop, orderId)
    value(await deliver(shop, parcelId, 2_700))
    await expectBooksToAgree(shop)
  })
})

describe('a checkout of merchants who sell apart, paid on delivery', () => {
  it('is collected order by order, each for its own, to the unit', async () => {
    const shop = await openMall({ settlement })
    await givePoints(shop, 'ann', 1_000)
    const couponIds = [await giveCoupon(shop, 'ann')]
    const lines = [
      ['kettle', 2],
      ['lamp', 1],
    ] as const
    const { orderId, payableMinor, paymentId } = await orderUnpaid(shop, 'ann', lines, { couponIds, points: 1_000 })
    const checkout = await pageOf(shop, 'ann', orderId)
    expect(checkout).toMatchObject({ state: 'divided', onDelivery: null })
    expect((await paymentOf(shop, paymentId))?.status).toBe('closed')
    const parts = await Promise.all(checkout.orderIds.map((each) => pageOf(shop, 'ann', each)))
    expect(parts.reduce((sum, { onDelivery }) => sum + (onDelivery?.dueMinor ?? 0), 0)).toBe(payableMinor)
    await expectBooksToAgree(shop)
    const [kept, refused] = parts
    if (kept === undefined || refused === undefined) throw new Error('not divided')
    const first = await send(shop, kept.orderId)
    const second = await send(shop, refused.orderId)
    expect([first.collectMinor, second.collectMinor]).toEqual([kept.onDelivery?.dueMinor, refused.onDelivery?.dueMinor])
    expect(value(await recordParcelReturn(shop, byStaff(), { parcelId: second.parcelId })).orderStatus).toBe(
      'cancelled',
    )
    value(await deliver(shop, first.parcelId, first.collectMinor))
    value(await completeOrder(shop, byStaff(), { orderId: kept.orderId }))
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:courier')).toBe(first.collectMinor)
    for (const each of parts) expect(balanceOf(ledger, `escrow:${each.orderId}`)).toBe(0)
    // The seller waits for working days as with any order; what was refused is nobody's.
    expect(value(await showPayee(shop, byStaff(), { payee: 'self', currency: 'CNY' }))).toMatchObject({
      availableMinor: 0,
    })
    expect(value(await showPayee(shop, byStaff(), { payee: 'self', currency: 'CNY' })).pendingMinor).toBeGreaterThan(0)
    await expectBooksToAgree(shop)
  })
})

describe('what the buyer is told of an order that is paid on delivery', () => {
  const relay = async (shop: TestShop) => {
    for (const worker of ['one', 'two']) {
      const report = value(await runRelay(shop, orderReactions, { worker, limit: 1_000 }))
      expect([report.postponed, report.setAside]).toEqual([[], []])
      shop.pass(2 * minutesMs)
    }
  }

  it('is what to have ready, for each parcel, and that it was paid, each once; never that it is paid before', async () => {
    const shop = await openUnpaidShop()
    const { orderId, orderNumber, paymentId } = await orderUnpaid(shop, 'ann', [
      ['kettle', 1],
      ['mug', 1],
    ])
    const first = await send(shop, orderId, [{ lineId: 'kettle-1', quantity: 1 }])
    value(await deliver(shop, first.parcelId, 13_700))
    value(
      await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId: 'mug-2', quantity: 1 }] }),
    )
    await relay(shop)
    await relay(shop)
    // Nothing waits for it: it is other money than what was collected.
    expect((await receive(shop, paymentId, 1_900))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReceivedBefore',
      receivedMinor: 13_700,
    })
    expect(value(await receive(shop, paymentId, 13_700))).toMatchObject({ recorded: false })
    const told = await ask(shop, find(messages, { where: [], limit: 100 }))
    expect(told.map(({ state }) => state.template).sort()).toEqual([
      'collectedOnDelivery',
      'orderConfirmed',
      'orderShippedUnpaid',
    ])
    const texts = told.map(({ state }) => writeMessage(state.template, state.facts, { locale: 'en' }).text)
    expect(texts.every((text) => text.includes(orderNumber))).toBe(true)
    expect(texts.some((text) => text.includes('137.00'))).toBe(true)
  })
})
