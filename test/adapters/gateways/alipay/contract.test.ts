import { afterEach } from 'vitest'
import { gatewayComplaintCases } from '../../../../adapters/contract/gateway-complaints.js'
import { gatewaySplitCases } from '../../../../adapters/contract/gateway-splits.js'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
import { runContract } from '../../../support/run-contract.js'
import { createCloser } from '../loopback.js'
import { handOver, openAlipay, t0 } from './alipay-world.js'
import { payees } from './fake-royalties.js'
import { keysOfRun, payerPhone } from './fake-server.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const open = async (): Promise<GatewayUnderTest> => {
  let at = t0
  const { gateway, server, now } = keep(await openAlipay({}, () => at))
  return {
    gateway,
    now,
    currency: 'CNY',
    letPayerWait: server.letPayerWait,
    pay: async (attemptRef) => server.pay(attemptRef),
    loseNextAnswer: (charged) => server.fail({ kind: charged ? 'cutAfter' : 'cutBefore' }),
    takeNotifications: async () => server.takeNotices(),
    statement: async (attemptRef) => {
      const trade = server.trades.get(attemptRef)
      const back = [...server.refunds.values()].filter((each) => each.trade === attemptRef)
      return {
        currency: 'CNY',
        paid: trade?.paidAt === null ? '0.00' : (trade?.yuan ?? '0.00'),
        back: back.reduce((sum, { yuan }) => sum + Number(yuan), 0).toFixed(2),
      }
    },
    complainer: {
      phone: payerPhone,
      complain: async (attemptRef, words) => {
        server.complaints.complain(attemptRef, words)
      },
      goOn: async (attemptRef, words) => {
        // What was said within one second has no order there.
        at += 1_000
        server.complaints.goOn(attemptRef, words)
      },
      end: async (attemptRef) => server.complaints.end(attemptRef),
      loseNextAnswer: server.complaints.loseNextAnswer,
    },
    shownFiles: async () => [...server.complaints.shown.values()].flat().flatMap((id) => server.pictures.get(id) ?? []),
    answerNext: (status, body) =>
      server.fail({ kind: 'say', told: { status, headers: { 'content-type': 'application/json' }, body } }),
    secrets: [keysOfRun.app.privateKey, keysOfRun.app.privateKey.split('\n')[1] ?? ''],
  }
}
runContract('Alipay, by code', paymentGatewayCases({ query: true, refund: 'api', notifications: 'signed' }), open)
runContract('Alipay, complaints', gatewayComplaintCases, open)

const openDivided = async (): Promise<GatewayUnderTest> => {
  const splits = { accountOf: (payee: string) => (payee === 'potter' ? payees.potter : null), description: '分账' }
  const { gateway, server, now } = keep(await openAlipay({ scene: 'app', splits }))
  return {
    gateway: {
      ...gateway,
      // The payer's app tells Alipay of the payment.
      create: (request) =>
        gateway.create(request).map((outcome) => {
          if (outcome.kind === 'ok') handOver(server, outcome.value.next)
          return outcome
        }),
    },
    now,
    currency: 'CNY',
    letPayerWait: server.letPayerWait,
    pay: async (attemptRef) => server.pay(attemptRef),
    loseNextAnswer: () => undefined,
    takeNotifications: async () => server.takeNotices(),
    payees: {
      known: 'potter',
      loseNextAnswer: (moved) => server.fail({ kind: moved ? 'cutAfter' : 'cutBefore' }),
    },
    secrets: [],
  }
}
runContract('Alipay, divided', gatewaySplitCases, openDivided)
