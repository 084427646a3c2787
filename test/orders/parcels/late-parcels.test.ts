import { describe, expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { orderReactions } from '../../../src/orders/notices/notify-buyer.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { recordScan } from '../../../src/orders/parcels/record-scan.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type LateParcelTerms } from '../../../src/orders/policy/shop-policy.js'
import { markLateParcels } from '../../../src/orders/sweep-orders.js'
import { daysMs, hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { unchecked } from '../../support/unchecked.js'
import { ask } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const shopWith = async (lateParcels?: LateParcelTerms) => {
  const shop = await openShop()
  const { policyId: _, ...terms } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...terms, ...(lateParcels === undefined ? {} : { lateParcels }) }))
  return shop
}

const shipped = async (shop: TestShop, more: { readonly deliverBy?: number } = {}, buyer = 'ann') => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', ...more }
  const { parcelId } = value(await shipOrder(shop, byStaff(), parcel))
  return { orderId, parcelId }
}

const sweep = async (shop: TestShop) => value(await markLateParcels(shop, { limit: 10 }))

const told = async (shop: TestShop) => {
  for (const worker of ['one', 'two']) {
    value(await runRelay(shop, orderReactions, { worker, limit: 1_000 }))
    shop.pass(2 * minutesMs)
  }
  const sent = await ask(shop, find(messages, { where: [], limit: 100 }))
  return sent.map(({ state }) => state).filter(({ template }) => template === 'parcelLate')
}

const parcelOf = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, by('ann'), { orderId })).parcels[0]

describe('a parcel that is late', () => {
  it('is told of once when its carrier has not seen it for three days, and stays marked on the order page', async () => {
    const shop = await shopWith({ deliverWithinDays: 9, scanWithinDays: 3 })
    const { orderId, parcelId } = await shipped(shop)
    shop.pass(2 * daysMs)
    value(await recordScan(shop, byStaff(), { parcelId }))
    shop.pass(3 * daysMs - hoursMs)
    expect(await sweep(shop)).toEqual({ done: 0, failed: [] })
    shop.pass(hoursMs)
    expect(await sweep(shop)).toEqual({ done: 1, failed: [] })
    expect(await sweep(shop)).toEqual({ done: 0, failed: [] })
    const since = shop.clock.now()
    const [message, ...more] = await told(shop)
    expect(more).toEqual([])
    expect(message).toMatchObject({
      accountId: 'ann',
      facts: { trackingNumber: 'SF1', reason: { en: expect.stringContaining('not seen') } },
    })
    value(await recordScan(shop, byStaff(), { parcelId }))
    shop.pass(9 * daysMs)
    expect(await sweep(shop)).toEqual({ done: 0, failed: [] })
    expect(await parcelOf(shop, orderId)).toMatchObject({ status: 'inTransit', late: { since, reason: 'notSeen' } })
  })

  it('is one whose carrier promised a time that has passed, whatever the terms say', async () => {
    const shop = await shopWith()
    const { orderId } = await shipped(shop, { deliverBy: shop.clock.now() + daysMs })
    shop.pass(daysMs)
    expect(await sweep(shop)).toEqual({ done: 1, failed: [] })
    expect(await parcelOf(shop, orderId)).toMatchObject({ status: 'shipped', late: { reason: 'promisePassed' } })
  })

  it('is none where the shop has no terms for it and nobody promised anything', async () => {
    const shop = await shopWith()
    const { orderId } = await shipped(shop)
    shop.pass(9 * daysMs)
    expect(await sweep(shop)).toEqual({ done: 0, failed: [] })
    expect(await parcelOf(shop, orderId)).not.toHaveProperty('lateAt')
  })

  it('is none that came in time, nor one whose goods the buyer has confirmed', async () => {
    const shop = await shopWith({ deliverWithinDays: 1, scanWithinDays: null })
    const first = await shipped(shop, {}, 'bob')
    value(await recordDelivery(shop, byStaff(), { parcelId: first.parcelId }))
    const second = await shipped(shop)
    value(await confirmReceipt(shop, by('ann'), { orderId: second.orderId }))
    shop.pass(3 * daysMs)
    expect(await sweep(shop)).toEqual({ done: 1, failed: [] })
    // Nobody has told of its delivery, and nobody waits for it any more.
    const unwatched = await parcelOf(shop, second.orderId)
    expect(unwatched).toMatchObject({ status: 'shipped' })
    expect(unwatched).not.toHaveProperty('lateAt')
    expect(await sweep(shop)).toEqual({ done: 0, failed: [] })
    expect(await told(shop)).toEqual([])
    const delivered = value(await recordDelivery(shop, byStaff(), { parcelId: second.parcelId }))
    expect(delivered.parcelStatus).toBe('delivered')
  })

  it('is told of once, however many machines sweep at the same time', async () => {
    const shop = await shopWith({ deliverWithinDays: 1, scanWithinDays: null })
    const late = [await shipped(shop, {}, 'ann'), await shipped(shop, {}, 'bob'), await shipped(shop, {}, 'cem')]
    shop.pass(3 * daysMs)
    const reports = await Promise.all([1, 2, 3, 4].map(() => sweep(shop)))
    // Who lost a race has found the parcel marked, or tries it again at the next turn; nobody marks it a second time.
    expect(reports.flatMap(({ failed }) => failed.map(({ reason }) => reason)).filter((why) => why !== 'Busy')).toEqual(
      [],
    )
    await sweep(shop)
    const marked = shop.told.filter(({ type }) => type === 'ParcelLate')
    expect(marked.map(({ rowId }) => rowId).sort()).toEqual(late.map(({ parcelId }) => parcelId).sort())
    expect(await told(shop)).toHaveLength(3)
  })

  it('is promised for a moment that there is; one that has passed is late at once, one without end never', async () => {
    const shop = await shopWith()
    const latest = 8_640_000_000_000_000
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }
    for (const deliverBy of [-1, 0.5, Number.NaN, latest + 1, Number.MAX_SAFE_INTEGER, '2026-03-12', null]) {
      const refused = (
        await shipOrder(shop, byStaff(), { ...parcel, deliverBy: unchecked(deliverBy) })
      )._unsafeUnwrapErr()
      expect(refused).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'deliverBy' }] })
    }
    value(await shipOrder(shop, byStaff(), { ...parcel, deliverBy: latest }))
    const past = await shipped(shop, { deliverBy: 0 }, 'bob')
    expect(await sweep(shop)).toEqual({ done: 1, failed: [] })
    shop.pass(365 * daysMs)
    expect(await sweep(shop)).toEqual({ done: 0, failed: [] })
    expect(past.orderId).not.toBe(orderId)
  })
})

