import type { PaymentSnapshot, RefundSnapshot } from 'shopwright/payments'
import { expectEqual, expectOk, expectTrue } from './assert.js'
import { expectFacts } from './gateway-answers.js'
import {
  answerOf,
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

/** A second payment, of 250.00. */
const secondOf = (world: GatewayUnderTest) =>
  requestOf(world, {
    attemptRef: 'pay_contract_2',
    orderRef: 'order_contract_2',
    key: 'create:pay_contract_2:1',
    amount: { minor: 25_000, currency: world.currency },
  })

const createSecond = async (world: GatewayUnderTest): Promise<void> => {
  world.letPayerWait()
  doneValue(await place(world, secondOf(world)), 'create the second')
  await world.pay('pay_contract_2')
  await ask(world, 'pay_contract_2')
}

const identityOf = ({ attemptRef, merchantAccount, status, total, capturedMinor }: PaymentSnapshot) => ({
  attemptRef,
  merchantAccount,
  status,
  total,
  capturedMinor,
})

const refundFacts = ({ refundRef, attemptRef, amount }: RefundSnapshot) => ({ refundRef, attemptRef, amount })

/** What is said unasked since it was last taken, each with the name that it goes by. */
const takeFacts = async (world: GatewayUnderTest) => {
  const said = []
  for (const notification of await world.takeNotifications()) {
    const receipt = { ...notification, receivedAt: world.now() }
    const verified = expectOk(await world.gateway.verifyNotification(receipt), 'a notification')
    expectFacts(verified.facts)
    said.push(verified)
  }
  return said
}

/** Two refunds of one payment, 60.00 and 30.00, and what is to be said of each. */
const sendTwo = async (world: GatewayUnderTest) => {
  const { currency } = world
  const requests = [
    refundOf(world),
    refundOf(world, { refundRef: 'refund_contract_2', key: 'r2', amount: { minor: 3000, currency } }),
  ]
  for (const request of requests) {
    const sent = await giveBack(world, request)
    expectTrue(sent.kind === 'ok' || sent.kind === 'pending', JSON.stringify(sent))
    if (sent.kind !== 'ok') continue
    expectEqual(refundFacts(sent.value), refundFacts({ ...sent.value, ...namesOf(request) }), 'the answer')
    expectTrue(sent.value.status !== 'failed', 'it failed')
  }
  return requests
}

const namesOf = ({ refundRef, attemptRef, amount }: ReturnType<typeof refundOf>) => ({ refundRef, attemptRef, amount })

/** A gateway that can be asked tells payments apart, and what it has never heard of. */
export const tellingApart: readonly GatewayCase[] = [
  {
    name: 'says of a payment that waits for its payer that nothing is taken and nothing held',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      doneValue(await place(world, requestOf(world)), 'create')
      const found = await ask(world)
      if (found === 'notFound') return
      expectTrue(['requiresAction', 'processing'].includes(found.status), `it is ${found.status}`)
      expectEqual([found.authorisedMinor, found.capturedMinor], [0, 0], 'what is taken')
    },
  },
  {
    name: 'says at once, where it does, what it says when asked',
    run: async (create) => {
      const world = await create()
      const { snapshot } = doneValue(await place(world, requestOf(world)), 'create')
      const found = await ask(world)
      if (snapshot === null || found === 'notFound') return
      expectEqual(identityOf(snapshot), identityOf(found), 'the first answer')
    },
  },
  {
    name: 'tells two payments apart',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      world.letPayerWait()
      doneValue(await place(world, secondOf(world)), 'create the second')
      const open = await ask(world, 'pay_contract_2')
      expectEqual(open === 'notFound' ? 0 : open.capturedMinor, 0, 'what is taken of the second')
      await world.pay('pay_contract_2')
      for (const [attemptRef, minor] of [
        ['pay_contract_1', 10_000],
        ['pay_contract_2', 25_000],
      ] as const) {
        const found = await ask(world, attemptRef)
        const paid = found === 'notFound' ? found : [found.attemptRef, found.total.minor, found.capturedMinor]
        expectEqual(paid, [attemptRef, minor, minor], attemptRef)
      }
    },
  },
  {
    name: 'ends nothing that it has never heard of, and does not call it paid',
    run: async (create) => {
      const { gateway, now } = await create()
      const request = { attemptRef: 'pay_nobody', gatewayRef: null, key: 'close:pay_nobody', at: now() }
      const answer = doneValue(await answerOf(gateway.close(request)), 'close')
      expectTrue(answer === 'notFound' || answer === 'closed', `the answer: ${answer}`)
    },
  },
]

