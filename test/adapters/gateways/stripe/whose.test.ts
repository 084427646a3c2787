import { createShop } from 'shopwright'
import type { CreateRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import type { StripeOptions } from '../../../../adapters/gateways/stripe/index.js'
import { createMemoryStorage } from '../../../../adapters/memory/index.js'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from '../../../../examples/support/mug-shop.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser } from '../loopback.js'
import { account } from './fake-server.js'
import { openStripe, signEvent, t0 } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const request: CreateRequest = {
  attemptRef: 'pay_1',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_1',
  amount: { minor: 8888, currency: 'USD' },
  method: 'creditCard',
  instrumentToken: 'pm_1',
  capture: 'automatic',
  expiresAt: t0 + 1_800_000,
  returnUrl: null,
  at: t0,
}

const open = async (more: Partial<StripeOptions> = {}) => keep(await openStripe(more))
type World = Awaited<ReturnType<typeof open>>

const paid = async () => {
  const world = await open()
  must(await world.gateway.create(request))
  world.server.takeEvents()
  const intent = [...world.server.intents.values()][0]
  if (intent === undefined) throw new Error('nothing was paid')
  return { ...world, intent }
}

const hear = async ({ gateway, server }: Pick<World, 'gateway' | 'server'>) => {
  const heard: Awaited<ReturnType<World['gateway']['verifyNotification']>>[] = []
  for (const text of server.takeEvents()) {
    heard.push(await gateway.verifyNotification({ ...signEvent(text, t0), receivedAt: t0 }))
  }
  return heard.flatMap((each): readonly unknown[] => (each.isOk() ? each.value.facts : [each.error.reason]))
}

const refusal = (status: number) =>
  ({ kind: 'say', told: { status, body: '{"error":{"type":"api_error","message":"no"}}' } }) as const

describe('what happens at Stripe', () => {
  it('counts where it says that it happened at the shop’s own account', async () => {
    const world = await paid()
    world.server.happen('payment_intent.succeeded', world.server.tell(world.intent), { account: account.accountId })
    expect(await hear(world)).toMatchObject([{ attemptRef: 'pay_1', status: 'captured' }])
  })

  it.each([
    ['at an account that is connected', { account: 'acct_1Potter' }],
    ['in earnest, where the key is one for tests', { livemode: true }],
  ])('%s is nothing to the shop: a payment, a refund, a dispute', async (_, where) => {
    const world = await paid()
    const { server, intent } = world
    const told = server.tell(intent)
    server.happen('payment_intent.succeeded', told, where)
    const metadata = { attempt_ref: 'pay_1', refund_ref: 'ref_1' }
    const money = { amount: 8888, currency: 'usd', payment_intent: intent.id }
    server.happen(
      'refund.created',
      { ...money, id: 're_1', object: 'refund', created: t0 / 1000, status: 'pending', metadata },
      where,
    )
    server.happen(
      'charge.dispute.created',
      { ...money, id: 'dp_1', object: 'dispute', reason: 'general', status: 'lost' },
      where,
    )
    expect(await hear(world)).toEqual([])
  })

  it('for tests is nothing to a shop whose key is one for money', async () => {
    const { server, intent } = await paid()
    server.happen('payment_intent.canceled', { ...server.tell(intent), amount_received: 0, status: 'canceled' })
    const [text = ''] = server.takeEvents()
    for (const [secretKey, facts] of [
      ['sk_live_canary', 0],
      ['rk_live_canary', 0],
      ['rk_test_canary', 1],
      ['sk_canaryOfBefore', 1],
    ] as const) {
      const { gateway } = await open({ secretKey })
      const heard = await gateway.verifyNotification({ ...signEvent(text, t0), receivedAt: t0 })
      expect(must(heard).facts, secretKey).toHaveLength(facts)
    }
  })

  it('and is not there when it is asked for is nothing to the shop', async () => {
    const world = await paid()
    const { server, intent } = world
    const { amount, at } = request
    const asked = { refundRef: 'ref_1', attemptRef: 'pay_1', gatewayRef: intent.id, key: 'refund:1', captured: amount }
    must(await world.gateway.refund({ ...asked, amount, at }))
    server.happen('payment_intent.succeeded', server.tell(intent))
    server.intents.clear()
    server.refunds.clear()
    expect(await hear(world)).toEqual([])
  })

  it('and cannot be asked for now counts as it was signed', async () => {
    const world = await paid()
    world.server.happen('payment_intent.succeeded', world.server.tell(world.intent))
    world.server.fail(refusal(500))
    expect(await hear(world)).toMatchObject([{ attemptRef: 'pay_1', status: 'captured', feeMinor: null }])
  })

  it('to an order, at an account of somebody else who names it, does not pay it', async () => {
    const world = keep(await openStripe({}, Date.now))
    const { gateway, server } = world
    const shop = createShop({ ...examplePorts, storage: createMemoryStorage(), gateways: { stripe: gateway } })
    await sellMugs(shop, 5)
    const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
    server.letPayerWait()
    const begun = must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'stripe', method: 'creditCard' }))
    const own = [...server.intents.values()][0]
    if (own === undefined) throw new Error('no payment was begun')
    server.takeEvents()
    const theirs = { ...server.tell(own), id: 'pi_of_the_potter', status: 'succeeded', amount_received: own.amount }
    const tell = async (where: object) => {
      server.happen('payment_intent.succeeded', { ...theirs, latest_charge: 'ch_1' }, where)
      const [text = ''] = server.takeEvents()
      return must(await shop.orders.receiveNotification({ gatewayId: 'stripe', ...signEvent(text, Date.now()) }))
    }
    expect((await tell({ account: 'acct_1Potter' })).outcome).toBe('handled')
    expect((await tell({})).outcome).toBe('handled')
    expect(must(await shop.orders.page(by('ann'), { orderId })).state).toBe('awaitingPayment')
    expect(begun.paymentStatus).toBe('requiresAction')
  })
})

