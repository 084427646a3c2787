import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { holdReceipt, returnReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { advanceOrders, closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { listHeldReceipts } from '../../../src/payments/list-held-receipts.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { edit } from '../editing/open-edit-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import {
  billOf,
  choose,
  deliver,
  kettle,
  mugs,
  openUnpaid,
  openUnpaidShop,
  orderOf,
  pageOf,
  paymentOf,
  placeAnew,
  receive,
  send,
} from './on-delivery-shop.js'

describe('an order that is paid on delivery', () => {
  it('goes out unpaid, is paid parcel by parcel to the unit, and is complete then', async () => {
    const { shop, orderId, orderNumber, paymentId } = await openUnpaid()
    expect(await pageOf(shop, 'ann', orderId)).toMatchObject({
      state: 'awaitingShipment',
      onDelivery: { dueMinor: 17_500, outMinor: 0, state: 'toBeCollected' },
    })
    expect(await billOf(shop, orderNumber)).toEqual(['created', 0])
    // Nobody closes it for want of payment, and nobody is asked for it.
    shop.pass(daysMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    value(await settlePayments(shop, { limit: 10 }))
    const first = await send(shop, orderId, kettle)
    const second = await send(shop, orderId)
    // The kettle, and carriage with the first parcel; then the mugs.
    expect([first.collectMinor, second.collectMinor]).toEqual([13_700, 3_800])
    expect((await booksOf(shop)).ledger).toEqual([])
    expect(value(await deliver(shop, first.parcelId, 13_700))).toMatchObject({ parcelStatus: 'delivered' })
    expect(await pageOf(shop, 'ann', orderId)).toMatchObject({
      state: 'shipped',
      onDelivery: { dueMinor: 3_800, outMinor: 3_800, state: 'toBeCollected' },
    })
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-13_700)
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:courier')).toBe(13_700)
    value(await deliver(shop, second.parcelId))
    expect((await completeOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr()).toEqual({
      type: 'CollectionOutstanding',
      orderId,
      dueMinor: 3_800,
      currency: 'CNY',
    })
    const due = value(await listOrders(shop, byStaff(), { dueOnDelivery: true })).orders
    expect(due.map((each) => [each.orderId, each.dueOnDeliveryMinor])).toEqual([[orderId, 3_800]])
    expect(value(await receive(shop, paymentId, 3_800, second.parcelId))).toMatchObject({
      orderStatus: 'signed',
      paymentStatus: 'captured',
      recorded: true,
      refundDue: null,
    })
    expect(value(await receive(shop, paymentId, 3_800, second.parcelId))).toMatchObject({ recorded: false })
    expect(value(await receive(shop, paymentId, 17_500))).toMatchObject({ recorded: false })
    expect(await billOf(shop, orderNumber)).toEqual(['paid', 17_500])
    expect(value(await listOrders(shop, byStaff(), { dueOnDelivery: true })).orders).toEqual([])
    value(await completeOrder(shop, byStaff(), { orderId }))
    const { ledger, points } = await booksOf(shop)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(points).toMatchObject([{ state: { balance: 167 } }])
    expect((await pageOf(shop, 'ann', orderId)).history.map(({ happened }) => happened)).toEqual([
      'placed',
      'confirmed',
      'shipped',
      'shipped',
      'collected',
      'received',
      'received',
      'collected',
      'completed',
    ])
    await expectBooksToAgree(shop)
  })

  it('takes the promise for what it is: it cannot be captured, and no second way to pay is begun', async () => {
    const { shop, orderId } = await openUnpaid()
    expect((await captureOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr().type).toBe('NothingToCapture')
    expect((await choose(shop, 'ann', orderId))._unsafeUnwrapErr().type).toBe('AttemptUnderway')
    expect(await freeOf(shop, 'kettle')).toBe(99)
  })

  it('brings what its parcels are out for in one remittance, or all that is due once none is', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    await send(shop, orderId, kettle)
    await send(shop, orderId, mugs(1))
    expect(value(await receive(shop, paymentId, 15_600))).toMatchObject({
      recorded: true,
      orderStatus: 'partlyShipped',
    })
    expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: 1_900, outMinor: 0 } })
    const over = await openUnpaid()
    expect(value(await receive(over.shop, over.paymentId, 17_500))).toMatchObject({ orderStatus: 'paid' })
    expect((await send(over.shop, over.orderId)).collectMinor).toBe(0)
    for (const each of [shop, over.shop]) await expectBooksToAgree(each)
  })

  it('names what is missing or too much, and books nothing', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    const refusals = [
      [await receive(shop, paymentId, 17_499), { type: 'ReceiptTooLow', dueMinor: 17_500, missingMinor: 1 }],
      [await receive(shop, paymentId, 17_501, parcelId), { type: 'ReceiptTooHigh', dueMinor: 17_500, excessMinor: 1 }],
      [await deliver(shop, parcelId, 100), { type: 'ReceiptTooLow', dueMinor: 17_500, missingMinor: 17_400 }],
      [await receive(shop, paymentId, 17_500, 'par_absent'), { type: 'NotFound', entity: 'parcel' }],
    ] as const
    for (const [refused, refusal] of refusals) expect(refused._unsafeUnwrapErr()).toMatchObject(refusal)
    expect((await booksOf(shop)).ledger).toEqual([])
    expect((await orderOf(shop, orderId))?.status).toBe('shipped')
  })

  it('waits for its money however long, and goes on once it is there', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    await send(shop, orderId)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    for (let week = 0; week < 8; week += 1) {
      shop.pass(7 * daysMs)
      expect(value(await advanceOrders(shop, { limit: 10 })).done).toBe(0)
    }
    expect((await orderOf(shop, orderId))?.status).toBe('signed')
    expect((await pageOf(shop, 'ann', orderId)).nextActions).not.toContain('complete')
    value(await receive(shop, paymentId, 17_500))
    value(await advanceOrders(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
    await expectBooksToAgree(shop)
  })

  it('is refunded by hand once it was collected', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    await send(shop, orderId)
    value(await receive(shop, paymentId, 17_500))
    const refund = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: mugs(1) }))
    expect(refund).toMatchObject({ cashMinor: 1_900, status: 'pending' })
    value(await payRefundByHand(shop, byStaff(), { refundId: refund.refundId }))
    expect(await paymentOf(shop, paymentId)).toMatchObject({ refundedMinor: 1_900 })
    await expectBooksToAgree(shop)
  })

  it('collects less where less is owed since; what its courier brought beyond that goes back', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', withShipping: true }))
    expect(await orderOf(shop, orderId)).toMatchObject({
      onDelivery: { dueMinor: 16_700, outMinor: 17_500 },
      refunds: [{ status: 'succeeded' }],
    })
    const brought = value(await receive(shop, paymentId, 17_500, parcelId))
    expect(brought).toMatchObject({ refundDue: { refundId: `late_${paymentId}`, amountMinor: 800 } })
    value(await payRefundByHand(shop, byStaff(), { refundId: `late_${paymentId}` }))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    value(await completeOrder(shop, byStaff(), { orderId }))
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('that nobody will ever pay is let go by staff, and is complete', async () => {
    const { shop, orderId } = await openUnpaid()
    await send(shop, orderId)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const lines = [...kettle, ...mugs(2)]
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines, withShipping: true }))
    value(await completeOrder(shop, byStaff(), { orderId }))
    expect((await booksOf(shop)).ledger).toEqual([])
    await expectBooksToAgree(shop)
  })
})

