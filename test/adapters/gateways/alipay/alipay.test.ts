import { type CreateRequest, mayRedirect } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { type AlipayOptions, createAlipay } from '../../../../adapters/gateways/alipay/index.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser, type Told } from '../loopback.js'
import { sellOver } from '../sell-over.js'
import { told } from '../told.js'
import { openAlipay, optionsFor, t0 } from './alipay-world.js'
import { inShanghai, keysOfRun, merchant } from './fake-server.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)
const open = async (more?: Partial<AlipayOptions>, now?: () => number) => keep(await openAlipay(more, now))

const request: CreateRequest = {
  attemptRef: 'pay_1',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_1',
  amount: { minor: 8888, currency: 'CNY' },
  method: 'alipay',
  instrumentToken: null,
  capture: 'automatic',
  expiresAt: t0 + 1_800_000,
  returnUrl: 'https://shop.example/back?order=1&x=y',
  at: t0,
}
const question = { attemptRef: 'pay_1', gatewayRef: null, at: t0 }
const refundRequest = {
  refundRef: 'ref_1',
  attemptRef: 'pay_1',
  gatewayRef: null,
  key: 'refund:ref_1:1',
  captured: request.amount,
  amount: { minor: 88, currency: 'CNY' },
  at: t0,
}

describe('what the payer is shown', () => {
  it.each(['page', 'wap'] as const)('is the address of a signed %s, at a host that is declared', async (scene) => {
    const { server } = await open()
    const gateway = must(createAlipay(optionsFor('https://openapi.alipay.com', { scene })))
    const outcome = await told(gateway.create(request))
    const next = outcome.kind === 'ok' ? outcome.value.next : null
    if (next?.kind !== 'redirect') throw new Error(JSON.stringify(outcome))
    expect(mayRedirect(gateway.capabilities, next.url)).toBe(true)
    const params = Object.fromEntries(new URL(next.url).searchParams)
    expect(params).toMatchObject({ method: `alipay.trade.${scene}.pay`, return_url: request.returnUrl })
    expect(JSON.parse(params.biz_content ?? '')).toMatchObject({ total_amount: '88.88', out_trade_no: 'pay_1' })
    server.letPayerWait()
    expect(String(server.handle(params).body)).toContain('"10000"')
    const forged = { ...params, biz_content: params.biz_content?.replace('88.88', '0.01') ?? '' }
    expect(String(server.handle(forged).body)).toContain('isv.invalid-signature')
  })

  it('in an app is a signed order', async () => {
    const { server, gateway } = await open({ scene: 'app' })
    const outcome = await told(gateway.create(request))
    const next = outcome.kind === 'ok' ? outcome.value.next : null
    if (next?.kind !== 'sdk') throw new Error(JSON.stringify(outcome))
    const params = Object.fromEntries(new URLSearchParams(String(next.params.orderStr)))
    expect(String(server.handle(params).body)).toContain('"10000"')
    expect(await told(gateway.query(question))).toMatchObject({ kind: 'ok', value: { status: 'captured' } })
  })

  it.each([
    [{ amount: { minor: 1, currency: 'USD' } }, 'CurrencyUnsupported'],
    [{ amount: { minor: 0, currency: 'CNY' } }, 'AmountInvalid'],
    [{ attemptRef: 'a'.repeat(65) }, 'MerchantConfig'],
    [{ capture: 'manual' }, 'MerchantConfig'],
  ] as const)('is nothing for %j, and nothing is sent', async (facts, code) => {
    const { gateway, server } = await open()
    expect(await told(gateway.create({ ...request, ...facts }))).toMatchObject({ kind: 'declined', error: { code } })
    expect(server.received).toEqual([])
  })
})

