import {
  commandsOfCreate,
  commandsOfQuery,
  type GatewayCapabilities,
  mayRedirect,
  movePayment,
  startPayment,
} from 'shopwright/payments'
import { expectEqual, expectErr, expectOk, expectTrue } from './assert.js'
import { expectFacts } from './gateway-answers.js'
import { holding, takingParts, takingSteps } from './gateway-captures.js'
import { tellingApart, tellingNewsApart, tellingRefundNews, tellingRefundsApart } from './gateway-references.js'
import { keepingSecrets } from './gateway-secrets.js'
import { stating, statingBack } from './gateway-statements.js'
import { datingNews, datingPayments, datingRefunds, declaringSpans } from './gateway-times.js'
import { doubting, doubtingRefunds, namingAccounts, signingTimes } from './gateway-unclear.js'
import {
  answerOf,
  ask,
  askRefund,
  close,
  createPaid,
  declinedWith,
  doneValue,
  expectRefundedUnder,
  expectSameRefund,
  type GatewayCase,
  giveBack,
  minute,
  place,
  refOf,
  refundOf,
  requestOf,
  takeFirst,
} from './gateway-under-test.js'

const always: readonly GatewayCase[] = [
  {
    name: 'declares methods, and the capture that it offers',
    run: async (create) => {
      const { gateway } = await create()
      const { capabilities } = gateway
      expectTrue(capabilities.methods.length > 0, 'a gateway without methods')
      expectTrue(gateway.gatewayId.length > 0 && gateway.merchantAccount.length > 0, 'a gateway without a name')
      expectEqual(gateway.capture !== undefined, capabilities.capture !== 'automatic', 'whether capture() is there')
    },
  },
  {
    name: 'sends payers only to hosts that it declares',
    run: async (create) => {
      for (const method of (await create()).gateway.capabilities.methods) {
        const world = await create()
        world.letPayerWait()
        const { next } = doneValue(await place(world, requestOf(world, { method })), `create ${method}`)
        expectTrue(next.kind !== 'none', `${method}: a payer who is to act is told nothing`)
        if (next.kind === 'redirect') {
          expectTrue(mayRedirect(world.gateway.capabilities, next.url), `${method}: redirect to an undeclared host`)
        }
      }
    },
  },
  {
    name: 'answers the same request to create in the same way',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      const first = await place(world, requestOf(world))
      const second = await place(world, requestOf(world))
      expectEqual(second, first, 'the second answer')
    },
  },
  {
    name: 'closes an unpaid payment, also twice',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      doneValue(await place(world, requestOf(world)), 'create')
      expectEqual(await close(world), 'closed', 'the first close')
      expectEqual(await close(world), 'closed', 'the second close')
    },
  },
  {
    name: 'believes no notification that nobody signed',
    run: async (create) => {
      const { gateway, now } = await create()
      const body = new TextEncoder().encode('{"eventId":"forged","facts":[]}')
      const verdict = await gateway.verifyNotification({ body, headers: {}, receivedAt: now() })
      expectEqual(expectErr(verdict, 'a forged notification').type, 'NotificationRejected', 'the refusal')
      expectTrue(gateway.acknowledge('rejected').status >= 400, 'a rejected notification is answered with success')
    },
  },
]

