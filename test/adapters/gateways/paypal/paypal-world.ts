import type { CreateRequest } from 'shopwright/payments'
import { createPayPal, type PayPalOptions } from '../../../../adapters/gateways/paypal/index.js'
import { must } from '../../../../examples/support/must.js'
import { told } from '../told.js'
import { account, startFakePayPal } from './fake-server.js'

export const t0 = 1_772_424_000_000

/** A fake PayPal and a gateway to it. */
export const openPayPal = async (more: Partial<PayPalOptions> = {}, now: () => number = () => t0) => {
  const server = await startFakePayPal(now)
  const gateway = must(createPayPal({ baseUrl: server.baseUrl, ...account, timeoutMs: 10_000, ...more }))
  const takeNotifications = async () => server.takeEvents().map((text) => server.sign(text))
  return { server, gateway, now, takeNotifications, stop: server.stop }
}

/** A payment of 88.88 dollars. */
export const request: CreateRequest = {
  attemptRef: 'pay_1',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_1',
  amount: { minor: 8888, currency: 'USD' },
  method: 'payPal',
  instrumentToken: null,
  capture: 'automatic',
  expiresAt: t0 + 1_800_000,
  returnUrl: 'https://shop.example/back',
  at: t0,
}

/** Creates the payment, some facts of it others. */
export const placed = async (
  { gateway }: Pick<Awaited<ReturnType<typeof openPayPal>>, 'gateway'>,
  facts: Partial<CreateRequest> = {},
) => {
  const outcome = await told(gateway.create({ ...request, ...facts }))
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
  return { attemptRef: 'pay_1', gatewayRef: outcome.value.gatewayRef, at: t0, next: outcome.value.next }
}
