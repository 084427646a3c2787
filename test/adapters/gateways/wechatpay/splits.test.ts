import type { SplitRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createWechatPay, type WechatPayOptions } from '../../../../adapters/gateways/wechatpay/index.js'
import { createCloser } from '../loopback.js'
import { openWechatPay, optionsFor, t0 } from './wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const open = async (more: Partial<WechatPayOptions> = {}) => {
  const world = keep(
    await openWechatPay({
      splits: { accountOf: (payee) => (payee === 'ann' ? 'oUpF8uMuAJO_ann' : '1900000110'), description: '分账' },
      ...more,
    }),
  )
  const { splits } = world.gateway
  if (splits === undefined) throw new Error('no splits')
  return { ...world, port: splits }
}

const payment = (more: { readonly isSplit?: boolean } = {}) => ({
  attemptRef: 'pay_0001',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_0001',
  amount: { minor: 10_000, currency: 'CNY' },
  method: 'wechatPay' as const,
  instrumentToken: null,
  capture: 'automatic' as const,
  expiresAt: t0 + 1_800_000,
  returnUrl: null,
  at: t0,
  ...more,
})

const paid = async (world: Awaited<ReturnType<typeof open>>): Promise<SplitRequest> => {
  await world.gateway.create(payment({ isSplit: true }))
  const found = (await world.gateway.query({ attemptRef: 'pay_0001', gatewayRef: null, at: t0 }))._unsafeUnwrap()
  const gatewayRef = found.kind === 'ok' && found.value !== 'notFound' ? found.value.gatewayRef : null
  return {
    splitRef: 'split_1',
    attemptRef: 'pay_0001',
    gatewayRef,
    key: 'split:split_1',
    account: '1900000110',
    amount: { minor: 1_000, currency: 'CNY' },
    at: t0,
  }
}

