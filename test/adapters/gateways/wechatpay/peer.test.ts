import { afterEach, describe, expect, it } from 'vitest'
import { Aes, Formatter, Rsa, Wechatpay } from 'wechatpay-axios-plugin'
import { openSealed } from '../../../../adapters/gateways/wechatpay/cipher.js'
import { createCloser } from '../loopback.js'
import { keysOfRun, merchant, platformSerial, startFakeWechatPay } from './fake-server.js'
import { apiV3Key, openWechatPay } from './wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

describe('a client that others wrote', () => {
  it('verifies what the gateway signs', async () => {
    const { gateway, server, now } = keep(await openWechatPay())
    await gateway.query({ attemptRef: 'pay_0000000001', gatewayRef: null, at: now() })
    const { method = '', path = '', headers, body } = server.received[0] ?? {}
    const facts = new Map(
      Array.from((headers?.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g), ([, name = '', value = '']) => [
        name,
        value,
      ]),
    )
    const [timestamp = '', nonce = '', signature = ''] = ['timestamp', 'nonce_str', 'signature'].map((name) =>
      facts.get(name),
    )
    const message = Formatter.request(method, path, timestamp, nonce, String(body))
    const key = Rsa.from(keysOfRun.merchant.publicKey, Rsa.KEY_TYPE_PUBLIC)
    expect(Rsa.verify(message, signature, key)).toBe(true)
    expect(Rsa.verify(`${message}x`, signature, key)).toBe(false)
  })

  it('seals what the gateway opens', () => {
    const ciphertext = Aes.AesGcm.encrypt('{"付":1}', apiV3Key, '0123456789ab', 'transaction')
    const sealed = { nonce: '0123456789ab', associatedData: 'transaction', ciphertext }
    expect(openSealed(apiV3Key, sealed)?.toString()).toBe('{"付":1}')
    expect(openSealed(apiV3Key, { ...sealed, associatedData: 'refund' })).toBeNull()
  })

  // Its requests are checked, and its checks are passed, by the server that the gateway's own tests run against.
  it('places and finds a payment at the same server', async () => {
    const server = keep(await startFakeWechatPay(Date.now, apiV3Key))
    const peer = new Wechatpay({
      baseURL: server.baseUrl,
      mchid: merchant.mchId,
      serial: merchant.serial,
      privateKey: keysOfRun.merchant.privateKey,
      certs: { [platformSerial]: keysOfRun.platform.publicKey },
      proxy: false,
    })
    const client = peer.client.v3
    const placed = await client.post('/v3/pay/transactions/native', {
      appid: merchant.appId,
      mchid: merchant.mchId,
      description: 'a mug',
      out_trade_no: 'peer_000001',
      time_expire: '2030-01-01T00:00:00+08:00',
      attach: '',
      notify_url: 'https://shop.example/n',
      amount: { total: 1, currency: 'CNY' },
    })
    expect(placed.data).toHaveProperty('code_url')
    const found = await client.get('/v3/pay/transactions/out-trade-no/peer_000001', {
      params: { mchid: merchant.mchId },
    })
    expect(found.data).toMatchObject({ trade_state: 'SUCCESS', amount: { total: 1 } })
  })
})
