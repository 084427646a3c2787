import { createShop } from 'shopwright'
import type { CreateRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../../../adapters/memory/index.js'
import { by, chooseMugs, examplePorts, sellMugs } from '../../../../examples/support/mug-shop.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser, type Told } from '../loopback.js'
import { told } from '../told.js'
import { openPayPal, t0 } from './paypal-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const usd = (minor: number) => ({ minor, currency: 'USD' })
const pass = { kind: 'alter', alter: (said: Told) => said } as const

/** A payment that its payer has approved. */
const approved = async (facts: Partial<CreateRequest> = {}) => {
  const world = keep(await openPayPal())
  const created = await told(
    world.gateway.create({
      attemptRef: 'pay_1',
      orderRef: 'order_1',
      orderNumber: '261124-0482-1367-7',
      key: 'create:pay_1',
      amount: usd(8888),
      method: 'payPal',
      instrumentToken: null,
      capture: 'automatic',
      expiresAt: t0 + 1_800_000,
      returnUrl: null,
      at: t0,
      ...facts,
    }),
  )
  if (created.kind !== 'ok') throw new Error(JSON.stringify(created))
  const { gatewayRef } = created.value
  const question = { attemptRef: 'pay_1', gatewayRef, at: t0 }
  const ask = () => told(world.gateway.query(question))
  const sentTo = (path: RegExp) => world.server.received.filter((request) => path.test(request.path))
  const hear = async (text: string, receivedAt = t0) =>
    world.gateway.verifyNotification({ ...world.server.sign(text), receivedAt })
  const order = () => world.server.orders.get(gatewayRef ?? '')
  return { ...world, gatewayRef, question, ask, sentTo, hear, order }
}

describe('approved money that PayPal does not give', () => {
  it.each(['INSTRUMENT_DECLINED', 'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING', 'PAYER_ACTION_REQUIRED'])(
    'by %s leads the payer back, and is taken once they have approved anew',
    async (issue) => {
      const { ask, server, order } = await approved()
      server.decline(issue)
      expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'requiresAction', failure: null } })
      expect(order()).toMatchObject({ status: 'APPROVED', captures: [] })
      server.approve('pay_1')
      expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'captured', capturedMinor: 8888 } })
      expect(order()?.captures).toHaveLength(1)
    },
  )

  it.each([
    ['TRANSACTION_REFUSED', 'InstrumentDeclined'],
    ['PAYER_ACCOUNT_RESTRICTED', 'InstrumentInvalid'],
    ['PAYER_CANNOT_PAY', 'InsufficientFunds'],
    ['COMPLIANCE_VIOLATION', 'FraudSuspected'],
    ['DUPLICATE_INVOICE_ID', 'DuplicateReference'],
    ['MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED', 'LimitExceeded'],
  ])('by %s has failed for good: the order takes nothing any more', async (issue, failure) => {
    const { ask, server, hear, order, sentTo } = await approved()
    server.decline(issue)
    const failed = { status: 'failed', failure, orderRef: 'order_1', capturedMinor: 0 }
    expect(await ask()).toMatchObject({ kind: 'ok', value: failed })
    server.approve('pay_1')
    expect(await ask()).toMatchObject({ kind: 'ok', value: failed })
    const [text = ''] = server.takeEvents().slice(-1)
    expect(must(await hear(text)).facts).toMatchObject([failed])
    expect(order()?.captures).toEqual([])
    expect(sentTo(/\/capture$/)).toHaveLength(1)
  })

  it('is not called failed while nobody knows that the order takes nothing any more', async () => {
    const { ask, server, order } = await approved()
    server.decline('TRANSACTION_REFUSED')
    // The order, the money, the order again, and the mark.
    server.fail(pass, pass, pass, { kind: 'say', told: { status: 429, body: '{"name":"RATE_LIMIT_REACHED"}' } })
    expect(await ask()).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'failed' } })
    expect(order()?.captures).toEqual([])
  })

  it.each([
    [429, 'RATE_LIMIT_REACHED'],
    [403, 'NOT_AUTHORIZED'],
    [422, 'ORDER_COMPLETION_IN_PROGRESS'],
  ])('because of the shop or the moment, by %i %s, is told as unknown and taken later', async (status, issue) => {
    const { ask, server } = await approved()
    const refused = { status, body: JSON.stringify({ name: issue, details: [{ issue }] }) }
    server.fail(pass, { kind: 'say', told: refused })
    expect(await ask()).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'captured' } })
  })

  it('of a hold is closed the same way', async () => {
    const { ask, server } = await approved({ capture: 'manual' })
    server.decline('COMPLIANCE_VIOLATION')
    expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'failed', authorisedMinor: 0 } })
  })
})

