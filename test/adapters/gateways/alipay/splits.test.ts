import type { SplitRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createAlipay } from '../../../../adapters/gateways/alipay/index.js'
import { createCloser, type Told } from '../loopback.js'
import { handOver, openAlipay, optionsFor, t0 } from './alipay-world.js'
import { payees } from './fake-royalties.js'
import { merchant } from './fake-server.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const splits = { accountOf: () => payees.potter, description: '分账' }
const yuan = (minor: number) => ({ minor, currency: 'CNY' })
/** Of 33 characters, one more than Alipay takes. */
const splitRef = 'split_01kh0000000ABCDEFGHIJKLMNOP'

const open = async (isSplit = true) => {
  const world = keep(await openAlipay({ scene: 'app', splits }))
  const { splits: port } = world.gateway
  if (port === undefined) throw new Error('no splits')
  const made = (
    await world.gateway.create({
      attemptRef: 'pay_0001',
      orderRef: 'order_1',
      orderNumber: '261124-0482-1367-7',
      key: 'create:pay_0001',
      amount: yuan(10_000),
      method: 'alipay',
      instrumentToken: null,
      capture: 'automatic',
      isSplit,
      expiresAt: t0 + 1_800_000,
      returnUrl: null,
      at: t0,
    })
  )._unsafeUnwrap()
  if (made.kind === 'ok') handOver(world.server, made.value.next)
  const request: SplitRequest = {
    splitRef,
    attemptRef: 'pay_0001',
    gatewayRef: [...world.server.trades.values()][0]?.id ?? null,
    key: `split:${splitRef}`,
    account: payees.potter,
    amount: yuan(1_000),
    at: t0,
  }
  const back = { ...request, returnRef: 'splitReturn_1', key: 'splitReturn:1' }
  const said = (subCode: string): Told => world.server.say(method, { code: '40004', sub_code: subCode })
  const method = 'alipay.trade.order.settle'
  return { ...world, port, request, back, royalties: world.server.royalties, said }
}

const asked = ({ server }: Pick<Awaited<ReturnType<typeof open>>, 'server'>) =>
  server.received.map(({ body }) => {
    const params = new URLSearchParams(body.toString())
    return { method: params.get('method'), content: JSON.parse(params.get('biz_content') ?? '{}') }
  })

