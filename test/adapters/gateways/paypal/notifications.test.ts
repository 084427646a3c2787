import { afterEach, describe, expect, it } from 'vitest'
import { must } from '../../../../examples/support/must.js'
import { createCloser } from '../loopback.js'
import { told } from '../told.js'
import { openPayPal, placed, request, t0 } from './paypal-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)
const open = async () => keep(await openPayPal())
type World = Awaited<ReturnType<typeof open>>

describe('notifications', () => {
  const notice = async () => {
    const world = await open()
    await placed(world)
    const [text = ''] = world.server.takeEvents()
    return { ...world, text }
  }

  it('are asked to come again while nobody can say whether they are true', async () => {
    const { gateway, server, text } = await notice()
    server.fail({ kind: 'cutBefore' })
    const verdict = await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })
    expect(verdict._unsafeUnwrapErr().reason).toBe('unverifiable')
    expect(must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts).toMatchObject([
      { status: 'requiresAction', capturedMinor: 0 },
    ])
  })

  it.each([
    [
      'of another webhook',
      (server: World['server'], text: string) => server.sign(text, t0, 'ANOTHER'),
      'signatureInvalid',
    ],
    [
      'that are two values',
      (server: World['server'], text: string) => server.sign(`${text},"webhook_id":"x"`),
      'signatureInvalid',
    ],
    ['that are no event', (server: World['server']) => server.sign('{}'), 'malformed'],
    [
      'of no moment',
      (server: World['server'], text: string) => {
        const { body, headers } = server.sign(text)
        return { body, headers: { ...headers, 'paypal-transmission-time': 'soon' } }
      },
      'malformed',
    ],
  ] as const)('%s are rejected', async (_, sign, reason) => {
    const { gateway, server, text } = await notice()
    const verdict = await gateway.verifyNotification({ ...sign(server, text), receivedAt: t0 })
    expect(verdict._unsafeUnwrapErr().reason).toBe(reason)
  })

  /** A payment whose money is taken. */
  const taken = async () => {
    const world = await open()
    must(await world.gateway.query(await placed(world)))
    return world
  }

  it.each([
    ['RESOLVED_BUYER_FAVOUR', 'lost', 1000],
    ['ACCEPTED', 'lost', null],
    ['RESOLVED_SELLER_FAVOUR', 'won', null],
    ['CANCELED_BY_BUYER', 'won', null],
    // PayPal pays the payer itself.
    ['RESOLVED_WITH_PAYOUT', 'won', null],
    ['NONE', 'won', null],
  ] as const)('of a dispute that ended with %s say that it is %s', async (outcome, status, lostMinor) => {
    const { gateway, server } = await taken()
    const disputeRef = server.dispute('pay_1', { currency_code: 'USD', value: '10.00' })
    server.decide(outcome)
    const [text = ''] = server.takeEvents().slice(-1)
    const told = must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts
    expect(told).toEqual([
      {
        kind: 'dispute',
        disputeRef,
        attemptRef: 'pay_1',
        status,
        reason: 'notReceived',
        amount: { minor: 1000, currency: 'USD' },
        lostMinor,
        feeMinor: 2000,
        evidenceDueAt: null,
        at: t0,
      },
    ])
  })

  it('of a dispute in which payer and shop still talk hold nothing, and name the payment by its capture if need be', async () => {
    const { gateway, server } = await taken()
    server.hideInvoices()
    server.dispute('pay_1', { currency_code: 'USD', value: '10.00' }, { stage: 'INQUIRY' })
    const [text = ''] = server.takeEvents().slice(-1)
    const told = must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts
    expect(told).toMatchObject([{ attemptRef: 'pay_1', status: 'inquiry', evidenceDueAt: t0 + 604_800_000 }])
  })

  it.each([403, 429])('of a dispute that may not be looked at, by %i, are asked to come again', async (status) => {
    const { gateway, server } = await taken()
    server.dispute('pay_1', { currency_code: 'USD', value: '10.00' })
    const [text = ''] = server.takeEvents().slice(-1)
    // The signature is asked about first.
    server.fail({ kind: 'alter', alter: (said) => said }, { kind: 'say', told: { status, body: '{"name":"NO"}' } })
    const verdict = await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })
    expect(verdict._unsafeUnwrapErr().reason).toBe('unverifiable')
    const again = must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts
    expect(again).toMatchObject([{ kind: 'dispute', attemptRef: 'pay_1' }])
  })

  it('of disputes of others, and of refunds that name nothing, are taken note of', async () => {
    const { gateway, server } = await notice()
    const events = [
      ['CUSTOMER.DISPUTE.CREATED', { dispute_id: 'PP-1' }],
      ['PAYMENT.CAPTURE.REFUNDED', { id: 'R1', status: 'COMPLETED', amount: { currency_code: 'USD', value: '1.00' } }],
    ] as const
    for (const [type, resource] of events) server.happen(type, resource)
    for (const text of server.takeEvents()) {
      expect(must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts).toEqual([])
    }
  })

  it('of an approval name the payment that is to be asked about, and take nothing themselves', async () => {
    const { gateway, server, text } = await notice()
    const heard = must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 }))
    expect(heard).toMatchObject({ facts: [{ attemptRef: 'pay_1', capturedMinor: 0 }], toQuery: ['pay_1'] })
    expect([...server.orders.values()].map(({ captures }) => captures)).toEqual([[]])
    expect(server.received.filter(({ path }) => path.endsWith('/capture'))).toEqual([])
  })

  it('of a refund say how it stands now, and not how it stood when they were written', async () => {
    const world = await taken()
    const { gateway, server } = world
    server.takeEvents()
    server.letRefundsBe('PENDING')
    const [order] = server.orders.values()
    const sent = await told(
      gateway.refund({
        refundRef: 'ref_1',
        attemptRef: 'pay_1',
        gatewayRef: order?.id ?? null,
        key: 'refund:ref_1:1',
        captured: request.amount,
        amount: { minor: 88, currency: 'USD' },
        at: t0,
      }),
    )
    expect(sent).toMatchObject({ kind: 'ok', value: { status: 'pending' } })
    const [text = ''] = server.takeEvents()
    expect(JSON.parse(text)).toMatchObject({ resource: { status: 'PENDING' } })
    const hear = async (at: number) =>
      must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: at })).facts
    expect(await hear(t0)).toMatchObject([{ refundRef: 'ref_1', status: 'pending' }])
    server.moveRefunds('FAILED')
    const monthLater = t0 + 30 * 86_400_000
    expect(await hear(monthLater)).toMatchObject([{ refundRef: 'ref_1', status: 'failed' }])
  })

  it.each([403, 429, 500])('of a refund that may not be looked at, by %i, are asked to come again', async (status) => {
    const { gateway, server } = await taken()
    const id = server.refundByHand('pay_1', { currency_code: 'USD', value: '10.00' })
    const [text = ''] = server.takeEvents().slice(-1)
    server.fail({ kind: 'alter', alter: (said) => said }, { kind: 'say', told: { status, body: '{"name":"NO"}' } })
    const verdict = await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })
    expect(verdict._unsafeUnwrapErr().reason).toBe('unverifiable')
    const again = must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts
    expect(again).toMatchObject([{ kind: 'refund', refundRef: id, attemptRef: 'pay_1' }])
  })

  it('of money that PayPal takes back by itself say so by PayPal’s name for it', async () => {
    const { gateway, server } = await taken()
    server.takeEvents()
    const hear = async () => {
      const [text = ''] = server.takeEvents().slice(-1)
      return must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts
    }
    const usd = (minor: number) => ({ currency_code: 'USD', value: (minor / 100).toFixed(2) })
    const id = server.refundByHand('pay_1', usd(1000), {}, 'PAYMENT.CAPTURE.REVERSED')
    const back = { kind: 'refund', attemptRef: 'pay_1', status: 'succeeded', at: t0 }
    expect(await hear()).toMatchObject([{ ...back, refundRef: id, amount: { minor: 1000, currency: 'USD' } }])
    // Where it is no refund there, it goes by what is said of the money that it was.
    const capture = [...server.orders.values()][0]?.captures[0]?.id ?? ''
    const up = { rel: 'up', method: 'GET', href: `https://api-m.paypal.com/v2/payments/captures/${capture}` }
    const time = { create_time: new Date(t0).toISOString() }
    server.happen('PAYMENT.CAPTURE.REVERSED', { id: 'REV1', amount: usd(700), links: [up], ...time })
    expect(await hear()).toMatchObject([{ ...back, refundRef: 'REV1', amount: { minor: 700 } }])
    server.happen('PAYMENT.CAPTURE.REVERSED', { id: capture, amount: usd(8888), ...time })
    expect(await hear()).toMatchObject([{ ...back, refundRef: capture, amount: { minor: 8888 } }])
    server.happen('PAYMENT.CAPTURE.REVERSED', { id: 'OTHERS', amount: usd(100), ...time })
    expect(await hear()).toEqual([])
  })

  it('of a refund that PayPal does not have are taken note of, whatever they say', async () => {
    const { gateway, server } = await taken()
    server.happen('PAYMENT.CAPTURE.REFUNDED', {
      id: 'R1',
      status: 'COMPLETED',
      custom_id: 'ref_1.pay_1',
      amount: { currency_code: 'USD', value: '88.88' },
    })
    const [text = ''] = server.takeEvents().slice(-1)
    expect(must(await gateway.verifyNotification({ ...server.sign(text), receivedAt: t0 })).facts).toEqual([])
  })
})

describe('the key of a request', () => {
  it('that is longer than PayPal takes is written shorter, the same each time, and another for another', async () => {
    const world = await open()
    const long = `refund:${'x'.repeat(150)}`
    const keys = []
    for (const key of [long, long, `${long}y`, 'k'.repeat(108)]) {
      await placed(world, { key, attemptRef: `pay_${keys.length}` }).catch(() => undefined)
      keys.push(world.server.received.at(-1)?.headers['paypal-request-id'])
    }
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
    expect(keys[3]).toBe('k'.repeat(108))
  })
})
