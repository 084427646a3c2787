import { toDecimalText } from 'shopwright'
import type { GatewayCapabilities } from 'shopwright/payments'
import { expectEqual, expectOk, expectTrue } from './assert.js'
import {
  ask,
  askRefund,
  createPaid,
  declinedWith,
  doneValue,
  type GatewayCase,
  type GatewayUnderTest,
  giveBack,
  place,
  refundOf,
  requestOf,
} from './gateway-under-test.js'

/** One of each number of decimals, and two that are counted alike and are not the same. */
const samples: readonly string[] = ['CNY', 'USD', 'JPY', 'KWD']

const offered = ({ currencies }: GatewayCapabilities): readonly string[] =>
  currencies === 'any' ? samples : samples.filter((currency) => currencies.includes(currency))

/** What the payer paid and was given back is this, in minor units. */
const expectStated = async (world: GatewayUnderTest, currency: string, paidMinor: number, backMinor: number) => {
  if (world.statement === undefined) return
  const text = (minor: number) => Number(expectOk(toDecimalText({ minor, currency }), currency))
  const { paid, back, ...stated } = await world.statement('pay_contract_1')
  expectEqual(
    { currency: stated.currency, paid: Number(paid), back: Number(back) },
    { currency, paid: text(paidMinor), back: text(backMinor) },
    'what the payer sees',
  )
}

/** Money as the payer sees it: the amount that the shop means, once. */
export const stating: readonly GatewayCase[] = [
  {
    name: 'takes what was asked for, in each currency that it offers, and says so',
    run: async (create) => {
      for (const currency of offered((await create()).gateway.capabilities)) {
        const world = await create()
        const amount = { minor: 12_345, currency }
        const { total, capturedMinor } = await createPaid(world, { amount })
        expectEqual([total, capturedMinor], [amount, 12_345], 'what is taken')
        await expectStated(world, currency, 12_345, 0)
      }
    },
  },
  {
    name: 'takes the money of one request, however often that is sent',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      for (const _ of ['once', 'again']) doneValue(await place(world, requestOf(world)), 'create')
      await world.pay('pay_contract_1')
      const late = declinedWith(await place(world, requestOf(world)))
      expectTrue(late === 'ok' || late === 'AlreadyPaid', `once it is paid: ${late}`)
      const paid = await ask(world)
      expectEqual(paid === 'notFound' ? paid : paid.capturedMinor, 10_000, 'what is taken')
      await expectStated(world, world.currency, 10_000, 0)
    },
  },
  {
    name: 'keeps part of what it took, and no more than that',
    run: async (create) => {
      const { feeMinor, capturedMinor } = await createPaid(await create())
      expectTrue(feeMinor === null || (feeMinor >= 0 && feeMinor <= capturedMinor), `a fee of ${feeMinor}`)
    },
  },
]

/** And of money that goes back. */
export const statingBack: readonly GatewayCase[] = [
  {
    name: 'gives back what was asked for, in each currency that it offers, and says so',
    run: async (create) => {
      for (const currency of offered((await create()).gateway.capabilities)) {
        const world = await create()
        const captured = { minor: 12_345, currency }
        await createPaid(world, { amount: captured })
        const amount = { minor: 6_789, currency }
        for (const _ of ['once', 'again']) {
          const sent = await giveBack(world, refundOf(world, { captured, amount }))
          expectTrue(sent.kind === 'ok' || sent.kind === 'pending', JSON.stringify(sent))
          if (sent.kind === 'ok') expectEqual(sent.value.amount, amount, 'what goes back')
        }
        const found = await askRefund(world)
        expectEqual(found === 'notFound' ? found : found.amount, amount, 'what went back')
        await expectStated(world, currency, 12_345, 6_789)
      }
    },
  },
]
