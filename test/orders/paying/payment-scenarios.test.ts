import fc from 'fast-check'
import { errAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { listParkedFacts } from '../../../src/orders/suspense/list-parked-facts.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, hoursMs, minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import type { Storage } from '../../../src/shared/storage.js'
import { runsOf } from '../../kit/property-runs.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { noticesOf } from '../notices/notices-of.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'

/** Ann's order of one kettle, 129.00 and 8.00 carriage, not paid. */
const openOrder = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  return (await place(shop, 'ann')).orderId
}

const deliver = async (shop: TestShop, how?: { readonly newestFirst?: boolean }) => {
  const handled = []
  for (const signed of await shop.gateway.takeNotifications(how)) {
    handled.push(value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed })))
  }
  return handled
}

const securityEvents = async (shop: TestShop) =>
  (await ask(shop, entries(auditLog, { where: [], limit: 100 })))
    .filter(({ body }) => body.actor === 'system:gateway')
    .map(({ body }) => [body.action, body.subject, body.outcome, body.detail])

const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state
const captures = async (shop: TestShop) =>
  (await booksOf(shop)).ledger.filter(({ body }) => body.kind === 'captured').length

describe('paying an order', () => {
  it('fails with the reason and is paid by the next attempt', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    const failed = await pay(shop, 'ann', orderId)
    expect(failed).toMatchObject({
      orderStatus: 'awaitingPayment',
      paymentStatus: 'failed',
      failure: 'InsufficientFunds',
    })
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ orderStatus: 'paid', paymentStatus: 'captured' })
    expect(await orderOf(shop)).toMatchObject({ status: 'paid', failedAttempts: 1 })
    expect(await captures(shop)).toBe(1)
    await expectBooksToAgree(shop)
  })

  it('closes after as many failures as the terms allow, and gives everything back', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const couponId = await giveCoupon(shop, 'ann')
    await givePoints(shop, 'ann', 500)
    await fillCart(shop, 'ann', [['kettle', 1]], [couponId])
    const { orderId } = await place(shop, 'ann', { points: 500 })
    expect(await freeOf(shop, 'kettle')).toBe(99)
    for (let count = 0; count < 3; count += 1) {
      shop.gateway.script({ kind: 'decline', code: 'InstrumentDeclined' })
      await pay(shop, 'ann', orderId)
    }
    expect(await orderOf(shop)).toMatchObject({ status: 'closed', reason: 'attemptsFailed', failedAttempts: 3 })
    expect(await freeOf(shop, 'kettle')).toBe(100)
    const books = await booksOf(shop)
    expect(books.points[0]?.state).toMatchObject({ balance: 500, holds: [] })
    await expectBooksToAgree(shop)
    const again = await payOrder(shop, by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' })
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'OrderStateForbids', status: 'closed' })
  })

  it('closes for no failure of the gateway or of the shop before its time is up, and then it does', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    for (const code of ['RateLimited', 'GatewayDown', 'MerchantConfig', 'GatewayDown', 'AmountInvalid'] as const) {
      shop.gateway.script({ kind: 'decline', code })
      expect(await pay(shop, 'ann', orderId)).toMatchObject({ orderStatus: 'awaitingPayment', paymentStatus: 'failed' })
    }
    expect(await orderOf(shop)).toMatchObject({ status: 'awaitingPayment', failedAttempts: 0 })
    await expectBooksToAgree(shop)
    shop.pass(daysMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await orderOf(shop)).toMatchObject({ status: 'closed', reason: 'unpaid' })
    await expectBooksToAgree(shop)
  })

  it('scenario 1: takes a lost answer for unknown, and is paid once when the gateway is asked', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ orderStatus: 'awaitingPayment', paymentStatus: 'unknown' })
    shop.gateway.scriptQuery({ kind: 'timeout' })
    const impatient = await payOrder(shop, by('ann'), { orderId, gatewayId: 'sandbox', method: 'alipay' })
    expect(impatient._unsafeUnwrapErr()).toMatchObject({ type: 'AttemptUnderway', status: 'unknown' })

    expect(value(await queryPayment(shop, by('ann'), { orderId }))).toMatchObject({
      orderStatus: 'paid',
      attempts: [{ status: 'captured' }],
    })
    value(await queryPayment(shop, by('ann'), { orderId }))
    expect(await captures(shop)).toBe(1)
    expect(shop.told.filter((event) => event.type === 'OrderPaid')).toHaveLength(1)
    expect(await noticesOf(shop)).toEqual([['ann', 'paymentSucceeded']])
    await expectBooksToAgree(shop)
  })

  it('is asked about by the sweep when its time comes', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'ann', orderId)
    expect(value(await settlePayments(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    shop.pass(5 * secondsMs)
    expect(value(await settlePayments(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect((await orderOf(shop))?.status).toBe('paid')
  })

  it('goes on under the same key after a crash between the intent and the answer, with one attempt', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    const crash = { ...shop.storage, commit: refuseSecondCommit(shop.storage) }
    const input = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
    const lost = await payOrder({ ...shop, storage: crash }, by('ann', 'once'), input)
    expect(lost._unsafeUnwrapErr()).toMatchObject({ type: 'StorageUnavailable' })
    expect((await orderOf(shop))?.status).toBe('awaitingPayment')

    const resumed = value(await payOrder(shop, by('ann', 'once'), input))
    expect(resumed).toMatchObject({ orderStatus: 'paid', paymentStatus: 'captured' })
    const replayed = value(await payOrder(shop, by('ann', 'once'), input))
    expect(replayed).toEqual(resumed)
    expect(shop.gateway.books().payments).toHaveLength(1)
    expect(await captures(shop)).toBe(1)
    await expectBooksToAgree(shop)
  })

  it('tells what the payer has to do again when the key is sent again', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'pending' })
    const first = await pay(shop, 'ann', orderId, 'k')
    expect(first.next).not.toBeNull()
    expect((await pay(shop, 'ann', orderId, 'k')).next).toEqual(first.next)
    // What the payer is shown is kept nowhere.
    expect(JSON.stringify(await booksOf(shop))).not.toContain(JSON.stringify(first.next))
  })

  it('lets the payer turn to another method, and ends the attempt left behind', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'pending' })
    const first = await pay(shop, 'ann', orderId)
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ orderStatus: 'paid' })
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    const left = (await booksOf(shop)).payments.find(({ id }) => id === first.paymentId)?.state
    expect(left?.status).toBe('closed')
  })

  it('scenario 6: sends the money of a second capture back, once, whole', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'pending' })
    const first = await pay(shop, 'ann', orderId)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    await pay(shop, 'ann', orderId)
    shop.pass(secondsMs)
    expect(shop.gateway.pay(first.paymentId)).toBe(true)
    for (let count = 0; count < 3; count += 1) {
      await deliver(shop)
      value(await settleRefunds(shop, { limit: 10 }))
      shop.gateway.repeat(first.paymentId)
    }
    const books = await booksOf(shop)
    expect(books.refunds.map(({ id, state }) => [id, state.status, state.amountMinor])).toEqual([
      [`duplicate_${first.paymentId}`, 'succeeded', 13_700],
    ])
    expect(balanceOf(books.ledger, 'gatewayClearing:sandbox')).toBe(13_700)
    expect(balanceOf(books.ledger, `escrow:${orderId}`)).toBe(-13_700)
    expect((await orderOf(shop))?.status).toBe('paid')
    await expectBooksToAgree(shop)
  })
})