const answering: readonly GatewayCase[] = [
  {
    name: 'answers for a payment it has never heard of with notFound',
    run: async (create) => {
      expectEqual(await ask(await create(), 'pay_nobody'), 'notFound', 'the answer')
    },
  },
  {
    name: 'says of a paid payment what was asked for',
    run: async (create) => {
      const world = await create()
      const paid = await createPaid(world)
      const { attemptRef, merchantAccount, status, total, capturedMinor } = paid
      expectEqual(
        { attemptRef, merchantAccount, status, total, capturedMinor },
        {
          attemptRef: 'pay_contract_1',
          merchantAccount: world.gateway.merchantAccount,
          status: 'captured',
          total: { minor: 10_000, currency: world.currency },
          capturedMinor: 10_000,
        },
        'the snapshot',
      )
      expectTrue(paid.orderRef === null || paid.orderRef === 'order_contract_1', 'another order is named')
    },
  },
  {
    name: 'says what leads a payment to captured',
    run: async (create) => {
      const world = await create()
      const { gateway, now, currency } = world
      world.letPayerWait()
      const created = await place(world, requestOf(world))
      await world.pay('pay_contract_1')
      const asked = await answerOf(
        gateway.query({ attemptRef: 'pay_contract_1', gatewayRef: refOf(world, 'pay_contract_1'), at: now() }),
      )
      const method = gateway.capabilities.methods[0] ?? 'bankTransfer'
      const payment = startPayment({
        paymentId: 'pay_contract_1',
        orderId: 'order_contract_1',
        accountId: 'account_contract_1',
        merchantId: null,
        gatewayId: gateway.gatewayId,
        merchantAccount: gateway.merchantAccount,
        method,
        attempt: 1,
        amountMinor: 10_000,
        currency,
        capture: 'automatic',
        expiresAt: now() + 30 * minute,
        queryable: true,
        at: now(),
      }).andThen((started) =>
        movePayment(started, [
          ...commandsOfCreate(created, { at: now(), inDoubt: false }),
          ...commandsOfQuery(asked, { ...started.state, at: now() }),
        ]),
      )
      const { state } = expectOk(payment, 'the payment')
      expectEqual(state.status, 'captured', 'the status of the payment')
    },
  },
  {
    name: 'takes another amount under the same reference for what it is',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      doneValue(await place(world, requestOf(world)), 'create')
      const other = await place(world, requestOf(world, { amount: { minor: 1, currency: world.currency } }))
      expectTrue(['IdempotencyReuse', 'DuplicateReference'].includes(declinedWith(other)), JSON.stringify(other))
    },
  },
  {
    name: 'does not close a paid payment',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      expectEqual(await close(world), 'alreadyPaid', 'the answer to close')
      const still = await ask(world)
      expectEqual(still === 'notFound' ? still : still.capturedMinor, 10_000, 'what is captured')
    },
  },
  {
    name: 'says of a closed payment that it is closed or unknown to it',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      doneValue(await place(world, requestOf(world)), 'create')
      await close(world)
      const after = await ask(world)
      expectTrue(
        after === 'notFound' || (after.status === 'closed' && after.capturedMinor === 0),
        JSON.stringify(after),
      )
    },
  },
  {
    name: 'tells what became of a payment whose answer was lost',
    run: async (create) => {
      for (const charged of [true, false]) {
        const world = await create()
        world.loseNextAnswer(charged)
        const lost = await place(world, requestOf(world))
        expectEqual(lost.kind, 'unknown', 'the lost answer')
        // Where the gateway knows a request by its key alone, sending it again is the question.
        if (world.gateway.capabilities.idempotency.style === 'reference') {
          const found = await ask(world)
          expectEqual(found === 'notFound' ? 0 : found.capturedMinor, charged ? 10_000 : 0, 'what is captured')
        }
        await place(world, requestOf(world))
        const after = await ask(world)
        expectEqual(after === 'notFound' ? 0 : after.capturedMinor, 10_000, 'what is captured after sending it again')
      }
    },
  },
]