describe('a buyer whose approved money is not given', () => {
  const shopOver = async () => {
    const { gateway, server } = keep(await openPayPal({}, Date.now))
    let waitedMs = 0
    const clock = { now: () => Date.now() + waitedMs }
    const storage = createMemoryStorage()
    const shop = createShop({ ...examplePorts, clock, storage, gateways: { [gateway.gatewayId]: gateway } })
    await sellMugs(shop, 5)
    const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
    const choice = { orderId, gatewayId: gateway.gatewayId, method: 'payPal' } as const
    const pay = async () => must(await shop.orders.pay(by('ann'), choice))
    const ask = async () => {
      waitedMs += 5_000
      return must(await shop.orders.queryPayment(by('ann'), { orderId }))
    }
    return { server, pay, ask }
  }

  it.each([
    ['INSTRUMENT_DECLINED', 'requiresAction', 'closed'],
    ['TRANSACTION_REFUSED', 'failed', 'failed'],
  ] as const)('by %s is not locked out: they pay anew, and only by that', async (issue, first, after) => {
    const { server, pay, ask } = await shopOver()
    const { paymentId } = await pay()
    server.decline(issue)
    expect(await ask()).toMatchObject({ attempts: [{ status: first }] })
    const again = await pay()
    server.approve(paymentId)
    expect(await ask()).toMatchObject({
      orderStatus: 'paid',
      attempts: [
        { paymentId, status: after },
        { paymentId: again.paymentId, status: 'captured' },
      ],
    })
    expect([...server.orders.values()].map(({ captures }) => captures.length)).toEqual([0, 1])
  })
})

describe('a capture of a hold', () => {
  const held = async () => {
    const world = await approved({ capture: 'manual' })
    expect(await world.ask()).toMatchObject({ kind: 'ok', value: { status: 'authorised' } })
    const take = (key: string, minor = 3000) =>
      told(world.gateway.capture!({ ...world.question, key, amount: usd(minor), final: false }))
    return { ...world, take }
  }

  it.each(['DECLINED', 'FAILED'])(
    'that PayPal answers with %s is refused, and the money is held still',
    async (status) => {
      const { take, ask, server } = await held()
      server.letCapturesBe(status)
      expect(await take('capture:1')).toMatchObject({ kind: 'declined', error: { code: 'InstrumentDeclined' } })
      server.letCapturesBe('COMPLETED')
      expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'authorised', capturedMinor: 0 } })
      expect(await take('capture:2')).toMatchObject({ kind: 'ok', value: { capturedMinor: 3000 } })
    },
  )

  it('that waits is under way, and is not taken a second time though PayPal forgot the key', async () => {
    const { take, ask, server, order } = await held()
    server.letCapturesBe('PENDING')
    expect(await take('capture:1')).toMatchObject({ kind: 'pending' })
    server.forgetKeys()
    expect(await take('capture:1')).toMatchObject({ kind: 'pending' })
    expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'authorised', capturedMinor: 0 } })
    server.letCapturesBe('COMPLETED')
    expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'authorised', capturedMinor: 3000 } })
    expect(order()?.captures).toHaveLength(1)
  })

  it('is not refused because the order could not be looked at', async () => {
    const { take, server } = await held()
    server.fail({ kind: 'say', told: { status: 429, body: '{"name":"RATE_LIMIT_REACHED"}' } })
    expect(await take('capture:1')).toEqual({ kind: 'unknown', cause: 'ambiguous' })
  })
})

