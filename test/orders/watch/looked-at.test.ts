import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { listParkedFacts } from '../../../src/orders/suspense/list-parked-facts.js'
import { resolveParkedFact } from '../../../src/orders/suspense/resolve-parked-fact.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import { listPaymentAlerts } from '../../../src/orders/watch/list-payment-alerts.js'
import { paymentWatchOfOurs, type WatchResponse } from '../../../src/orders/watch/payment-watch.js'
import { releaseHold } from '../../../src/orders/watch/release-hold.js'
import { reportPayment } from '../../../src/orders/watch/report-payment.js'
import { resolvePaymentAlert } from '../../../src/orders/watch/resolve-payment-alert.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

/** A kettle, paid. */
const openPaid = async (shop: TestShop, buyer = 'ann') => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  return { orderId, paymentId: (await pay(shop, buyer, orderId)).paymentId }
}
/** And all of it has arrived. */
const openArrived = async (shop: TestShop) => {
  const paid = await openPaid(shop)
  const parcel = { orderId: paid.orderId, carrier: 'sf-express', trackingNumber: 'SF1' }
  const { parcelId } = value(await shipOrder(shop, byStaff(), parcel))
  value(await recordDelivery(shop, byStaff(), { parcelId }))
  return paid
}
const alertsOf = async (shop: TestShop, resolved?: true) =>
  value(await listPaymentAlerts(shop, byStaff(), resolved === undefined ? {} : { resolved })).alerts
const report = async (shop: TestShop, orderId: string) => value(await reportPayment(shop, by('ann'), { orderId })).held
const auditOf = async (shop: TestShop, action: string) =>
  (await ask(shop, entries(auditLog, { where: [], limit: 1_000 })))
    .filter(({ body }) => body.action === action && body.outcome === 'done')
    .map(({ body }) => body.subject)
const failedOf = async (shop: TestShop) => value(await settlePayments(shop, { limit: 10 })).failed

describe('a payment that its owner reports', () => {
  it('is listed where nothing can be held any more, until a person has looked, and again if it is reported again', async () => {
    const shop = await openShop()
    const { orderId, paymentId } = await openArrived(shop)
    for (const _again of [1, 2]) expect(await report(shop, orderId)).toBe(false)
    const listed = await alertsOf(shop)
    expect(listed).toMatchObject([{ orderId, paymentId, reasons: ['reportedByOwner'], status: 'open' }])
    const alertId = listed[0]?.alertId ?? ''
    expect(await listPaymentAlerts(shop, by('ann'), {})).toMatchObject({ error: { type: 'Denied' } })
    const looked = { alertId, note: 'Called: a son of hers paid.' }
    expect(await resolvePaymentAlert(shop, by('ann'), looked)).toMatchObject({ error: { type: 'Denied' } })
    expect(await resolvePaymentAlert(shop, byStaff(), { ...looked, note: '' })).toMatchObject({
      error: { type: 'InvalidInput' },
    })
    expect(await resolvePaymentAlert(shop, byStaff(), { ...looked, alertId: 'none' })).toMatchObject({
      error: { type: 'NotFound' },
    })
    const done = value(await resolvePaymentAlert(shop, byStaff(), looked))
    shop.pass(1)
    expect(value(await resolvePaymentAlert(shop, byStaff(), { ...looked, note: 'Other' }))).toEqual(done)
    expect(await alertsOf(shop)).toEqual([])
    expect(await alertsOf(shop, true)).toMatchObject([{ alertId, resolved: { note: looked.note } }])
    expect(await auditOf(shop, 'orders.resolvePaymentAlert')).toEqual([alertId])
    expect(await report(shop, orderId)).toBe(false)
    expect(await alertsOf(shop)).toMatchObject([{ orderId, status: 'open' }])
    await expectBooksToAgree(shop)
  })

  it('holds what has not left of all orders that it has paid', async () => {
    const shop = await openMall()
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
      ['mug', 1],
    ])
    const { orderId: checkoutId } = await place(shop, 'ann')
    await pay(shop, 'ann', checkoutId)
    const ids = value(await orderPage(shop, by('ann'), { orderId: checkoutId })).orderIds
    const [first = '', gone = '', reported = ''] = ids
    value(await shipOrder(shop, byStaff(), { orderId: gone, carrier: 'sf-express', trackingNumber: 'SF1' }))
    expect(await report(shop, reported)).toBe(true)
    const { orders } = await booksOf(shop)
    const held = orders.filter(({ state }) => state.hold !== undefined)
    expect(held.map(({ id }) => id).sort()).toEqual([first, reported].sort())
    expect(held.map(({ state }) => state.hold?.by)).toEqual(['owner', 'owner'])
    // What has left is reported: what has not is held all the same.
    value(await releaseHold(shop, byStaff(), { orderId: first }))
    expect(await report(shop, gone)).toBe(false)
    expect(value(await orderPage(shop, byStaff(), { orderId: first })).hold).toMatchObject({ by: 'owner' })
    await expectBooksToAgree(shop)
  })

  it('is no alert while its order is held for it', async () => {
    const shop = await openShop()
    const { orderId } = await openPaid(shop)
    expect(await report(shop, orderId)).toBe(true)
    value(await releaseHold(shop, byStaff(), { orderId }))
    expect(await alertsOf(shop)).toEqual([])
  })
})

