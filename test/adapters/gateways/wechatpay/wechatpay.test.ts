import { createPublicKey, verify } from 'node:crypto'
import type { CreateRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createWechatPay, type WechatPayOptions } from '../../../../adapters/gateways/wechatpay/index.js'
import { createCloser, type Told } from '../loopback.js'
import { sellOver } from '../sell-over.js'
import { makeCertificate } from '../test-certificate.js'
import { told } from '../told.js'
import { keysOfRun, merchant, platformSerial } from './fake-server.js'
import { apiV3Key, openWechatPay, optionsFor, t0 } from './wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)
const open = async (more?: Partial<WechatPayOptions>, now?: () => number) => keep(await openWechatPay(more, now))

const request: CreateRequest = {
  attemptRef: 'pay_0000000001',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_0000000001',
  amount: { minor: 8888, currency: 'CNY' },
  method: 'wechatPay',
  instrumentToken: null,
  capture: 'automatic',
  expiresAt: t0 + 1_800_000,
  returnUrl: null,
  at: t0,
}
const question = { attemptRef: request.attemptRef, gatewayRef: null, at: t0 }
const refundRequest = {
  refundRef: 'ref_1',
  attemptRef: request.attemptRef,
  gatewayRef: null,
  key: 'refund:ref_1:1',
  captured: request.amount,
  amount: { minor: 88, currency: 'CNY' },
  at: t0,
}

describe('what the payer is shown', () => {
  it('outside WeChat is a page that leads back to the shop', async () => {
    const { gateway } = await open({ scene: 'h5' })
    const asked = { ...request, instrumentToken: '203.0.113.7', returnUrl: 'https://shop.example/back?x=1' }
    const outcome = await told(gateway.create(asked))
    expect(outcome).toMatchObject({ kind: 'ok', value: { next: { kind: 'redirect' } } })
    const url = outcome.kind === 'ok' && outcome.value.next.kind === 'redirect' ? outcome.value.next.url : ''
    expect(url).toMatch(/^https:\/\/wx\.tenpay\.com\/.*&redirect_url=https%3A%2F%2Fshop\.example%2Fback%3Fx%3D1$/)
  })

  it.each(['jsapi', 'app'] as const)('in %s is signed by the merchant over the prepayment', async (scene) => {
    const { gateway } = await open({ scene })
    const instrumentToken = scene === 'jsapi' ? 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' : null
    const outcome = await told(gateway.create({ ...request, instrumentToken }))
    const next = outcome.kind === 'ok' ? outcome.value.next : null
    if (next?.kind !== 'sdk') throw new Error(JSON.stringify(outcome))
    const { params } = next
    const [time, nonce, prepay, signature] =
      scene === 'jsapi'
        ? [params.timeStamp, params.nonceStr, params.package, params.paySign]
        : [params.timestamp, params.noncestr, params.prepayid, params.sign]
    const message = `${merchant.appId}\n${time}\n${nonce}\n${prepay}\n`
    const key = createPublicKey(keysOfRun.merchant.publicKey)
    expect(time).toBe(String(t0 / 1000))
    expect(verify('sha256', Buffer.from(message), key, Buffer.from(String(signature), 'base64'))).toBe(true)
  })

  it.each([
    ['jsapi', null],
    ['jsapi', '4111111111111111'],
    ['h5', null],
    ['h5', 'not an address'],
  ] as const)(
    'in %s is nothing where the payer is known by %s, and nothing is sent',
    async (scene, instrumentToken) => {
      const { gateway, server } = await open({ scene })
      expect(await told(gateway.create({ ...request, instrumentToken }))).toMatchObject({
        kind: 'declined',
        error: { code: 'InstrumentInvalid' },
      })
      expect(server.received).toEqual([])
    },
  )

  it.each([
    [{ amount: { minor: 1, currency: 'USD' } }, 'CurrencyUnsupported'],
    [{ amount: { minor: 0, currency: 'CNY' } }, 'AmountInvalid'],
    [{ attemptRef: 'a'.repeat(33) }, 'MerchantConfig'],
    [{ capture: 'manual' }, 'MerchantConfig'],
  ] as const)('is nothing for %j, and nothing is sent', async (facts, code) => {
    const { gateway, server } = await open()
    expect(await told(gateway.create({ ...request, ...facts }))).toMatchObject({ kind: 'declined', error: { code } })
    expect(server.received).toEqual([])
  })
})

