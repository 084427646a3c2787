import { expectTrue } from './assert.js'
import {
  answerOf,
  type GatewayCase,
  type GatewayUnderTest,
  giveBack,
  place,
  refOf,
  refundOf,
  requestOf,
} from './gateway-under-test.js'

/** What the gateway says to every question and request of one payment, a notification changed on its way too. */
const everyAnswer = async (
  world: GatewayUnderTest,
  before: () => void = () => undefined,
): Promise<readonly unknown[]> => {
  const { gateway, now, currency } = world
  const payment = { attemptRef: 'pay_contract_1', gatewayRef: refOf(world, 'pay_contract_1'), at: now() }
  const refund = { refundRef: 'refund_contract_1', gatewayRef: null, paymentGatewayRef: payment.gatewayRef }
  const amount = { minor: 100, currency }
  const requests = [
    () => answerOf(gateway.create(requestOf(world, { attemptRef: 'pay_contract_2', key: 'create:pay_contract_2:1' }))),
    () => answerOf(gateway.query(payment)),
    () => answerOf(gateway.query({ ...payment, attemptRef: 'nobody', gatewayRef: null })),
    () => answerOf((gateway.capture ?? gateway.query)({ ...payment, key: 'capture:1', amount, final: false })),
    () => answerOf(gateway.refund(refundOf(world, { gatewayRef: payment.gatewayRef }))),
    () => answerOf(gateway.queryRefund({ ...payment, ...refund })),
    () => answerOf(gateway.close({ ...payment, key: 'close:1' })),
    async () => {
      const [notification] = await world.takeNotifications()
      const { body, headers } = notification ?? { body: new Uint8Array([1]), headers: {} }
      const changed = Uint8Array.from(body, (byte, index) => (index === body.length >> 1 ? byte ^ 1 : byte))
      return gateway.verifyNotification({ body: changed, headers, receivedAt: now() })
    },
  ]
  const said: unknown[] = []
  for (const send of requests) {
    before()
    said.push(await send())
  }
  return said
}

const expectNoSecret = (world: GatewayUnderTest, said: readonly unknown[]): void => {
  const text = JSON.stringify(said)
  for (const secret of world.secrets) expectTrue(!text.includes(secret), 'an outcome holds a secret')
}

/** No secret of the shop's is in anything that a gateway says. */
export const keepingSecrets: readonly GatewayCase[] = [
  {
    name: 'tells no secret in any outcome',
    run: async (create) => {
      const world = await create()
      world.letPayerWait()
      const request = requestOf(world)
      const said = [
        await place(world, request),
        await place(world, { ...request, amount: { ...request.amount, minor: 1 } }),
        await giveBack(world, refundOf(world)),
        await giveBack(world, refundOf(world, { attemptRef: 'nobody' })),
        await world.gateway.verifyNotification({ body: new Uint8Array([1]), headers: {}, receivedAt: world.now() }),
        ...(await everyAnswer(world)),
      ]
      expectNoSecret(world, said)
    },
  },
  {
    name: 'repeats no secret that an answer repeats: out of order, refused, or signed by nobody',
    run: async (create) => {
      for (const status of [500, 400, 401, 200]) {
        const world = await create()
        const { answerNext } = world
        if (answerNext === undefined) return
        world.letPayerWait()
        await place(world, requestOf(world))
        const text = world.secrets.join(' ')
        const refusals = [{ name: 'NO', code: 'NO', message: text }, { error: { type: 'api_error', message: text } }]
        for (const body of [...refusals.map((refusal) => JSON.stringify(refusal)), text])
          expectNoSecret(world, await everyAnswer(world, () => answerNext(status, body)))
      }
    },
  },
]