const refunding: readonly GatewayCase[] = [
  {
    name: 'gives back parts, and never more than it took',
    run: async (create) => {
      const world = await create()
      const { currency } = world
      await createPaid(world)
      const part = await giveBack(world, refundOf(world))
      expectTrue(part.kind === 'ok' || part.kind === 'pending', JSON.stringify(part))
      const tooMuch = refundOf(world, { refundRef: 'refund_contract_2', key: 'r2', amount: { minor: 4001, currency } })
      expectEqual((await giveBack(world, tooMuch)).kind, 'declined', 'one minor unit more than is left')
      const rest = refundOf(world, { refundRef: 'refund_contract_3', key: 'r3', amount: { minor: 4000, currency } })
      const last = await giveBack(world, rest)
      expectTrue(last.kind === 'ok' || last.kind === 'pending', JSON.stringify(last))
    },
  },
  {
    name: 'makes one refund of one reference, however often it is sent',
    run: async (create) => {
      const world = await create()
      const { currency } = world
      await createPaid(world)
      expectSameRefund(await giveBack(world, refundOf(world)), await giveBack(world, refundOf(world)))
      const rest = refundOf(world, { refundRef: 'refund_contract_2', key: 'r2', amount: { minor: 4000, currency } })
      const last = await giveBack(world, rest)
      expectTrue(last.kind === 'ok' || last.kind === 'pending', 'the second sending took money of its own')
      const other = await giveBack(world, refundOf(world, { amount: { minor: 1, currency } }))
      expectTrue(['IdempotencyReuse', 'DuplicateReference'].includes(declinedWith(other)), JSON.stringify(other))
    },
  },
  {
    name: 'tells how a refund stands',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      expectEqual(await askRefund(world), 'notFound', 'before it is sent')
      await giveBack(world, refundOf(world))
      const found = await askRefund(world)
      if (found === 'notFound') throw new Error('a refund that was sent is not found')
      expectEqual(found.amount, { minor: 6000, currency: world.currency }, 'its amount')
      expectTrue(found.status !== 'failed', 'it failed')
    },
  },
  {
    name: 'gives back under any reference that a shop makes, the longest too',
    run: async (create) => {
      const world = await create()
      const attemptRef = `pay_${'0'.repeat(27)}`
      world.letPayerWait()
      doneValue(await place(world, requestOf(world, { attemptRef })), 'create')
      await world.pay(attemptRef)
      await ask(world, attemptRef)
      // Of an order paid in several, the shares; of a payment that comes too often or too late, the whole.
      for (const refundRef of [
        `ref_${'0'.repeat(27)}~2`,
        `ref_${'0'.repeat(27)}~12_rest_2`,
        `duplicate_${attemptRef}_12`,
      ])
        await expectRefundedUnder(world, refundRef, attemptRef)
    },
  },
  {
    name: 'gives nothing back of what was not paid',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      doneValue(await place(world, requestOf(world)), 'create')
      expectEqual((await giveBack(world, refundOf(world))).kind, 'declined', 'the answer')
    },
  },
]

/** A body of JSON in other spaces, which says the same; none where it is no JSON or comes out as it was. */
const writtenAnew = (body: Uint8Array): readonly Uint8Array[] => {
  const text = new TextDecoder().decode(body)
  if (!text.trimStart().startsWith('{')) return []
  const written = JSON.stringify(JSON.parse(text))
  return written === text ? [] : [new TextEncoder().encode(written)]
}

const notifying: readonly GatewayCase[] = [
  {
    name: 'signs what it says unasked',
    run: async (create) => {
      const world = await create()
      const notification = await takeFirst(world)
      const receipt = { ...notification, receivedAt: world.now() }
      const verified = expectOk(await world.gateway.verifyNotification(receipt), 'a notification')
      const again = expectOk(await world.gateway.verifyNotification(receipt), 'the same notification')
      expectEqual(again.eventId, verified.eventId, 'its event id')
      expectFacts(verified.facts)
      const facts = verified.facts.map((fact) => (fact.kind === 'payment' ? fact.capturedMinor : null))
      expectEqual(facts, [10_000], 'its facts')
      const { status } = world.gateway.acknowledge('ok')
      expectTrue(status >= 200 && status < 300, 'a handled notification is not answered with success')
      expectTrue(world.gateway.acknowledge('retry').status >= 500, 'a notification is not asked for again')
    },
  },
  {
    name: 'believes no byte that it did not sign',
    run: async (create) => {
      const world = await create()
      const { body, headers } = await takeFirst(world)
      const changed = Uint8Array.from(body, (byte, index) => (index === body.length >> 1 ? byte ^ 1 : byte))
      const longer = Uint8Array.from([...body, 32])
      for (const forged of [changed, longer, ...writtenAnew(body)]) {
        const verdict = await world.gateway.verifyNotification({ body: forged, headers, receivedAt: world.now() })
        expectEqual(expectErr(verdict, 'a changed body').reason, 'signatureInvalid', 'the reason')
      }
    },
  },
]