describe('what a carrier tells of a parcel', () => {
  it('stands on the order page in the order in which it was seen, once, however late and often it is told', async () => {
    const shop = await shopWith({ deliverWithinDays: 9, scanWithinDays: 3 })
    const { orderId, parcelId } = await shipped(shop)
    const start = shop.clock.now()
    shop.pass(hoursMs)
    const scan = async (minutes: number, kind: 'accepted' | 'departed' | 'outForDelivery', place: string) =>
      value(await recordScan(shop, byStaff(), { parcelId, scannedAt: start + minutes * minutesMs, kind, place }))
    await scan(50, 'departed', 'Shanghai hub')
    await scan(10, 'accepted', 'Pudong')
    await scan(50, 'departed', 'Shanghai hub')
    const parcel = await parcelOf(shop, orderId)
    expect(parcel?.tracking).toEqual([
      { at: start + 10 * minutesMs, kind: 'accepted', place: 'Pudong' },
      { at: start + 50 * minutesMs, kind: 'departed', place: 'Shanghai hub' },
    ])
    // What was seen earlier and told later does not make the parcel seen less lately.
    expect(parcel).toMatchObject({ status: 'inTransit', lastScanAt: start + 50 * minutesMs })
    value(await recordDelivery(shop, byStaff(), { parcelId }))
    expect((await scan(55, 'outForDelivery', 'Pudong')).parcelStatus).toBe('delivered')
    expect((await parcelOf(shop, orderId))?.tracking).toHaveLength(3)
  })

  it('is refused when it is later than now, or holds what may be a card number', async () => {
    const shop = await shopWith()
    const { orderId, parcelId } = await shipped(shop)
    const now = shop.clock.now()
    const ahead = await recordScan(shop, byStaff(), { parcelId, scannedAt: now + 1 })
    expect(ahead._unsafeUnwrapErr()).toEqual({ type: 'ScanAhead', scannedAt: now + 1, now })
    const card = await recordScan(shop, byStaff(), { parcelId, place: '4111 1111 1111 1111' })
    expect(card._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    expect((await parcelOf(shop, orderId))?.tracking).toEqual([])
  })
})
