import { err } from 'neverthrow'
import type { SplitRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createStripe } from '../../../../adapters/gateways/stripe/index.js'
import { createCloser, json } from '../loopback.js'
import { account } from './fake-server.js'
import { connected } from './fake-transfers.js'
import { openStripe, passing, t0 } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const payment = {
  attemptRef: 'pay_0001',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_0001',
  amount: { minor: 10_000, currency: 'EUR' },
  method: 'creditCard' as const,
  instrumentToken: null,
  capture: 'automatic' as const,
  expiresAt: t0 + 1_800_000,
  returnUrl: null,
  at: t0,
}

const open = async (isSplit = true) => {
  const world = keep(await openStripe({ splits: { accountOf: () => connected.potter } }))
  const { splits: port } = world.gateway
  if (port === undefined) throw new Error('no splits')
  const made = (await world.gateway.create({ ...payment, isSplit }))._unsafeUnwrap()
  const request: SplitRequest = {
    splitRef: 'split_1',
    attemptRef: 'pay_0001',
    gatewayRef: made.kind === 'ok' ? made.value.gatewayRef : null,
    key: 'split:split_1',
    account: connected.potter,
    amount: { minor: 2_000, currency: 'EUR' },
    at: t0,
  }
  const back = { ...request, returnRef: 'back_1', key: 'splitReturn:back_1' }
  return { ...world, port, request, back, made: world.server.transfers }
}

