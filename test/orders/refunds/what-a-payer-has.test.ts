import fc from 'fast-check'
import { okAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { recordDispute } from '../../../src/orders/disputes/record-dispute.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { recordRefund } from '../../../src/orders/paying/record-outcome.js'
import { decideRefund } from '../../../src/orders/refunds/decide-refund.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import type { Refund } from '../../../src/payments/refund.js'
import type { DisputeSnapshot, RefundSnapshot } from '../../../src/payments/snapshot.js'
import { daysMs, hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { runsOf } from '../../kit/property-runs.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop } from '../open-shop.js'
import { balances } from './gone-refund.js'

/** What has become of a refund at the gateway: so much of it has arrived. */
type Sent = { amountMinor: number; goneMinor: number; status: 'failed' | 'succeeded' | 'pending' }
type Disputed = { readonly amountMinor: number; lostMinor: number; status: 'evidenceDue' | 'won' | 'lost'; at: number }

/** What the world knows: refunds at the gateway, disputes at the bank, and what was paid by hand. */
type World = {
  readonly shop: TestShop
  readonly orderId: string
  readonly paymentId: string
  readonly paidMinor: number
  readonly sent: Map<string, Sent>
  readonly disputes: Map<string, Disputed>
  readonly gateway: PaymentGateway
  /** How the gateway answers next. */
  answer: number
}

type Pick = <Item>(items: readonly Item[]) => Item | undefined

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

const open = async (): Promise<World> => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['mug', 3],
  ])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' })
  const paidMinor = (await booksOf(shop)).payments[0]?.state.amountMinor ?? 0
  const sent = new Map<string, Sent>()
  const gateway: PaymentGateway = {
    ...shop.gateway,
    refund: ({ refundRef, amount, at }) => {
      const found = sent.get(refundRef) ?? { amountMinor: amount.minor, goneMinor: 0, status: 'pending' as const }
      sent.set(refundRef, found)
      const how = world.answer % 5
      if (how === 0) found.goneMinor = found.amountMinor
      if (how === 1 || how === 2) found.goneMinor += Math.floor((found.amountMinor - found.goneMinor) / 2)
      found.status = found.goneMinor === found.amountMinor ? 'succeeded' : how === 4 ? 'pending' : 'failed'
      if (world.answer % 7 === 6) return okAsync({ kind: 'unknown', cause: 'timeout' })
      if (found.status === 'pending') return okAsync({ kind: 'pending', gatewayRef: null, pollAfterMs: null })
      return okAsync({ kind: 'ok', value: snapshotOf(world, refundRef, found, at) })
    },
    queryRefund: ({ refundRef, at }) => {
      if (world.answer % 7 === 6) return okAsync({ kind: 'unknown', cause: 'timeout' })
      const found = sent.get(refundRef)
      return okAsync({ kind: 'ok', value: found === undefined ? 'notFound' : snapshotOf(world, refundRef, found, at) })
    },
  }
  const world: World = {
    ...{ orderId, paymentId, paidMinor, sent, gateway, answer: 0 },
    disputes: new Map(),
    shop: { ...shop, gateways: { sandbox: gateway } },
  }
  return world
}

const snapshotOf = ({ paymentId }: World, refundRef: string, sent: Sent, at: number): RefundSnapshot => ({
  ...{ kind: 'refund', refundRef, attemptRef: paymentId, gatewayRef: null, status: sent.status, at },
  amount: { minor: sent.amountMinor, currency: 'CNY' },
  failure: sent.status === 'failed' ? 'InstrumentDeclined' : null,
  ...(sent.status === 'failed' && sent.goneMinor > 0 ? { goneMinor: sent.goneMinor } : {}),
})

const refundsOf = async ({ shop }: World): Promise<readonly Refund[]> =>
  (await booksOf(shop)).refunds.map(({ state }) => state)

const tell = async (world: World, refundRef: string) => {
  const sent = world.sent.get(refundRef)
  if (sent === undefined) return
  world.shop.pass(minutesMs)
  await recordRefund(world.shop, refundRef, (_, at) => [
    { type: 'RecordRefundSnapshot', snapshot: snapshotOf(world, refundRef, sent, at), isAnswer: true },
  ])
}

const hearDispute = async ({ shop, gateway, paymentId, disputes }: World, disputeRef: string) => {
  const found = disputes.get(disputeRef)
  if (found === undefined) return
  const { amountMinor, lostMinor, status } = found
  shop.pass(hoursMs)
  const isPart = status === 'lost' && lostMinor !== amountMinor
  const snapshot: DisputeSnapshot = {
    ...{ kind: 'dispute', disputeRef, attemptRef: paymentId, status, reason: 'other', at: shop.clock.now() },
    ...{ amount: { minor: amountMinor, currency: 'CNY' }, lostMinor: isPart ? lostMinor : null },
    ...{ feeMinor: null, evidenceDueAt: null },
  }
  await recordDispute(shop, gateway, snapshot)
}

const payByHand = async ({ shop }: World, refund: Refund | undefined) =>
  refund === undefined ? undefined : payRefundByHand(shop, byStaff(), { refundId: refund.refundId })