describe('what Alipay answers', () => {
  const alterBody = (from: string, to: string) => (answer: Told) => ({
    ...answer,
    body: String(answer.body).replace(from, to),
  })

  it.each([
    ['a changed amount', alterBody('88.88', '88.89')],
    ['a slash that is not escaped any more', alterBody('\\/', '/')],
    ['a space more', alterBody('"code":', '"code": ')],
    ['no signature', (answer: Told) => ({ ...answer, body: String(answer.body).replace(/,"sign":"[^"]*"/, '') })],
    [
      'a second answer before the signed one',
      (answer: Told) => ({
        ...answer,
        body: String(answer.body).replace('{', '{"alipay_trade_query_response":{"code":"10000"},'),
      }),
    ],
  ])('is not believed with %s', async (name, alter) => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.fail({ kind: 'alter', alter })
    const cause = name.startsWith('a second') ? 'unparsable' : 'badSignature'
    expect(await told(gateway.query(question))).toEqual({ kind: 'unknown', cause })
  })

  it('is unknown where Alipay says so, is out of order, or says nothing', async () => {
    const { gateway, server } = await open({ timeoutMs: 1_000 })
    const say = (code: string, sub_code: string) =>
      ({ kind: 'say', told: server.say('alipay.trade.precreate', { code, msg: '', sub_code }) }) as const
    server.fail(
      say('20000', 'isp.unknow-error'),
      say('40004', 'ACQ.SYSTEM_ERROR'),
      say('40004', 'isp.unknow-error'),
      { kind: 'say', told: { status: 502, body: '' } },
      { kind: 'say', told: { status: 200, body: '<html>' } },
      { kind: 'hang' },
    )
    for (const cause of ['serverError', 'serverError', 'serverError', 'serverError', 'unparsable', 'timeout']) {
      expect(await told(gateway.create(request))).toEqual({ kind: 'unknown', cause })
    }
  })

  it('at the door is a refusal', async () => {
    const { gateway } = await open({ privateKey: keysOfRun.stranger.privateKey })
    expect(await told(gateway.create(request))).toMatchObject({
      kind: 'declined',
      error: { code: 'MerchantConfig', gatewayCode: 'isv.invalid-signature' },
    })
  })

  it('tells a trade that ran out from one that went back in full, though both are closed', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    expect(await told(gateway.refund({ ...refundRequest, amount: request.amount }))).toMatchObject({ kind: 'ok' })
    expect(server.trades.get('pay_1')?.state).toBe('TRADE_CLOSED')
    expect(await told(gateway.query(question))).toMatchObject({
      kind: 'ok',
      value: { status: 'captured', capturedMinor: 8888, merchantAccount: `${merchant.appId}/${merchant.sellerId}` },
    })
    expect(await told(gateway.close({ ...question, key: 'close' }))).toEqual({ kind: 'ok', value: 'alreadyPaid' })
  })

  it('has never heard of a payer who has not come, and closes nothing', async () => {
    const gateway = keep(await openAlipay()).gateway
    expect(await told(gateway.close({ ...question, key: 'close' }))).toEqual({ kind: 'ok', value: 'notFound' })
    expect(await told(gateway.query(question))).toEqual({ kind: 'ok', value: 'notFound' })
  })

  it('is believed by either key while Alipay changes it', async () => {
    const alipayPublicKey = [keysOfRun.stranger.publicKey, keysOfRun.alipay.publicKey]
    const { gateway } = await open({ alipayPublicKey })
    expect(await told(gateway.create(request))).toMatchObject({ kind: 'ok' })
    const { gateway: other } = await open({ alipayPublicKey: keysOfRun.stranger.publicKey })
    expect(await told(other.create(request))).toEqual({ kind: 'unknown', cause: 'badSignature' })
  })
})

describe('a refund that is accepted and moves no money', () => {
  it('scenario 14: stays pending until the refund itself is found with its amount', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.delayRefund()
    expect(await told(gateway.refund(refundRequest))).toEqual({
      kind: 'pending',
      gatewayRef: null,
      pollAfterMs: 10_000,
    })
    const asked = { refundRef: 'ref_1', attemptRef: 'pay_1', gatewayRef: null, paymentGatewayRef: null, at: t0 }
    expect(await told(gateway.queryRefund(asked))).toEqual({ kind: 'ok', value: 'notFound' })
    expect(await told(gateway.refund(refundRequest))).toMatchObject({ kind: 'pending' })
    server.finishRefund('ref_1')
    expect(await told(gateway.queryRefund(asked))).toMatchObject({
      kind: 'ok',
      value: { status: 'succeeded', amount: { minor: 88, currency: 'CNY' } },
    })
    expect(server.refunds.size).toBe(1)
  })

  it('came to nothing where Alipay says its amount and not that it succeeded, and is sent again under its number', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.delayRefund()
    await gateway.refund(refundRequest)
    server.finishRefund('ref_1')
    server.failRefund('ref_1')
    const asked = { refundRef: 'ref_1', attemptRef: 'pay_1', gatewayRef: null, paymentGatewayRef: null, at: t0 }
    expect(await told(gateway.queryRefund(asked))).toEqual({ kind: 'ok', value: 'notFound' })
    expect(await told(gateway.refund(refundRequest))).toMatchObject({ kind: 'pending' })
    const numbers = server.received.map(({ body }) => new URLSearchParams(body.toString()).get('biz_content') ?? '')
    expect(numbers.slice(1).every((content) => content.includes('"out_request_no":"ref_1"'))).toBe(true)
  })

  it('is one that moved before where its answer was lost', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.fail({ kind: 'cutAfter' })
    expect(await told(gateway.refund(refundRequest))).toEqual({ kind: 'unknown', cause: 'reset' })
    expect(await told(gateway.refund(refundRequest))).toMatchObject({ kind: 'ok', value: { status: 'succeeded' } })
    expect(server.refunds.size).toBe(1)
  })
})