describe('payments that Stripe divides', () => {
  it('are transfers out of the charge itself, in the group of the payment, under the key of the shop', async () => {
    const { port, request, server, made } = await open()
    expect((await port.send(request))._unsafeUnwrap()).toMatchObject({ kind: 'ok' })
    const [transfer] = [...made.transfers.values()]
    expect(transfer).toMatchObject({
      charge: expect.stringMatching(/^ch_/),
      group: 'pay_0001',
      destination: connected.potter,
      amount: 2_000,
      metadata: { split_ref: 'split_1', attempt_ref: 'pay_0001' },
    })
    const keys = server.received.flatMap(({ path, method, headers }) =>
      method === 'POST' && path === '/v1/transfers' ? [headers['idempotency-key']] : [],
    )
    expect(keys).toEqual(['split:split_1'])
  })

  it('are found again when Stripe has forgotten the key, and when there are more than a page holds', async () => {
    const { port, request, back, server, made } = await open()
    made.letPagesHold(2)
    for (const name of ['split_1', 'split_2', 'split_3', 'split_4']) {
      await port.send({ ...request, splitRef: name, key: `split:${name}`, amount: { minor: 1_000, currency: 'EUR' } })
    }
    const one = { ...back, amount: { minor: 100, currency: 'EUR' } }
    for (const name of ['back_1', 'back_2', 'back_3']) {
      await port.takeBack({ ...one, returnRef: name, key: `splitReturn:${name}` })
    }
    server.forgetKeys()
    const again = { ...request, amount: { minor: 1_000, currency: 'EUR' } }
    expect((await port.send(again))._unsafeUnwrap().kind).toBe('ok')
    expect((await port.takeBack({ ...one, returnRef: 'back_3', key: 'splitReturn:back_3' }))._unsafeUnwrap().kind).toBe(
      'ok',
    )
    expect([made.transfers.size, made.reversals.size]).toEqual([4, 3])
  })

  it('are never sent twice where the answer to a return is lost', async () => {
    const { port, request, back, server, made } = await open()
    await port.send(request)
    server.fail(passing, passing, passing, { kind: 'cutAfter' }, { kind: 'cutAfter' })
    expect((await port.takeBack(back))._unsafeUnwrap()).toEqual({ kind: 'unknown', cause: 'reset' })
    server.forgetKeys()
    expect((await port.takeBack(back))._unsafeUnwrap().kind).toBe('ok')
    expect([...made.reversals.values()].map(({ amount }) => amount)).toEqual([2_000])
  })

  it.each([
    ['send', 0],
    ['send', 1],
    ['takeBack', 0],
    ['takeBack', 1],
    ['takeBack', 2],
  ] as const)('are left alone while nobody can say what was done: %s, question %i', async (verb, question) => {
    const { port, request, back, server, made } = await open()
    if (verb === 'takeBack') await port.send(request)
    const before = made.transfers.size
    const broken = json(200, { object: 'list', has_more: false, data: [{ id: 'tr_1', object: 'surprise' }] })
    server.fail(...Array.from({ length: question }, () => passing), { kind: 'say', told: broken })
    const asked = verb === 'send' ? port.send(request) : port.takeBack(back)
    expect((await asked)._unsafeUnwrap()).toEqual({ kind: 'unknown', cause: 'unparsable' })
    expect([made.transfers.size, made.reversals.size]).toEqual([before, 0])
  })

  it('say that a reference stands for something else', async () => {
    const { port, request, back } = await open()
    await port.send(request)
    await port.takeBack(back)
    const other = { minor: 1_999, currency: 'EUR' }
    const told = [
      await port.send({ ...request, amount: other }),
      await port.send({ ...request, account: connected.weaver }),
      await port.takeBack({ ...back, amount: other }),
    ].map((each) => each._unsafeUnwrap())
    expect(told).toEqual(
      ['split_ref', 'split_ref', 'return_ref'].map((gatewayCode) => ({
        kind: 'declined',
        error: { code: 'DuplicateReference', gatewayCode },
      })),
    )
  })

  it('wait for money that a payee has spent, and are turned down for certain', async () => {
    const { port, request, back, made } = await open()
    await port.send(request)
    made.spend(connected.potter, 1)
    expect((await port.takeBack(back))._unsafeUnwrap()).toEqual({
      kind: 'declined',
      error: { code: 'InsufficientFunds', gatewayCode: 'balance_insufficient' },
    })
    const rest = { ...back, returnRef: 'back_2', key: 'splitReturn:back_2', amount: { minor: 1_999, currency: 'EUR' } }
    expect((await port.takeBack(rest))._unsafeUnwrap().kind).toBe('ok')
  })

  it('are those that were made to be divided, in their own currency, for accounts that are connected', async () => {
    const whole = await open(false)
    expect((await whole.port.send(whole.request))._unsafeUnwrap()).toMatchObject({ error: { code: 'MerchantConfig' } })
    const { attemptRef, gatewayRef } = whole.request
    const over = { attemptRef, gatewayRef, key: 'splitsOver:pay_0001', at: t0 }
    expect((await whole.port.finish(over))._unsafeUnwrap()).toEqual({ kind: 'ok', value: 'finished' })
    const { port, request, made } = await open()
    const codes = []
    for (const wrong of [
      { amount: { minor: 2_000, currency: 'USD' } },
      { account: 'acct_1Nobody' },
      { account: '1900000110' },
      { amount: { minor: 0, currency: 'EUR' } },
      { attemptRef: 'pay_0002' },
    ]) {
      const told = (await port.send({ ...request, key: JSON.stringify(wrong), ...wrong }))._unsafeUnwrap()
      codes.push(told.kind === 'declined' ? told.error.code : told.kind)
    }
    expect(codes).toEqual(['CurrencyUnsupported', 'MerchantConfig', 'InstrumentInvalid', 'AmountInvalid', 'unknown'])
    expect(made.transfers.size).toBe(0)
  })

  it('are marked when they are over, and the mark is there for whoever asks next', async () => {
    const { port, request, server } = await open()
    const over = { attemptRef: 'pay_0001', gatewayRef: request.gatewayRef, key: 'splitsOver:pay_0001', at: t0 }
    server.fail(passing, { kind: 'say', told: json(429, { error: { type: 'invalid_request_error' } }) })
    const told = [await port.finish(over), await port.finish(over), await port.finish(over)].map((each) =>
      each._unsafeUnwrap(),
    )
    expect(told.map((each) => (each.kind === 'declined' ? each.error.code : each.kind))).toEqual([
      'RateLimited',
      'ok',
      'ok',
    ])
    expect((await port.send(request))._unsafeUnwrap()).toEqual({
      kind: 'declined',
      error: { code: 'MerchantConfig', gatewayCode: 'splits_over' },
    })
  })

  it('need sound options', async () => {
    for (const mostBasisPoints of [0, 10_001, 0.5]) {
      const options = { ...account, splits: { accountOf: () => null, mostBasisPoints } }
      expect(await createStripe(options)).toEqual(
        err({ type: 'GatewayConfigInvalid', gatewayId: 'stripe', option: 'splits', reason: 'malformed' }),
      )
    }
  })
})
