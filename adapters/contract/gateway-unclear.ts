import { expectEqual, expectErr, expectOk, expectTrue } from './assert.js'
import {
  answerOf,
  createPaid,
  type GatewayCase,
  type GatewayUnderTest,
  giveBack,
  place,
  refOf,
  refundOf,
  requestOf,
  takeFirst,
} from './gateway-under-test.js'

/** Answers that say nothing: of a server out of order, of whoever stands before it, and of nobody. */
const sayNothing: readonly (readonly [status: number, body: string])[] = [
  [500, ''],
  [502, '<html><body>Bad gateway</body></html>'],
  [200, 'It works!'],
]

const questionOf = (world: GatewayUnderTest) => ({
  attemptRef: 'pay_contract_1',
  gatewayRef: refOf(world, 'pay_contract_1'),
  at: world.now(),
})

/** Whoever does not understand an answer knows nothing: money may have moved. */
export const doubting: readonly GatewayCase[] = [
  {
    name: 'takes no answer that says nothing for a refusal, or for the word that there is no such payment',
    run: async (create) => {
      for (const [status, body] of sayNothing) {
        const world = await create()
        const { gateway, answerNext } = world
        if (answerNext === undefined) return
        world.letPayerWait()
        answerNext(status, body)
        const created = await place(world, requestOf(world))
        expectTrue(created.kind !== 'declined', `${status} to a payment: ${JSON.stringify(created)}`)
        await place(world, requestOf(world))
        await world.pay('pay_contract_1')
        await answerOf(gateway.query(questionOf(world)))
        answerNext(status, body)
        const asked = await answerOf(gateway.query(questionOf(world)))
        const isKnown = asked.kind === 'ok' && asked.value !== 'notFound' && asked.value.capturedMinor === 10_000
        expectTrue(asked.kind === 'unknown' || isKnown, `${status} to a question: ${JSON.stringify(asked)}`)
        answerNext(status, body)
        const closed = await answerOf(gateway.close({ ...questionOf(world), key: 'close:1' }))
        const isRight = closed.kind === 'ok' && closed.value === 'alreadyPaid'
        expectTrue(closed.kind === 'unknown' || isRight, `${status} to a close: ${JSON.stringify(closed)}`)
      }
    },
  },
]

/** And of refunds. */
export const doubtingRefunds: readonly GatewayCase[] = [
  {
    name: 'takes no answer that says nothing for a refund that was refused, or was never sent',
    run: async (create) => {
      for (const [status, body] of sayNothing) {
        const world = await create()
        const { gateway, answerNext } = world
        if (answerNext === undefined) return
        await createPaid(world)
        answerNext(status, body)
        const sent = await giveBack(world, refundOf(world))
        expectTrue(sent.kind !== 'declined', `${status} to a refund: ${JSON.stringify(sent)}`)
        await giveBack(world, refundOf(world))
        answerNext(status, body)
        const question = {
          ...{ refundRef: 'refund_contract_1', gatewayRef: refOf(world, 'refund_contract_1') },
          ...{ attemptRef: 'pay_contract_1', paymentGatewayRef: refOf(world, 'pay_contract_1'), at: world.now() },
        }
        const asked = await answerOf(gateway.queryRefund(question))
        const isKnown = asked.kind === 'ok' && asked.value !== 'notFound' && asked.value.amount.minor === 6000
        expectTrue(asked.kind === 'unknown' || isKnown, `${status} to a question: ${JSON.stringify(asked)}`)
      }
    },
  },
]

/** Numbers of as many digits as a time has, in seconds or in milliseconds, a minute later. */
const later = (header: string): string =>
  header.replace(/(?<!\w)\d{10}(\d{3})?(?!\w)/g, (time) => String(Number(time) + (time.length === 10 ? 60 : 60_000)))

/** Whoever signs signs the time too. */
export const signingTimes: readonly GatewayCase[] = [
  {
    name: 'believes no other time than the one that was signed',
    run: async (create) => {
      const world = await create()
      const { body, headers } = await takeFirst(world)
      const changed = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, later(text)]))
      if (JSON.stringify(changed) === JSON.stringify(headers)) return
      const verdict = await world.gateway.verifyNotification({ body, headers: changed, receivedAt: world.now() })
      expectEqual(expectErr(verdict, 'a changed time').reason, 'signatureInvalid', 'the reason')
    },
  },
]

/** Whose money it is, is the gateway’s word. */
export const namingAccounts: readonly GatewayCase[] = [
  {
    name: 'does not take the payment of another account for the shop’s own',
    run: async (create) => {
      const world = await create()
      if (world.tellOfAnother === undefined) return
      const notification = await world.tellOfAnother()
      const verdict = await world.gateway.verifyNotification({ ...notification, receivedAt: world.now() })
      if (verdict.isErr()) return
      for (const fact of expectOk(verdict, 'a notification').facts) {
        expectTrue(
          fact.kind !== 'payment' || fact.merchantAccount !== world.gateway.merchantAccount,
          'the payment of another account',
        )
      }
    },
  },
]