describe('notifications', () => {
  const notice = async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    const trade = server.trades.get('pay_1')
    if (trade === undefined) throw new Error('no trade')
    return { gateway, server, params: server.noticeOf(trade) }
  }

  it('are read once: a percent sign in a name is a percent sign', async () => {
    const { gateway, server, params } = await notice()
    expect(params.subject).toContain('100% cotton')
    const heard = await gateway.verifyNotification({ ...server.signNotice(params), receivedAt: t0 })
    expect(must(heard).facts).toMatchObject([
      { status: 'captured', capturedMinor: 8888, merchantAccount: `${merchant.appId}/${merchant.sellerId}`, at: t0 },
    ])
    // As a form that nobody escaped: it is not what was signed, and it does not throw.
    const raw = new TextEncoder().encode(`subject=100% cotton&total_amount=88.88&sign=AAAA`)
    const refused = await gateway.verifyNotification({ body: raw, headers: {}, receivedAt: t0 })
    expect(refused._unsafeUnwrapErr().reason).toBe('signatureInvalid')
  })

  it('are signed by SHA-256, whatever they say of themselves', async () => {
    const { gateway, server, params } = await notice()
    const { privateKey } = keysOfRun.alipay
    for (const [hash, signType] of [
      ['sha1', 'RSA'],
      ['sha1', 'RSA2'],
      ['sha256', 'RSA'],
      ['sha256', 'RSA2 '],
    ] as const) {
      const forged = server.signNotice(params, privateKey, hash, signType)
      const refused = await gateway.verifyNotification({ ...forged, receivedAt: t0 })
      expect(refused._unsafeUnwrapErr().reason, `${hash} ${signType}`).toBe('signatureInvalid')
    }
  })

  it.each([
    ['another seller', { seller_id: '2088999999999999' }, 'merchantAccount', `${merchant.appId}/2088999999999999`],
    ['another application', { app_id: '2021999999999999' }, 'merchantAccount', `2021999999999999/${merchant.sellerId}`],
    ['another amount', { total_amount: '0.01' }, 'capturedMinor', 1],
    ['a trade that ran out', { trade_status: 'TRADE_CLOSED', gmt_payment: '' }, 'status', 'closed'],
    ['a trade that went back in full', { trade_status: 'TRADE_CLOSED' }, 'status', 'captured'],
  ])('of %s say so, for the payment to see', async (_, changed, name, value) => {
    const { gateway, server, params } = await notice()
    const heard = await gateway.verifyNotification({ ...server.signNotice({ ...params, ...changed }), receivedAt: t0 })
    expect(must(heard).facts[0]).toHaveProperty(name, value)
  })

  it('that do not say who sells are for the application’s own seller, and for nobody else’s', async () => {
    const { gateway, server, params } = await notice()
    for (const [changed, merchantAccount] of [
      [{ seller_id: '' }, gateway.merchantAccount],
      [{ seller_id: '', app_id: '2021999999999999' }, '2021999999999999/'],
    ] as const) {
      const heard = await gateway.verifyNotification({
        ...server.signNotice({ ...params, ...changed }),
        receivedAt: t0,
      })
      expect(must(heard).facts).toMatchObject([{ kind: 'payment', merchantAccount }])
    }
  })

  it('of what was given back tell of each refund its own amount, also of those made on Alipay’s pages', async () => {
    const { gateway, server } = await notice()
    await gateway.refund(refundRequest)
    server.refundByHand('pay_1', '20260302000001', '10.00')
    const back = server.takeNotices().at(-1)
    if (back === undefined) throw new Error('nothing was told')
    expect(must(await gateway.verifyNotification({ ...back, receivedAt: t0 })).facts).toMatchObject([
      { kind: 'payment', status: 'captured', capturedMinor: 8888 },
      {
        kind: 'refund',
        refundRef: '20260302000001',
        attemptRef: 'pay_1',
        status: 'succeeded',
        amount: { minor: 1000, currency: 'CNY' },
      },
    ])
    // Until Alipay finds it, or where it does not answer, it is told again.
    server.failRefund('20260302000001')
    const early = await gateway.verifyNotification({ ...back, receivedAt: t0 })
    expect(early._unsafeUnwrapErr().reason).toBe('unverifiable')
    server.fail({ kind: 'hang' }, { kind: 'cutAfter' })
    const unheard = await gateway.verifyNotification({ ...back, receivedAt: t0 })
    expect(unheard._unsafeUnwrapErr().reason).toBe('unverifiable')
  })

  it('of a sum given back that names no refund, and of which none is found, say how the trade stands', async () => {
    const { gateway, server, params } = await notice()
    const summed = () => server.signNotice({ ...params, refund_fee: '10.00', out_biz_no: '' })
    expect(must(await gateway.verifyNotification({ ...summed(), receivedAt: t0 })).facts).toMatchObject([
      { kind: 'payment', status: 'captured', capturedMinor: 8888 },
    ])
    // While Alipay does not answer nobody knows that there is none.
    server.fail({ kind: 'cutAfter' })
    const unheard = await gateway.verifyNotification({ ...summed(), receivedAt: t0 })
    expect(unheard._unsafeUnwrapErr().reason).toBe('unverifiable')
  })

  it.each([
    ['no time', { notify_time: '' }, 'malformed'],
    ['no id', { notify_id: '' }, 'malformed'],
    ['an amount finer than a cent', { total_amount: '88.888' }, 'malformed'],
    ['no state', { trade_status: '' }, 'malformed'],
    ['a time of yesterday', { notify_time: inShanghai(t0 - 86_400_000) }, 'stale'],
    ['a time of tomorrow', { notify_time: inShanghai(t0 + 86_400_000) }, 'fromFuture'],
  ])('with %s are rejected', async (_, changed, reason) => {
    const { gateway, server, params } = await notice()
    const refused = await gateway.verifyNotification({
      ...server.signNotice({ ...params, ...changed }),
      receivedAt: t0,
    })
    expect(refused._unsafeUnwrapErr().reason).toBe(reason)
  })

  it('with a name twice are not what was signed', async () => {
    const { gateway, server, params } = await notice()
    const { body, headers } = server.signNotice(params)
    const twice = new TextEncoder().encode(`${new TextDecoder().decode(body)}&total_amount=0.01`)
    const refused = await gateway.verifyNotification({ body: twice, headers, receivedAt: t0 })
    expect(refused._unsafeUnwrapErr().reason).toBe('signatureInvalid')
  })

  it('of other matters are taken note of', async () => {
    const { gateway, server, params } = await notice()
    const other = server.signNotice({ ...params, notify_type: 'dut_user_sign' })
    expect(must(await gateway.verifyNotification({ ...other, receivedAt: t0 })).facts).toEqual([])
  })
})

