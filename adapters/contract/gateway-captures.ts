import type { PaymentSnapshot } from 'shopwright/payments'
import { expectEqual, expectTrue } from './assert.js'
import { expectRecent } from './gateway-times.js'
import {
  answerOf,
  ask,
  close,
  declinedWith,
  doneValue,
  type GatewayCase,
  type GatewayUnderTest,
  place,
  refOf,
  requestOf,
} from './gateway-under-test.js'

const moneyOf = (snapshot: PaymentSnapshot | 'notFound') =>
  snapshot === 'notFound' ? snapshot : [snapshot.status, snapshot.authorisedMinor, snapshot.capturedMinor]

/** A payment whose money is held. */
const createHeld = async (world: GatewayUnderTest): Promise<void> => {
  world.letPayerWait()
  doneValue(await place(world, requestOf(world, { capture: 'manual' })), 'create')
  await world.pay('pay_contract_1')
  expectEqual(moneyOf(await ask(world)), ['authorised', 10_000, 0], 'what is held')
}

const take = (world: GatewayUnderTest, key: string, minor: number, final: boolean) => {
  const { gateway, currency, now } = world
  if (gateway.capture === undefined) throw new Error('a gateway that holds money has no capture()')
  const gatewayRef = refOf(world, 'pay_contract_1')
  return answerOf(
    gateway.capture({
      attemptRef: 'pay_contract_1',
      gatewayRef,
      key,
      amount: { minor, currency },
      final,
      at: now(),
    }),
  )
}

/** What a gateway does that holds money and takes it later. */
export const holding: readonly GatewayCase[] = [
  {
    name: 'takes what it holds, once, and no more than it holds',
    run: async (create) => {
      const world = await create()
      await createHeld(world)
      expectEqual(declinedWith(await take(world, 'capture:much', 10_001, true)), 'AmountInvalid', 'more than is held')
      const first = await take(world, 'capture:1', 10_000, true)
      const answer = doneValue(first, 'capture')
      expectEqual(moneyOf(answer), ['captured', 10_000, 10_000], 'what is taken')
      const { attemptRef, merchantAccount, total } = answer
      expectEqual(
        [attemptRef, merchantAccount, total],
        ['pay_contract_1', world.gateway.merchantAccount, { minor: 10_000, currency: world.currency }],
        'of which payment',
      )
      expectRecent(world, answer.at, 'a capture')
      expectEqual((await take(world, 'capture:1', 10_000, true)).kind, 'ok', 'the same request again')
      expectEqual(moneyOf(await ask(world)), ['captured', 10_000, 10_000], 'what is taken after sending it again')
      expectEqual(await close(world), 'alreadyPaid', 'closing what was taken')
    },
  },
  {
    name: 'gives up what it holds',
    run: async (create) => {
      const world = await create()
      await createHeld(world)
      expectEqual(await close(world), 'closed', 'the answer')
      const after = await ask(world)
      expectTrue(after === 'notFound' || (after.status === 'closed' && after.capturedMinor === 0), 'it is still held')
    },
  },
]

/** Of one that may take part of it. */
export const takingParts: readonly GatewayCase[] = [
  {
    name: 'takes part of what it holds, and gives up the rest with it',
    run: async (create) => {
      const world = await create()
      await createHeld(world)
      const taken = doneValue(await take(world, 'capture:1', 6000, true), 'capture')
      expectEqual([taken.status, taken.capturedMinor], ['captured', 6000], 'the answer')
      const after = await ask(world)
      expectEqual(
        after === 'notFound' ? after : [after.status, after.capturedMinor],
        ['captured', 6000],
        'what is taken',
      )
      expectEqual((await take(world, 'capture:2', 4000, true)).kind, 'declined', 'taking what was given up')
    },
  },
]

/** Of one that may take it in several steps. */
export const takingSteps: readonly GatewayCase[] = [
  {
    name: 'takes 30 and 50 of 100, not 21 more, and gives up the rest when asked to',
    run: async (create) => {
      const world = await create()
      await createHeld(world)
      doneValue(await take(world, 'capture:1', 3000, false), 'the first capture')
      doneValue(await take(world, 'capture:1', 3000, false), 'the first capture again')
      expectEqual(moneyOf(await ask(world)), ['authorised', 10_000, 3000], 'after 30')
      const second = doneValue(await take(world, 'capture:2', 5000, false), 'the second capture')
      expectEqual(moneyOf(second), ['authorised', 10_000, 8000], 'the answer: all that is taken so far')
      expectEqual(moneyOf(await ask(world)), ['authorised', 10_000, 8000], 'after 50 more')
      expectEqual(declinedWith(await take(world, 'capture:3', 2001, false)), 'AmountInvalid', 'more than is left')
      expectEqual(await close(world), 'closed', 'giving up the rest')
      const after = await ask(world)
      expectEqual(after === 'notFound' ? after : [after.status, after.capturedMinor], ['captured', 8000], 'at the end')
      expectEqual(await close(world), 'alreadyPaid', 'giving up what is not held')
    },
  },
]
