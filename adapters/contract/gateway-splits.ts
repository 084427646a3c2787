import type { MovedSplit, Outcome, SplitPort, SplitRequest } from 'shopwright/payments'
import { expectEqual, expectTrue } from './assert.js'
import {
  answerOf,
  ask,
  createPaid,
  declinedWith,
  doneValue,
  type GatewayCase,
  type GatewayUnderTest,
} from './gateway-under-test.js'

const portOf = ({ gateway }: GatewayUnderTest): SplitPort => {
  if (gateway.splits === undefined) throw new Error('a gateway that divides nothing')
  return gateway.splits
}

/** A paid payment of 100.00 that is to be divided, and a request to give 20.00 of it to a payee. */
const openDivided = async (world: GatewayUnderTest): Promise<SplitRequest> => {
  await createPaid(world, { isSplit: true })
  const paid = await ask(world)
  const account = doneValue(await answerOf(portOf(world).accountOf(world.payees?.known ?? '')), 'the account')
  if (account === null || paid === 'notFound') throw new Error('no account of a payee, or no payment')
  return {
    splitRef: 'split_contract_1',
    attemptRef: 'pay_contract_1',
    gatewayRef: paid.gatewayRef,
    key: 'split:split_contract_1',
    account,
    amount: { minor: 2_000, currency: world.currency },
    at: world.now(),
  }
}

const send = (world: GatewayUnderTest, request: SplitRequest): Promise<Outcome<MovedSplit>> =>
  answerOf(portOf(world).send(request))

const backOf = (request: SplitRequest, minor: number, returnRef = 'return_contract_1') => ({
  ...request,
  returnRef,
  key: `splitReturn:${returnRef}`,
  amount: { ...request.amount, minor },
})

const finishOf = ({ attemptRef, gatewayRef, at }: SplitRequest) => ({
  attemptRef,
  gatewayRef,
  key: `splitsOver:${attemptRef}`,
  at,
})

/** What a gateway has to do that divides payments among payees. */
export const gatewaySplitCases: readonly GatewayCase[] = [
  {
    name: 'knows the accounts of payees, and of others that they have none',
    run: async (create) => {
      const world = await create()
      const port = portOf(world)
      const of = async (payee: string) => doneValue(await answerOf(port.accountOf(payee)), 'an account')
      expectTrue((await of(world.payees?.known ?? '')) !== null, 'a payee without an account')
      expectEqual(await of('nobody-there'), null, 'the account of nobody')
      expectTrue(port.mostBasisPoints > 0 && port.mostBasisPoints <= 10_000, 'the most that it gives')
    },
  },
  {
    name: 'gives a payee its part once, however often it is asked for',
    run: async (create) => {
      const world = await create()
      const request = await openDivided(world)
      const first = doneValue(await send(world, request), 'the split')
      expectEqual(doneValue(await send(world, request), 'the same again'), first, 'the second answer')
      // Had it gone twice, the third could not go.
      const second = { ...request, splitRef: 'split_contract_2', key: 'split:split_contract_2' }
      const left = Math.floor((10_000 * portOf(world).mostBasisPoints) / 10_000) - 2_000
      const rest = { ...second, amount: { ...request.amount, minor: Math.min(left, 7_000) } }
      expectEqual((await send(world, rest)).kind, 'ok', 'the rest that it may give')
    },
  },
  {
    name: 'knows a split again whose answer was lost',
    run: async (create) => {
      for (const moved of [true, false]) {
        const world = await create()
        const request = await openDivided(world)
        world.payees?.loseNextAnswer(moved)
        expectEqual((await send(world, request)).kind, 'unknown', 'a lost answer')
        expectEqual((await send(world, request)).kind, 'ok', 'the same again')
      }
    },
  },
  {
    name: 'does not give more than there is, and says so for certain',
    run: async (create) => {
      const world = await create()
      const request = await openDivided(world)
      const outcome = await send(world, { ...request, amount: { ...request.amount, minor: 10_001 } })
      expectEqual(outcome.kind, 'declined', 'more than was paid')
      expectTrue(!['DuplicateReference', 'IdempotencyReuse'].includes(declinedWith(outcome)), 'why')
    },
  },
  {
    name: 'takes parts back, each once, and not more than a payee got',
    run: async (create) => {
      const world = await create()
      const port = portOf(world)
      const request = await openDivided(world)
      doneValue(await send(world, request), 'the split')
      const first = doneValue(await answerOf(port.takeBack(backOf(request, 1_500))), 'the return')
      expectEqual(doneValue(await answerOf(port.takeBack(backOf(request, 1_500))), 'again'), first, 'the same again')
      const more = await answerOf(port.takeBack(backOf(request, 501, 'return_contract_2')))
      expectEqual(more.kind, 'declined', 'more than is left of it')
      const rest = await answerOf(port.takeBack(backOf(request, 500, 'return_contract_3')))
      expectEqual(rest.kind, 'ok', 'what is left of it')
    },
  },
  {
    name: 'divides nothing any more once it is told that this is over, however often it is told',
    run: async (create) => {
      const world = await create()
      const port = portOf(world)
      const request = await openDivided(world)
      doneValue(await send(world, request), 'the split')
      doneValue(await answerOf(port.finish(finishOf(request))), 'the end')
      doneValue(await answerOf(port.finish(finishOf(request))), 'the end again')
      const late = { ...request, splitRef: 'split_contract_2', key: 'split:split_contract_2' }
      expectEqual((await send(world, late)).kind, 'declined', 'a split after the end')
      expectEqual((await send(world, request)).kind, 'ok', 'the split from before')
      expectEqual((await answerOf(port.takeBack(backOf(request, 2_000)))).kind, 'ok', 'its return')
    },
  },
]