describe('what is given back on Stripe’s own pages', () => {
  it('of a payment of the shop’s is told of under Stripe’s name for it, and kept for a person', async () => {
    const world = keep(await openStripe({}, Date.now))
    const { gateway, server } = world
    const shop = createShop({ ...examplePorts, storage: createMemoryStorage(), gateways: { stripe: gateway } })
    await sellMugs(shop, 5)
    const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
    must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'stripe', method: 'creditCard' }))
    server.takeEvents()
    const [own] = [...server.intents.values()]
    server.refundByHand(own?.metadata.attempt_ref ?? '', 300)
    const [text = ''] = server.takeEvents()
    const [made] = [...server.refunds.values()]
    const notice = { gatewayId: 'stripe', ...signEvent(text, Date.now()) }
    const heard = [
      must(await shop.orders.receiveNotification(notice)),
      must(await shop.orders.receiveNotification(notice)),
    ]
    expect(heard.map(({ outcome, acknowledgement }) => [outcome, acknowledgement.status])).toEqual([
      ['parked', 200],
      ['parked', 200],
    ])
    expect(must(await shop.orders.parkedFacts(byStaff(), {})).facts).toMatchObject([
      { kind: 'refund', reference: made?.id, stands: 'succeeded', minor: 300 },
    ])
  })

  it('of another payment is nothing to the shop; of one that cannot be asked for now it is asked again', async () => {
    const world = await paid()
    const { server, intent } = world
    server.intents.set('pi_other', { ...intent, id: 'pi_other', metadata: {} })
    server.refundByHand('pay_1', 300)
    const [text = ''] = server.takeEvents()
    const say = (changes: object) => {
      const { data } = JSON.parse(text)
      server.happen('refund.updated', { ...data.object, ...changes })
    }
    say({ payment_intent: 'pi_other' })
    say({ payment_intent: 'pi_of_nobody' })
    say({ payment_intent: null })
    expect(await hear(world)).toEqual([])
    say({})
    server.fail(refusal(429))
    expect(await hear(world)).toEqual(['unverifiable'])
    say({ status: 'failed', failure_reason: 'expired_or_canceled_card' })
    expect(await hear(world)).toMatchObject([{ kind: 'refund', attemptRef: 'pay_1', status: 'failed' }])
  })
})

describe('a dispute in words that nobody knows yet', () => {
  it('is asked for again where it is over the shop’s money, and is nothing to the shop where it is not', async () => {
    const world = await paid()
    const { server, intent } = world
    const dispute = { id: 'dp_1', object: 'dispute', amount: 100, currency: 'usd', status: 'a_status_of_tomorrow' }
    server.happen('charge.dispute.created', { ...dispute, payment_intent: intent.id })
    expect(await hear(world)).toEqual(['unverifiable'])
    server.happen('charge.dispute.created', { ...dispute, payment_intent: 'pi_of_nobody' })
    server.happen('charge.dispute.created', dispute)
    expect(await hear(world)).toEqual([])
  })
})