/** And refunds. */
export const tellingRefundsApart: readonly GatewayCase[] = [
  {
    name: 'says of each of two refunds what was asked for, and not of both together',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      for (const request of await sendTwo(world)) {
        const found = await askRefund(world, request.refundRef)
        expectEqual(found === 'notFound' ? found : refundFacts(found), namesOf(request), request.refundRef)
      }
    },
  },
  {
    name: 'gives money back of the payment that is named, and leaves others whole',
    run: async (create) => {
      const world = await create()
      const { currency } = world
      await createPaid(world)
      await createSecond(world)
      doneValue(await giveBack(world, refundOf(world, { amount: { minor: 10_000, currency } })), 'all of the first')
      const again = refundOf(world, { refundRef: 'refund_contract_2', key: 'r2', amount: { minor: 1, currency } })
      expectEqual((await giveBack(world, again)).kind, 'declined', 'more of the first')
      const rest = refundOf(world, {
        ...{ refundRef: 'refund_contract_3', attemptRef: 'pay_contract_2', key: 'r3' },
        ...{ captured: { minor: 25_000, currency }, amount: { minor: 25_000, currency } },
      })
      const sent = await giveBack(world, rest)
      expectTrue(sent.kind === 'ok' || sent.kind === 'pending', `all of the second: ${JSON.stringify(sent)}`)
    },
  },
  {
    name: 'gives nothing back of a payment that it has never heard of',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      const sent = declinedWith(await giveBack(world, refundOf(world, { attemptRef: 'pay_nobody' })))
      expectTrue(sent !== 'ok' && sent !== 'pending', 'it went back')
    },
  },
]

/** And what it says unasked. */
export const tellingNewsApart: readonly GatewayCase[] = [
  {
    name: 'says unasked what it says when asked, of the shop’s own account, each under a name of its own',
    run: async (create) => {
      const world = await create()
      const first = await createPaid(world)
      await createSecond(world)
      const second = await ask(world, 'pay_contract_2')
      const said = await takeFacts(world)
      expectEqual(new Set(said.map(({ eventId }) => eventId)).size, said.length, 'how many names')
      const facts = said.flatMap((each) => each.facts)
      for (const asked of [first, second]) {
        if (asked === 'notFound') throw new Error('a paid payment is not found')
        const last = facts.filter((fact) => fact.kind === 'payment' && fact.attemptRef === asked.attemptRef).at(-1)
        expectEqual(last?.kind === 'payment' ? identityOf(last) : null, identityOf(asked), asked.attemptRef)
        expectTrue(
          last?.kind === 'payment' && (last.orderRef === null || last.orderRef === asked.orderRef),
          'another order is named',
        )
      }
    },
  },
]

/** And of refunds, where it speaks of them. */
export const tellingRefundNews: readonly GatewayCase[] = [
  {
    name: 'says unasked of each refund what was asked for',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      await world.takeNotifications()
      const requests = await sendTwo(world)
      const facts = (await takeFacts(world)).flatMap((each) => each.facts)
      for (const fact of facts) {
        if (fact.kind !== 'refund') continue
        const request = requests.find(({ refundRef }) => refundRef === fact.refundRef)
        expectEqual(refundFacts(fact), request === undefined ? null : namesOf(request), 'a refund')
      }
    },
  },
]
