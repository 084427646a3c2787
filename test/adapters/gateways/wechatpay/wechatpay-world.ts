import { createWechatPay, type WechatPayOptions } from '../../../../adapters/gateways/wechatpay/index.js'
import { must } from '../../../../examples/support/must.js'
import { keysOfRun, merchant, platformSerial, startFakeWechatPay } from './fake-server.js'

/** 32 bytes, and a text that no outcome may hold. */
export const apiV3Key = 'canary-api-v3-key-of-32-bytes-00'

export const t0 = 1_772_424_000_000

/** Options that fit the fake server. */
export const optionsFor = (baseUrl: string, more: Partial<WechatPayOptions> = {}): WechatPayOptions => ({
  baseUrl,
  appId: merchant.appId,
  mchId: merchant.mchId,
  merchantSerial: merchant.serial,
  merchantPrivateKey: keysOfRun.merchant.privateKey,
  apiV3Key,
  platformKeys: [{ serial: platformSerial, key: keysOfRun.platform.publicKey }],
  scene: 'native',
  notifyUrl: 'https://shop.example/notifications/wechatPay',
  description: ({ orderNumber }) => `Order ${orderNumber}`,
  timeoutMs: 10_000,
  ...more,
})

/** A fake WeChat Pay and a gateway to it. */
export const openWechatPay = async (more: Partial<WechatPayOptions> = {}, now: () => number = () => t0) => {
  const server = await startFakeWechatPay(now, apiV3Key)
  const gateway = must(createWechatPay(optionsFor(server.baseUrl, more)))
  return { server, gateway, now, stop: server.stop }
}