describe('what WeChat Pay answers', () => {
  const alterBody = (from: string, to: string) => (answer: Told) => ({
    ...answer,
    body: String(answer.body).replace(from, to),
  })

  it('counts the total where the payer paid less by a coupon of WeChat', async () => {
    const { gateway, server } = await open()
    server.letPayerWait()
    await gateway.create(request)
    server.pay(request.attemptRef, 1000)
    expect(await told(gateway.query(question))).toMatchObject({
      kind: 'ok',
      value: { status: 'captured', total: { minor: 8888, currency: 'CNY' }, capturedMinor: 8888, orderRef: 'order_1' },
    })
  })

  it('names the application that the money is for, also where it is another of the same merchant', async () => {
    const { gateway, server } = await open()
    server.letPayerWait()
    await gateway.create(request)
    server.pay(request.attemptRef)
    const own = { kind: 'ok', value: { status: 'captured', merchantAccount: gateway.merchantAccount } }
    expect(await told(gateway.query(question))).toMatchObject(own)
    server.trades.set(request.attemptRef, { ...server.trades.get(request.attemptRef)!, appid: 'wx0000000000000000' })
    expect(await told(gateway.query(question))).toMatchObject({
      kind: 'ok',
      value: { status: 'captured', merchantAccount: `wx0000000000000000/${merchant.mchId}` },
    })
    server.trades.set(request.attemptRef, { ...server.trades.get(request.attemptRef)!, appid: undefined })
    expect(await told(gateway.query(question))).toMatchObject(own)
  })

  it('waits for its payer without a currency in it', async () => {
    const { gateway, server } = await open()
    server.letPayerWait()
    await gateway.create(request)
    expect(await told(gateway.query(question))).toMatchObject({
      kind: 'ok',
      value: { status: 'requiresAction', total: { minor: 8888, currency: 'CNY' }, capturedMinor: 0 },
    })
  })

  it.each([
    ['a changed amount', alterBody('8888', '8889')],
    ['JSON written anew', (answer: Told) => ({ ...answer, body: `${answer.body} ` })],
    ['another serial', (answer: Told) => ({ ...answer, headers: { ...answer.headers, 'wechatpay-serial': 'FF' } })],
    ['no signature', (answer: Told) => ({ ...answer, headers: {} })],
    [
      'the probe of a client that does not check',
      (answer: Told) => ({
        ...answer,
        headers: { ...answer.headers, 'wechatpay-signature': `WECHATPAY/SIGNTEST/${'A'.repeat(300)}` },
      }),
    ],
  ])('is not believed with %s', async (_, alter) => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.fail({ kind: 'alter', alter })
    expect(await told(gateway.query(question))).toEqual({ kind: 'unknown', cause: 'badSignature' })
  })

  it.each([-301_000, 301_000])('is not believed when it was signed %s ms off', async (offMs) => {
    const { gateway, server } = await open()
    await gateway.create(request)
    const alter = (answer: Told) => ({
      ...answer,
      headers: { ...answer.headers, ...server.signed(String(answer.body), t0 + offMs) },
    })
    server.fail({ kind: 'alter', alter })
    expect(await told(gateway.query(question))).toEqual({ kind: 'unknown', cause: 'badSignature' })
  })

  it('is unknown where the server is out of order, where nothing comes, and where it leads elsewhere', async () => {
    const { gateway, server } = await open({ timeoutMs: 1_000 })
    const found: Told = { status: 302, headers: { location: 'https://elsewhere.example' }, body: '' }
    server.fail(
      { kind: 'say', told: { status: 500, body: '{"code":"SYSTEM_ERROR"}' } },
      { kind: 'hang' },
      { kind: 'cutAfter' },
      { kind: 'say', told: { ...found, headers: { ...found.headers, ...server.signed('') } } },
      { kind: 'say', told: { status: 403, body: '<html>' } },
    )
    for (const cause of ['serverError', 'timeout', 'reset', 'unparsable', 'unparsable']) {
      expect(await told(gateway.create(request))).toEqual({ kind: 'unknown', cause })
    }
  })

  it('about another payment proves nothing about this', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    await gateway.create({ ...request, attemptRef: 'pay_0000000002' })
    const other = JSON.stringify({ out_trade_no: 'pay_0000000002' })
    server.fail({ kind: 'say', told: { status: 200, headers: server.signed(other), body: other } })
    expect(await told(gateway.query(question))).toEqual({ kind: 'unknown', cause: 'unparsable' })
  })

  it('closes what the gateway says is closed, also under the code for whatever does not fit', async () => {
    const { gateway, server } = await open()
    server.letPayerWait()
    await gateway.create(request)
    const closing = { ...question, key: 'close:1' }
    const vague = JSON.stringify({ code: 'INVALID_REQUEST', message: '' })
    const say = { kind: 'say', told: { status: 400, headers: server.signed(vague), body: vague } } as const
    server.fail(say)
    expect(await told(gateway.close(closing))).toMatchObject({ kind: 'declined' })
    server.pay(request.attemptRef)
    server.fail(say)
    expect(await told(gateway.close(closing))).toEqual({ kind: 'ok', value: 'alreadyPaid' })
    expect(await told(gateway.close({ ...closing, attemptRef: 'pay_nobody' }))).toEqual({
      kind: 'ok',
      value: 'notFound',
    })
  })
})

