import { mayRedirect } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createPayPal, type PayPalOptions } from '../../../../adapters/gateways/paypal/index.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser } from '../loopback.js'
import { sellOver } from '../sell-over.js'
import { told } from '../told.js'
import { account } from './fake-server.js'
import { openPayPal, placed, request, t0 } from './paypal-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)
const open = async (more?: Partial<PayPalOptions>, now?: () => number) => keep(await openPayPal(more, now))

const refundRequest = {
  refundRef: 'ref_1',
  attemptRef: 'pay_1',
  key: 'refund:ref_1:1',
  captured: request.amount,
  amount: { minor: 88, currency: 'USD' },
  at: t0,
}
type World = Awaited<ReturnType<typeof open>>

const tokensIn = ({ server }: World) => server.received.filter(({ path }) => path === '/v1/oauth2/token').length

describe('the token of the shop', () => {
  it('is asked for once by many, and kept', async () => {
    const world = await open()
    await Promise.all([1, 2, 3].map((count) => world.gateway.create({ ...request, key: `k${count}` })))
    await placed(world)
    expect(tokensIn(world)).toBe(1)
  })

  it('is renewed before it ends, and when PayPal does not take it any more', async () => {
    let now = t0
    const world = await open({}, () => now)
    const { gatewayRef } = await placed(world)
    const ask = () => world.gateway.query({ attemptRef: 'pay_1', gatewayRef, at: now })
    now += 32_340_000 - 1
    await ask()
    expect(tokensIn(world)).toBe(1)
    now += 1
    await ask()
    expect(tokensIn(world)).toBe(2)
    world.server.forgetTokens()
    expect(await told(ask())).toMatchObject({ kind: 'ok', value: { status: 'captured' } })
    expect(tokensIn(world)).toBe(3)
  })

  it('is refused to a stranger, and nothing else is sent', async () => {
    const world = await open({ clientSecret: 'canary-of-another' })
    const outcome = await told(world.gateway.create(request))
    expect(outcome).toMatchObject({ kind: 'declined', error: { code: 'MerchantConfig' } })
    expect(JSON.stringify(outcome)).not.toContain('canary')
    expect(world.server.received.map(({ path }) => path)).toEqual(['/v1/oauth2/token'])
  })
})

describe('paying', () => {
  it('leads the payer to PayPal and back, and takes the money when the payer has approved', async () => {
    const world = await open()
    world.server.letPayerWait()
    const { next, ...question } = await placed(world)
    expect(next.kind === 'redirect' && mayRedirect(world.gateway.capabilities, next.url)).toBe(true)
    expect(await told(world.gateway.query(question))).toMatchObject({ kind: 'ok', value: { status: 'requiresAction' } })
    world.server.approve('pay_1')
    const paid = {
      status: 'captured',
      capturedMinor: 8888,
      feeMinor: 30,
      orderRef: 'order_1',
      merchantAccount: account.merchantId,
      gatewayRef: question.gatewayRef,
    }
    expect(await told(world.gateway.query(question))).toMatchObject({ kind: 'ok', value: paid })
    expect(await told(world.gateway.query(question))).toMatchObject({ kind: 'ok', value: paid })
    expect(world.server.orders.get(question.gatewayRef ?? '')?.captures).toHaveLength(1)
  })

  it('takes once though the answer to the taking is lost', async () => {
    const world = await open()
    const { next: _, ...question } = await placed(world)
    world.server.fail({ kind: 'alter', alter: (answer) => answer }, { kind: 'cutAfter' })
    expect(await told(world.gateway.query(question))).toMatchObject({ kind: 'ok', value: { status: 'captured' } })
    expect(world.server.orders.get(question.gatewayRef ?? '')?.captures).toHaveLength(1)
  })

  it('is not found where nobody was shown the way', async () => {
    const { gateway, server } = await open()
    const asked = { attemptRef: 'pay_1', gatewayRef: null, at: t0 }
    expect(await told(gateway.query(asked))).toEqual({ kind: 'ok', value: 'notFound' })
    expect(await told(gateway.close({ ...asked, key: 'c' }))).toEqual({ kind: 'ok', value: 'notFound' })
    expect(server.received).toEqual([])
  })

  it.each([
    [{ amount: { minor: 1, currency: 'RUB' } }, 'CurrencyUnsupported'],
    [{ amount: { minor: 0, currency: 'USD' } }, 'AmountInvalid'],
    // It is taken whole there, and has decimals here: not every amount could be paid.
    [{ amount: { minor: 100, currency: 'HUF' } }, 'CurrencyUnsupported'],
    [{ instrumentToken: 'token' }, 'MerchantConfig'],
    [{ method: 'alipay' }, 'MerchantConfig'],
  ] as const)('by %j is refused, and nothing is sent', async (facts, code) => {
    const { gateway, server } = await open()
    expect(await told(gateway.create({ ...request, ...facts }))).toMatchObject({ kind: 'declined', error: { code } })
    expect(server.received).toEqual([])
  })

  it('is unknown where PayPal is out of order, or says nothing', async () => {
    const world = await open({ timeoutMs: 1_000 })
    await placed(world, { key: 'first', attemptRef: 'pay_0' })
    world.server.fail(
      { kind: 'say', told: { status: 503, body: '' } },
      { kind: 'say', told: { status: 200, body: '<html>' } },
      { kind: 'say', told: { status: 302, headers: { location: 'https://elsewhere.example' }, body: '' } },
      { kind: 'hang' },
    )
    for (const cause of ['serverError', 'unparsable', 'unparsable', 'timeout']) {
      expect(await told(world.gateway.create(request))).toEqual({ kind: 'unknown', cause })
    }
  })
})