describe('an order that is to be paid on delivery and has not left', () => {
  it('is given up, and nothing is owed', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
    expect([(await paymentOf(shop, paymentId))?.status, await freeOf(shop, 'kettle')]).toEqual(['closed', 100])
    expect((await booksOf(shop)).ledger).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('costs less when it is changed to less, and more when more is bought and promised too', async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'mug-2', quantity: 1 }] })
    expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: 15_600 } })
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] })
    expect(await orderOf(shop, orderId)).toMatchObject({
      onDelivery: { dueMinor: 15_600 },
      edit: { differenceMinor: 12_900 },
    })
    const more = value(await choose(shop, 'ann', orderId))
    expect(more).toMatchObject({ orderStatus: 'paid', paymentStatus: 'authorised', amountMinor: 12_900 })
    expect(await orderOf(shop, orderId)).toMatchObject({
      onDelivery: { dueMinor: 28_500 },
      extraPaymentIds: [more.paymentId],
    })
    await expectBooksToAgree(shop)
    const first = await send(shop, orderId, kettle)
    const second = await send(shop, orderId)
    expect([first.collectMinor, second.collectMinor]).toEqual([13_700, 14_800])
    value(await deliver(shop, first.parcelId, 13_700))
    value(await deliver(shop, second.parcelId, 14_800))
    expect([await paymentOf(shop, paymentId), await paymentOf(shop, more.paymentId)]).toMatchObject([
      { status: 'captured', known: { captured: { minor: 15_600 } } },
      { status: 'captured', known: { captured: { minor: 12_900 } } },
    ])
    value(await completeOrder(shop, byStaff(), { orderId }))
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('takes a dearer change that is paid before, and collects the rest', async () => {
    const { shop, orderId } = await openUnpaid()
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'mug-2', quantity: 3 }] })
    await pay(shop, 'ann', orderId)
    expect(await orderOf(shop, orderId)).toMatchObject({
      onDelivery: { dueMinor: 17_500 },
      totals: { payableMinor: 19_400 },
    })
    expect((await send(shop, orderId)).collectMinor).toBe(17_500)
    await expectBooksToAgree(shop)
  })
})

