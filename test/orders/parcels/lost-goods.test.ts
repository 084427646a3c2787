import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { cancelReturn } from '../../../src/aftersales/review-return.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import type { Order } from '../../../src/orders/order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { reshipOrder } from '../../../src/orders/parcels/reship-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { advanceOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { payments } from '../../../src/payments/payment.schema.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  fillCart,
  giftOffer,
  insist,
  openShop,
  pay,
  place,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'

const kettles = (quantity: number) => [{ lineId: 'kettle-1', quantity }]

/** An order of ann's of three kettles, 3 x 129.00 and carriage 8.00, paid. */
const bought = async (shop: TestShop, lines: readonly (readonly [Sku, number])[] = [['kettle', 3]]) => {
  await fillCart(shop, 'ann', lines)
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

const send = async (shop: TestShop, orderId: string, quantity?: number) => {
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }
  const lines = quantity === undefined ? {} : { lines: kettles(quantity) }
  return value(await shipOrder(shop, byStaff(), { ...parcel, ...lines })).parcelId
}

const stateOf = async (shop: TestShop, orderId: string): Promise<Order> => {
  const found = (await booksOf(shop)).orders.find(({ id }) => id === orderId)
  if (found === undefined) throw new Error('no order')
  return found.state
}

const sweep = async (shop: TestShop) => {
  const report = value(await advanceOrders(shop, { limit: 10 }))
  expect(report.failed).toEqual([])
  value(await settleRefunds(shop, { limit: 10 }))
}

const page = async (shop: TestShop, orderId: string) => value(await orderPage(shop, by('ann'), { orderId }))

const openEditable = async (...offers: readonly Offer[]): Promise<TestShop> => ({
  ...(await openShop({ offers })),
  digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
})

/** Ann takes out the kettle that has not left. */
const giveUpThird = async (shop: TestShop, orderId: string) => {
  const change = { orderId, lines: kettles(2) }
  const { hash } = value(await previewEdit(shop, by('ann'), change))
  return value(await applyEdit(shop, by('ann'), { ...change, hash }))
}

