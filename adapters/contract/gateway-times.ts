import { expectOk, expectTrue } from './assert.js'
import {
  askRefund,
  createPaid,
  type GatewayCase,
  type GatewayUnderTest,
  giveBack,
  minute,
  refundOf,
} from './gateway-under-test.js'

/** A time that a gateway names is one of a moment ago, in milliseconds: seconds would lie in 1970. */
export const expectRecent = ({ now }: GatewayUnderTest, at: number, what: string): void =>
  expectTrue(
    Math.abs(now() - at) <= 60 * minute,
    `${what}: ${at}, where it is ${now()}; times are milliseconds since 1970-01-01T00:00:00Z`,
  )

/** A span that a gateway declares is one of milliseconds: what is shorter than an hour is one of seconds. */
const expectSpan = (span: number | null, what: string): void =>
  expectTrue(
    span === null || (Number.isSafeInteger(span) && span >= 60 * minute),
    `${what}: ${span}; spans are whole milliseconds`,
  )

/** Times are milliseconds. */
export const declaringSpans: readonly GatewayCase[] = [
  {
    name: 'declares spans in milliseconds',
    run: async (create) => {
      const { expiry, holdMs, idempotency } = (await create()).gateway.capabilities
      expectSpan(holdMs, 'how long money stays held')
      expectSpan(idempotency.windowMs, 'how long a key is kept')
      expectSpan(expiry?.maxMs ?? null, 'how long a payment can stay open')
      expectTrue(
        expiry === null || (Number.isSafeInteger(expiry.minMs) && expiry.minMs >= 0 && expiry.minMs <= expiry.maxMs),
        `how short a payment can stay open: ${expiry?.minMs}`,
      )
    },
  },
]

/** Of what is asked for. */
export const datingPayments: readonly GatewayCase[] = [
  {
    name: 'dates a payment in milliseconds',
    run: async (create) => {
      const world = await create()
      const { at } = await createPaid(world)
      expectRecent(world, at, 'a payment')
    },
  },
]

/** Of refunds. */
export const datingRefunds: readonly GatewayCase[] = [
  {
    name: 'dates a refund in milliseconds',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      const sent = await giveBack(world, refundOf(world))
      if (sent.kind === 'ok') expectRecent(world, sent.value.at, 'a refund')
      const found = await askRefund(world)
      if (found !== 'notFound') expectRecent(world, found.at, 'a refund that is asked about')
    },
  },
]

/** Of what is said unasked. */
export const datingNews: readonly GatewayCase[] = [
  {
    name: 'dates what it says unasked in milliseconds',
    run: async (create) => {
      const world = await create()
      await createPaid(world)
      for (const notification of await world.takeNotifications()) {
        const receipt = { ...notification, receivedAt: world.now() }
        const { facts } = expectOk(await world.gateway.verifyNotification(receipt), 'a notification')
        for (const { at } of facts) expectRecent(world, at, 'what is said unasked')
      }
    },
  },
]
