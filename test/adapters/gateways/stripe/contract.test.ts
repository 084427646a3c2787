import { afterEach } from 'vitest'
import { gatewayDisputeCases } from '../../../../adapters/contract/gateway-disputes.js'
import { gatewaySplitCases } from '../../../../adapters/contract/gateway-splits.js'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../../adapters/contract/payment-gateway.js'
import { runContract } from '../../../support/run-contract.js'
import { createCloser } from '../loopback.js'
import { account } from './fake-server.js'
import { connected } from './fake-transfers.js'
import { fileTerms, openStripe, passing } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

for (const currency of ['USD', 'JPY'] as const) {
  const open = async (): Promise<GatewayUnderTest> => {
    const { gateway, server, now, takeNotifications } = keep(
      await openStripe({ splits: { accountOf: (payee) => (payee === 'potter' ? connected.potter : null) } }),
    )
    return {
      gateway,
      now,
      currency,
      letPayerWait: server.letPayerWait,
      pay: async (attemptRef) => server.pay(attemptRef),
      loseNextAnswer: server.loseAnswer,
      takeNotifications,
      // As Stripe's own pages show it: of yen there are no decimals.
      statement: async (attemptRef) => {
        const intent = [...server.intents.values()].find(({ metadata }) => metadata.attempt_ref === attemptRef)
        const refunded = [...server.refunds.values()].filter((each) => each.intent === intent?.id)
        const text = (amount: number) => (intent?.currency === 'jpy' ? String(amount) : (amount / 100).toFixed(2))
        return {
          currency: (intent?.currency ?? '').toUpperCase(),
          paid: text(intent?.received ?? 0),
          back: text(refunded.reduce((sum, { amount }) => sum + amount, 0)),
        }
      },
      bank: {
        dispute: async (attemptRef, minor) => {
          server.dispute(attemptRef, minor)
        },
        decide: async (attemptRef, outcome) => server.decide(attemptRef, outcome),
      },
      payees: {
        known: 'potter',
        // The payment and its transfers are looked at first; the package asks a second time where the line was cut.
        loseNextAnswer: (moved) => {
          const cut = { kind: moved ? 'cutAfter' : 'cutBefore' } as const
          server.fail(passing, passing, cut, cut)
        },
      },
      shownFiles: async () =>
        [...server.disputes.values()].flatMap(({ evidence }) =>
          Object.values(evidence).flatMap((id) => {
            const file = server.files.get(id)
            return file === undefined ? [] : [file.bytes]
          }),
        ),
      answerNext: (status, body) =>
        server.fail({ kind: 'say', told: { status, headers: { 'content-type': 'application/json' }, body } }),
      secrets: [account.secretKey, account.webhookSecrets[0]],
    }
  }
  runContract(
    `Stripe, in ${currency}, disputed`,
    gatewayDisputeCases(
      { notifications: 'signed', refund: 'api' },
      { submitEvidence: true, accept: true, list: true, files: fileTerms },
    ),
    open,
  )
  runContract(`Stripe, in ${currency}, divided`, gatewaySplitCases, open)
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