describe('an order whose goods were lost', () => {
  it('is neither received nor complete, and its merchant is not paid, before they are refunded', async () => {
    for (const goes of [recordLoss, recordParcelReturn]) {
      const shop = await openShop()
      const orderId = await bought(shop)
      const parcelId = await send(shop, orderId)
      value(await goes(shop, byStaff(), { parcelId }))
      shop.pass(6 * daysMs)
      await sweep(shop)
      expect(await stateOf(shop, orderId)).toMatchObject({ status: 'shipped', refunds: [] })
      // Seven days after they were lost they are refunded, carriage too, as nothing arrived.
      shop.pass(daysMs)
      await sweep(shop)
      const order = await stateOf(shop, orderId)
      expect(order).toMatchObject({
        status: 'cancelled',
        by: 'clock',
        refunds: [{ reason: 'lost', lines: kettles(3), cashMinor: 3 * 12_900 + 800, status: 'succeeded' }],
      })
      expect(order).not.toHaveProperty('makeGoodBy')
      await expectBooksToAgree(shop)
      shop.pass(90 * daysMs)
      await sweep(shop)
      expect((await stateOf(shop, orderId)).status).toBe('cancelled')
    }
  })

  it('gives carriage back too when staff refund all of it as lost, and ends as by the clock', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    const all = { orderId, reason: 'lost', lines: kettles(3) } as const
    expect(value(await refundOrder(shop, byStaff(), all))).toMatchObject({ cashMinor: 3 * 12_900 + 800 })
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'cancelled', by: 'clock' })
    await expectBooksToAgree(shop)
    // A part of it, or whoever says that carriage is kept, keeps it.
    for (const asked of [{ lines: kettles(2) }, { lines: kettles(3), withShipping: false }]) {
      const other = await openShop()
      const otherId = await bought(other)
      value(await recordLoss(other, byStaff(), { parcelId: await send(other, otherId) }))
      const refunded = value(await refundOrder(other, byStaff(), { ...all, ...asked, orderId: otherId }))
      expect(refunded).toMatchObject({ shippingMinor: 0 })
    }
  })

  it('gives its carriage back when the rest is given up, and keeps it while a loss is to be decided', async () => {
    const shop = await openEditable()
    const orderId = await bought(shop)
    const parcelId = await send(shop, orderId, 2)
    value(await recordLoss(shop, byStaff(), { parcelId }))
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(2) }))
    expect(await giveUpThird(shop, orderId)).toMatchObject({ refund: { cashMinor: 12_900 + 800 } })
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await stateOf(shop, orderId)).toMatchObject({
      status: 'cancelled',
      refunds: [
        { reason: 'lost', cashMinor: 2 * 12_900, status: 'succeeded' },
        { reason: 'edited', cashMinor: 12_900 + 800, shippingMinor: 800, status: 'succeeded' },
      ],
    })
    await expectBooksToAgree(shop)
    // Two that may yet be sent again would bring what the carriage was paid for.
    const undecided = await openEditable()
    const other = await bought(undecided)
    value(await recordLoss(undecided, byStaff(), { parcelId: await send(undecided, other, 2) }))
    await giveUpThird(undecided, other)
    expect((await stateOf(undecided, other)).refunds).toMatchObject([{ cashMinor: 12_900, shippingMinor: 0 }])
  })

  it('does not complete by hand or by the clock while one of three is undecided, and does once it is refunded', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    const first = await send(shop, orderId, 1)
    const second = await send(shop, orderId)
    value(await recordDelivery(shop, byStaff(), { parcelId: second }))
    shop.pass(5 * daysMs)
    value(await recordLoss(shop, byStaff(), { parcelId: first }))
    expect((await stateOf(shop, orderId)).status).toBe('signed')
    shop.pass(4 * daysMs)
    await sweep(shop)
    expect((await completeOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr().type).toBe('LossUndecided')
    expect((await stateOf(shop, orderId)).status).toBe('signed')
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(1) }))
    expect(value(await completeOrder(shop, byStaff(), { orderId })).status).toBe('completed')
    expect((await stateOf(shop, orderId)).refunds).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('refunds what was lost and nothing that arrived, whatever was refunded before', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    const first = await send(shop, orderId, 1)
    const second = await send(shop, orderId)
    value(await recordDelivery(shop, byStaff(), { parcelId: second }))
    // Refunded as lost before anybody noted the loss; noted then, it is made good already.
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(1) }))
    value(await recordLoss(shop, byStaff(), { parcelId: first }))
    shop.pass(60 * daysMs)
    await sweep(shop)
    await sweep(shop)
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'completed', refunds: [{ cashMinor: 12_900 }] })
    await expectBooksToAgree(shop)
  })

  it('counts a return of what arrived for no loss: both go back', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    const first = await send(shop, orderId, 1)
    const second = await send(shop, orderId)
    value(await recordDelivery(shop, byStaff(), { parcelId: second }))
    value(await recordLoss(shop, byStaff(), { parcelId: first }))
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(1) } as const
    value(await requestReturn(shop, by('ann'), asked))
    shop.pass(8 * daysMs)
    // While the return is open nothing is decided over its head.
    await sweep(shop)
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'signed', refunds: [] })
  })

  it('tells a person each time that it cannot be refunded, and why, and tries again a day later', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    // The money is on its way back already, for a reason that nobody would guess.
    const reserve = async (refundReservedMinor: number) => {
      const paid = await ask(shop, find(payments, { where: [], limit: 1 }))
      await commit(
        shop,
        paid.map(({ id, version, state }) => put(payments, { id, version, state: { ...state, refundReservedMinor } })),
      )
    }
    await reserve(39_500)
    shop.pass(7 * daysMs)
    const told = { done: 0, failed: [{ id: orderId, reason: 'RefundExceedsCaptured' }] }
    expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual(told)
    expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    shop.pass(daysMs)
    expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual(told)
    await reserve(0)
    shop.pass(daysMs)
    await sweep(shop)
    expect((await stateOf(shop, orderId)).status).toBe('cancelled')
    await expectBooksToAgree(shop)
  })

  it('counts a gift that was lost, and refunded or not, for one that the buyer has not got, once', async () => {
    const twoBags = { ...giftOffer, benefit: { kind: 'gift', sku: 'bag', pieces: 2, unitValueMinor: 900 } } as const
    for (const refunded of [true, false]) {
      const shop = await openShop({ offers: [twoBags] })
      const orderId = await bought(shop, [['kettle', 2]])
      const bag = [{ lineId: 'gift-1', quantity: 1 }]
      const one = { orderId, carrier: 'sf-express', trackingNumber: 'SF0', lines: bag }
      const { parcelId } = value(await shipOrder(shop, byStaff(), one))
      await send(shop, orderId)
      value(await recordLoss(shop, byStaff(), { parcelId }))
      if (refunded) value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: bag }))
      // One of two kettles comes back, and with it the bags are lost, of which she has one: 129.00 less 9.00.
      const lines = [{ lineId: 'kettle-1', quantity: 1 }]
      const back = value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines }))
      expect(back).toMatchObject({ cashMinor: 12_000, heldForGiftsMinor: 900 })
      // With the last of them goes the other, and all that was paid is back.
      const rest = [...lines, ...(refunded ? bag : [{ ...bag[0]!, quantity: 2 }])]
      const last = value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: rest }))
      expect(last).toMatchObject({ cashMinor: 13_800, heldForGiftsMinor: -900 })
      await expectBooksToAgree(shop)
    }
  })

  it('refunds a gift that was lost as well, for nothing', async () => {
    const shop = await openShop({ offers: [giftOffer] })
    const orderId = await bought(shop, [['kettle', 2]])
    const parcelId = await send(shop, orderId)
    value(await recordLoss(shop, byStaff(), { parcelId }))
    shop.pass(7 * daysMs)
    await sweep(shop)
    expect((await stateOf(shop, orderId)).status).toBe('cancelled')
    await expectBooksToAgree(shop)
  })
})

