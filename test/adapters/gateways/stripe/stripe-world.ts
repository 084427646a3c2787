import type { CreateRequest, EvidenceFileTerms } from 'shopwright/payments'
import { Stripe } from 'stripe'
import { createStripe, type StripeOptions } from '../../../../adapters/gateways/stripe/index.js'
import { must } from '../../../../examples/support/must.js'
import type { Told } from '../loopback.js'
import { account, startFakeStripe } from './fake-server.js'

export const t0 = 1_772_424_000_000

/** A request that goes through as it is. */
export const passing = { kind: 'alter', alter: (told: Told) => told } as const

const signer = new Stripe('sk_test_of_nobody')

/** Signs a notification with the package's own function. */
export const signEvent = (payload: string, at: number, secret: string = account.webhookSecrets[0]) => {
  const timestamp = Math.floor(at / 1000)
  const signature = signer.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  return { body: new TextEncoder().encode(payload), headers: { 'stripe-signature': signature } }
}

/** Which files Stripe takes as evidence. */
export const fileTerms: EvidenceFileTerms = {
  mediaTypes: ['image/jpeg', 'image/png', 'application/pdf'],
  mostFiles: 4,
  mostOfAKind: 1,
  mostBytes: 4_500_000,
  mostBytesTogether: 4_500_000,
}

/** A fake Stripe and a gateway to it, through Stripe's own package. */
export const openStripe = async (more: Partial<StripeOptions> = {}, now: () => number = () => t0) => {
  const server = await startFakeStripe(now)
  const gateway = must(await createStripe({ baseUrl: server.baseUrl, ...account, timeoutMs: 2_000, ...more }))
  const takeNotifications = async () => server.takeEvents().map((text) => signEvent(text, now()))
  return { server, gateway, now, takeNotifications, stop: server.stop }
}

/** What a payer is to pay, 88.88. */
export const request: CreateRequest = {
  attemptRef: 'pay_1',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_1',
  amount: { minor: 8888, currency: 'USD' },
  method: 'creditCard',
  instrumentToken: null,
  capture: 'automatic',
  expiresAt: t0 + 1_800_000,
  returnUrl: 'https://shop.example/back',
  at: t0,
}
export const question = { attemptRef: 'pay_1', gatewayRef: null, at: t0 }
/** Of which 0.88 are to go back. */
export const refundRequest = {
  refundRef: 'ref_1',
  attemptRef: 'pay_1',
  gatewayRef: null,
  key: 'refund:ref_1:1',
  captured: request.amount,
  amount: { minor: 88, currency: 'USD' },
  at: t0,
}