describe('platform certificates', () => {
  const from = t0 - 86_400_000
  const to = t0 + 86_400_000
  const certificate = (serial: string, keys = keysOfRun.platform) => ({
    serial,
    pem: makeCertificate(keys, serial, from, to),
  })

  it('are downloaded, opened and believed when a serial is new', async () => {
    let now = t0
    const { gateway, server } = await open({ platformKeys: [], downloadCertificates: true }, () => now)
    server.useCertificates([certificate('1A2B')])
    expect(await told(gateway.create(request))).toMatchObject({ kind: 'ok' })
    expect(await told(gateway.query(question))).toMatchObject({ kind: 'ok' })
    expect(server.received.filter(({ path }) => path === '/v3/certificates')).toHaveLength(1)
    // They are changed: the new one signs, the old one is still handed out.
    now += 61_000
    server.useCertificates([certificate('1A2C'), certificate('1A2B')])
    expect(await told(gateway.query({ ...question, at: now }))).toMatchObject({ kind: 'ok' })
    expect(server.received.filter(({ path }) => path === '/v3/certificates')).toHaveLength(2)
  })

  it('are asked for once by many, and not again for every serial that somebody makes up', async () => {
    const { gateway, server } = await open({ platformKeys: [], downloadCertificates: true })
    server.useCertificates([certificate('1A2B')])
    await Promise.all([1, 2, 3].map(() => gateway.create(request)))
    for (const serial of ['AA', 'BB', 'CC']) {
      const notice = server.notify('TRANSACTION.SUCCESS', 'transaction', {})
      const headers = { ...notice.headers, 'wechatpay-serial': serial }
      const verdict = await gateway.verifyNotification({ body: notice.body, headers, receivedAt: t0 })
      expect(verdict._unsafeUnwrapErr().reason).toBe('unknownKey')
    }
    expect(server.received.filter(({ path }) => path === '/v3/certificates')).toHaveLength(1)
  })

  it('are not believed when another has signed the list', async () => {
    const { gateway, server } = await open({ platformKeys: [], downloadCertificates: true })
    server.useCertificates([certificate('1A2B', keysOfRun.stranger)])
    expect(await told(gateway.create(request))).toEqual({ kind: 'unknown', cause: 'badSignature' })
  })

  it('may be handed in, beside the public key', async () => {
    const { serial, pem } = certificate('1A2B')
    const platformKeys = [
      { serial: platformSerial, key: keysOfRun.stranger.publicKey },
      { serial, key: pem },
    ]
    const { gateway, server } = await open({ platformKeys })
    server.useCertificates([{ serial, pem }])
    expect(await told(gateway.create(request))).toMatchObject({ kind: 'ok' })
    server.useCertificates([])
    expect(await told(gateway.query(question))).toEqual({ kind: 'unknown', cause: 'badSignature' })
  })
})

