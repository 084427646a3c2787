import { afterEach } from 'vitest'
import { gatewayDisputeCases } from '../../../../adapters/contract/gateway-disputes.js'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
import { files } from '../../../../adapters/gateways/paypal/evidence.js'
import { runContract } from '../../../support/run-contract.js'
import { createCloser } from '../loopback.js'
import { account } from './fake-server.js'
import { openPayPal } from './paypal-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const open = async (): Promise<GatewayUnderTest> => {
  const { gateway, server, now, takeNotifications } = keep(await openPayPal())
  // A token first, so that what is cut is the request itself.
  await gateway.query({ attemptRef: 'nobody', gatewayRef: 'nobody', at: now() })
  return {
    gateway,
    now,
    currency: 'USD',
    letPayerWait: server.letPayerWait,
    pay: async (attemptRef) => server.approve(attemptRef),
    loseNextAnswer: server.cut,
    takeNotifications,
    statement: async (attemptRef) => {
      const order = [...server.orders.values()].find(({ invoiceId }) => invoiceId === attemptRef)
      const sum = (parts: readonly { readonly amount: { readonly value: string } }[] = []) =>
        parts.reduce((total, { amount }) => total + Number(amount.value), 0).toFixed(2)
      return {
        currency: order?.amount.currency_code ?? '',
        paid: sum(order?.captures),
        back: sum(order?.refunds),
      }
    },
    bank: {
      dispute: async (attemptRef, minor) => {
        server.dispute(attemptRef, { currency_code: 'USD', value: (minor / 100).toFixed(2) })
      },
      decide: async (_, outcome) =>
        server.decide(outcome === 'won' ? 'RESOLVED_SELLER_FAVOUR' : 'RESOLVED_BUYER_FAVOUR'),
    },
    shownFiles: async () => server.disputes.files.map(({ bytes }) => bytes),
    answerNext: (status, body) =>
      server.fail({ kind: 'say', told: { status, headers: { 'content-type': 'application/json' }, body } }),
    secrets: [account.clientSecret, 'canary-token-'],
  }
}
runContract(
  'PayPal, disputed',
  gatewayDisputeCases(
    { notifications: 'vouched', refund: 'api' },
    { submitEvidence: true, accept: true, list: true, files },
  ),
  open,
)
runContract(
  'PayPal',
  paymentGatewayCases({
    query: true,
    refund: 'api',
    notifications: 'vouched',
    capture: 'both',
    partialCapture: true,
    multiCapture: true,
  }),
  open,
)
