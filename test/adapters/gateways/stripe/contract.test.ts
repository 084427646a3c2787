import { afterEach } from 'vitest'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
import { runContract } from '../../../support/run-contract.js'
import { createCloser } from '../loopback.js'
import { account } from './fake-server.js'
import { openStripe } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

for (const currency of ['USD', 'JPY'] as const) {
  const open = async (): Promise<GatewayUnderTest> => {
    const { gateway, server, now, takeNotifications } = keep(await openStripe())
    return {
      gateway,
      now,
      currency,
      letPayerWait: server.letPayerWait,
      pay: async (attemptRef) => server.pay(attemptRef),
      loseNextAnswer: server.loseAnswer,
      takeNotifications,
      secrets: [account.secretKey, account.webhookSecrets[0]],
    }
  }
  runContract(
    `Stripe, in ${currency}`,
    paymentGatewayCases({
      query: true,
      refund: 'api',
      notifications: 'signed',
      capture: 'both',
      partialCapture: true,
      multiCapture: false,
    }),
    open,
  )
}