describe('refunds', () => {
  it('are under way, and come to nothing where the payer has no account any more', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.takeNotices()
    server.letRefundsBe('PROCESSING')
    expect(await told(gateway.refund(refundRequest))).toMatchObject({
      kind: 'ok',
      value: { status: 'pending', amount: { minor: 88 } },
    })
    server.endRefund('ref_1', 'ABNORMAL')
    const [notice] = server.takeNotices().map(({ type, kind, facts }) => server.notify(type, kind, facts))
    const heard = await gateway.verifyNotification({ ...notice!, receivedAt: t0 })
    const failed = {
      kind: 'refund',
      refundRef: 'ref_1',
      attemptRef: request.attemptRef,
      status: 'failed',
      failure: 'InstrumentInvalid',
    }
    expect(heard._unsafeUnwrap().facts).toMatchObject([failed])
    const asked = {
      refundRef: 'ref_1',
      attemptRef: request.attemptRef,
      gatewayRef: null,
      paymentGatewayRef: null,
      at: t0,
    }
    expect(await told(gateway.queryRefund(asked))).toMatchObject({ kind: 'ok', value: failed })
    server.endRefund('ref_1', 'CLOSED')
    expect(await told(gateway.queryRefund(asked))).toMatchObject({ kind: 'ok', value: { status: 'failed' } })
  })

  it('of a lost answer are one, however often they are sent', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.fail({ kind: 'cutAfter' })
    expect(await told(gateway.refund(refundRequest))).toEqual({ kind: 'unknown', cause: 'reset' })
    expect(await told(gateway.refund({ ...refundRequest, key: 'refund:ref_1:2' }))).toMatchObject({ kind: 'ok' })
    expect([...server.refunds.values()].map(({ minor }) => minor)).toEqual([88])
  })

  it('are unknown while nobody can say what a refusal hides', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    const vague = JSON.stringify({ code: 'INVALID_REQUEST', message: '' })
    server.fail(
      { kind: 'say', told: { status: 400, headers: server.signed(vague), body: vague } },
      { kind: 'cutBefore' },
    )
    expect(await told(gateway.refund(refundRequest))).toEqual({ kind: 'unknown', cause: 'reset' })
    const busy = JSON.stringify({ code: 'FREQUENCY_LIMITED', message: '' })
    const say = (status: number, body: string) =>
      ({ kind: 'say', told: { status, headers: server.signed(body), body } }) as const
    server.fail(say(400, vague), say(429, busy))
    expect(await told(gateway.refund(refundRequest))).toEqual({ kind: 'unknown', cause: 'ambiguous' })
  })
})