/** What may happen; what the state forbids changes nothing. */
const steps = {
  refund: async ({ shop, orderId }, pick) => {
    const lineId = pick((await booksOf(shop)).orders[0]?.state.lines ?? [])?.lineId ?? ''
    return refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: [{ lineId, quantity: 1 }] })
  },
  sweep: async ({ shop }, pick) => {
    shop.pass(pick([2 * minutesMs, hoursMs, daysMs]) ?? 0)
    return settleRefunds(shop, { limit: 20 })
  },
  retry: async (world, pick) => {
    const refundId = pick((await refundsOf(world)).filter(({ status }) => status === 'failed'))?.refundId ?? ''
    return retryRefund(world.shop, byStaff(), { refundId })
  },
  byHand: async (world, pick) => payByHand(world, pick(await refundsOf(world))),
  say: async (world, pick) => {
    const refund = pick(
      (await refundsOf(world)).filter(({ status }) => ['submitted', 'unknown', 'pending'].includes(status)),
    )
    const { goneMinor = 0, status } = world.sent.get(refund?.refundId ?? '') ?? {}
    if (refund === undefined || status === 'pending') return
    const moved = goneMinor === refund.amountMinor
    const said = { refundId: refund.refundId, moved, ...(moved || goneMinor === 0 ? {} : { goneMinor }), note: 'n' }
    return decideRefund({ ...world.shop, gateways: {} }, byStaff(), said)
  },
  late: async (world, pick) => {
    const [refundRef, sent] = pick([...world.sent]) ?? []
    if (refundRef === undefined || sent === undefined) return
    const leftMinor = sent.amountMinor - sent.goneMinor
    sent.goneMinor =
      pick([sent.amountMinor, Math.floor(sent.goneMinor / 2), sent.goneMinor + Math.floor(leftMinor / 2)]) ?? 0
    sent.status = sent.goneMinor === sent.amountMinor ? 'succeeded' : 'failed'
    return tell(world, refundRef)
  },
  dispute: async (world, pick) => {
    if (world.disputes.size > 2) return
    const disputeRef = `dispute-${world.disputes.size}`
    const amountMinor = pick([1_900, 5_000, 9_700, world.paidMinor]) ?? 0
    const status = pick(['evidenceDue', 'lost'] as const) ?? 'lost'
    world.disputes.set(disputeRef, { amountMinor, lostMinor: amountMinor, status, at: 0 })
    return hearDispute(world, disputeRef)
  },
  bank: async (world, pick) => {
    const [disputeRef, found] = pick([...world.disputes]) ?? []
    if (disputeRef === undefined || found === undefined) return
    found.status = pick(['lost', 'won', 'lost'] as const) ?? 'lost'
    found.lostMinor = pick([found.amountMinor, Math.floor(found.amountMinor / 3), found.amountMinor - 1]) ?? 0
    return hearDispute(world, disputeRef)
  },
} satisfies Readonly<Record<string, (world: World, pick: Pick) => Promise<unknown>>>

/** Every dispute is decided, the gateway sends what it is asked, and persons pay what it cannot. */
const comeToRest = async (world: World) => {
  const { shop, disputes, sent } = world
  world.answer = 0
  for (const [disputeRef, found] of disputes) {
    if (found.status !== 'evidenceDue') continue
    found.status = 'lost'
    await hearDispute(world, disputeRef)
  }
  for (let turn = 0; turn < 6; turn += 1) {
    for (const [refundRef, found] of sent) {
      if (found.status === 'pending') {
        found.status = 'succeeded'
        found.goneMinor = found.amountMinor
      }
      await tell(world, refundRef)
    }
    shop.pass(daysMs)
    await settleRefunds(shop, { limit: 50 })
    for (const refund of await refundsOf(world)) {
      if (refund.status === 'failed' || refund.status === 'manualPayout') await payByHand(world, refund)
    }
  }
}

const names = Object.keys(steps) as (keyof typeof steps)[]
const courses = fc.array(
  fc.tuple(fc.constantFrom<keyof typeof steps>(...names, 'refund', 'refund', 'bank', 'late', 'dispute'), fc.nat()),
  { minLength: 4, maxLength: 14 },
)

it('whatever a gateway, a bank and persons make of refunds and disputes, a payer has all that is owed, and more only as far as it is named as lost or to be had back', async () => {
  await fc.assert(
    fc.asyncProperty(courses, async (course) => {
      const world = await open()
      const { shop, orderId, paidMinor, sent, disputes } = world
      for (const [name, draw] of course) {
        const pick: Pick = (items) => items[draw % Math.max(1, items.length)]
        world.answer = draw
        await (steps[name] as (world: World, pick: Pick) => Promise<unknown>)(world, pick)
        await expectBooksToAgree(shop)
      }
      await comeToRest(world)
      const order = (await booksOf(shop)).orders[0]?.state
      const owedMinor = sum(order?.refunds.map(({ cashMinor }) => cashMinor) ?? [])
      const goneMinor = sum([...sent.values()].map((each) => each.goneMinor))
      const lostMinor = sum([...disputes.values()].map((each) => (each.status === 'lost' ? each.lostMinor : 0)))
      const accounts = ['gatewayClearing:sandbox', 'bank', 'receivable:ann', 'chargebackLoss'] as const
      const [clearing = 0, bank = 0, receivable = 0, loss = 0] = await balances(shop, accounts)
      expect(await balances(shop, ['refundInTransit', 'disputeHold', `escrow:${orderId}`])).toEqual([
        0,
        0,
        owedMinor - paidMinor,
      ])
      expect(clearing).toBe(paidMinor - goneMinor - lostMinor)
      expect(receivable).toBeGreaterThanOrEqual(0)
      expect(loss).toBeGreaterThanOrEqual(0)
      expect(goneMinor + lostMinor - bank).toBe(owedMinor + receivable + loss)
      await expectBooksToAgree(shop)
    }),
    { numRuns: runsOf(25) },
  )
})
