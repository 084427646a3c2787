import { afterEach } from 'vitest'
import { gatewayDisputeCases } from '../../../../adapters/contract/gateway-disputes.js'
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
      bank: {
        dispute: async (attemptRef, minor) => {
          server.dispute(attemptRef, minor)
        },
        decide: async (attemptRef, outcome) => server.decide(attemptRef, outcome),
      },
      secrets: [account.secretKey, account.webhookSecrets[0]],
    }
  }
  runContract(
    `Stripe, in ${currency}, disputed`,
    gatewayDisputeCases({ notifications: 'signed' }, { submitEvidence: true }),
    open,
  )
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