describe('an order that is closed', () => {
  it('takes nothing any more, though the payer approves it later', async () => {
    const world = await open()
    world.server.letPayerWait()
    const { next: _, ...question } = await placed(world)
    expect(await told(world.gateway.close({ ...question, key: 'c' }))).toEqual({ kind: 'ok', value: 'closed' })
    world.server.approve('pay_1')
    expect(await told(world.gateway.query(question))).toMatchObject({
      kind: 'ok',
      value: { status: 'closed', capturedMinor: 0, orderRef: 'order_1' },
    })
    const [notice] = await world.takeNotifications()
    const heard = must(await world.gateway.verifyNotification({ ...notice!, receivedAt: t0 }))
    expect(heard.facts).toMatchObject([{ status: 'closed', capturedMinor: 0 }])
    expect(world.server.orders.get(question.gatewayRef ?? '')?.captures).toEqual([])
  })
})

describe('money that is held', () => {
  it('is taken in parts, each at its time, and never more than is held', async () => {
    let now = t0
    const world = await open({}, () => now)
    const { next: _, ...question } = await placed(world, { capture: 'manual' })
    expect(await told(world.gateway.query(question))).toMatchObject({
      kind: 'ok',
      value: { status: 'authorised', authorisedMinor: 8888, capturedMinor: 0 },
    })
    const take = (minor: number, key: string, final: boolean) =>
      world.gateway.capture?.({ ...question, key, final, amount: { minor, currency: 'USD' } }) ??
      world.gateway.query(question)
    const first = await told(take(3000, 'capture:1', false))
    expect(first).toMatchObject({ kind: 'ok', value: { status: 'authorised', capturedMinor: 3000 } })
    expect(await told(take(3000, 'capture:1', false))).toEqual(first)
    expect(await told(take(5889, 'capture:2', true))).toMatchObject({
      kind: 'declined',
      error: { code: 'AmountInvalid' },
    })
    expect(first).toMatchObject({ value: { at: t0 } })
    now += 86_400_000
    expect(await told(take(5888, 'capture:3', true))).toMatchObject({
      kind: 'ok',
      value: { capturedMinor: 8888, at: now },
    })
  })

  it('is given up, also twice', async () => {
    const world = await open()
    const { next: _, ...question } = await placed(world, { capture: 'manual' })
    await world.gateway.query(question)
    for (const key of ['c1', 'c2']) {
      expect(await told(world.gateway.close({ ...question, key }))).toEqual({ kind: 'ok', value: 'closed' })
    }
    expect(await told(world.gateway.query(question))).toMatchObject({ kind: 'ok', value: { status: 'closed' } })
  })
})