describe('notifications', () => {
  it('of a gateway that the shop calls by a name of its own are taken in under that name', async () => {
    const shop = await openShop()
    const named = { ...shop, gateways: { cornerPay: shop.gateway } }
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'timeout', charged: true })
    value(await payOrder(named, by('ann'), { orderId, gatewayId: 'cornerPay', method: 'wechatPay' }))
    const [signed] = await shop.gateway.takeNotifications()
    value(await receiveNotification(named, { gatewayId: 'cornerPay', ...signed! }))
    expect((await orderOf(shop))?.status).toBe('paid')
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:cornerPay')).toBe(13_700)
  })

  it('that nobody can check now are asked for again, and change nothing', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'timeout', charged: true })
    await pay(shop, 'ann', orderId)
    const [signed] = await shop.gateway.takeNotifications()
    const unsure = {
      ...shop.gateway,
      verifyNotification: () => errAsync({ type: 'NotificationRejected', reason: 'unverifiable' } as const),
    }
    const asked = { ...shop, gateways: { sandbox: unsure } }
    const postponed = value(await receiveNotification(asked, { gatewayId: 'sandbox', ...signed! }))
    expect(postponed).toMatchObject({ outcome: 'postponed', acknowledgement: { status: 503 } })
    expect((await orderOf(shop))?.status).toBe('awaitingPayment')
    const handled = value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed! }))
    expect(handled.outcome).toBe('handled')
    expect((await orderOf(shop))?.status).toBe('paid')
  })

  it('scenario 10: that are changed, written anew, old, early or of another key are rejected, each with its reason', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'timeout', charged: true })
    await pay(shop, 'ann', orderId)
    const before = await booksOf(shop)
    const [signed] = await shop.gateway.takeNotifications()
    const { body, headers } = signed!
    const changed = Uint8Array.from(body, (byte, index) => (index === 10 ? byte ^ 1 : byte))
    const anew = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(body))))
    const { 'sandbox-signature': _, ...unsigned } = headers
    const told = async (sent: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> }) => {
      const { outcome, acknowledgement, problems } = value(
        await receiveNotification(shop, { gatewayId: 'sandbox', ...sent }),
      )
      return [outcome, acknowledgement.status, ...problems.map((each) => ('reason' in each ? each.reason : each.type))]
    }
    expect(await told({ body: changed, headers })).toEqual(['rejected', 401, 'signatureInvalid'])
    expect(await told({ body: anew, headers })).toEqual(['rejected', 401, 'signatureInvalid'])
    expect(await told({ body, headers: unsigned })).toEqual(['rejected', 401, 'signatureMissing'])
    expect(await told({ body, headers: { ...headers, 'sandbox-key': 'k9' } })).toEqual(['rejected', 401, 'unknownKey'])
    // The first of an hour is a security event.
    const event = ['payments.receiveNotification', 'sandbox', 'refused', 'signatureInvalid']
    expect(await securityEvents(shop)).toEqual([event])
    shop.pass(301 * secondsMs)
    expect(await told({ body, headers })).toEqual(['rejected', 401, 'stale'])
    shop.pass(-602 * secondsMs)
    expect(await told({ body, headers })).toEqual(['rejected', 401, 'fromFuture'])
    expect(await booksOf(shop)).toEqual(before)
    shop.pass(301 * secondsMs)
    expect(await told({ body, headers })).toEqual(['handled', 200])
    expect((await orderOf(shop))?.status).toBe('paid')
    shop.pass(hoursMs)
    const earlier = await securityEvents(shop)
    await told({ body: changed, headers })
    expect((await securityEvents(shop)).slice(earlier.length)).toEqual([event])
    // A gateway that only looks whether forgeries are believed is refused, and nothing is amiss.
    shop.pass(hoursMs)
    const probe = { type: 'NotificationRejected', reason: 'signatureProbe' } as const
    const probing = { ...shop, gateways: { sandbox: { ...shop.gateway, verifyNotification: () => errAsync(probe) } } }
    const probed = value(await receiveNotification(probing, { gatewayId: 'sandbox', body, headers }))
    expect(probed).toMatchObject({ outcome: 'rejected', acknowledgement: { status: 401 }, problems: [probe] })
    expect(await securityEvents(shop)).toHaveLength(earlier.length + 1)
  })

  it('of a payment that the shop does not know are parked once and acknowledged', async () => {
    const shop = await openShop()
    await openOrder(shop)
    const request = {
      attemptRef: 'pay_elsewhere',
      orderRef: 'ord_elsewhere',
      orderNumber: '261124-0482-1367-7',
      key: 'k',
      amount: { minor: 500, currency: 'CNY' },
      method: 'alipay',
      instrumentToken: null,
      capture: 'automatic',
      expiresAt: shop.clock.now() + hoursMs,
      returnUrl: null,
      at: shop.clock.now(),
    } as const
    shop.gateway.script({ kind: 'succeed', delivery: { times: 2 } })
    await shop.gateway.create(request)
    expect((await deliver(shop)).map(({ outcome }) => outcome)).toEqual(['parked', 'parked'])
    const parked = value(await listParkedFacts(shop, byStaff(), {}))
    expect(parked).toMatchObject({ facts: [{ reference: 'pay_elsewhere', minor: 500 }], next: null })
  })

  it('of one gateway cannot speak of a payment through another', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'pending' })
    const { paymentId, expiresAt } = await pay(shop, 'ann', orderId)
    const other = createSandboxGateway({
      now: shop.clock.now,
      keys: [{ keyId: 'k2', secret: 'another secret' }],
      gatewayId: 'other',
    })
    await other.create({
      attemptRef: paymentId,
      orderRef: orderId,
      orderNumber: '261124-0482-1367-7',
      key: 'k',
      amount: { minor: 13_700, currency: 'CNY' },
      method: 'alipay',
      instrumentToken: null,
      capture: 'automatic',
      expiresAt,
      returnUrl: null,
      at: shop.clock.now(),
    })
    const [signed] = await other.takeNotifications()
    const both = { ...shop, gateways: { ...shop.gateways, other } }
    const handled = value(await receiveNotification(both, { gatewayId: 'other', ...signed! }))
    expect(handled).toMatchObject({ outcome: 'parked', problems: [{ type: 'ReferenceUnknown', reference: paymentId }] })
    expect((await orderOf(shop))?.status).toBe('awaitingPayment')
  })

  for (const [name, script] of [
    ['scenario 8: that name one cent', { kind: 'wrongAmount', minor: 1 }],
    ['scenario 9: that name the sum in another currency', { kind: 'wrongCurrency', currency: 'VND' }],
    ['scenario 9: that name another account', { kind: 'wrongAccount', merchantAccount: 'somebody-else' }],
  ] as const) {
    it(`${name} hold the payment, and the order stays unpaid with its money in suspense`, async () => {
      const shop = await openShop()
      const orderId = await openOrder(shop)
      shop.gateway.script(script)
      expect(await pay(shop, 'ann', orderId)).toMatchObject({
        orderStatus: 'awaitingPayment',
        paymentStatus: 'integrityHold',
      })
      await deliver(shop)
      expect((await orderOf(shop))?.status).toBe('awaitingPayment')
      const books = await booksOf(shop)
      expect(balanceOf(books.ledger, `escrow:${orderId}`)).toBe(0)
      expect(books.ledger.map(({ body }) => body.kind)).toEqual(['suspended'])
      expect(shop.told.map((event) => event.type)).toContain('PaymentHeld')
      // A security event, once, however often it is said.
      const [held, ...more] = await securityEvents(shop)
      expect(held).toEqual(['payments.hold', books.payments[0]?.id, 'refused', expect.stringMatching(/[A-Z]{3} \d+$/)])
      expect(more).toEqual([])
      const early = await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' })
      expect(early._unsafeUnwrapErr()).toMatchObject({ type: 'OrderStateForbids' })
    })
  }

  it('scenario 7: of a failure that come after another attempt has paid change neither order nor stock', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'pending' })
    const first = await pay(shop, 'ann', orderId)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    await pay(shop, 'ann', orderId)
    const paid = await booksOf(shop)
    shop.gateway.fail(first.paymentId, 'PayerCancelled')
    await deliver(shop)
    const { payments, ...after } = await booksOf(shop)
    expect(payments.find(({ id }) => id === first.paymentId)?.state.known.failure?.code).toBe('PayerCancelled')
    const { payments: _, ...before } = paid
    expect(after).toEqual(before)
    expect(shop.told.map((event) => event.type)).not.toContain('AttemptFailed')
    expect(await noticesOf(shop)).toEqual([['ann', 'paymentSucceeded']])
  })

  it('lead to the same end in any order and any number', async () => {
    const deliveries = fc.record({
      order: fc.constantFrom('oldest', 'newest'),
      repeats: fc.integer({ min: 0, max: 3 }),
      late: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ order, repeats, late }) => {
        const shop = await openShop()
        const orderId = await openOrder(shop)
        shop.gateway.script({ kind: 'timeout', charged: true })
        const { paymentId } = await pay(shop, 'ann', orderId)
        for (let count = 0; count < repeats; count += 1) shop.gateway.repeat(paymentId, late ? { lateMs: 1_000 } : {})
        if (late) shop.pass(2_000)
        await deliver(shop, { newestFirst: order === 'newest' })
        expect(await orderOf(shop)).toMatchObject({ status: 'paid', paymentId })
        const { ledger } = await booksOf(shop)
        expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(13_700)
        await expectBooksToAgree(shop)
      }),
      { numRuns: runsOf(20) },
    )
  })
})

/** Stops like a machine that loses its power after its first commit. */
const refuseSecondCommit = (storage: Storage): Storage['commit'] => {
  let commits = 0
  return (prepared) => {
    commits += 1
    return commits === 1
      ? storage.commit(prepared)
      : errAsync({ type: 'StorageUnavailable', detail: 'the machine stopped' })
  }
}