describe('a refund', () => {
  const paid = async () => {
    const world = await approved()
    await world.ask()
    const send = (minor = 6000, refundRef = 'ref_1', attemptRef = 'pay_1') =>
      told(
        world.gateway.refund({
          refundRef,
          attemptRef,
          gatewayRef: world.gatewayRef,
          key: `refund:${refundRef}`,
          captured: usd(8888),
          amount: usd(minor),
          at: t0,
        }),
      )
    const find = (paymentGatewayRef = world.gatewayRef) =>
      told(world.gateway.queryRefund({ ...world.question, refundRef: 'ref_1', gatewayRef: null, paymentGatewayRef }))
    return { ...world, send, find }
  }

  it.each([429, 401, 403])('is not refused because the order could not be looked at, by %i', async (status) => {
    const { send, server, order } = await paid()
    const refused = { kind: 'say', told: { status, body: '{"name":"NO"}' } } as const
    server.fail(refused, refused, refused)
    expect(await send()).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(order()?.refunds).toEqual([])
  })

  it.each([429, 401, 403])('that is known is not refused because it could not be looked at, by %i', async (status) => {
    const { send, server, gateway, question, gatewayRef: paymentGatewayRef } = await paid()
    const sent = await send()
    const gatewayRef = sent.kind === 'ok' ? sent.value.gatewayRef : null
    expect(gatewayRef).not.toBeNull()
    const ask = () => told(gateway.queryRefund({ ...question, refundRef: 'ref_1', gatewayRef, paymentGatewayRef }))
    expect(await ask()).toMatchObject({ kind: 'ok', value: { status: 'succeeded' } })
    const refused = { kind: 'say', told: { status, body: '{"name":"NO"}' } } as const
    server.fail(refused, refused, refused)
    expect(await ask()).toEqual({ kind: 'unknown', cause: 'ambiguous' })
  })

  it('whose answer was lost is found by its order', async () => {
    const { send, find, server } = await paid()
    expect(await find()).toEqual({ kind: 'ok', value: 'notFound' })
    server.fail(pass, { kind: 'cutAfter' })
    expect((await send()).kind).toBe('unknown')
    expect(await find()).toMatchObject({ kind: 'ok', value: { status: 'succeeded', amount: usd(6000) } })
  })

  it.each([404, 429])('is not absent because its order cannot be read, by %i', async (status) => {
    const { find, server } = await paid()
    server.fail({ kind: 'say', told: { status, body: '{"name":"NO"}' } })
    expect(await find()).toEqual({ kind: 'unknown', cause: 'ambiguous' })
  })

  it('carries a mark that PayPal hands back as it was, or is not sent', async () => {
    const { send, order } = await paid()
    expect((await send()).kind).toBe('ok')
    expect((await send(1, 'ref_1~2')).kind).toBe('ok')
    const marks = ['ref_1.pay_1', 'ref_1__7E2.pay_1']
    expect(order()?.refunds.map(({ customId }) => customId)).toEqual(marks)
    expect(await send(1, 'r'.repeat(122))).toMatchObject({ kind: 'declined', error: { code: 'MerchantConfig' } })
    expect(order()?.refunds).toHaveLength(2)
  })

  it.each([[{ invoice_id: 'pay_1' }], [{}]])(
    'that somebody made on PayPal’s pages is told by its own name, and counts, saying %j',
    async (facts) => {
      const { hear, server, send } = await paid()
      const id = server.refundByHand('pay_1', { currency_code: 'USD', value: '60.00' }, facts)
      const [text = ''] = server.takeEvents().slice(-1)
      expect(must(await hear(text)).facts).toMatchObject([
        { kind: 'refund', refundRef: id, attemptRef: 'pay_1', status: 'succeeded', amount: usd(6000) },
      ])
      expect((await send(2889)).kind).toBe('declined')
      expect((await send(2888, 'ref_2')).kind).toBe('ok')
    },
  )
})

describe('a notification', () => {
  it.each([400, 401, 403, 422, 429])(
    'is asked for again where the question whether it is true is refused, by %i',
    async (status) => {
      const { hear, server } = await approved()
      const [text = ''] = server.takeEvents()
      const refused = { kind: 'say', told: { status, body: '{"name":"NO"}' } } as const
      server.fail(refused, refused, refused)
      expect((await hear(text))._unsafeUnwrapErr().reason).toBe('unverifiable')
    },
  )

  it('is believed days later, as PayPal sends it again: its word is as fresh as the question', async () => {
    const { ask, hear, server } = await approved()
    const [text = ''] = server.takeEvents()
    await ask()
    expect(must(await hear(text, t0 + 3 * 86_400_000)).facts).toMatchObject([{ status: 'captured' }])
  })
})

describe('a dispute over several transactions', () => {
  const of = async (others: readonly object[]) => {
    const world = await approved()
    await world.ask()
    const id = world.server.dispute('pay_1', { currency_code: 'USD', value: '10.00' }, { others })
    const [text = ''] = world.server.takeEvents().slice(-1)
    return { id, facts: must(await world.hear(text)).facts }
  }

  it('is of the one that is the shop’s', async () => {
    const strange = { invoice_number: 'pay_9', seller: { merchant_id: 'ANOTHER' } }
    const { id, facts } = await of([strange, { seller_transaction_id: 'NOBODYS' }, { invoice_number: 'pay_1' }])
    expect(facts).toMatchObject([{ kind: 'dispute', disputeRef: id, attemptRef: 'pay_1' }])
  })

  it('of which several are the shop’s names none of them: a person is shown it', async () => {
    const { id, facts } = await of([{ invoice_number: 'pay_2' }])
    expect(facts).toMatchObject([{ kind: 'dispute', disputeRef: id, attemptRef: id }])
  })
})