describe('a refund of money that was taken in parts', () => {
  const takenInParts = async () => {
    const world = await open()
    const { next: _, ...question } = await placed(world, { capture: 'manual' })
    await world.gateway.query(question)
    for (const [key, minor] of [
      ['capture:1', 3000],
      ['capture:2', 5000],
    ] as const) {
      await world.gateway.capture?.({ ...question, key, final: false, amount: { minor, currency: 'USD' } })
    }
    const send = (minor: number, refundRef = 'ref_1', again: { readonly key?: string; readonly since?: number } = {}) =>
      told(
        world.gateway.refund({
          ...refundRequest,
          refundRef,
          gatewayRef: question.gatewayRef,
          ...{ key: `refund:${refundRef}`, ...again },
          amount: { minor, currency: 'USD' },
        }),
      )
    return { world, question, send }
  }
  const refundsOf = ({ server }: World) => [...server.orders.values()].flatMap(({ refunds }) => refunds)

  it('goes back over the captures, each no more than it has', async () => {
    const { world, question, send } = await takenInParts()
    const sent = await send(6000)
    expect(sent).toMatchObject({ kind: 'ok', value: { status: 'succeeded', amount: { minor: 6000 } } })
    expect(refundsOf(world).map(({ amount }) => amount.value)).toEqual(['30.00', '30.00'])
    expect(await send(6000)).toEqual(sent)
    const gatewayRef = sent.kind === 'ok' ? sent.value.gatewayRef : null
    const asked = await told(
      world.gateway.queryRefund({ ...question, refundRef: 'ref_1', gatewayRef, paymentGatewayRef: null }),
    )
    expect(asked).toMatchObject({ kind: 'ok', value: { status: 'succeeded', amount: { minor: 6000 } } })
    expect(await send(5999)).toMatchObject({ kind: 'declined', error: { code: 'DuplicateReference' } })
    expect((await send(2001, 'ref_2')).kind).toBe('declined')
    expect(await send(2000, 'ref_3')).toMatchObject({ kind: 'ok', value: { amount: { minor: 2000 } } })
  })

  it('of which one part has gone is neither done nor refused, and what is missing goes when it is sent again', async () => {
    const { world, send } = await takenInParts()
    world.server.refuseRefundAfter(1)
    expect(await send(6000)).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(refundsOf(world)).toHaveLength(1)
    expect(await send(6000)).toMatchObject({ kind: 'ok', value: { status: 'succeeded', amount: { minor: 6000 } } })
    expect(refundsOf(world).map(({ amount }) => amount.value)).toEqual(['30.00', '30.00'])
  })

  it('of which one part fails later is sent again in that part, and fails with what has gone once that fails too', async () => {
    for (const isLuckier of [true, false]) {
      const { world, question, send } = await takenInParts()
      const ask = (gatewayRef: string | null) =>
        told(
          world.gateway.queryRefund({
            ...{ ...question, refundRef: 'ref_1', gatewayRef },
            paymentGatewayRef: question.gatewayRef,
          }),
        )
      world.server.letRefundsBe('PENDING')
      const sent = await send(6000)
      const gatewayRef = sent.kind === 'ok' ? sent.value.gatewayRef : null
      expect(sent).toMatchObject({ kind: 'ok', value: { status: 'pending' } })
      world.server.moveRefund(1, 'FAILED')
      expect(await ask(gatewayRef)).toMatchObject({ kind: 'ok', value: { status: 'pending', amount: { minor: 6000 } } })
      world.server.moveRefund(0, 'COMPLETED')
      expect(await ask(gatewayRef)).toEqual({ kind: 'ok', value: 'notFound' })
      expect(await send(6000)).toMatchObject({ kind: 'ok', value: { status: 'pending' } })
      expect(await ask(gatewayRef)).toMatchObject({ kind: 'ok', value: { status: 'pending' } })
      // The same again is no third one.
      await send(6000)
      expect(refundsOf(world).map(({ amount, status }) => [amount.value, status])).toEqual([
        ['30.00', 'COMPLETED'],
        ['30.00', 'FAILED'],
        ['30.00', 'PENDING'],
      ])
      world.server.moveRefund(2, isLuckier ? 'COMPLETED' : 'FAILED')
      for (const name of [gatewayRef, null])
        expect(await ask(name)).toMatchObject({
          kind: 'ok',
          value: isLuckier
            ? { status: 'succeeded', amount: { minor: 6000 } }
            : { status: 'failed', amount: { minor: 6000 }, goneMinor: 3000 },
        })
      // Whoever sends it once more sends what is missing alone.
      if (isLuckier) continue
      world.server.letRefundsBe('COMPLETED')
      const again = { key: 'refund:ref_1:2', since: t0 + 1 }
      expect(await send(6000, 'ref_1', again)).toMatchObject({
        kind: 'ok',
        value: { status: 'succeeded', amount: { minor: 6000 } },
      })
      expect(refundsOf(world)).toHaveLength(4)
    }
  })

  it('of which one part fails at once is sent again once in that part, and then has failed with what has gone', async () => {
    const { world, send } = await takenInParts()
    world.server.refuseRefundAfter(1)
    const since = t0
    expect(await send(6000, 'ref_1', { since })).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    world.server.letRefundsBe('FAILED')
    expect(await send(6000, 'ref_1', { since })).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    const failed = { kind: 'ok', value: { status: 'failed', amount: { minor: 6000 }, goneMinor: 3000 } }
    for (let turn = 0; turn < 4; turn += 1) expect(await send(6000, 'ref_1', { since })).toMatchObject(failed)
    expect(refundsOf(world).map(({ amount, status }) => [amount.value, status])).toEqual([
      ['30.00', 'COMPLETED'],
      ['30.00', 'FAILED'],
      ['30.00', 'FAILED'],
    ])
    // The same where nobody knows since when; a new try is sent.
    expect(await send(6000)).toMatchObject(failed)
    expect(refundsOf(world)).toHaveLength(3)
    world.server.letRefundsBe('COMPLETED')
    expect(await send(6000, 'ref_1', { key: 'refund:ref_1:2', since: t0 + 1 })).toMatchObject({
      kind: 'ok',
      value: { status: 'succeeded', amount: { minor: 6000 } },
    })
  })
})