describe('a gift of an order of which a piece was lost', () => {
  /** Ann has bought three kettles with a bag, and the first was lost on the way and refunded. */
  const loseOne = async (shop: TestShop) => {
    const orderId = await bought(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId, 1) }))
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(1) }))
    return orderId
  }
  const lastRefund = async (shop: TestShop, orderId: string) => (await stateOf(shop, orderId)).refunds.at(-1)

  it('is lost by what the buyer gives back alone, and not by the loss', async () => {
    const shop = await openShop({ offers: [giftOffer] })
    const orderId = await loseOne(shop)
    value(await recordDelivery(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    // Of three that were bought one is given back: two would have brought the bag.
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: kettles(1) }))
    expect(await lastRefund(shop, orderId)).toMatchObject({ cashMinor: 12_900 })
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: kettles(1) }))
    expect(await lastRefund(shop, orderId)).toMatchObject({ cashMinor: 12_000, heldForGiftsMinor: 900 })
    await expectBooksToAgree(shop)
  })

  it('is still sent where the buyer takes a piece out that has not left', async () => {
    const shop = await openEditable(giftOffer)
    const orderId = await loseOne(shop)
    await giveUpThird(shop, orderId)
    expect(await lastRefund(shop, orderId)).toMatchObject({ lines: kettles(1), cashMinor: 12_900 })
    expect((await stateOf(shop, orderId)).lines.find((line) => line.gift)).not.toHaveProperty('cancelledQuantity')
    await expectBooksToAgree(shop)
  })
})

