import { afterEach } from 'vitest'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
import { runContract } from '../../../support/run-contract.js'
import { createCloser } from '../loopback.js'
import { keysOfRun } from './fake-server.js'
import { apiV3Key, openWechatPay } from './wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

for (const scene of ['native', 'app'] as const) {
  const open = async (): Promise<GatewayUnderTest> => {
    const { gateway, server, now } = keep(await openWechatPay({ scene }))
    return {
      gateway,
      now,
      currency: 'CNY',
      letPayerWait: server.letPayerWait,
      pay: async (attemptRef) => server.pay(attemptRef),
      loseNextAnswer: (charged) => server.fail({ kind: charged ? 'cutAfter' : 'cutBefore' }),
      takeNotifications: async () =>
        server.takeNotices().map(({ type, kind, facts }) => server.notify(type, kind, facts)),
      secrets: [apiV3Key, keysOfRun.merchant.privateKey, keysOfRun.merchant.privateKey.split('\n')[1] ?? ''],
    }
  }
  runContract(
    `WeChat Pay, ${scene}`,
    paymentGatewayCases({ query: true, refund: 'api', notifications: 'signed' }),
    open,
  )
}
