import { afterEach } from 'vitest'
import { gatewayComplaintCases } from '../../../../adapters/contract/gateway-complaints.js'
import { gatewaySplitCases } from '../../../../adapters/contract/gateway-splits.js'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
import { runContract } from '../../../support/run-contract.js'
import { createCloser } from '../loopback.js'
import { keysOfRun, payerPhone } from './fake-server.js'
import { apiV3Key, openWechatPay } from './wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

for (const scene of ['native', 'app'] as const) {
  const open = async (): Promise<GatewayUnderTest> => {
    const { gateway, server, now } = keep(
      await openWechatPay({
        scene,
        splits: { accountOf: (payee) => (payee === 'potter' ? '1900000110' : null), description: 'part' },
      }),
    )
    return {
      gateway,
      now,
      currency: 'CNY',
      letPayerWait: server.letPayerWait,
      pay: async (attemptRef) => server.pay(attemptRef),
      loseNextAnswer: (charged) => server.fail({ kind: charged ? 'cutAfter' : 'cutBefore' }),
      takeNotifications: async () =>
        server.takeNotices().map(({ type, kind, facts }) => server.notify(type, kind, facts)),
      statement: async (attemptRef) => {
        const trade = server.trades.get(attemptRef)
        const back = [...server.refunds.values()].filter((each) => each.trade === attemptRef)
        return {
          currency: 'CNY',
          paid: ((trade?.paidAt === null ? 0 : (trade?.payerTotal ?? 0)) / 100).toFixed(2),
          back: (back.reduce((sum, { minor }) => sum + minor, 0) / 100).toFixed(2),
        }
      },
      complainer: {
        phone: payerPhone,
        complain: async (attemptRef, words) => {
          server.complaints.complain(attemptRef, words)
        },
        goOn: async (attemptRef, words) => server.complaints.goOn(attemptRef, words),
        // That the merchant says so ends it.
        end: async () => undefined,
        loseNextAnswer: server.complaints.loseNextAnswer,
      },
      shownFiles: async (attemptRef) =>
        [...server.complaints.complaints.values()]
          .filter(({ trade }) => trade.number === attemptRef)
          .flatMap(({ entries }) => entries.flatMap(({ pictures = [] }) => pictures))
          .flatMap((id) => server.pictures.get(id) ?? []),
      payees: {
        known: 'potter',
        loseNextAnswer: (moved) => server.fail({ kind: moved ? 'cutAfter' : 'cutBefore' }),
      },
      answerNext: (status, body) =>
        server.fail({ kind: 'say', told: { status, headers: { 'content-type': 'application/json' }, body } }),
      secrets: [apiV3Key, keysOfRun.merchant.privateKey, keysOfRun.merchant.privateKey.split('\n')[1] ?? ''],
    }
  }
  runContract(
    `WeChat Pay, ${scene}`,
    paymentGatewayCases({ query: true, refund: 'api', notifications: 'signed' }),
    open,
  )
  runContract(`WeChat Pay, ${scene}, divided`, gatewaySplitCases, open)
  runContract(`WeChat Pay, ${scene}, complaints`, gatewayComplaintCases, open)
}
