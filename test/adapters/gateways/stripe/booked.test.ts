import { createShop } from 'shopwright'
import { defaultShopPolicy } from 'shopwright/orders'
import type { CreateRequest, GatewayBillRow } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../../../adapters/memory/index.js'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from '../../../../examples/support/mug-shop.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser, json } from '../loopback.js'
import { told } from '../told.js'
import { openStripe, signEvent, t0 } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const hour = 3_600_000
const day = 24 * hour
/** Monday, 2026-03-02. */
const monday = t0 - (t0 % day)

const request: CreateRequest = {
  attemptRef: 'pay_1',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_1',
  amount: { minor: 8888, currency: 'USD' },
  method: 'creditCard',
  instrumentToken: 'pm_1',
  capture: 'manual',
  expiresAt: monday + 40 * day,
  returnUrl: null,
  at: monday,
}

/** A Stripe whose clock the test moves. */
const open = async (at: number) => {
  const clock = { at }
  return { clock, ...keep(await openStripe({}, () => clock.at)) }
}
type World = Awaited<ReturnType<typeof open>>

const moneyTold = async ({ gateway, clock }: World, texts: readonly string[]) => {
  const facts = []
  for (const text of texts) {
    const notice = { ...signEvent(text, clock.at), receivedAt: clock.at }
    facts.push(...must(await gateway.verifyNotification(notice)).facts)
  }
  return facts
}

/** Held on Monday evening, taken on Wednesday morning. */
const held = async () => {
  const world = await open(monday + 23 * hour)
  const made = await told(world.gateway.create({ ...request, at: world.clock.at }))
  world.server.takeEvents()
  const heldAt = world.clock.at
  const gatewayRef = made.kind === 'ok' ? made.value.gatewayRef : null
  world.clock.at = monday + 2 * day + 9 * hour
  const take = () => {
    const step = { attemptRef: 'pay_1', gatewayRef, key: 'capture:1', final: true, at: world.clock.at }
    const taken = world.gateway.capture?.({ ...step, amount: { minor: 5000, currency: 'USD' } })
    if (taken === undefined) throw new Error('nothing can be taken')
    return told(taken)
  }
  return { ...world, made, heldAt, gatewayRef, take }
}

describe('money that is held and taken later', () => {
  it('is dated by when it was taken: in the answer, in a notification, and when it is asked for days later', async () => {
    const world = await held()
    const { clock, gateway, server, made, heldAt, gatewayRef, take } = world
    expect(made).toMatchObject({ kind: 'ok', value: { snapshot: { status: 'authorised', at: heldAt } } })
    const takenAt = clock.at
    const taken = { status: 'captured', capturedMinor: 5000, feeMinor: 145, at: takenAt }
    expect(await take()).toMatchObject({ kind: 'ok', value: taken })
    clock.at += 5 * day
    expect(await moneyTold(world, server.takeEvents())).toMatchObject([taken])
    const question = { attemptRef: 'pay_1', gatewayRef, at: clock.at }
    expect(await told(gateway.query(question))).toMatchObject({ kind: 'ok', value: taken })
    expect(await told(gateway.query({ ...question, gatewayRef: null }))).toMatchObject({ kind: 'ok', value: taken })
  })

  it('is never dated by the hold, also where Stripe does not say what was booked', async () => {
    const world = await held()
    const { clock, gateway, gatewayRef, take } = world
    await take()
    clock.at += 1000
    world.server.fail({
      kind: 'alter',
      alter: (said) => ({
        ...said,
        body: String(said.body).replace(/"balance_transaction":\{[^}]*\}/, '"balance_transaction":null'),
      }),
    })
    const asked = await told(gateway.query({ attemptRef: 'pay_1', gatewayRef, at: clock.at }))
    expect(asked).toMatchObject({ kind: 'ok', value: { status: 'captured', feeMinor: null, at: clock.at } })
  })
})

describe('money that is told of after midnight', () => {
  it('is dated by what was booked before', async () => {
    const world = await open(monday + day - 1000)
    await told(world.gateway.create({ ...request, capture: 'automatic', at: world.clock.at }))
    const [text = ''] = world.server.takeEvents()
    const bookedAt = world.clock.at
    world.clock.at += 2000
    world.server.happen('payment_intent.succeeded', JSON.parse(text).data.object)
    const facts = await moneyTold(world, world.server.takeEvents())
    expect(facts).toMatchObject([{ status: 'captured', feeMinor: 257, at: bookedAt }])
  })

  it('counts as Stripe has signed it where Stripe does not answer', async () => {
    const world = await open(monday + day - 1000)
    await told(world.gateway.create({ ...request, capture: 'automatic', at: world.clock.at }))
    const [text = ''] = world.server.takeEvents()
    for (const no of [json(401, { error: { type: 'invalid_request_error' } }), json(500, {}), json(200, {})]) {
      world.server.fail({ kind: 'say', told: no })
      expect(await moneyTold(world, [text])).toMatchObject([
        { status: 'captured', capturedMinor: 8888, feeMinor: null, at: world.clock.at },
      ])
    }
  })
})

