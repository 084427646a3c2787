import { toDecimalText } from 'shopwright'
import { type GatewayUnderTest, requestOf } from '../../../adapters/contract/gateway-under-test.js'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { must } from '../../../examples/support/must.js'

export const t0 = 1_772_424_000_000

const keys = [{ keyId: 'k1', secret: 'canary-secret-of-the-sandbox' }] as const

/** A sandbox, and the hands that move what lies behind it. */
export const openSandbox = async (): Promise<GatewayUnderTest> => {
  const now = () => t0
  const gateway = createSandboxGateway({
    now,
    keys,
    splits: { payees: { potter: 'acct-potter' } },
  })
  const world: GatewayUnderTest = {
    gateway,
    now,
    currency: 'CNY',
    letPayerWait: () => gateway.script({ kind: 'pending' }),
    pay: async (attemptRef) => {
      gateway.pay(attemptRef)
    },
    loseNextAnswer: (charged) => gateway.script({ kind: 'timeout', charged }),
    takeNotifications: () => gateway.takeNotifications(),
    statement: async (attemptRef) => {
      const { payments, refunds } = gateway.books()
      const paid = payments.find((each) => each.attemptRef === attemptRef)
      const currency = paid?.currency ?? 'CNY'
      const backMinor = refunds.reduce(
        (sum, each) => (each.attemptRef === attemptRef ? sum + each.amountMinor : sum),
        0,
      )
      const text = (minor: number) => must(toDecimalText({ minor, currency }))
      return { currency, paid: text(paid?.capturedMinor ?? 0), back: text(backMinor) }
    },
    tellOfAnother: async () => {
      const other = createSandboxGateway({ now, keys, merchantAccount: 'another-merchant' })
      await other.create(requestOf(world))
      const [notification] = await other.takeNotifications()
      if (notification === undefined) throw new Error('nothing was said')
      return notification
    },
    bank: {
      dispute: async (attemptRef, amountMinor) => {
        gateway.dispute(attemptRef, { amountMinor })
      },
      decide: async (attemptRef, status) => {
        const [dispute] = gateway.books().disputes.filter((each) => each.attemptRef === attemptRef)
        gateway.moveDispute(dispute?.disputeRef ?? '', { status })
      },
    },
    complainer: {
      phone: '13900000000',
      complain: async (attemptRef, statement) => {
        gateway.dispute(attemptRef, { status: 'inquiry', statement, phone: '13900000000' })
      },
      goOn: async (_, statement) => {
        gateway.continueDispute(gateway.books().disputes[0]?.disputeRef ?? '', statement)
      },
      end: async () => undefined,
      loseNextAnswer: () => gateway.scriptEvidence({ kind: 'timeout', taken: true }),
    },
    shownFiles: async (attemptRef) =>
      gateway
        .books()
        .disputes.filter((each) => each.attemptRef === attemptRef)
        .flatMap(({ evidence }) => evidence.flatMap(({ files }) => files.map(({ bytes }) => bytes))),
    payees: { known: 'potter', loseNextAnswer: (moved) => gateway.scriptSplit({ kind: 'timeout', moved }) },
    secrets: ['canary-secret-of-the-sandbox'],
  }
  return world
}