describe('a payment that stands out', () => {
  const watching = async (response: WatchResponse) => {
    const shop = await openShop()
    const { policyId: _, ...policy } = defaultShopPolicy
    const rules = [{ kind: 'spending', aboveMinor: 10_000, withinMs: hoursMs, response }] as const
    value(await savePolicy(shop, byStaff(), { ...policy, watch: { ...paymentWatchOfOurs, rules } }))
    return shop
  }

  it('is listed where the rule only tells of it, and is no alert where its order is held', async () => {
    const shop = await watching('notify')
    const { orderId, paymentId } = await openPaid(shop)
    expect(await alertsOf(shop)).toMatchObject([{ alertId: paymentId, orderId, paymentId, reasons: ['spending'] }])
    value(await resolvePaymentAlert(shop, byStaff(), { alertId: paymentId, note: 'A regular buyer.' }))
    expect(await alertsOf(shop)).toEqual([])
    const holding = await watching('hold')
    await openPaid(holding)
    expect(await alertsOf(holding)).toEqual([])
  })
})

describe('what a gateway says of what the shop does not know', () => {
  /** Another shop of the same account at the gateway takes money; each such notice is told to this one. */
  const tellOfOther = async (shop: TestShop) => {
    const { paymentId } = await openPaid(shop, 'bob')
    shop.gateway.repeat(paymentId)
    const told = await shop.gateway.takeNotifications()
    const signed = told.at(-1)
    if (signed === undefined) throw new Error('nothing was told')
    const other = { ...shop, gateways: { other: { ...shop.gateway, gatewayId: 'other' } } }
    const hear = async () => value(await receiveNotification(other, { gatewayId: 'other', ...signed })).outcome
    return { paymentId, hear }
  }

  it('is listed until a person has looked, and stays looked at when it is told again', async () => {
    const shop = await openShop()
    const { paymentId, hear } = await tellOfOther(shop)
    for (const _again of [1, 2]) expect(await hear()).toBe('parked')
    const { facts } = value(await listParkedFacts(shop, byStaff(), {}))
    expect(facts).toMatchObject([{ gatewayId: 'other', reference: paymentId, stands: 'captured', status: 'open' }])
    const looked = { factId: facts[0]?.factId ?? '', note: 'Sold on our pages of before.' }
    expect(await resolveParkedFact(shop, by('ann'), looked)).toMatchObject({ error: { type: 'Denied' } })
    expect(await resolveParkedFact(shop, byStaff(), { ...looked, factId: 'none' })).toMatchObject({
      error: { type: 'NotFound' },
    })
    const done = value(await resolveParkedFact(shop, byStaff(), looked))
    shop.pass(1)
    expect(value(await resolveParkedFact(shop, byStaff(), { ...looked, note: 'Other' }))).toEqual(done)
    expect(await hear()).toBe('parked')
    expect(value(await listParkedFacts(shop, byStaff(), {})).facts).toEqual([])
    expect(value(await listParkedFacts(shop, byStaff(), { resolved: true })).facts).toMatchObject([
      { factId: looked.factId, resolved: { note: looked.note } },
    ])
    expect(await auditOf(shop, 'orders.resolveParkedFact')).toEqual([looked.factId])
  })

  it('and what was reported, is named by every turn of the sweep after three days, until a person has looked', async () => {
    const shop = await openShop()
    const { hear } = await tellOfOther(shop)
    await hear()
    const { orderId } = await openArrived(shop)
    await report(shop, orderId)
    shop.pass(3 * daysMs - 1)
    expect(await failedOf(shop)).toEqual([])
    shop.pass(1)
    const [fact] = value(await listParkedFacts(shop, byStaff(), {})).facts
    const [alert] = await alertsOf(shop)
    const ofFact = { id: fact?.factId, reason: 'ParkedFactOverdue' }
    const ofAlert = { id: alert?.alertId, reason: 'PaymentAlertOverdue' }
    for (const _turn of [1, 2]) expect(await failedOf(shop)).toEqual([ofFact, ofAlert])
    value(await resolveParkedFact(shop, byStaff(), { factId: fact?.factId ?? '', note: 'Known.' }))
    expect(await failedOf(shop)).toEqual([ofAlert])
    value(await resolvePaymentAlert(shop, byStaff(), { alertId: alert?.alertId ?? '', note: 'Known.' }))
    expect(await failedOf(shop)).toEqual([])
  })
})

it('whatever is reported and looked at, in any order and at once, no report is lost and none is listed twice', async () => {
  const shop = await openShop()
  const { orderId } = await openArrived(shop)
  const step = fc.constantFrom('report', 'look', 'both')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
      for (const each of steps) {
        const before = await alertsOf(shop)
        const look = () =>
          Promise.all(before.map(({ alertId }) => resolvePaymentAlert(shop, byStaff(), { alertId, note: 'Seen.' })))
        if (each === 'report') await report(shop, orderId)
        if (each === 'look') await look()
        if (each === 'both') await Promise.all([report(shop, orderId), report(shop, orderId), look()])
        const after = await alertsOf(shop)
        if (each === 'look') expect(after).toEqual([])
        if (each === 'report') expect(after).toHaveLength(1)
        expect(after.length).toBeLessThanOrEqual(1)
      }
      await report(shop, orderId)
      expect(await alertsOf(shop)).toHaveLength(1)
    }),
    { numRuns: 6 },
  )
})
