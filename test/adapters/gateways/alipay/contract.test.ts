import { afterEach } from 'vitest'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
import { runContract } from '../../../support/run-contract.js'
import { createCloser } from '../loopback.js'
import { openAlipay } from './alipay-world.js'
import { keysOfRun } from './fake-server.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const open = async (): Promise<GatewayUnderTest> => {
  const { gateway, server, now } = keep(await openAlipay())
  return {
    gateway,
    now,
    currency: 'CNY',
    letPayerWait: server.letPayerWait,
    pay: async (attemptRef) => server.pay(attemptRef),
    loseNextAnswer: (charged) => server.fail({ kind: charged ? 'cutAfter' : 'cutBefore' }),
    takeNotifications: async () => server.takeNotices(),
    secrets: [keysOfRun.app.privateKey, keysOfRun.app.privateKey.split('\n')[1] ?? ''],
  }
}
runContract('Alipay, by code', paymentGatewayCases({ query: true, refund: 'api', notifications: 'signed' }), open)
