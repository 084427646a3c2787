import fc from 'fast-check'
import { okAsync, type ResultAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { settleDisputes } from '../../../src/orders/disputes/settle-disputes.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { decidePayment } from '../../../src/orders/paying/decide-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import type { ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { returnHeldMoney } from '../../../src/orders/suspense/return-held-money.js'
import { advanceOrders, closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { releaseHold } from '../../../src/orders/watch/release-hold.js'
import { isUndecided } from '../../../src/payments/payment-machine.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import { openRefundStatuses } from '../../../src/payments/refund-table.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { runsOf } from '../../kit/property-runs.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, type TestShop, value } from '../open-shop.js'
import { gone, hear, openWith, orderOf, paid, post, threeDays, unpaid } from './unheard-shop.js'

type World = { readonly shop: TestShop; readonly orderId: string; silent: boolean; words: number }
type Pick = <Item>(items: readonly Item[]) => Item | undefined

const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)

/** A shop whose gateway may fall silent: what it was asked it may have done, as `does` has it, and does not answer. */
const asking = ({ shop, silent }: World, does = false): TestShop => {
  const { gateway } = shop
  const mute =
    <Input>(call: (input: Input) => ResultAsync<unknown, never>) =>
    (input: Input) =>
      does ? call(input).andThen(lost) : lost()
  const quiet: PaymentGateway = {
    ...gateway,
    query: lost,
    create: mute(gateway.create),
    close: mute(gateway.close),
    ...(gateway.capture === undefined ? {} : { capture: mute(gateway.capture) }),
  }
  return silent ? { ...shop, gateways: { sandbox: quiet } } : shop
}

const paymentsOf = async (shop: TestShop) => (await booksOf(shop)).payments.map(({ state }) => state)

const takeNews = async (shop: TestShop) => {
  for (const signed of await shop.gateway.takeNotifications()) {
    value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
  }
  await hear(shop)
}

const sweeps = { limit: 10 }

/** What a bill would: of what staff said was not paid, and nobody asks about any more, its gateway says what it has taken. */
const tellOfEnded = async (shop: TestShop) => {
  for (const { paymentId, status } of await paymentsOf(shop)) {
    if (status !== 'closed') continue
    const at = shop.clock.now()
    const outcome = value(await shop.gateway.query({ attemptRef: paymentId, gatewayRef: null, at }))
    if (outcome.kind !== 'ok' || outcome.value === 'notFound') continue
    const snapshot = outcome.value
    value(await recordPayment(shop, paymentId, () => [{ type: 'RecordSnapshot', snapshot }]))
  }
}

/** What may happen to an order and its payments; what its state forbids changes nothing. */
const steps = {
  pay: async (world, pick) => {
    const charged = pick([true, false]) ?? true
    const kinds = [{ kind: 'timeout', charged }, { kind: 'succeed' }, { kind: 'pending' }] as const
    world.shop.gateway.script({ ...(pick(kinds) ?? kinds[0]), delivery: { times: pick([0, 1]) ?? 0 } })
    return payOrder(asking(world, charged), by('ann'), {
      ...{ orderId: world.orderId, gatewayId: 'sandbox', method: 'wechatPay' },
    })
  },
  fallSilent: async (world) => {
    world.silent = !world.silent
  },
  payerPays: async ({ shop }, pick) => {
    const attempt = pick(await paymentsOf(shop))
    if (attempt !== undefined) shop.gateway.pay(attempt.paymentId, { evenIfEnded: true })
  },
  closeUnpaid: async (world, pick) => {
    world.shop.pass(pick([minutesMs, 31 * minutesMs, daysMs]) ?? daysMs)
    const at = pick([true, false]) ? gone(world.shop) : asking(world)
    return closeUnpaidOrders(at, sweeps)
  },
  settle: async (world, pick) => {
    world.shop.pass(pick([minutesMs, daysMs]) ?? daysMs)
    value(await settlePayments(asking(world), sweeps))
    await hear(world.shop)
  },
  say: async (world, pick) => {
    const { shop } = world
    const about = pick((await paymentsOf(shop)).filter(({ unheardSince }) => unheardSince !== undefined))
    if (about === undefined) return
    threeDays(shop)
    world.words += 1
    const { paymentId } = about
    const word = pick([paid(paymentId, `STMT-${world.words}`), unpaid(paymentId)]) ?? unpaid(paymentId)
    await decidePayment(asking(world), byStaff(), word)
    await hear(shop)
  },
  takeNews: async ({ shop }) => takeNews(shop),
  ask: async (world) => queryPayment(asking(world), by('ann'), { orderId: world.orderId }),
  cancel: async (world) => cancelOrder(asking(world), byStaff(), { orderId: world.orderId }),
  ship: async (world, pick) =>
    captureAndShip(asking(world, pick([true, false])), byStaff(), {
      ...{ ...post(world.orderId), trackingNumber: `ANY${world.shop.clock.now()}` },
    }),
  capture: async (world, pick) => {
    const { orderId } = world
    const amountMinor = pick([1_000, 5_000, undefined])
    const part = amountMinor === undefined ? {} : { amountMinor }
    return captureOrder(asking(world, pick([true, false])), byStaff(), { orderId, ...part })
  },
  refund: async (world, pick) => {
    const { shop, orderId } = world
    const lineId = pick((await orderOf(shop))?.lines ?? [])?.lineId ?? ''
    const what = pick([{ amountMinor: 1_500 }, { lines: [{ lineId, quantity: 1 }] }]) ?? { amountMinor: 1_500 }
    return refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', ...what })
  },
  dispute: async ({ shop }, pick) => {
    const taken = shop.gateway.books().payments.filter(({ capturedMinor }) => capturedMinor > 0)
    const about = pick(taken)
    if (about !== undefined) shop.gateway.dispute(about.attemptRef, pick([{}, { amountMinor: 3_000 }]) ?? {})
    await takeNews(shop)
  },
  endHolds: async ({ shop }) => {
    shop.pass(daysMs)
    return endHolds(shop, sweeps)
  },
} satisfies Readonly<Record<string, (world: World, pick: Pick) => Promise<unknown>>>

const names = Object.keys(steps) as (keyof typeof steps)[]
type Course = readonly (readonly [keyof typeof steps, number])[]
const anyOf = (...of: readonly (keyof typeof steps)[]) => fc.tuple(fc.constantFrom(...of), fc.nat(99))
const anything = (maxLength: number): fc.Arbitrary<Course> => fc.array(anyOf(...names), { maxLength })

// Something is asked of a gateway that falls silent, and a person says what came of it, between whatever else.
const courses: fc.Arbitrary<Course> = fc
  .tuple(
    anyOf('pay'),
    anything(2),
    anyOf('fallSilent'),
    anyOf('ship', 'ship', 'capture', 'pay', 'cancel', 'closeUnpaid'),
    anyOf('say'),
    anything(6),
  )
  .map(([pay, before, silence, asked, say, after]) => [pay, ...before, silence, asked, say, ...after])

// Where money is held first, a capture may be what nobody answers.
const onShipment: Partial<ShopPolicy> = { capture: 'onShipment' }
const terms = fc.constantFrom<Partial<ShopPolicy>>(onShipment, onShipment, {}, { lateSuccess: 'reinstateIfStock' })

// The shortest that went unseen: what nobody took is said to be paid, and is held still.
const heldStill: Course = [
  ['pay', 19],
  ['fallSilent', 0],
  ['ship', 45],
  ['say', 0],
]

/** Everybody answers and is asked by nobody but the sweeps, staff look at what waits for them, and time passes. */
const comeToRest = async (world: World) => {
  const { shop, orderId } = world
  world.silent = false
  for (const { disputeRef, status } of shop.gateway.books().disputes) {
    if (status !== 'won' && status !== 'lost') shop.gateway.moveDispute(disputeRef, { status: 'lost', lostMinor: null })
  }
  for (let turn = 0; turn < 10; turn += 1) {
    await takeNews(shop)
    await tellOfEnded(shop)
    value(await closeUnpaidOrders(shop, sweeps))
    value(await settlePayments(shop, sweeps))
    await hear(shop)
    value(await settleDisputes(shop, sweeps))
    value(await advanceOrders(shop, sweeps))
    value(await settleRefunds(shop, sweeps))
    for (const { id } of (await booksOf(shop)).refunds) {
      shop.gateway.settleRefund(id)
      await payRefundByHand(shop, byStaff(), { refundId: id })
    }
    for (const { paymentId } of await paymentsOf(shop)) await returnHeldMoney(shop, byStaff(), { paymentId })
    await releaseHold(shop, byStaff(), { orderId })
    await captureAndShip(shop, byStaff(), { ...post(orderId), trackingNumber: `REST${turn}` })
    if (turn > 4) await cancelOrder(shop, byStaff(), { orderId })
    shop.pass(8 * daysMs)
  }
}

it('whatever staff say of payments while their gateway says nothing, the books are the gateway’s once it has been asked', async () => {
  await fc.assert(
    fc.asyncProperty(terms, courses, async (policy, course) => {
      const world: World = { ...(await openWith(policy)), silent: false, words: 0 }
      const { shop, orderId } = world
      for (const [name, draw] of course) {
        let left = draw
        const pick: Pick = (items) => {
          const item = items[left % Math.max(1, items.length)]
          left = Math.floor(left / 2) + 7 * (left % 2)
          return item
        }
        await (steps[name] as (world: World, pick: Pick) => Promise<unknown>)(world, pick)
      }
      await expectBooksToAgree(shop)
      await comeToRest(world)
      await expectBooksToAgree(shop)
      const { payments, refunds, ledger } = await booksOf(shop)
      const order = await orderOf(shop)
      expect(payments.filter(({ state }) => isUndecided(state))).toEqual([])
      expect(payments.filter(({ state: { said } }) => said !== undefined && said.deniedMinor === undefined)).toEqual([])
      expect(refunds.filter(({ state }) => openRefundStatuses.some((status) => status === state.status))).toEqual([])
      expect(order?.status).toMatch(/^(completed|cancelled|closed)$/)
      const netMinor = shop.gateway.books().totals[0]?.netMinor ?? 0
      expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(netMinor)
      for (const account of ['refundInTransit', 'disputeHold', 'suspense:sandbox'] as const) {
        expect([account, balanceOf(ledger, account)]).toEqual([account, 0])
      }
      // Whatever was denied and disputed, nothing is kept of an order that has ended, and no more of another than it is worth.
      const isOver = order?.status !== 'completed'
      const backMinor = order?.refunds.reduce((sum, { cashMinor }) => sum + cashMinor, 0) ?? 0
      const worthMinor = isOver ? 0 : (order?.totals.payableMinor ?? 0) - backMinor
      expect(netMinor + balanceOf(ledger, 'bank')).toBeLessThanOrEqual(worthMinor)
      if (isOver) expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
      expect(balanceOf(ledger, 'chargebackLoss')).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: runsOf(12), examples: [[onShipment, heldStill]] },
  )
})