describe('notifications', () => {
  const receive = async (facts: object, kind: string, alter = (headers: Record<string, string>) => headers) => {
    const { gateway, server } = await open()
    const notice = server.notify('EVENT', kind, facts)
    return gateway.verifyNotification({ body: notice.body, headers: alter(notice.headers), receivedAt: t0 })
  }

  it('of other matters are taken note of', async () => {
    expect((await receive({ any: 'thing' }, 'complaint'))._unsafeUnwrap().facts).toEqual([])
  })

  it('that are no transaction, or of another merchant, are malformed', async () => {
    expect((await receive({ any: 'thing' }, 'transaction'))._unsafeUnwrapErr().reason).toBe('malformed')
    const refund = { mchid: '1', refund_id: '1', out_refund_no: 'r', out_trade_no: 't', refund_status: 'SUCCESS' }
    const other = await receive({ ...refund, amount: { refund: 1 } }, 'refund')
    expect(other._unsafeUnwrapErr().reason).toBe('malformed')
  })

  it('sealed with another key are malformed, though signed well', async () => {
    const { server } = await open()
    const { gateway } = await open({ apiV3Key: 'x'.repeat(32) })
    const notice = server.notify('TRANSACTION.SUCCESS', 'transaction', {})
    expect((await gateway.verifyNotification({ ...notice, receivedAt: t0 }))._unsafeUnwrapErr().reason).toBe(
      'malformed',
    )
  })

  it.each([
    ['wechatpay-serial', 'FFFF', 'unknownKey'],
    ['wechatpay-timestamp', 'soon', 'malformed'],
    ['wechatpay-timestamp', String(t0 / 1000 - 1), 'signatureInvalid'],
    ['wechatpay-nonce', 'other', 'signatureInvalid'],
    ['wechatpay-signature', 'not base64', 'signatureInvalid'],
    ['wechatpay-signature', '', 'signatureInvalid'],
    ['wechatpay-signature', 'WECHATPAY/SIGNTEST/2sWfO+6tVVsZ', 'signatureProbe'],
  ])('with %s as %s are rejected as %s', async (name, value, reason) => {
    const verdict = await receive({}, 'transaction', (headers) => ({ ...headers, [name]: value }))
    expect(verdict._unsafeUnwrapErr()).toEqual({ type: 'NotificationRejected', reason })
  })
})

describe('options', () => {
  it.each<readonly [string, Partial<WechatPayOptions>, string]>([
    ['an APIv3 key of 31 bytes', { apiV3Key: apiV3Key.slice(1) }, 'wrongLength'],
    ['an APIv3 key of 16 bytes', { apiV3Key: apiV3Key.slice(16) }, 'wrongLength'],
    ['a public key for a private one', { merchantPrivateKey: keysOfRun.merchant.publicKey }, 'notAnRsaKey'],
    ['no key of the platform', { platformKeys: [] }, 'missing'],
    [
      'a private key of the platform',
      { platformKeys: [{ serial: 'A', key: keysOfRun.platform.privateKey }] },
      'notAnRsaKey',
    ],
    ['a plain address for notifications', { notifyUrl: 'http://shop.example/n' }, 'notHttps'],
    ['a notification address with a query', { notifyUrl: 'https://shop.example/n?a=1' }, 'notHttps'],
    ['a plain address to send to', { baseUrl: 'http://pay.example' }, 'notHttps'],
    ['no merchant', { mchId: '' }, 'malformed'],
    ['no application', { appId: '' }, 'missing'],
  ])('with %s make no gateway, and tell no secret', (_, more, reason) => {
    const refused = createWechatPay(optionsFor('http://127.0.0.1:1', more))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'GatewayConfigInvalid', gatewayId: 'wechatPay', reason })
    expect(JSON.stringify(refused)).not.toContain('canary')
    expect(JSON.stringify(refused)).not.toContain('BEGIN')
  })
})

describe('a whole sale over WeChat Pay', () => {
  it('is paid and given back by notifications, and no secret is written or told', async () => {
    const { gateway, server, now } = await open({}, Date.now)
    server.letPayerWait()
    const sale = await sellOver({
      gateway,
      method: 'wechatPay',
      now,
      pay: async (paymentId) => server.pay(paymentId),
      takeNotifications: async () =>
        server.takeNotices().map(({ type, kind, facts }) => server.notify(type, kind, facts)),
    })
    expect(sale.next).toMatchObject({ kind: 'qr' })
    expect(sale.states).toEqual(['awaitingPayment', 'awaitingShipment'])
    expect(sale.outcomes).toEqual(['rejected', 'handled', 'handled', 'rejected', 'handled', 'handled'])
    expect(sale.refund).toBe('partly')
    expect([...server.refunds.values()].map(({ minor }) => minor)).toEqual([sale.refundedMinor])
    const secretLine = keysOfRun.merchant.privateKey.split('\n')[1] ?? 'missing'
    for (const secret of [apiV3Key, secretLine]) expect(sale.said).not.toContain(secret)
  })
})
