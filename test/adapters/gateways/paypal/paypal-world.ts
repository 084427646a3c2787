import { createPayPal, type PayPalOptions } from '../../../../adapters/gateways/paypal/index.js'
import { must } from '../../../../examples/support/must.js'
import { account, startFakePayPal } from './fake-server.js'

export const t0 = 1_772_424_000_000

/** A fake PayPal and a gateway to it. */
export const openPayPal = async (more: Partial<PayPalOptions> = {}, now: () => number = () => t0) => {
  const server = await startFakePayPal(now)
  const gateway = must(createPayPal({ baseUrl: server.baseUrl, ...account, timeoutMs: 2_000, ...more }))
  const takeNotifications = async () => server.takeEvents().map((text) => server.sign(text))
  return { server, gateway, now, takeNotifications, stop: server.stop }
}
