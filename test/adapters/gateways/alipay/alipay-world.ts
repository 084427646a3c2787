import type { NextStep } from 'shopwright/payments'
import { type AlipayOptions, createAlipay } from '../../../../adapters/gateways/alipay/index.js'
import { must } from '../../../../examples/support/must.js'
import { keysOfRun, merchant, startFakeAlipay } from './fake-server.js'

export const t0 = 1_772_424_000_000

/** Options that fit the fake server. */
export const optionsFor = (baseUrl: string, more: Partial<AlipayOptions> = {}): AlipayOptions => ({
  baseUrl,
  ...merchant,
  privateKey: keysOfRun.app.privateKey,
  alipayPublicKey: keysOfRun.alipay.publicKey,
  scene: 'precreate',
  notifyUrl: 'https://shop.example/notifications/alipay',
  subject: '100% cotton & more',
  timeoutMs: 2_000,
  ...more,
})

/** The payer's app hands over the order that it was given. */
export const handOver = (server: Awaited<ReturnType<typeof startFakeAlipay>>, next: NextStep): void => {
  if (next.kind !== 'sdk') throw new Error(`no order for an app: ${next.kind}`)
  server.handle(Object.fromEntries(new URLSearchParams(String(next.params.orderStr))))
}

/** A fake Alipay and a gateway to it. */
export const openAlipay = async (more: Partial<AlipayOptions> = {}, now: () => number = () => t0) => {
  const server = await startFakeAlipay(now)
  const gateway = must(createAlipay(optionsFor(server.baseUrl, more)))
  return { server, gateway, now, stop: server.stop }
}