describe('lost pieces that are sent again', () => {
  it('are taken of the stock once more, leave once more and cost nothing', async () => {
    const shop = await openShop({ stock: { kettle: 5 } })
    const orderId = await bought(shop)
    const first = await send(shop, orderId, 2)
    const second = await send(shop, orderId)
    value(await recordLoss(shop, byStaff(), { parcelId: first }))
    value(await recordDelivery(shop, byStaff(), { parcelId: second }))
    expect(await freeOf(shop, 'kettle')).toBe(2)
    expect(value(await reshipOrder(shop, byStaff(), { orderId })).status).toBe('partlyShipped')
    expect(await freeOf(shop, 'kettle')).toBe(0)
    await expectBooksToAgree(shop)
    const third = await send(shop, orderId)
    value(await recordDelivery(shop, byStaff(), { parcelId: third }))
    expect(await stateOf(shop, orderId)).toMatchObject({
      status: 'signed',
      refunds: [],
      lines: [{ shippedQuantity: 3, signedQuantity: 3, lostQuantity: 0, reshippedQuantity: 2 }],
    })
    expect((await page(shop, orderId)).history.map(({ happened }) => happened)).toContain('sentAgain')
    shop.pass(30 * daysMs)
    await sweep(shop)
    expect((await stateOf(shop, orderId)).status).toBe('completed')
    await expectBooksToAgree(shop)
  })

  it('may be lost again, and refunded then; or given up before they leave', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    // All of it is here again, as if nothing had left.
    expect(value(await reshipOrder(shop, byStaff(), { orderId })).status).toBe('paid')
    await expectBooksToAgree(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    shop.pass(7 * daysMs + hoursMs)
    await sweep(shop)
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'cancelled', refunds: [{ cashMinor: 39_500 }] })
    await expectBooksToAgree(shop)
  })

  it('are refused where there are none, or none in stock, or they were refunded', async () => {
    const shop = await openShop({ stock: { kettle: 3 } })
    const orderId = await bought(shop)
    const refusal = async (lines?: typeof kettles extends (n: number) => infer L ? L : never) =>
      (await reshipOrder(shop, byStaff(), { orderId, ...(lines === undefined ? {} : { lines }) }))._unsafeUnwrapErr()
    const first = await send(shop, orderId, 2)
    await send(shop, orderId)
    expect(await refusal()).toMatchObject({ type: 'NothingToDo' })
    value(await recordLoss(shop, byStaff(), { parcelId: first }))
    expect(await refusal(kettles(3))).toMatchObject({ type: 'QuantityExceedsOrder', left: 2 })
    expect(await refusal()).toMatchObject({ type: 'OutOfStock' })
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(2) }))
    expect(await refusal()).toMatchObject({ type: 'NothingToDo' })
  })

  it('are those of which no money went back, whichever of refund and parcel is noted first', async () => {
    const ways = [
      { reason: 'returned', refundFirst: true, again: 2 },
      { reason: 'returned', refundFirst: false, again: 2 },
      // What is given for a piece that is not lost stays given: of three that are, two are owed.
      { reason: 'goodwill', refundFirst: true, again: 2 },
    ] as const
    for (const { reason, refundFirst, again } of ways) {
      const shop = await openShop({ stock: { kettle: 5 } })
      const orderId = await bought(shop)
      const parcelId = await send(shop, orderId)
      const refund = async () => value(await refundOrder(shop, byStaff(), { orderId, reason, lines: kettles(1) }))
      if (refundFirst) await refund()
      value(await recordParcelReturn(shop, byStaff(), { parcelId }))
      if (!refundFirst) await refund()
      value(await reshipOrder(shop, byStaff(), { orderId }))
      expect(await freeOf(shop, 'kettle')).toBe(5 - again)
      expect((await reshipOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr().type).toBe('NothingToDo')
      value(await recordDelivery(shop, byStaff(), { parcelId: await send(shop, orderId) }))
      shop.pass(30 * daysMs)
      await sweep(shop)
      await sweep(shop)
      // She has two, and the money of one; her merchant has the price of two.
      expect(await stateOf(shop, orderId)).toMatchObject({
        status: 'completed',
        refunds: [{ reason, cashMinor: 12_900 }],
        lines: [{ signedQuantity: 2, refundedQuantity: 1 }],
      })
      await expectBooksToAgree(shop)
    }
  })

  it('are taken once, of however many who ask at once', async () => {
    const shop = await openShop({ stock: { kettle: 6 }, attempts: 40 })
    const orderId = await bought(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    const asked = Array.from({ length: 8 }, () => insist(() => reshipOrder(shop, byStaff(), { orderId })))
    const answers = (await Promise.all(asked)).map((each) => ('type' in each ? each.type : each.status))
    expect(answers.filter((each) => each === 'paid')).toHaveLength(1)
    expect(await freeOf(shop, 'kettle')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('wait for a return that is open, which may ask for them and could not be settled on an order that was not sent', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    const asked = { orderId, kind: 'refundOnly', reason: 'notReceived', lines: kettles(3) } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asked))
    const refused = (await reshipOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'ReturnOpen', returnIds: [returnId] })
    expect(value(await orderPage(shop, byStaff(), { orderId })).nextActions).not.toContain('reship')
    value(await cancelReturn(shop, by('ann'), { returnId }))
    expect(value(await orderPage(shop, byStaff(), { orderId })).nextActions).toContain('reship')
    expect(value(await reshipOrder(shop, byStaff(), { orderId })).status).toBe('paid')
    await expectBooksToAgree(shop)
  })

  it('leave nothing for the buyer to confirm until they have left', async () => {
    const shop = await openShop()
    const orderId = await bought(shop)
    value(await recordLoss(shop, byStaff(), { parcelId: await send(shop, orderId) }))
    expect((await confirmReceipt(shop, by('ann'), { orderId }))._unsafeUnwrapErr().type).toBe('NothingToDo')
    expect((await page(shop, orderId)).nextActions).not.toContain('confirmReceipt')
    expect(value(await orderPage(shop, byStaff(), { orderId })).nextActions).toContain('reship')
    value(await reshipOrder(shop, byStaff(), { orderId }))
    expect((await confirmReceipt(shop, by('ann'), { orderId }))._unsafeUnwrapErr().type).toBe('OrderStateForbids')
    await send(shop, orderId)
    expect(value(await confirmReceipt(shop, by('ann'), { orderId })).status).toBe('signed')
  })
})