describe('options', () => {
  it.each<readonly [string, Partial<AlipayOptions>, string]>([
    ['a public key for a private one', { privateKey: keysOfRun.app.publicKey }, 'notAnRsaKey'],
    ['no key of Alipay', { alipayPublicKey: [] }, 'missing'],
    ['a private key of Alipay', { alipayPublicKey: keysOfRun.alipay.privateKey }, 'notAnRsaKey'],
    ['a plain address for notifications', { notifyUrl: 'http://shop.example/n' }, 'notHttps'],
    ['a plain address to send to', { baseUrl: 'http://pay.example' }, 'notHttps'],
    ['no application', { appId: '' }, 'malformed'],
    ['no seller', { sellerId: '' }, 'malformed'],
  ])('with %s make no gateway, and tell no secret', (_, more, reason) => {
    const refused = createAlipay(optionsFor('http://127.0.0.1:1', more))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'GatewayConfigInvalid', gatewayId: 'alipay', reason })
    expect(JSON.stringify(refused)).not.toContain('BEGIN')
  })

  it('take keys as Alipay writes them: base64 without the lines around it', async () => {
    const bare = (pem: string) => pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '')
    const { gateway } = await open({
      privateKey: bare(keysOfRun.app.privateKey),
      alipayPublicKey: bare(keysOfRun.alipay.publicKey),
    })
    expect(await told(gateway.create(request))).toMatchObject({ kind: 'ok' })
  })
})

describe('a whole sale over Alipay', () => {
  it('is paid by notifications and given back, and no secret is written or told', async () => {
    const { gateway, server, now } = await open({}, Date.now)
    server.letPayerWait()
    const sale = await sellOver({
      gateway,
      method: 'alipay',
      now,
      pay: async (paymentId) => server.pay(paymentId),
      takeNotifications: async () => server.takeNotices(),
    })
    expect(sale.next).toMatchObject({ kind: 'qr' })
    expect(sale.states).toEqual(['awaitingPayment', 'awaitingShipment'])
    expect(sale.outcomes).toEqual(['rejected', 'handled', 'handled'])
    expect(sale.refund).toBe('partly')
    expect([...server.refunds.values()].map(({ yuan }) => Math.round(Number(yuan) * 100))).toEqual([sale.refundedMinor])
    expect(sale.said).not.toContain(keysOfRun.app.privateKey.split('\n')[1] ?? 'missing')
  })
})