describe('refunds', () => {
  const paid = async () => {
    const world = await open()
    const { next: _, ...question } = await placed(world)
    await world.gateway.query(question)
    return { world, gatewayRef: question.gatewayRef }
  }

  it('are one also after PayPal has forgotten the key', async () => {
    const { world, gatewayRef } = await paid()
    const first = await told(world.gateway.refund({ ...refundRequest, gatewayRef }))
    expect(first).toMatchObject({ kind: 'ok', value: { status: 'succeeded' } })
    world.server.forgetKeys()
    expect(await told(world.gateway.refund({ ...refundRequest, gatewayRef, key: 'refund:ref_1:2' }))).toEqual(first)
    expect(world.server.orders.get(gatewayRef ?? '')?.refunds).toHaveLength(1)
  })

  it('of another amount under a key that PayPal knows are told apart', async () => {
    const { world, gatewayRef } = await paid()
    await world.gateway.refund({ ...refundRequest, gatewayRef })
    const other = { ...refundRequest, gatewayRef, refundRef: 'ref_2', amount: { minor: 99, currency: 'USD' } }
    expect(await told(world.gateway.refund(other))).toMatchObject({
      kind: 'declined',
      error: { code: 'IdempotencyReuse' },
    })
  })

  it('that wait or fail say so', async () => {
    const { world, gatewayRef } = await paid()
    world.server.letRefundsBe('PENDING')
    expect(await told(world.gateway.refund({ ...refundRequest, gatewayRef }))).toMatchObject({
      kind: 'ok',
      value: { status: 'pending' },
    })
    world.server.letRefundsBe('FAILED')
    const failed = { ...refundRequest, gatewayRef, refundRef: 'ref_2', key: 'refund:ref_2:1' }
    expect(await told(world.gateway.refund(failed))).toMatchObject({ kind: 'ok', value: { status: 'failed' } })
  })
})

describe('options', () => {
  it.each<readonly [string, Partial<PayPalOptions>]>([
    ['clientId', { clientId: '' }],
    ['clientId', { clientId: 'canary:x' }],
    ['clientSecret', { clientSecret: '' }],
    ['merchantId', { merchantId: '' }],
    ['webhookId', { webhookId: 'canary!' }],
    ['baseUrl', { baseUrl: 'http://pay.example' }],
  ])('with another %s make no gateway, and tell no secret', (option, more) => {
    const refused = createPayPal({ ...account, ...more })._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'GatewayConfigInvalid', gatewayId: 'payPal', option })
    expect(JSON.stringify(refused)).not.toContain('canary')
  })
})

describe('a whole sale over PayPal', () => {
  it('is paid and given back by notifications, and no secret is written or told', async () => {
    const { gateway, server, now, takeNotifications } = await open({}, Date.now)
    server.letPayerWait()
    const sale = await sellOver({
      gateway,
      method: 'payPal',
      now,
      pay: async (paymentId) => server.approve(paymentId),
      takeNotifications,
    })
    expect(sale.next).toMatchObject({ kind: 'redirect' })
    expect(sale.states).toEqual(['awaitingPayment', 'awaitingShipment'])
    // Told of the approval, the shop takes the money; that it was taken is told after.
    expect(sale.outcomes.slice(0, 3)).toEqual(['rejected', 'handled', 'handled'])
    expect(new Set(sale.outcomes)).toEqual(new Set(['rejected', 'handled']))
    expect(sale.refund).toBe('partly')
    const [order] = [...server.orders.values()]
    expect(order?.refunds.map(({ amount }) => Math.round(Number(amount.value) * 100))).toEqual([sale.refundedMinor])
    for (const secret of [account.clientSecret, 'canary-token-']) expect(sale.said).not.toContain(secret)
  })

  it('takes nothing of what another program has at the same account of PayPal, approved as it may be', async () => {
    const { gateway, server, now, takeNotifications } = await open({}, Date.now)
    const sale = await sellOver({
      gateway,
      method: 'payPal',
      now,
      pay: async () => {
        await gateway.create({ ...request, attemptRef: 'INV-77', orderRef: '77', key: 'theirs', at: now() })
      },
      takeNotifications,
    })
    expect(sale.outcomes).toContain('parked')
    const [theirs] = [...server.orders.values()].filter(({ invoiceId }) => invoiceId === 'INV-77')
    expect(theirs).toMatchObject({ status: 'APPROVED', captures: [] })
    expect(sale.states).toEqual(['awaitingPayment', 'awaitingShipment'])
  })
})
