import { describe, expect, it } from 'vitest'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { advanceOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, type TestShop, value } from '../open-shop.js'
import { deliver, kettle, mugs, openUnpaid, orderOf, pageOf, receive, send } from './on-delivery-shop.js'

const everything = [...kettle, ...mugs(2)]

const giveBack = async (
  shop: TestShop,
  orderId: string,
  what: Partial<Parameters<typeof refundOrder>[2]> = { lines: everything, withShipping: true },
) => value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', ...what }))

const duesOf = async (shop: TestShop, orderId: string) => {
  const order = await orderOf(shop, orderId)
  return order !== undefined && 'paidAt' in order ? order.onDelivery : undefined
}

const refundsOf = async (shop: TestShop, orderId: string) =>
  ((await orderOf(shop, orderId))?.refunds ?? []).map(({ cashMinor, uncollectedMinor, awaitedMinor = 0, status }) => ({
    ...{ cashMinor, uncollectedMinor, awaitedMinor, status },
  }))

/** What is owed by refunds that can be sent, or were. */
const owedOf = async (shop: TestShop) =>
  (await booksOf(shop)).refunds.map(({ state: { amountMinor, reason, partOf = null } }) => ({
    ...{ amountMinor, reason, isPart: partOf !== null },
  }))

/** Lets the clocks run out, and sends what is owed. */
const settle = async (shop: TestShop) => {
  const names: string[] = []
  for (let turn = 0; turn < 4; turn += 1) {
    shop.pass(5 * daysMs)
    names.push(...value(await advanceOrders(shop, { limit: 10 })).failed.map(({ reason }) => reason))
    await settleRefunds(shop, { limit: 10 })
    for (const { id } of (await booksOf(shop)).refunds) await payRefundByHand(shop, byStaff(), { refundId: id })
  }
  await expectBooksToAgree(shop)
  return names
}

