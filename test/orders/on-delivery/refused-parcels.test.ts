import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { campaignReactions } from '../../../src/orders/tallies/count-sales.js'
import { collectionOnDelivery } from '../../../src/payments/offline.js'
import { campaignTallies } from '../../../src/promotions/campaign-tally.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { counters, row } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { edit } from '../editing/open-edit-shop.js'
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
  value,
} from '../open-shop.js'
import {
  billOf,
  deliver,
  kettle,
  mugs,
  openUnpaid,
  openUnpaidShop,
  orderOf,
  orderUnpaid,
  pageOf,
  paymentOf,
  receive,
  send,
} from './on-delivery-shop.js'

describe('a parcel that is paid on delivery and refused at the door', () => {
  it('ends the order, and everything is as it was before it', async () => {
    const shop = await openUnpaidShop({ offers: [couponOffer, giftOffer] }, {}, { openOrders: 1 })
    await givePoints(shop, 'ann', 1_000)
    const couponId = await giveCoupon(shop, 'ann')
    const how = { couponIds: [couponId], points: 1_000 }
    const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [['kettle', 3]], how)
    // 3 x 129.00 less 20.00 and 10.00 in points, carriage 8.00.
    const { parcelId, collectMinor } = await send(shop, orderId)
    expect(collectMinor).toBe(36_500)
    const spoiled = [{ lineId: 'kettle-1', quantity: 1 }]
    expect(
      (
        await recordParcelReturn(shop, byStaff(), { parcelId, scrapped: [{ lineId: 'kettle-1', quantity: 4 }] })
      )._unsafeUnwrapErr(),
    ).toMatchObject({ type: 'QuantityExceedsOrder', asked: 4, left: 3 })
    expect(value(await recordParcelReturn(shop, byStaff(), { parcelId, scrapped: spoiled }))).toMatchObject({
      parcelStatus: 'cameBack',
      orderStatus: 'cancelled',
    })
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'bag')]).toEqual([99, 100])
    expect((await ask(shop, row(coupons, couponId)))?.state.status).toBe('claimed')
    const { ledger, points } = await booksOf(shop)
    expect(points).toMatchObject([{ state: { balance: 1_000 } }])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(await paymentOf(shop, paymentId)).toMatchObject({ status: 'closed', forgoneMinor: 36_500 })
    expect((await pageOf(shop, 'ann', orderId)).state).toBe('cancelled')
    await expectBooksToAgree(shop)
    // The one order that she may have open is over.
    await orderUnpaid(shop, 'ann', [['mug', 1]])
  })

  it('costs nothing where others were taken in: those are paid, whole, and the order goes on', async () => {
    for (const move of [recordParcelReturn, recordLoss]) {
      const shop = await openUnpaidShop({ offers: [couponOffer, giftOffer] })
      const couponId = await giveCoupon(shop, 'ann')
      const lines = [
        ['kettle', 1],
        ['mug', 2],
      ] as const
      const { orderId, orderNumber, paymentId, payableMinor } = await orderUnpaid(shop, 'ann', lines, {
        couponIds: [couponId],
      })
      const first = await send(shop, orderId, mugs(2))
      const second = await send(shop, orderId)
      expect(first.collectMinor + second.collectMinor).toBe(payableMinor)
      // Carriage was to come with the first; nobody is left to bring it.
      value(await move(shop, byStaff(), { parcelId: first.parcelId }))
      expect(await orderOf(shop, orderId)).toMatchObject({
        status: 'shipped',
        onDelivery: { dueMinor: second.collectMinor, outMinor: second.collectMinor },
        refunds: [{ status: 'succeeded', shippingMinor: 800 }],
      })
      value(await deliver(shop, second.parcelId, second.collectMinor))
      expect(await billOf(shop, orderNumber)).toEqual(['paid', second.collectMinor])
      expect(await paymentOf(shop, paymentId)).toMatchObject({ status: 'captured' })
      value(await completeOrder(shop, byStaff(), { orderId }))
      expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
      expect(await freeOf(shop, 'mug')).toBe(move === recordLoss ? 98 : 100)
      await expectBooksToAgree(shop)
    }
  })

  it('lets go what no parcel asks for any more, since what was given was counted to another', async () => {
    // Two mugs at 19.00, carriage 8.00: the first parcel asks 27.00, the second what is due then, 46.00 less 5.00 and 27.00.
    for (const move of [recordParcelReturn, recordLoss]) {
      const shop = await openUnpaidShop()
      const { orderId, orderNumber } = await orderUnpaid(shop, 'ann', [['mug', 2]])
      const mug = [{ lineId: 'mug-1', quantity: 1 }]
      const first = await send(shop, orderId, mug)
      value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 }))
      const second = await send(shop, orderId)
      expect([first.collectMinor, second.collectMinor]).toEqual([2_700, 1_400])
      value(await move(shop, byStaff(), { parcelId: first.parcelId }))
      expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: 1_400 } })
      value(await deliver(shop, second.parcelId, 1_400))
      expect(await billOf(shop, orderNumber)).toEqual(['paid', 1_400])
      value(await completeOrder(shop, byStaff(), { orderId }))
      expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
      await expectBooksToAgree(shop)
    }
  })

  it('asks no cent that its discount left to the parcel that is lost', async () => {
    const shop = await openUnpaidShop({ offers: [couponOffer] })
    const couponIds = [await giveCoupon(shop, 'ann')]
    // Three kettles with 20.00 off are 122.34 and twice 122.33; by the first is carriage, and it is worth the dearest as it goes.
    const { orderId, payableMinor } = await orderUnpaid(shop, 'ann', [['kettle', 3]], { couponIds })
    const first = await send(shop, orderId, kettle)
    const second = await send(shop, orderId)
    value(await recordLoss(shop, byStaff(), { parcelId: first.parcelId }))
    expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: second.collectMinor } })
    value(await deliver(shop, second.parcelId, second.collectMinor))
    value(await completeOrder(shop, byStaff(), { orderId }))
    expect(first.collectMinor + second.collectMinor).toBe(payableMinor)
    await expectBooksToAgree(shop)
  })

  it('leaves nothing due and no order waiting, however it is parcelled and whatever is refused, late, or given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.boolean(), fc.constantFrom(0, 0, 500)),
          { minLength: 1, maxLength: 6 },
        ),
        fc.boolean(),
        async (parcels, isReduced) => {
          const shop = await openUnpaidShop({ offers: [couponOffer] })
          await givePoints(shop, 'ann', 700)
          const couponIds = isReduced ? [await giveCoupon(shop, 'ann')] : []
          const lines = [
            ['kettle', 3],
            ['mug', 2],
            ['lamp', 1],
          ] as const
          const { orderId, payableMinor } = await orderUnpaid(shop, 'ann', lines, {
            couponIds,
            points: isReduced ? 700 : 0,
          })
          let broughtMinor = 0
          const move = async (sent: Awaited<ReturnType<typeof send>>, isTaken: boolean) => {
            if (!isTaken) return void value(await recordParcelReturn(shop, byStaff(), { parcelId: sent.parcelId }))
            const { dueMinor = 0 } = (await pageOf(shop, 'ann', orderId)).onDelivery ?? {}
            const asked = Math.min(sent.collectMinor, dueMinor)
            value(await deliver(shop, sent.parcelId, asked === 0 ? undefined : asked))
            broughtMinor += asked
          }
          const out: (readonly [Awaited<ReturnType<typeof send>>, boolean])[] = []
          for (const [line, quantity, isTaken, atOnce, givenMinor] of parcels) {
            const order = await orderOf(shop, orderId)
            if (order?.status !== 'paid' && order?.status !== 'partlyShipped') break
            const here = order.lines.filter((each) => each.quantity > each.shippedQuantity)
            const { lineId = '', quantity: all = 0, shippedQuantity = 0 } = here[line % here.length] ?? {}
            const sent = await send(shop, orderId, [{ lineId, quantity: Math.min(quantity, all - shippedQuantity) }])
            if (atOnce) await move(sent, isTaken)
            else out.push([sent, isTaken])
            const given = { orderId, reason: 'goodwill', amountMinor: givenMinor } as const
            if (givenMinor > 0) await refundOrder(shop, byStaff(), given)
          }
          const rest = await orderOf(shop, orderId)
          if (rest?.status === 'paid' || rest?.status === 'partlyShipped') await move(await send(shop, orderId), true)
          for (const [sent, isTaken] of out) await move(sent, isTaken)
          const order = await orderOf(shop, orderId)
          const refundedMinor = order?.refunds.reduce((sum, { cashMinor }) => sum + cashMinor, 0) ?? 0
          // What was given to what did arrive, and was paid in full before, is sent back.
          const sentMinor = (await booksOf(shop)).refunds.reduce((sum, { state }) => sum + state.amountMinor, 0)
          expect(broughtMinor + refundedMinor - sentMinor).toBe(payableMinor)
          expect((await pageOf(shop, 'ann', orderId)).onDelivery?.dueMinor ?? 0).toBe(0)
          const isHere = order?.lines.some((line) => line.signedQuantity > 0)
          expect(order?.status).toBe(isHere ? 'signed' : 'cancelled')
          expect(0 - balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:courier')).toBe(0 - broughtMinor)
          await expectBooksToAgree(shop)
        },
      ),
      { numRuns: 8 },
    )
  })

  it('lets the rest be given up, and then the order is over', async () => {
    const { shop, orderId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId, kettle)
    value(await recordParcelReturn(shop, byStaff(), { parcelId }))
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'partlyShipped', onDelivery: { dueMinor: 4_600 } })
    const left = await send(shop, orderId, mugs(1))
    expect(left.collectMinor).toBe(2_700)
    value(await recordLoss(shop, byStaff(), { parcelId: left.parcelId }))
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'mug-2', quantity: 1 }] })
    // Carriage was all that was left of it.
    expect([(await orderOf(shop, orderId))?.status, await freeOf(shop, 'mug')]).toEqual(['cancelled', 99])
    expect((await booksOf(shop)).ledger).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('lets its carriage go where the rest is taken out once all others are paid: nobody is left to bring it', async () => {
    for (const isLate of [false, true]) {
      const shop = await openUnpaidShop()
      const { orderId, orderNumber } = await orderUnpaid(shop, 'ann', [
        ['mug', 1],
        ['kettle', 1],
        ['lamp', 1],
      ])
      const refused = await send(shop, orderId, [{ lineId: 'mug-1', quantity: 1 }])
      const taken = await send(shop, orderId, [{ lineId: 'kettle-2', quantity: 1 }])
      expect([refused.collectMinor, taken.collectMinor]).toEqual([2_700, 12_900])
      value(await recordParcelReturn(shop, byStaff(), { parcelId: refused.parcelId }))
      if (!isLate) value(await deliver(shop, taken.parcelId, 12_900))
      await edit(shop, 'ann', { orderId, lines: [{ lineId: 'lamp-3', quantity: 0 }] })
      if (isLate) value(await deliver(shop, taken.parcelId, 12_900))
      expect(await orderOf(shop, orderId)).toMatchObject({ status: 'signed', onDelivery: { dueMinor: 0 } })
      expect(await billOf(shop, orderNumber)).toEqual(['paid', 12_900])
      value(await completeOrder(shop, byStaff(), { orderId }))
      expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
      await expectBooksToAgree(shop)
    }
  })

  it('is asked no less because the courier itself said of another that it was paid', async () => {
    const shop = await openUnpaidShop()
    const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [
      ['mug', 1],
      ['kettle', 1],
      ['lamp', 1],
    ])
    await send(shop, orderId, [{ lineId: 'mug-1', quantity: 1 }])
    await send(shop, orderId, [{ lineId: 'kettle-2', quantity: 1 }])
    // 27.00 and 129.00 are out; the courier's own system tells of 27.00, not of which parcel.
    const promise = await paymentOf(shop, paymentId)
    if (promise === undefined) throw new Error('nothing is promised')
    const snapshot = collectionOnDelivery(promise, { takenMinor: 2_700, isLast: false, at: shop.clock.now() })
    value(await recordPayment(shop, paymentId, () => [{ type: 'RecordSnapshot', snapshot }]))
    expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: 18_800, outMinor: 12_900 } })
    expect((await send(shop, orderId)).collectMinor).toBe(5_900)
    await expectBooksToAgree(shop)
  })

  it('costs what it was to bring, and nothing of what was paid at once for pieces that arrived', async () => {
    const shop = await openUnpaidShop()
    const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [
      ['lamp', 1],
      ['kettle', 1],
    ])
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'lamp-1', quantity: 2 }] })
    const { paymentId: extra } = await pay(shop, 'ann', orderId)
    // 196.00 are to be collected, 59.00 are paid: a lamp that leaves first brings its carriage, the rest 188.00.
    const first = await send(shop, orderId, [{ lineId: 'lamp-1', quantity: 1 }])
    value(await deliver(shop, first.parcelId, first.collectMinor))
    const second = await send(shop, orderId)
    expect([first.collectMinor, second.collectMinor]).toEqual([800, 18_800])
    value(await recordParcelReturn(shop, byStaff(), { parcelId: second.parcelId }))
    expect((await paymentOf(shop, paymentId))?.forgoneMinor).toBe(18_800)
    expect((await booksOf(shop)).refunds).toEqual([])
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'signed', onDelivery: { dueMinor: 0 } })
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-6_700)
    expect((await paymentOf(shop, extra))?.refundedMinor).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is still owed where its buyer has confirmed receipt: that is for a return or a person', async () => {
    for (const move of [recordLoss, recordParcelReturn]) {
      for (const refundPolicy of ['prorate', 'reevaluate'] as const) {
        const shop = await openUnpaidShop({}, { returns: { ...defaultShopPolicy.returns, refundPolicy } })
        const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [
          ['kettle', 1],
          ['mug', 2],
        ])
        const first = await send(shop, orderId, kettle)
        const second = await send(shop, orderId)
        value(await confirmReceipt(shop, by('ann'), { orderId }))
        value(await move(shop, byStaff(), { parcelId: first.parcelId }))
        value(await receive(shop, paymentId, second.collectMinor, second.parcelId))
        expect(await orderOf(shop, orderId)).toMatchObject({
          status: 'signed',
          onDelivery: { dueMinor: first.collectMinor },
          refunds: [],
        })
        value(await receive(shop, paymentId, first.collectMinor, first.parcelId))
        expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: 0 }, refunds: [] })
        expect((await booksOf(shop)).refunds).toEqual([])
        value(await completeOrder(shop, byStaff(), { orderId }))
        await expectBooksToAgree(shop)
      }
    }
  })

  it('asks nobody for a discount that is lost with the rest, whatever the terms of refunds', async () => {
    const returns = { ...defaultShopPolicy.returns, refundPolicy: 'reevaluate' } as const
    const shop = await openUnpaidShop({ offers: [couponOffer, giftOffer] }, { returns })
    const couponIds = [await giveCoupon(shop, 'ann')]
    const lines = [
      ['mug', 2],
      ['kettle', 1],
    ] as const
    const { orderId } = await orderUnpaid(shop, 'ann', lines, { couponIds })
    const { parcelId, collectMinor } = await send(shop, orderId, [{ lineId: 'mug-1', quantity: 2 }])
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-2', quantity: 0 }] })
    expect(await orderOf(shop, orderId)).toMatchObject({
      onDelivery: { dueMinor: collectMinor, outMinor: collectMinor },
    })
    value(await deliver(shop, parcelId, collectMinor))
    value(await completeOrder(shop, byStaff(), { orderId }))
    await expectBooksToAgree(shop)
  })

  it('may have been paid all the same: what comes after the order is over is owed back', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    value(await recordLoss(shop, byStaff(), { parcelId }))
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    expect((await receive(shop, paymentId, 100, parcelId))._unsafeUnwrapErr().type).toBe('ReceiptTooLow')
    expect(value(await receive(shop, paymentId, 17_500, parcelId))).toMatchObject({
      orderStatus: 'cancelled',
      paymentStatus: 'capturedAfterClose',
      refundDue: { refundId: `late_${paymentId}`, amountMinor: 17_500 },
    })
    value(await payRefundByHand(shop, byStaff(), { refundId: `late_${paymentId}` }))
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('and each other one may have been paid all the same: all that comes is booked and owed back, once', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const first = await send(shop, orderId, kettle)
    const second = await send(shop, orderId)
    expect([first.collectMinor, second.collectMinor]).toEqual([13_700, 3_800])
    value(await recordLoss(shop, byStaff(), { parcelId: first.parcelId }))
    value(await recordParcelReturn(shop, byStaff(), { parcelId: second.parcelId }))
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    const due = async (amountMinor: number, parcelId?: string) => {
      const { recorded, refundDue } = value(await receive(shop, paymentId, amountMinor, parcelId))
      return [recorded, refundDue?.amountMinor]
    }
    expect(await due(13_700, first.parcelId)).toEqual([true, 13_700])
    expect(await due(13_700, first.parcelId)).toEqual([false, 13_700])
    expect(await due(3_800, second.parcelId)).toEqual([true, 3_800])
    expect((await receive(shop, paymentId, 3_800))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReceivedBefore',
      receivedMinor: 17_500,
    })
    const { ledger, refunds } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:courier')).toBe(17_500)
    for (const { id } of refunds) value(await payRefundByHand(shop, byStaff(), { refundId: id }))
    const after = await booksOf(shop)
    expect(refunds).toHaveLength(2)
    expect(balanceOf(after.ledger, 'gatewayClearing:courier')).toBe(0)
    expect(balanceOf(after.ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is one of many of a remittance, which is recorded by parcel under one line', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const first = await send(shop, orderId, kettle)
    const second = await send(shop, orderId)
    const record = ({ parcelId, collectMinor }: typeof first) =>
      recordReceipt(shop, byStaff(), {
        ...{ paymentId, parcelId, amountMinor: collectMinor, currency: 'CNY', reference: 'REMITTANCE-7' },
      })
    expect(value(await record(first)).recorded).toBe(true)
    expect(value(await record(first)).recorded).toBe(false)
    expect(value(await record(second)).recorded).toBe(true)
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:courier')).toBe(17_500)
    await expectBooksToAgree(shop)
  })

  it('brings its campaign no money: what never came is taken off, and what came too late was never counted', async () => {
    const shop = await openUnpaidShop({ offers: [giftOffer] })
    const { orderId, paymentId, payableMinor } = await orderUnpaid(shop, 'ann', [['kettle', 2]])
    const { parcelId } = await send(shop, orderId)
    const results = async () => {
      value(await runRelay(shop, campaignReactions, { worker: 'one', limit: 1_000 }))
      shop.pass(2 * minutesMs)
      const ids = ['revenueMinor/CNY', 'refundedMinor/CNY'].map((count) => `offer/${giftOffer.offerId}/${count}`)
      const found = await ask(shop, counters(campaignTallies, ids))
      return ids.map((id) => found.get(id) ?? 0)
    }
    expect(await results()).toEqual([payableMinor, 0])
    value(await recordLoss(shop, byStaff(), { parcelId }))
    expect(await results()).toEqual([payableMinor, payableMinor])
    value(await receive(shop, paymentId, payableMinor, parcelId))
    value(await payRefundByHand(shop, byStaff(), { refundId: `late_${paymentId}` }))
    expect(await results()).toEqual([payableMinor, payableMinor])
  })

  it('of an order that is paid leaves its money to be refunded, as a lost one does', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const { parcelId } = await send(shop, orderId)
    expect(value(await recordParcelReturn(shop, byStaff(), { parcelId })).orderStatus).toBe('shipped')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    const refund = { orderId, reason: 'returned', lines: kettle, withShipping: true, sellerAtFault: true } as const
    expect(value(await refundOrder(shop, byStaff(), refund)).cashMinor).toBe(13_700)
    expect((await recordParcelReturn(shop, byStaff(), { parcelId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'ParcelStateForbids',
      status: 'cameBack',
    })
    await expectBooksToAgree(shop)
  })
})
