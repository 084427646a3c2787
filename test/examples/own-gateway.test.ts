import { afterEach } from 'vitest'
import { type GatewayUnderTest, paymentGatewayCases } from '../../adapters/contract/index.js'
import { createCornerPay } from '../../examples/support/corner-pay.js'
import { startCornerPayServer } from '../../examples/support/corner-pay-server.js'
import { runContract } from '../support/run-contract.js'

const merchant = { merchantId: 'pottery', apiKey: 'canary-api-key', signingSecret: 'canary-signing-secret' }
const now = () => 1_772_424_000_000

const running: { readonly stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

const open = async (): Promise<GatewayUnderTest> => {
  const server = await startCornerPayServer(merchant, now)
  running.push(server)
  return {
    gateway: createCornerPay({ baseUrl: server.baseUrl, ...merchant }),
    now,
    currency: 'CNY',
    letPayerWait: server.letPayerWait,
    pay: async (attemptRef) => server.pay(attemptRef),
    loseNextAnswer: server.loseNextAnswer,
    takeNotifications: async () => server.takeNotifications(),
    secrets: [merchant.apiKey, merchant.signingSecret],
  }
}

const { capabilities } = createCornerPay({ baseUrl: 'http://127.0.0.1:1', ...merchant })
runContract('a gateway of the host', paymentGatewayCases(capabilities), open)
