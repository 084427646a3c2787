import { afterEach } from 'vitest'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
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
    secrets: [account.clientSecret, 'canary-token-'],
  }
}
runContract(
  'PayPal',
  paymentGatewayCases({
    query: true,
    refund: 'api',
    notifications: 'signed',
    capture: 'both',
    partialCapture: true,
    multiCapture: true,
  }),
  open,
)
