import { describe, expect, it } from 'vitest'
import { gatewayComplaintCases } from '../../../adapters/contract/gateway-complaints.js'
import { gatewayDisputeCases } from '../../../adapters/contract/gateway-disputes.js'
import { gatewaySplitCases } from '../../../adapters/contract/gateway-splits.js'
import type { GatewayUnderTest } from '../../../adapters/contract/gateway-under-test.js'
import { paymentGatewayCases } from '../../../adapters/contract/payment-gateway.js'
import { disputesFaults } from './faults/disputes.js'
import { declined } from './faults/fault.js'
import { newsFaults } from './faults/news.js'
import { overLine } from './faults/over-line.js'
import { paymentsFaults } from './faults/payments.js'
import { refundsFaults } from './faults/refunds.js'
import { openSandbox } from './sandbox-world.js'

const { capabilities, disputes } = (await openSandbox()).gateway
const cases = [
  ...paymentGatewayCases(capabilities),
  ...gatewayDisputeCases(capabilities, disputes),
  ...gatewayComplaintCases,
  ...gatewaySplitCases,
]

const runAgainst = async (name: string, alter: (world: GatewayUnderTest) => GatewayUnderTest): Promise<void> => {
  const named = cases.find((each) => each.name === name)
  if (named === undefined) throw new Error(`no such case: ${name}`)
  await named.run(async () => alter(await openSandbox()))
}

describe('the contract of gateways', () => {
  for (const [name, planted] of Object.entries({
    ...paymentsFaults,
    ...refundsFaults,
    ...newsFaults,
    ...disputesFaults,
  })) {
    for (const [fault, plant] of planted) {
      it(`${name}: not ${fault}`, async () => {
        const alter = (world: GatewayUnderTest) => ({ ...world, gateway: { ...world.gateway, ...plant(world) } })
        await expect(runAgainst(name, alter)).rejects.toThrow()
        await expect(runAgainst(name, (world) => world)).resolves.toBeUndefined()
      })
    }
  }

  it.each(['create', 'query', 'close', 'refund', 'queryRefund'] as const)(
    'takes no %s that is answered with nothing for refused',
    async (verb) => {
      const name = verb.startsWith('refund') || verb === 'queryRefund' ? 'refunds' : 'payments'
      const case_ = {
        payments: 'takes no answer that says nothing for a refusal, or for the word that there is no such payment',
        refunds: 'takes no answer that says nothing for a refund that was refused, or was never sent',
      }[name]
      const isQuestion = verb === 'query' || verb === 'queryRefund' || verb === 'close'
      await expect(runAgainst(case_, overLine({ [verb]: isQuestion ? 'notFound' : declined }))).rejects.toThrow()
      await expect(runAgainst(case_, overLine({ [verb]: declined }))).rejects.toThrow()
      await expect(runAgainst(case_, overLine({}))).resolves.toBeUndefined()
    },
  )
})
