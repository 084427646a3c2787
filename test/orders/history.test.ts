import fc from 'fast-check'
import { expect, inject, it } from 'vitest'
import type { Order } from '../../src/orders/order.js'
import { captureAndShip } from '../../src/orders/parcels/ship-order.js'
import { payRefundByHand } from '../../src/orders/refunds/rescue-refund.js'
import { recordReceipt } from '../../src/orders/suspense/record-receipt.js'
import { returnHeldMoney } from '../../src/orders/suspense/return-held-money.js'
import { payouts } from '../../src/payments/payout.schema.js'
import type { OutboxEvent } from '../../src/shared/events.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { find } from '../../src/shared/read-plan.js'
import { ask, booksOf } from './books-of.js'
import { act, askedOf, type History, hear, sweepAll } from './history-act.js'
import { eventsOf, expectLaws, expectRest } from './history-laws.js'
import { turn } from './history-steps.js'
import { openHistory, terms } from './open-history.js'
import { byStaff, type TestShop } from './open-shop.js'

const long = Number(process.env.FC_NUM_RUNS ?? 0) > 0
const people = long ? 10 : 3
const steps = long ? 1_000 : 50

/** Lets everything that is under way come to its end: the payer decides, the gateway tells, the sweeps go round. */
const comeToRest = async (history: History): Promise<void> => {
  const { shop } = history
  history.jump(history.worldNow() - shop.clock.now())
  for (let turn = 0; turn < 16; turn += 1) {
    for (const { id } of (await booksOf(shop)).refunds) shop.gateway.settleRefund(id)
    for (const { disputeRef, status } of shop.gateway.books().disputes) {
      const isOpen = status !== 'won' && status !== 'lost'
      if (turn === 0 && isOpen)
        shop.gateway.moveDispute(disputeRef, { status: disputeRef.endsWith('1') ? 'lost' : 'won' })
    }
    await hear(history, shop, { newestFirst: false, twice: false })
    await sweepAll(shop)
    for (const { state } of (await booksOf(shop)).orders) await bringHome(shop, state, turn)
    for (const { id, state } of (await booksOf(shop)).payments) {
      if (state.status === 'integrityHold') await returnHeldMoney(shop, byStaff(), { paymentId: id })
    }
    for (const { id, state } of (await booksOf(shop)).refunds) {
      const byHand = state.status === 'failed' || (state.gatewayId === 'courier' && state.status === 'pending')
      if (byHand) await payRefundByHand(shop, byStaff(), { refundId: id })
    }
    shop.pass(turn < 6 ? 2 * hoursMs : 4 * daysMs)
  }
  // What was laid up for the gateway to fail at is used up one try at a time.
  const open = { where: [], limit: 1_000 } as const
  const isWaiting = async () => (await ask(shop, find(payouts, open))).some(({ state }) => state.status === 'submitted')
  for (let turn = 0; turn < 200 && (await isWaiting()); turn += 1) {
    await sweepAll(shop)
    shop.pass(hoursMs)
  }
}

/** Sends off what is to be paid on delivery, and brings what it is to bring. */
const bringHome = async (shop: TestShop, order: Order, turn: number): Promise<void> => {
  if (!('paidAt' in order) || order.onDelivery === undefined || order.onDelivery.dueMinor === 0) return
  const { orderId, paymentId } = order
  if (paymentId === null) return
  await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: `REST${turn}` })
  const amountMinor = await askedOf(shop, orderId)
  const reference = `REST.${turn}.${orderId.slice(0, 20)}`
  await recordReceipt(shop, byStaff(), { paymentId, amountMinor, currency: 'CNY', reference })
}

const movingMembers = /status$|^next$|^failure$/i

const sameThing = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer, (name, member: unknown) => (movingMembers.test(name) ? undefined : member)))

const beginnings = ['OrderPlaced', 'AttemptStarted', 'RefundStarted', 'RefundRequested', 'GoodsShipped', 'OrderEdited']

const begun = (events: readonly OutboxEvent[]): readonly string[] =>
  events.filter(({ type }) => beginnings.includes(type)).map(({ id }) => id)

it('whatever buyers, staff, gateway, connections and clocks do, the books agree after every step and nothing is left stuck', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...terms),
      fc.array(turn, { minLength: steps / 2, maxLength: steps, size: 'max' }),
      async (given, history) => {
        const world = await openHistory(given, people)
        let books = await booksOf(world.shop)
        for (const together of history) {
          await Promise.all(
            together.map((fated, index) => act(world, books, fated, index % 2 === 0 ? world.shop : world.other)),
          )
          const after = await booksOf(world.shop)
          await expectLaws(world.shop, after, books)
          const events = await eventsOf(world.shop)
          books = after
          const { last } = world
          const isAgain = together.some(({ step: { does } }) => does === 'sendAgain')
          if (isAgain && last?.answer !== undefined) {
            const again = await last.send()
            // What was under way may have come further; it is the same thing, and nothing is begun again.
            expect(sameThing(again.isOk() ? again.value : again.error)).toEqual(sameThing(last.answer))
            expect(begun(await eventsOf(world.shop))).toEqual(begun(events))
          }
        }
        await comeToRest(world)
        const rest = await booksOf(world.shop)
        await expectLaws(world.shop, rest, books)
        await expectRest(world.shop, rest)
        // What the gateway had to tell is taken in the end, or it would tell it for ever.
        expect(world.untold.map((body) => new TextDecoder().decode(body))).toEqual([])
      },
    ),
    { numRuns: long || inject('storage') === 'memory' ? 3 : 1, endOnFailure: true },
  )
})