describe('payments that Alipay divides', () => {
  it('are kept together from the start where they are to be divided, and not otherwise', async () => {
    const [divided, whole] = [await open(true), await open(false)]
    expect([...divided.server.trades.values()].map(({ isFrozen }) => isFrozen)).toEqual([true])
    expect([...whole.server.trades.values()].map(({ isFrozen }) => isFrozen)).toEqual([false])
    expect((await whole.port.send(whole.request))._unsafeUnwrap()).toMatchObject({ kind: 'declined' })
  })

  it('go to a payee whom Alipay is told of with the first part, under a number as short as it takes', async () => {
    const world = await open()
    expect((await world.port.send(world.request))._unsafeUnwrap().kind).toBe('ok')
    const [first, bind, second] = asked(world)
    expect([first?.method, bind?.method]).toEqual(['alipay.trade.order.settle', 'alipay.trade.royalty.relation.bind'])
    expect(second).toEqual(first)
    expect(bind?.content.receiver_list).toEqual([{ type: 'userId', account: payees.potter, memo: '分账' }])
    expect(first?.content).toEqual({
      out_request_no: expect.stringMatching(/^[0-9a-f]{32}$/),
      trade_no: world.request.gatewayRef,
      royalty_parameters: [
        {
          royalty_type: 'transfer',
          trans_out_type: 'userId',
          trans_out: merchant.sellerId,
          trans_in_type: 'userId',
          trans_in: payees.potter,
          amount: '10.00',
          desc: '分账',
        },
      ],
    })
    const other = { ...world.request, splitRef: `${splitRef.slice(0, -1)}Q` }
    await world.port.send(other)
    const numbers = [...world.royalties.moves.values()].map(({ number }) => number)
    expect(new Set(numbers).size).toBe(2)
  })

  it('turn down for certain a payee whom Alipay does not know', async () => {
    const { port, request, royalties } = await open()
    const stranger = { ...request, account: '2088000000000099' }
    expect((await port.send(stranger))._unsafeUnwrap()).toEqual({
      kind: 'declined',
      error: { code: 'InstrumentInvalid', gatewayCode: 'USER_NOT_EXIST' },
    })
    expect(royalties.moves.size).toBe(0)
  })

  it('are never taken for turned down while it is not known that nothing went', async () => {
    const world = await open()
    const { port, request, server, said, royalties } = world
    const send = async () => (await port.send(request))._unsafeUnwrap()
    server.fail({ kind: 'say', told: said('ACQ.FREQUENCY_LIMITED') })
    expect((await send()).kind).toBe('pending')
    // It went, and what is said of the next try is about something else.
    await send()
    expect(royalties.moves.size).toBe(1)
    server.fail({ kind: 'say', told: said('ACQ.ALLOC_REFUSE_AFTER_REFUND') })
    expect(await send()).toMatchObject({ kind: 'ok', value: { gatewayRef: expect.stringMatching(/^2026/) } })
    // Refused, and the question too.
    server.fail({ kind: 'say', told: said('ACQ.TRADE_SETTLE_ERROR') }, { kind: 'cutBefore' })
    expect((await send()).kind).toBe('unknown')
    server.fail({ kind: 'alter', alter: (told) => ({ ...told, body: String(told.body).replace('2026', '2027') }) })
    expect(await send()).toEqual({ kind: 'unknown', cause: 'badSignature' })
    expect(royalties.moves.size).toBe(1)
  })

  it('leave open what a question that was refused was about', async () => {
    const { port, request, server, said } = await open()
    const query = 'alipay.trade.order.settle.query'
    const no = server.say(query, { code: '40004', sub_code: 'MERCHANT_TRADE_NOT_MATCH' })
    server.fail({ kind: 'say', told: said('ACQ.TRADE_SETTLE_ERROR') }, { kind: 'say', told: no })
    expect((await port.send(request))._unsafeUnwrap().kind).toBe('pending')
    server.fail({ kind: 'say', told: said('ACQ.TRADE_SETTLE_ERROR') })
    expect((await port.send(request))._unsafeUnwrap()).toEqual({
      kind: 'declined',
      error: { code: 'MerchantConfig', gatewayCode: 'ACQ.TRADE_SETTLE_ERROR' },
    })
  })

  it('come back by a refund of nothing, once Alipay says that the money has moved', async () => {
    const world = await open()
    const { port, request, back, royalties, server } = world
    await port.send(request)
    royalties.letNextBe('PROCESSING')
    expect((await port.takeBack(back))._unsafeUnwrap().kind).toBe('pending')
    royalties.end('splitReturn_1', 'SUCCESS')
    expect((await port.takeBack(back))._unsafeUnwrap().kind).toBe('ok')
    const refund = asked(world).find(({ method }) => method === 'alipay.trade.refund')
    expect(refund?.content).toMatchObject({
      out_request_no: 'splitReturn_1',
      refund_amount: '0.00',
      refund_royalty_parameters: [{ trans_out: payees.potter, trans_in: merchant.sellerId, amount: '10.00' }],
    })
    // The payer has been given nothing by it.
    expect(server.refunds.size).toBe(0)
    expect([...royalties.moves.values()].map(({ kind }) => kind)).toEqual(['transfer', 'transfer_refund'])
  })

  it('say why nothing came back: a payee who has spent it, who lets nothing be taken, whose account was closed', async () => {
    const { port, request, back, royalties } = await open()
    await port.send(request)
    royalties.spend(payees.potter, 1)
    expect((await port.takeBack(back))._unsafeUnwrap()).toMatchObject({ error: { code: 'InsufficientFunds' } })
    royalties.spend(payees.potter, 0)
    royalties.letNextBe('FAIL', 'ROYALTY_ACCOUNT_INVALID')
    expect((await port.takeBack(back))._unsafeUnwrap()).toMatchObject({ error: { code: 'InstrumentInvalid' } })
    royalties.letNothingBack(payees.potter)
    const next = { ...back, returnRef: 'splitReturn_2' }
    expect((await port.takeBack(next))._unsafeUnwrap()).toEqual({
      kind: 'declined',
      error: { code: 'MerchantConfig', gatewayCode: 'ACQ.REFUNDALLOC_UNAUTH_LIMIT' },
    })
  })

  it('say that a number stands for something else', async () => {
    const { port, request, back } = await open()
    await port.send(request)
    await port.takeBack(back)
    const told = [
      await port.send({ ...request, amount: yuan(999) }),
      await port.send({ ...request, account: payees.weaver }),
      await port.takeBack({ ...back, amount: yuan(999) }),
    ].map((each) => each._unsafeUnwrap())
    expect(told.map((each) => (each.kind === 'declined' ? each.error.code : each.kind))).toEqual(
      told.map(() => 'DuplicateReference'),
    )
  })

  it('are refused here where Alipay could not take them', async () => {
    const { port, request, server } = await open()
    const codes = []
    for (const wrong of [
      { amount: { minor: 100, currency: 'USD' } },
      { amount: yuan(0) },
      { account: 'acct_1Potter' },
      { gatewayRef: null },
    ]) {
      const told = (await port.send({ ...request, ...wrong }))._unsafeUnwrap()
      codes.push(told.kind === 'declined' ? told.error.code : told.kind)
    }
    expect(codes).toEqual(['CurrencyUnsupported', 'AmountInvalid', 'InstrumentInvalid', 'MerchantConfig'])
    expect(server.received).toEqual([])
  })

  it('are over once Alipay has time to hear of it, and stay so', async () => {
    const { port, request, server, said, royalties } = await open()
    server.fail({ kind: 'say', told: said('ACQ.FREQUENCY_LIMITED') })
    const over = { attemptRef: 'pay_0001', gatewayRef: request.gatewayRef, key: 'k', at: t0 }
    const finish = async () => (await port.finish(over))._unsafeUnwrap().kind
    expect([await finish(), await finish(), await finish()]).toEqual(['pending', 'ok', 'ok'])
    expect(royalties.finished.size).toBe(1)
  })

  it('are not over for being refused, and are where the state of the trade refuses it and nothing is left', async () => {
    const { port, request, server, said, royalties } = await open()
    const over = { attemptRef: 'pay_0001', gatewayRef: request.gatewayRef, key: 'k', at: t0 }
    const finish = async () => (await port.finish(over))._unsafeUnwrap()
    server.fail({ kind: 'say', told: said('ACQ.TRADE_STATUS_ERROR') })
    expect(await finish()).toMatchObject({ kind: 'declined', error: { gatewayCode: 'ACQ.TRADE_STATUS_ERROR' } })
    royalties.giveBackAll(request.gatewayRef ?? '')
    const door = { code: '40006', msg: 'no', sub_code: 'isv.insufficient-isv-permissions' }
    server.fail({ kind: 'say', told: server.say('alipay.trade.order.settle', door) })
    expect((await finish()).kind).toBe('declined')
    expect(await finish()).toEqual({ kind: 'ok', value: 'finished' })
  })

  it('need sound options, and a payer who does not pay by code: refunds of those take from payees by themselves', () => {
    for (const more of [
      { scene: 'precreate' as const, splits },
      { scene: 'app' as const, splits: { ...splits, mostBasisPoints: 10_001 } },
      { scene: 'app' as const, splits: { ...splits, mostBasisPoints: 0 } },
    ]) {
      const refused = createAlipay(optionsFor('https://api.example', more))
      expect(refused._unsafeUnwrapErr()).toMatchObject({ option: 'splits', reason: 'malformed' })
    }
  })
})