describe('paying on delivery', () => {
  it('is offered by the terms alone, and where it is not the order waits as before', async () => {
    const offered = [
      [undefined, 'notOffered'],
      [{ regions: ['CN-11'] }, 'region'],
      [{ regions: ['CN-11', 'CN-31'] }, 'offered'],
      [{ mostMinor: 13_699 }, 'amount'],
      [{ leastMinor: 13_701 }, 'amount'],
      [{ leastMinor: 13_700, mostMinor: 13_700 }, 'offered'],
      [{ exceptCategoryIds: ['fresh', 'home'] }, 'category'],
      [{ exceptCategoryIds: ['fresh'] }, 'offered'],
    ] as const
    for (const [terms, answer] of offered) {
      const unpaid = await openUnpaidShop({}, {}, terms)
      const shop = terms === undefined ? { ...(await openShop()), gateways: unpaid.gateways } : unpaid
      await fillCart(shop, 'ann', [['kettle', 1]])
      const { orderId } = await place(shop, 'ann')
      expect((await pageOf(shop, 'ann', orderId)).payOnDelivery).toBe(answer)
      const chosen = await choose(shop, 'ann', orderId)
      if (answer === 'offered') expect(value(chosen).orderStatus).toBe('paid')
      else expect(chosen._unsafeUnwrapErr()).toEqual({ type: 'OnDeliveryNotOffered', orderId, reason: answer })
      expect((await orderOf(shop, orderId))?.status).toBe(answer === 'offered' ? 'paid' : 'awaitingPayment')
    }
  })

  it('is for no order that several pay, and no change of one that was paid before', async () => {
    const shop = await openUnpaidShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const shared = await place(shop, 'ann')
    const payers = [
      { accountId: 'ann', part: { by: 'amount' as const, amountMinor: 100 } },
      { accountId: 'bob', part: { by: 'rest' as const } },
    ]
    value(await sharePayment(shop, by('ann'), { orderId: shared.orderId, payers }))
    expect((await choose(shop, 'ann', shared.orderId))._unsafeUnwrapErr()).toMatchObject({ reason: 'severalPayers' })
    await fillCart(shop, 'bob', [['kettle', 1]])
    const { orderId } = await place(shop, 'bob')
    await pay(shop, 'bob', orderId)
    await edit(shop, 'bob', { orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] })
    expect((await choose(shop, 'bob', orderId))._unsafeUnwrapErr()).toMatchObject({ reason: 'paidBefore' })
    await expectBooksToAgree(shop)
  })

  it('is for as many orders of a buyer at once as the terms allow, whoever is faster', async () => {
    const shop = await openUnpaidShop({}, {}, { openOrders: 2 })
    const orderIds: string[] = []
    for (let count = 0; count < 4; count += 1) {
      orderIds.push((await placeAnew(shop, 'ann', [['mug', 1]])).orderId)
    }
    const chosen = await Promise.all(orderIds.map((orderId) => choose(shop, 'ann', orderId)))
    expect(chosen.filter((each) => each.isOk())).toHaveLength(2)
    const refused = chosen.flatMap((each) => (each.isErr() ? [each.error] : []))
    expect(refused).toMatchObject(Array(2).fill({ type: 'OnDeliveryNotOffered', reason: 'openOrders' }))
    const [open] = chosen.flatMap((each) => (each.isOk() ? [each.value] : []))
    value(await receive(shop, open?.paymentId ?? '', 2_700))
    const waiting = refused.flatMap((each) => ('orderId' in each ? [each.orderId] : []))
    value(await choose(shop, 'ann', waiting[0] ?? ''))
    expect((await choose(shop, 'ann', waiting[1] ?? ''))._unsafeUnwrapErr()).toMatchObject({ reason: 'openOrders' })
    await expectBooksToAgree(shop)
  })
})