describe('a refund', () => {
  it('is dated by when it was booked, however late it is told of', async () => {
    const world = await open(monday)
    const { clock, gateway, server } = world
    await told(gateway.create({ ...request, capture: 'automatic' }))
    server.takeEvents()
    server.letRefundsBe('pending')
    clock.at += 12 * hour
    const sending = {
      refundRef: 'ref_1',
      attemptRef: 'pay_1',
      gatewayRef: null,
      key: 'refund:1',
      captured: request.amount,
      amount: { minor: 88, currency: 'USD' },
    }
    const sent = await told(gateway.refund({ ...sending, at: clock.at }))
    expect(sent).toMatchObject({ kind: 'ok', value: { status: 'pending', at: clock.at } })
    server.takeEvents()
    clock.at = monday + day + 5 * hour
    const bookedAt = clock.at
    server.endRefund(sent.kind === 'ok' ? (sent.value.gatewayRef ?? '') : '', 'succeeded')
    clock.at += 3 * day
    const done = { kind: 'refund', status: 'succeeded', at: bookedAt }
    expect(await moneyTold(world, server.takeEvents())).toMatchObject([done])
    expect(await told(gateway.refund({ ...sending, at: clock.at }))).toMatchObject({ kind: 'ok', value: done })
    const asked = { refundRef: 'ref_1', attemptRef: 'pay_1', gatewayRef: null, paymentGatewayRef: null, at: clock.at }
    expect(await told(gateway.queryRefund(asked))).toMatchObject({ kind: 'ok', value: done })
    const gatewayRef = sent.kind === 'ok' ? sent.value.gatewayRef : null
    expect(await told(gateway.queryRefund({ ...asked, gatewayRef }))).toMatchObject({ kind: 'ok', value: done })
  })
})

describe('a bill of Stripe’s', () => {
  it('has nothing to find where money was held on Monday and taken on Wednesday', async () => {
    const { clock, gateway, server, takeNotifications } = await open(monday + 23 * hour)
    const shop = createShop({
      ...examplePorts,
      clock: { now: () => clock.at },
      storage: createMemoryStorage(),
      gateways: { stripe: gateway },
    })
    await sellMugs(shop, 5)
    const { policyId: _, ...policy } = defaultShopPolicy
    must(await shop.orders.savePolicy(byStaff(), { ...policy, capture: 'onShipment' }))
    const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
    const choice = { orderId, gatewayId: 'stripe', method: 'creditCard', instrumentToken: 'pm_1' } as const
    const { paymentId, paymentStatus } = must(await shop.orders.pay(by('ann'), choice))
    expect(paymentStatus).toBe('authorised')
    clock.at = monday + 2 * day + 9 * hour
    const takenAt = clock.at
    const { status } = must(await shop.orders.capture(byStaff(), { orderId }))
    expect(status).toBe('captured')
    clock.at = monday + 3 * day + hour
    for (const notice of await takeNotifications()) {
      must(await shop.orders.receiveNotification({ gatewayId: 'stripe', ...notice }))
    }
    const [intent] = server.intents.values()
    const amountMinor = intent?.received ?? 0
    const row: GatewayBillRow = {
      kind: 'payment',
      reference: paymentId,
      attemptRef: paymentId,
      gatewayRef: intent?.id ?? null,
      status: 'succeeded',
      currency: 'CNY',
      amountMinor,
      fee: { value: Math.floor((amountMinor * 290) / 10_000), scale: 2 },
      at: takenAt,
    }
    for (const [date, source, matched] of [
      ['2026-03-02', [], 0],
      ['2026-03-03', [], 0],
      ['2026-03-04', [row], 1],
    ] as const) {
      const bill = { gatewayId: 'stripe', day: date, timeZone: 'UTC', source }
      const read = must(await shop.orders.reconcileBill(byStaff(), bill))
      expect(read).toMatchObject({ findings: [], learned: 0, counts: { matched } })
    }
  })
})