describe('money that was paid at the door and is with its courier', () => {
  it('is owed to who paid it where the goods come back, waits to come and goes back then', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    value(await deliver(shop, parcelId))
    expect(await giveBack(shop, orderId)).toMatchObject({ status: 'pending', cashMinor: 17_500, awaitedMinor: 17_500 })
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 17_500, outMinor: 17_500, handedMinor: 17_500 })
    expect(await owedOf(shop)).toEqual([])
    expect((await pageOf(shop, 'ann', orderId)).refunds).toMatchObject([
      { awaitedMinor: 17_500, progress: 'requested' },
    ])
    expect(await settle(shop)).toContain('CollectionOverdue')
    expect((await completeOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr()).toMatchObject({
      ...{ type: 'CollectionOutstanding', dueMinor: 17_500 },
    })
    expect(value(await listOrders(shop, byStaff(), { dueOnDelivery: true })).orders).toMatchObject([
      { orderId, dueOnDeliveryMinor: 17_500 },
    ])
    value(await receive(shop, paymentId, 17_500, parcelId))
    expect(await owedOf(shop)).toEqual([{ amountMinor: 17_500, reason: 'returned', isPart: false }])
    expect(await refundsOf(shop, orderId)).toMatchObject([{ uncollectedMinor: 0, awaitedMinor: 0, status: 'pending' }])
    expect(await settle(shop)).not.toContain('CollectionOverdue')
    expect(await refundsOf(shop, orderId)).toMatchObject([{ status: 'succeeded' }])
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'completed', onDelivery: { dueMinor: 0 } })
  })

  it('is brought as it was paid, whatever went back since', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    value(await deliver(shop, parcelId))
    await giveBack(shop, orderId, { lines: everything })
    expect((await receive(shop, paymentId, 800, parcelId))._unsafeUnwrapErr()).toMatchObject({
      ...{ type: 'ReceiptTooLow', dueMinor: 17_500 },
    })
    value(await receive(shop, paymentId, 17_500, parcelId))
    await settle(shop)
    expect(await owedOf(shop)).toEqual([{ amountMinor: 16_700, reason: 'returned', isPart: false }])
    expect(await refundsOf(shop, orderId)).toMatchObject([{ cashMinor: 16_700, status: 'succeeded' }])
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('waits whether it is told by parcel, or for all parcels that are out', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    for (const lines of [kettle, mugs(2)]) value(await deliver(shop, (await send(shop, orderId, lines)).parcelId))
    await giveBack(shop, orderId, { lines: kettle })
    expect(await refundsOf(shop, orderId)).toMatchObject([{ cashMinor: 12_900, awaitedMinor: 12_900 }])
    value(await receive(shop, paymentId, 17_500))
    expect(await owedOf(shop)).toEqual([{ amountMinor: 12_900, reason: 'returned', isPart: false }])
    await settle(shop)
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('goes back as it comes, where several couriers have it', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const first = await send(shop, orderId, kettle)
    const second = await send(shop, orderId)
    for (const { parcelId } of [first, second]) value(await deliver(shop, parcelId))
    await giveBack(shop, orderId)
    value(await receive(shop, paymentId, 3_800, second.parcelId))
    expect(await refundsOf(shop, orderId)).toMatchObject([{ awaitedMinor: 13_700, status: 'pending' }])
    await settle(shop)
    // A part of it has gone; the rest is owed still.
    expect(await refundsOf(shop, orderId)).toMatchObject([{ awaitedMinor: 13_700, status: 'pending' }])
    value(await receive(shop, paymentId, 13_700, first.parcelId))
    await settle(shop)
    expect(await owedOf(shop)).toEqual([
      { amountMinor: 3_800, reason: 'returned', isPart: false },
      { amountMinor: 13_700, reason: 'returned', isPart: true },
    ])
    expect(await refundsOf(shop, orderId)).toMatchObject([{ awaitedMinor: 0, status: 'succeeded' }])
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('is not sent back where it pays for what is still to leave, which asks no more then', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId, kettle)
    value(await deliver(shop, parcelId))
    // A kettle is back, 129.00; the mugs that are here cost 38.00.
    await giveBack(shop, orderId, { lines: kettle })
    expect(await refundsOf(shop, orderId)).toMatchObject([{ uncollectedMinor: 3_800, awaitedMinor: 9_100 }])
    const next = await send(shop, orderId)
    expect(next.collectMinor).toBe(0)
    value(await deliver(shop, next.parcelId))
    value(await receive(shop, paymentId, 13_700, parcelId))
    await settle(shop)
    expect(await owedOf(shop)).toEqual([{ amountMinor: 9_100, reason: 'returned', isPart: false }])
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('leaves the next parcel to ask what it asks once that is here, where others were not brought', async () => {
    for (const collected of [undefined, 1_900]) {
      const { shop, orderId } = await openUnpaid()
      const first = await send(shop, orderId, kettle)
      value(await confirmReceipt(shop, by('ann'), { orderId }))
      const second = await send(shop, orderId, mugs(1))
      value(await deliver(shop, second.parcelId, collected))
      value(await recordLoss(shop, byStaff(), { parcelId: first.parcelId }))
      // The mug, and carriage, which no parcel has brought.
      expect((await send(shop, orderId)).collectMinor).toBe(2_700)
      await expectBooksToAgree(shop)
    }
  })

  it('is what goodwill is given of, where that is not all that is due', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    value(await deliver(shop, parcelId))
    await giveBack(shop, orderId, { reason: 'goodwill', amountMinor: 5_000 })
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 17_500, handedMinor: 17_500 })
    expect((await receive(shop, paymentId, 12_500, parcelId)).isErr()).toBe(true)
    value(await receive(shop, paymentId, 17_500, parcelId))
    await settle(shop)
    expect(await owedOf(shop)).toEqual([{ amountMinor: 5_000, reason: 'goodwill', isPart: false }])
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('is let go by goodwill of all that is due, and waits for nobody then', async () => {
    const { shop, orderId } = await openUnpaid()
    value(await deliver(shop, (await send(shop, orderId)).parcelId))
    const let_ = { reason: 'goodwill', amountMinor: 17_500 } as const
    expect(await giveBack(shop, orderId, let_)).toMatchObject({ status: 'succeeded' })
    expect((await duesOf(shop, orderId))?.handedMinor).toBeUndefined()
    expect(await settle(shop)).not.toContain('CollectionOverdue')
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('is let go but for what refunds wait for, which is owed still and goes on once the shop pays it in', async () => {
    const given = { reason: 'goodwill', amountMinor: 1_500 } as const
    for (const [first, awaitedMinor, byParcel] of [
      [given, 1_500, false],
      [given, 1_500, true],
      [{ lines: kettle }, 12_900, false],
      [{ lines: kettle }, 12_900, true],
    ] as const) {
      const { shop, orderId, paymentId } = await openUnpaid()
      const { parcelId } = await send(shop, orderId)
      value(await deliver(shop, parcelId))
      await giveBack(shop, orderId, first)
      const amountMinor = 17_500 - awaitedMinor
      const letGo = await giveBack(shop, orderId, { reason: 'goodwill', amountMinor })
      expect(letGo).toMatchObject({ status: 'succeeded', cashMinor: amountMinor })
      expect(letGo.awaitedMinor).toBeUndefined()
      expect(await refundsOf(shop, orderId)).toMatchObject([
        { uncollectedMinor: 0, awaitedMinor, status: 'pending' },
        { uncollectedMinor: amountMinor, awaitedMinor: 0, status: 'succeeded' },
      ])
      expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: awaitedMinor, handedMinor: awaitedMinor })
      await settle(shop)
      value(await receive(shop, paymentId, awaitedMinor, byParcel ? parcelId : undefined))
      await settle(shop)
      expect((await owedOf(shop)).map((each) => each.amountMinor)).toEqual([awaitedMinor])
      expect(await refundsOf(shop, orderId)).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }])
      expect(await orderOf(shop, orderId)).toMatchObject({ status: 'completed', onDelivery: { dueMinor: 0 } })
    }
  })

  it('is asked of several couriers but once for what is left, where the rest was let go', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const sent = [await send(shop, orderId, kettle), await send(shop, orderId)]
    for (const { parcelId } of sent) value(await deliver(shop, parcelId))
    await giveBack(shop, orderId, { lines: mugs(1) })
    await giveBack(shop, orderId, { reason: 'goodwill', amountMinor: 2_600 })
    await giveBack(shop, orderId, { reason: 'goodwill', amountMinor: 13_000 })
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 4_500, handedMinor: 4_500, outMinor: 17_500 })
    value(await receive(shop, paymentId, 3_800, sent[1]?.parcelId))
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 700, handedMinor: 700 })
    value(await receive(shop, paymentId, 700, sent[0]?.parcelId))
    await settle(shop)
    expect((await owedOf(shop)).map((each) => each.amountMinor)).toEqual([1_900, 1_900, 700])
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'completed', onDelivery: { dueMinor: 0 } })
  })

  it('goes back, whatever was let go, where its courier brings all of it after all', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    value(await deliver(shop, parcelId))
    await giveBack(shop, orderId, { reason: 'goodwill', amountMinor: 1_500 })
    await giveBack(shop, orderId, { reason: 'goodwill', amountMinor: 16_000 })
    value(await receive(shop, paymentId, 17_500, parcelId))
    await settle(shop)
    expect((await owedOf(shop)).map((each) => each.amountMinor)).toEqual([16_000, 1_500])
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'completed', onDelivery: { dueMinor: 0 } })
  })

  it('is what its receiver was asked, where goodwill was given before the door', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    await giveBack(shop, orderId, { reason: 'goodwill', amountMinor: 5_000 })
    value(await deliver(shop, parcelId))
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 12_500, outMinor: 17_500, handedMinor: 12_500 })
    expect((await receive(shop, paymentId, 12_400, parcelId)).isErr()).toBe(true)
    value(await receive(shop, paymentId, 12_500, parcelId))
    await settle(shop)
    expect(await owedOf(shop)).toEqual([])
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('is brought whole where another parcel brought more than it was to', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const first = await send(shop, orderId, kettle)
    value(await deliver(shop, first.parcelId))
    const second = await send(shop, orderId)
    await giveBack(shop, orderId, { reason: 'goodwill', amountMinor: 2_000 })
    // Of the mugs 18.00 are left to pay; their waybill says 38.00.
    value(await deliver(shop, second.parcelId, 3_800))
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 13_700, handedMinor: 13_700, surplusMinor: 2_000 })
    expect((await receive(shop, paymentId, 11_700, first.parcelId)).isErr()).toBe(true)
    value(await receive(shop, paymentId, 13_700, first.parcelId))
    expect(await owedOf(shop)).toEqual([{ amountMinor: 2_000, reason: 'lateSuccess', isPart: false }])
    await settle(shop)
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'completed', onDelivery: { dueMinor: 0 } })
  })

  it('is due as far as it was ever promised, where a parcel that came back brought money too', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const back = await send(shop, orderId, kettle)
    value(await recordParcelReturn(shop, byStaff(), { parcelId: back.parcelId }))
    const there = await send(shop, orderId)
    value(await deliver(shop, there.parcelId))
    expect([back.collectMinor, there.collectMinor]).toEqual([13_700, 4_600])
    value(await receive(shop, paymentId, 13_700, back.parcelId))
    // Of 175.00 that were promised 38.00 are left; carriage was on both waybills.
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 3_800, handedMinor: 3_800, surplusMinor: 3_800 })
    expect((await receive(shop, paymentId, 4_600, there.parcelId))._unsafeUnwrapErr()).toMatchObject({
      ...{ type: 'ReceiptTooHigh', excessMinor: 800 },
    })
    value(await receive(shop, paymentId, 3_800, there.parcelId))
    await settle(shop)
    expect((await owedOf(shop)).map(({ amountMinor }) => amountMinor)).toEqual([9_100, 3_800])
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'completed', onDelivery: { dueMinor: 0 } })
  })

  it('was never paid where its parcel turns out to be lost, and nothing waits for it', async () => {
    const { shop, orderId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    await giveBack(shop, orderId, { reason: 'lost', lines: everything, withShipping: true })
    expect(await refundsOf(shop, orderId)).toMatchObject([{ awaitedMinor: 17_500, status: 'pending' }])
    value(await recordLoss(shop, byStaff(), { parcelId }))
    expect(await refundsOf(shop, orderId)).toEqual([
      { cashMinor: 17_500, uncollectedMinor: 17_500, awaitedMinor: 0, status: 'succeeded' },
    ])
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 0, outMinor: 0 })
    await settle(shop)
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })
  it('is not waited for by who was refunded as lost what is lost, though others have paid at their doors', async () => {
    const { shop, orderId } = await openUnpaid()
    const lost = await send(shop, orderId, kettle)
    await send(shop, orderId, mugs(1))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    await giveBack(shop, orderId, { reason: 'lost', lines: kettle })
    expect(await refundsOf(shop, orderId)).toMatchObject([{ uncollectedMinor: 1_900, awaitedMinor: 11_000 }])
    value(await recordLoss(shop, byStaff(), { parcelId: lost.parcelId }))
    expect(await refundsOf(shop, orderId)).toMatchObject([{ uncollectedMinor: 12_900, awaitedMinor: 0 }])
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 4_600, handedMinor: 1_900 })
    expect((await send(shop, orderId)).collectMinor).toBe(2_700)
    await expectBooksToAgree(shop)
  })
})
