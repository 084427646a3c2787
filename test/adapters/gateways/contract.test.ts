import { okAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { expectAnswer, expectFacts } from '../../../adapters/contract/gateway-answers.js'
import { gatewayComplaintCases } from '../../../adapters/contract/gateway-complaints.js'
import { gatewayDisputeCases } from '../../../adapters/contract/gateway-disputes.js'
import { gatewaySplitCases } from '../../../adapters/contract/gateway-splits.js'
import { answerOf, type GatewayUnderTest } from '../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../adapters/contract/payment-gateway.js'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { runContract } from '../../support/run-contract.js'
import { openSandbox, t0 } from './sandbox-world.js'

const openManual = async (): Promise<GatewayUnderTest> => ({
  gateway: createManualGateway({ bank: 'Bank of Testing', holder: 'Shop Ltd', account: '0000 1234' }),
  now: () => t0,
  currency: 'CNY',
  letPayerWait: () => undefined,
  pay: async () => undefined,
  loseNextAnswer: () => undefined,
  takeNotifications: async () => [],
  secrets: [],
})

for (const [name, open] of [
  ['the sandbox gateway', openSandbox],
  ['the manual gateway', openManual],
] as const) {
  const { gateway } = await open()
  runContract(name, paymentGatewayCases(gateway.capabilities), open)
  if (gateway.disputes !== undefined) {
    runContract(`${name}, disputed`, gatewayDisputeCases(gateway.capabilities, gateway.disputes), open)
    runContract(`${name}, complaints`, gatewayComplaintCases, open)
  }
  if (gateway.splits !== undefined) runContract(`${name}, divided`, gatewaySplitCases, open)
}

it('the contract takes no answer that a shop cannot write down', async () => {
  const gateway = createSandboxGateway({
    now: () => t0,
    keys: [{ keyId: 'k1', secret: 'canary-secret-of-the-sandbox' }],
  })
  const amount = { minor: 100, currency: 'CNY' }
  const paid = {
    ...{ kind: 'payment', attemptRef: 'pay_1', orderRef: null, gatewayRef: 'x', merchantAccount: 'm' },
    ...{ status: 'captured', total: amount, authorisedMinor: 0, capturedMinor: 100, feeMinor: null, failure: null },
    at: t0,
  } as const
  const fits = [
    { kind: 'ok', value: paid },
    { kind: 'ok', value: 'notFound' },
    { kind: 'ok', value: { gatewayRef: null, next: { kind: 'none' }, snapshot: paid } },
    ...[await answerOf(gateway.query({ attemptRef: 'pay_1', gatewayRef: null, at: t0 }))],
  ] as const
  for (const answer of fits) expect(() => expectAnswer(answer)).not.toThrow()
  const amiss: readonly unknown[] = [
    { kind: 'ok', value: { ...paid, at: t0 + 0.5 } },
    { kind: 'ok', value: { gatewayRef: null, next: { kind: 'none' }, snapshot: { ...paid, at: Number.NaN } } },
    { kind: 'ok', value: { gatewayRef: 12, next: { kind: 'none' }, snapshot: null } },
    { kind: 'pending', gatewayRef: 12, pollAfterMs: null },
    { kind: 'declined', error: { code: 'CARD_DECLINED', gatewayCode: 'x' } },
    { kind: 'done' },
  ]
  for (const answer of amiss) await expect(answerOf(okAsync(answer as never))).rejects.toThrow()
  expect(() => expectFacts([{ ...paid, feeMinor: 0.5 }])).toThrow('the facts')
})