const dating: readonly GatewayCase[] = [
  {
    name: 'believes nothing older or newer than five minutes',
    run: async (create) => {
      const world = await create()
      const notification = await takeFirst(world)
      const receive = (offMs: number) =>
        world.gateway.verifyNotification({ ...notification, receivedAt: world.now() + offMs })
      expectOk(await receive(299_000), 'received 299 s later')
      expectOk(await receive(-299_000), 'received 299 s before')
      expectEqual(expectErr(await receive(301_000), 'received 301 s later').reason, 'stale', 'the reason')
      expectEqual(expectErr(await receive(-301_000), 'received 301 s before').reason, 'fromFuture', 'the reason')
    },
  },
]

// Of a notification that the gateway is asked about each time, its own word is as fresh as the question.
const asOfNow: readonly GatewayCase[] = [
  {
    name: 'says of what is told late how it stands now, and not how it stood',
    run: async (create) => {
      const world = await create()
      const { gateway, now } = world
      world.letPayerWait()
      doneValue(await place(world, requestOf(world)), 'create')
      await world.pay('pay_contract_1')
      const early = await world.takeNotifications()
      expectTrue(early.length > 0, 'nothing was said')
      const paid = await ask(world)
      const later = now() + 30 * 1440 * minute
      for (const notification of early) {
        const { facts } = expectOk(
          await gateway.verifyNotification({ ...notification, receivedAt: later }),
          'told late',
        )
        const told = facts.map((fact) => (fact.kind === 'payment' ? [fact.status, fact.capturedMinor] : fact.kind))
        expectEqual(told, paid === 'notFound' ? [] : [[paid.status, paid.capturedMinor]], 'its facts')
      }
    },
  },
]

const holds = ({ query, capture = 'automatic' }: Partial<GatewayCapabilities>): boolean =>
  query === true && capture !== 'automatic'

/** What every payment gateway has to do, of what it says that it can. */
export const paymentGatewayCases = (
  capabilities: Pick<GatewayCapabilities, 'query' | 'refund' | 'notifications'> &
    Partial<Pick<GatewayCapabilities, 'capture' | 'partialCapture' | 'multiCapture'>>,
): readonly GatewayCase[] => [
  ...always,
  ...declaringSpans,
  ...keepingSecrets,
  ...(holds(capabilities) ? holding : []),
  ...(holds(capabilities) && capabilities.partialCapture === true ? takingParts : []),
  ...(holds(capabilities) && capabilities.partialCapture === true && capabilities.multiCapture === true
    ? takingSteps
    : []),
  ...(capabilities.query ? [...answering, ...tellingApart, ...stating, ...datingPayments, ...doubting] : []),
  ...(capabilities.query && capabilities.refund === 'api'
    ? [...refunding, ...tellingRefundsApart, ...statingBack, ...datingRefunds, ...doubtingRefunds]
    : []),
  ...(capabilities.query && capabilities.notifications !== 'none'
    ? [...notifying, ...tellingNewsApart, ...datingNews, ...namingAccounts]
    : []),
  ...(capabilities.query && capabilities.notifications !== 'none' && capabilities.refund === 'api'
    ? tellingRefundNews
    : []),
  ...(capabilities.query && capabilities.notifications === 'signed' ? [...dating, ...signingTimes] : []),
  ...(capabilities.query && capabilities.notifications === 'vouched' ? asOfNow : []),
]
