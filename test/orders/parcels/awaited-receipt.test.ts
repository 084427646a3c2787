import { describe, expect, it } from 'vitest'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { cancelReturn } from '../../../src/aftersales/review-return.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery, recordLoss } from '../../../src/orders/parcels/move-parcel.js'
import type { ScanKind } from '../../../src/orders/parcels/parcel-tracking.js'
import { recordScan } from '../../../src/orders/parcels/record-scan.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type LateParcelTerms } from '../../../src/orders/policy/shop-policy.js'
import { advanceOrders, markLateParcels, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** An order that has left, of a shop whose clock takes it as received after ten days. */
const openSent = async (how: { readonly late?: LateParcelTerms; readonly deliverInDays?: number } = {}) => {
  const shop = await openShop()
  const { policyId: _, ...terms } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...terms, ...(how.late === undefined ? {} : { lateParcels: how.late }) }))
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  const promise = how.deliverInDays === undefined ? {} : { deliverBy: shop.clock.now() + how.deliverInDays * daysMs }
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', ...promise }
  const { parcelId } = value(await shipOrder(shop, byStaff(), parcel))
  return { shop, orderId, parcelId }
}

const scan = async (shop: TestShop, parcelId: string, kind: ScanKind) =>
  value(await recordScan(shop, byStaff(), { parcelId, kind }))

/** Lets days pass, one by one, with the sweeps of each; nobody has looked for late parcels before. */
const days = async (shop: TestShop, count: number) => {
  for (let day = 0; day < count; day += 1) {
    shop.pass(daysMs)
    const { failed } = value(await advanceOrders(shop, { limit: 10 }))
    expect(failed.filter(({ reason }) => reason !== 'ParcelOverdue')).toEqual([])
    value(await markLateParcels(shop, { limit: 10 }))
    value(await settleRefunds(shop, { limit: 10 }))
  }
}

const statusOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state.status

const asked = (shop: TestShop) =>
  shop.told.filter((event) => event.type === 'ReceiptPostponed').map((event) => JSON.stringify(event))

describe('an order that the clock would take as received', () => {
  it('is where nobody knows better, ten days after it left', async () => {
    const { shop } = await openSent()
    await days(shop, 9)
    expect(await statusOf(shop)).toBe('shipped')
    await days(shop, 1)
    expect(await statusOf(shop)).toBe('signed')
  })

  it('is not while its parcel is known to be late: the shop is asked every three days, until somebody says what it is', async () => {
    const { shop, parcelId } = await openSent({ late: { deliverWithinDays: 5, scanWithinDays: null } })
    await days(shop, 40)
    expect(await statusOf(shop)).toBe('shipped')
    expect(asked(shop).length).toBeGreaterThanOrEqual(10)
    expect(asked(shop)[0]).toContain(parcelId)
    value(await recordLoss(shop, byStaff(), { parcelId }))
    await days(shop, 7)
    expect(await statusOf(shop)).toBe('cancelled')
  })

  it('is listed while it waits for a late parcel, and named by every turn three days after its time has come', async () => {
    const { shop, orderId, parcelId } = await openSent({ late: { deliverWithinDays: 5, scanWithinDays: null } })
    const listed = async () =>
      value(await listOrders(shop, byStaff(), { parcelOverdue: true })).orders.map((each) => each.orderId)
    const turn = async () => value(await advanceOrders(shop, { limit: 10 })).failed
    await days(shop, 9)
    expect(await listed()).toEqual([])
    await days(shop, 1)
    expect(await listed()).toEqual([orderId])
    await days(shop, 2)
    expect(await turn()).toEqual([])
    shop.pass(daysMs)
    for (let again = 0; again < 2; again += 1) expect(await turn()).toEqual([{ id: orderId, reason: 'ParcelOverdue' }])
    value(await recordDelivery(shop, byStaff(), { parcelId }))
    expect(await statusOf(shop)).toBe('signed')
    expect(await turn()).toEqual([])
    expect(await listed()).toEqual([])
  })

  it('is named no more once its parcel is known to be lost: that has a moment of its own', async () => {
    const { shop, parcelId } = await openSent({ late: { deliverWithinDays: 5, scanWithinDays: null } })
    await days(shop, 13)
    value(await recordLoss(shop, byStaff(), { parcelId }))
    expect(value(await listOrders(shop, byStaff(), { parcelOverdue: true })).orders).toEqual([])
    expect(value(await advanceOrders(shop, { limit: 10 })).failed).toEqual([])
  })

  it('is not after a failed delivery, and its buyer may confirm it all the same', async () => {
    const { shop, orderId, parcelId } = await openSent()
    await scan(shop, parcelId, 'deliveryFailed')
    await days(shop, 15)
    expect(await statusOf(shop)).toBe('shipped')
    expect(value(await confirmReceipt(shop, by('ann'), { orderId })).status).toBe('signed')
  })

  it('waits for the carrier where that has seen it, as long again as the clock runs', async () => {
    const { shop, parcelId } = await openSent()
    await scan(shop, parcelId, 'deliveryFailed')
    shop.pass(daysMs)
    await scan(shop, parcelId, 'outForDelivery')
    await days(shop, 18)
    expect(await statusOf(shop)).toBe('shipped')
    await days(shop, 1)
    expect(await statusOf(shop)).toBe('signed')
  })

  it('waits until its promise has passed', async () => {
    const { shop, parcelId } = await openSent({ deliverInDays: 30 })
    await days(shop, 29)
    expect(await statusOf(shop)).toBe('shipped')
    value(await recordDelivery(shop, byStaff(), { parcelId }))
    expect(await statusOf(shop)).toBe('signed')
    await days(shop, 8)
    expect(await statusOf(shop)).toBe('completed')
  })

  it('is not at the very moment at which its promise passes: its parcel is late then, and may be recorded as lost', async () => {
    const { shop, parcelId } = await openSent({ deliverInDays: 12 })
    await days(shop, 12)
    expect(await statusOf(shop)).toBe('shipped')
    expect(asked(shop).at(-1)).toContain(parcelId)
    expect(shop.told.filter(({ type }) => type === 'ParcelLate')).toHaveLength(1)
    value(await recordLoss(shop, byStaff(), { parcelId }))
    await days(shop, 7)
    expect(await statusOf(shop)).toBe('cancelled')
  })

  it('is not when its parcel has not been seen for as long as the shop allows', async () => {
    const { shop, parcelId } = await openSent({ late: { deliverWithinDays: 40, scanWithinDays: 8 } })
    shop.pass(4 * daysMs)
    await scan(shop, parcelId, 'departed')
    await days(shop, 30)
    expect(await statusOf(shop)).toBe('shipped')
    expect(asked(shop).at(-1)).toContain(parcelId)
  })

  it('is not while its buyer says that nothing came, and is once that is settled', async () => {
    const { shop, orderId } = await openSent()
    await days(shop, 9)
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    const asks = { orderId, kind: 'refundOnly', reason: 'notReceived', lines } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asks))
    await days(shop, 20)
    expect(await statusOf(shop)).toBe('shipped')
    value(await cancelReturn(shop, by('ann'), { returnId }))
    await days(shop, 3)
    expect(await statusOf(shop)).toBe('signed')
  })
})