describe('a remittance that was held before anybody knew which parcels it is of', () => {
  const line = { reference: 'REM-0310', currency: 'CNY' }
  const hold = (shop: TestShop, amountMinor: number, reference = line.reference) =>
    holdReceipt(shop, byStaff(), { ...line, gatewayId: 'courier', reference, amountMinor })
  const refusal = { type: 'ReceiptReferenceUsed', reference: line.reference, paymentId: null }

  const openSent = async () => {
    const { shop, orderId, paymentId } = await openUnpaid()
    const kettles = await send(shop, orderId, kettle)
    const cups = await send(shop, orderId)
    const put = (amountMinor: number, { parcelId }: { readonly parcelId: string }) =>
      recordReceipt(shop, byStaff(), { ...line, paymentId, parcelId, amountMinor })
    return { shop, orderId, paymentId, kettles, cups, put }
  }

  const bookedAt = async (shop: TestShop) => {
    const { ledger } = await booksOf(shop)
    return [balanceOf(ledger, 'gatewayClearing:courier'), 0 - balanceOf(ledger, 'suspense:courier')]
  }

  it('gives each parcel its part, counts once, and is settled with the last', async () => {
    const { shop, orderId, kettles, cups, put } = await openSent()
    const held = value(await hold(shop, 17_500))
    expect(await bookedAt(shop)).toEqual([17_500, 17_500])
    expect(value(await put(13_700, kettles))).toMatchObject({ recorded: true, held: null })
    expect(await bookedAt(shop)).toEqual([17_500, 3_800])
    expect(value(await put(13_700, kettles))).toMatchObject({ recorded: false })
    const left = { ...held, amountMinor: 3_800, appliedMinor: 13_700 }
    expect(value(await listHeldReceipts(shop, byStaff())).receipts).toEqual([left])
    // Who holds the same line again is told how it stands; another amount is no line of the statement.
    expect(value(await hold(shop, 17_500))).toEqual(left)
    expect((await hold(shop, 3_800))._unsafeUnwrapErr()).toEqual(refusal)
    expect(value(await put(3_800, cups))).toMatchObject({ recorded: true })
    expect(await bookedAt(shop)).toEqual([17_500, 0])
    expect(value(await listHeldReceipts(shop, byStaff())).receipts).toEqual([])
    expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: 0 } })
    await expectBooksToAgree(shop)
  })

  it('gives no parcel more than is left of it, and what is left can be sent back', async () => {
    const { shop, kettles, cups, put } = await openSent()
    value(await hold(shop, 14_000))
    value(await put(13_700, kettles))
    expect((await put(3_800, cups))._unsafeUnwrapErr()).toEqual(refusal)
    const { receiptId } = value(await listHeldReceipts(shop, byStaff())).receipts[0] ?? { receiptId: '' }
    expect(value(await returnReceipt(shop, byStaff(), { receiptId }))).toMatchObject({ amountMinor: 300 })
    expect((await put(3_800, cups))._unsafeUnwrapErr()).toEqual(refusal)
    expect(await bookedAt(shop)).toEqual([13_700, 0])
    await expectBooksToAgree(shop)
  })

  it('is not held once a parcel of it stands in the books, whoever is faster', async () => {
    const { shop, kettles, cups, put } = await openSent()
    value(await put(13_700, kettles))
    expect((await hold(shop, 17_500))._unsafeUnwrapErr()).toEqual(refusal)
    expect(value(await put(3_800, cups))).toMatchObject({ recorded: true })
    const race = await openSent()
    const [held] = await Promise.all([
      hold(race.shop, 17_500),
      race.put(13_700, race.kettles),
      race.put(3_800, race.cups),
    ])
    expect(await bookedAt(race.shop)).toEqual([17_500, 0])
    if (held.isErr()) expect(held.error).toEqual(refusal)
    for (const each of [shop, race.shop]) await expectBooksToAgree(each)
  })
})