describe('payments that WeChat Pay divides', () => {
  it('are held together from the start where they are to be divided, and not otherwise', async () => {
    const world = await open()
    await world.gateway.create(payment())
    await world.gateway.create({ ...payment({ isSplit: true }), attemptRef: 'pay_0002' })
    const sent = world.server.received.map(({ body }) => JSON.parse(body.toString()).settle_info)
    expect(sent).toEqual([undefined, { profit_sharing: true }])
  })

  it('are divided by and by: a split that was accepted is pending until its receiver has it', async () => {
    const world = await open()
    const request = await paid(world)
    world.server.splits.letNextBe('PENDING')
    expect((await world.port.send(request))._unsafeUnwrap()).toMatchObject({ kind: 'pending', pollAfterMs: 10_000 })
    world.server.splits.end('split_1', 'SUCCESS')
    expect((await world.port.send(request))._unsafeUnwrap().kind).toBe('ok')
    expect(world.server.splits.splits.size).toBe(1)
  })

  it.each([
    ['ACCOUNT_ABNORMAL', 'InstrumentInvalid'],
    ['NO_RELATION', 'MerchantConfig'],
    ['RECEIVER_HIGH_RISK', 'FraudSuspected'],
    ['RECEIVER_REAL_NAME_NOT_VERIFIED', 'InstrumentInvalid'],
    ['NO_AUTH', 'MerchantConfig'],
    ['RECEIVER_RECEIPT_LIMIT', 'LimitExceeded'],
    ['PAYER_ACCOUNT_ABNORMAL', 'MerchantConfig'],
    ['INVALID_REQUEST', 'MerchantConfig'],
    ['constructor', 'MerchantConfig'],
  ])('say why a receiver got nothing: %s', async (reason, code) => {
    const world = await open()
    const request = await paid(world)
    world.server.splits.letNextBe('CLOSED', reason)
    expect((await world.port.send(request))._unsafeUnwrap()).toEqual({
      kind: 'declined',
      error: { code, gatewayCode: reason },
    })
  })

  it('give to persons by their openid, who give nothing back', async () => {
    const world = await open()
    const request = { ...(await paid(world)), account: 'oUpF8uMuAJO_ann' }
    expect((await world.port.send(request))._unsafeUnwrap().kind).toBe('ok')
    expect([...world.server.splits.splits.values()].map(({ type }) => type)).toEqual(['PERSONAL_OPENID'])
    const asked = world.server.received.length
    const back = { ...request, returnRef: 'back_1', amount: { minor: 10, currency: 'CNY' } }
    expect((await world.port.takeBack(back))._unsafeUnwrap().kind).toBe('declined')
    expect(world.server.received.length).toBe(asked)
  })

  it('are never taken for turned down while it is not known that nothing went', async () => {
    const world = await open()
    const request = await paid(world)
    const busy = { status: 429, body: JSON.stringify({ code: 'FREQUENCY_LIMITED', message: 'slow' }) }
    world.server.fail({ kind: 'say', told: { ...busy, headers: world.server.signed(busy.body) } })
    expect((await world.port.send(request))._unsafeUnwrap().kind).toBe('pending')
    // Refused, and the question too.
    const no = { status: 403, body: JSON.stringify({ code: 'NO_AUTH', message: 'no' }) }
    const told = { ...no, headers: world.server.signed(no.body) }
    world.server.fail({ kind: 'say', told }, { kind: 'say', told })
    expect((await world.port.send(request))._unsafeUnwrap().kind).toBe('pending')
    world.server.fail({ kind: 'say', told }, { kind: 'cutBefore' })
    expect((await world.port.send(request))._unsafeUnwrap().kind).toBe('unknown')
    world.server.fail({ kind: 'alter', alter: (each) => ({ ...each, headers: {} }) })
    expect((await world.port.send(request))._unsafeUnwrap()).toEqual({ kind: 'unknown', cause: 'badSignature' })
    // It went with the last, whatever was said: the same again is no second one.
    expect((await world.port.send(request))._unsafeUnwrap().kind).toBe('ok')
    const other = { ...request, amount: { minor: 999, currency: 'CNY' } }
    expect((await world.port.send(other))._unsafeUnwrap()).toMatchObject({ error: { code: 'DuplicateReference' } })
  })

  it('are not over while WeChat Pay has no time to hear of it', async () => {
    const world = await open()
    const { attemptRef, gatewayRef } = await paid(world)
    const busy = { status: 429, body: JSON.stringify({ code: 'FREQUENCY_LIMITED', message: 'slow' }) }
    world.server.fail({ kind: 'say', told: { ...busy, headers: world.server.signed(busy.body) } })
    const finish = async () =>
      (await world.port.finish({ attemptRef, gatewayRef, key: 'k', at: t0 }))._unsafeUnwrap().kind
    expect([await finish(), await finish(), await finish()]).toEqual(['pending', 'ok', 'ok'])
    expect(world.server.splits.over.size).toBe(1)
  })

  it('are not over for being refused at the door, and are where nothing is left', async () => {
    const world = await open()
    const { attemptRef, gatewayRef } = await paid(world)
    const finish = async () => (await world.port.finish({ attemptRef, gatewayRef, key: 'k', at: t0 }))._unsafeUnwrap()
    for (const [status, code] of [
      [401, 'SIGN_ERROR'],
      [403, 'NO_AUTH'],
      [400, 'INVALID_REQUEST'],
    ] as const) {
      const body = JSON.stringify({ code, message: 'no' })
      const no = { status, body, headers: world.server.signed(body) }
      world.server.fail({ kind: 'say', told: no })
      expect(await finish()).toMatchObject({ kind: 'declined', error: { code: 'MerchantConfig', gatewayCode: code } })
    }
    world.server.splits.giveBackAll(gatewayRef ?? '')
    expect(await finish()).toEqual({ kind: 'ok', value: 'finished' })
    // Nor is it known by who is turned away at the door, or may not ask.
    const say = (status: number, code: string) => {
      const body = JSON.stringify({ code, message: 'no' })
      return { kind: 'say', told: { status, body, headers: world.server.signed(body) } } as const
    }
    world.server.fail(say(403, 'NO_AUTH'))
    expect((await finish()).kind).toBe('declined')
    world.server.fail(say(400, 'INVALID_REQUEST'), say(403, 'NO_AUTH'))
    expect((await finish()).kind).toBe('declined')
  })

  it('need sound options', () => {
    const splits = { accountOf: () => null, mostBasisPoints: 10_001, description: '' }
    const refused = createWechatPay(optionsFor('https://api.example', { splits }))
    expect(refused._unsafeUnwrapErr()).toMatchObject({ option: 'splits', reason: 'malformed' })
  })
})
