import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { decideRefund } from '../../../src/orders/refunds/decide-refund.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { returnHeldMoney } from '../../../src/orders/suspense/return-held-money.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { refundableMinor } from '../../../src/payments/payment-machine.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { balances as balancesOn, failingWith, openGoneInPart, say } from '../refunds/gone-refund.js'
import { decideAt, deliver, dispute } from './disputed.js'

/** Of Ann's refund of 137.00 so much arrived; of the payment her bank takes so much, and keeps it. */
const openLost = async (goneMinor: number, lostMinor: number) => {
  const opened = await openGoneInPart(goneMinor)
  const { shop, paymentId } = opened
  const { disputeRef } = await dispute(shop, paymentId, { amountMinor: lostMinor })
  await decideAt(shop, disputeRef, 'lost', lostMinor)
  return { ...opened, disputeRef }
}

/** Escrow, clearing, what Ann owes, what is lost, and what is on its way. */
const balances = (shop: TestShop, orderId: string) =>
  balancesOn(shop, [
    `escrow:${orderId}`,
    'gatewayClearing:sandbox',
    'receivable:ann',
    'chargebackLoss',
    'refundInTransit',
  ])

const refundsOf = async (shop: TestShop) =>
  (await booksOf(shop)).refunds.map(({ state }) => [state.status, state.amountMinor] as const)

const settle = async (shop: TestShop) => {
  shop.pass(daysMs)
  return value(await settleRefunds(shop, { limit: 10 })).done
}

/** What had seemed to have arrived is not there, and is sent beside what came by the dispute. */
const expectRestSent = async (
  shop: TestShop,
  { orderId, refundId }: { readonly orderId: string; readonly refundId: string },
) => {
  await say(shop, refundId, 'failed')
  expect(await refundsOf(shop)).toEqual([
    ['chargedBack', 13_700],
    ['requested', 6_000],
  ])
  expect(await settle(shop)).toBe(1)
  expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
  await expectBooksToAgree(shop)
}

const leftOf = async (shop: TestShop) => (await booksOf(shop)).payments.map(({ state }) => refundableMinor(state))

describe('a refund of which 60.00 of 137.00 arrived before its rest failed', () => {
  it('is made up for by a lost dispute over the rest: nothing more is sent, and nobody owes or has lost anything', async () => {
    const { shop, orderId } = await openLost(6_000, 7_700)
    expect(await settle(shop)).toBe(0)
    expect(await refundsOf(shop)).toEqual([['chargedBack', 13_700]])
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    expect(await leftOf(shop)).toEqual([0])
    const [bill] = value(await listBills(shop, byStaff(), {})).bills
    expect([bill?.status, bill?.refundedMinor]).toEqual(['refunded', 13_700])
    await expectBooksToAgree(shop)
  })

  it('is made up for by a lost dispute over all: what the bank took beyond the rest is lost', async () => {
    const { shop, orderId } = await openLost(6_000, 13_700)
    expect(await settle(shop)).toBe(0)
    expect(await refundsOf(shop)).toEqual([['chargedBack', 13_700]])
    expect(await balances(shop, orderId)).toEqual([0, -6_000, 0, 6_000, 0])
    await expectBooksToAgree(shop)
  })

  it('is made up for in part by a lost dispute over less: only what both lack is sent beside it', async () => {
    const { shop, orderId } = await openLost(6_000, 5_000)
    expect(await refundsOf(shop)).toEqual([
      ['chargedBack', 13_700],
      ['requested', 2_700],
    ])
    expect(await settle(shop)).toBe(1)
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    expect(await leftOf(shop)).toEqual([0])
    const [bill] = value(await listBills(shop, byStaff(), {})).bills
    expect([bill?.status, bill?.refundedMinor, bill?.refundPendingMinor]).toEqual(['refunded', 13_700, 0])
    await expectBooksToAgree(shop)
  })

  it('is owed as before once the dispute is won, and paid by hand for the rest', async () => {
    const { shop, orderId, paymentId, refundId } = await openGoneInPart()
    const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 7_700 })
    await decideAt(shop, disputeRef, 'won')
    expect(await refundsOf(shop)).toEqual([['failed', 13_700]])
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    expect(await balances(shop, orderId)).toEqual([0, 7_700, 0, 0, 0])
    expect(await balancesOn(shop, ['bank'])).toEqual([-7_700])
    await expectBooksToAgree(shop)
  })

  it('is sent again whole, of which its gateway brings the rest, where a bank comes back on its word', async () => {
    const { shop, orderId, disputeRef } = await openLost(6_000, 7_700)
    await decideAt(shop, disputeRef, 'won')
    expect(await refundsOf(shop)).toEqual([['requested', 13_700]])
    expect((await booksOf(shop)).payments[0]?.state).toMatchObject({ refundReservedMinor: 13_700, refundedMinor: 0 })
    expect(await settle(shop)).toBe(1)
    expect(await refundsOf(shop)).toEqual([['succeeded', 13_700]])
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('by the word of a person is made up for by a lost dispute over the rest as well', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false, delivery: { times: 0 } })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
    const note = 'One of its two parts is there.'
    value(await decideRefund({ ...shop, gateways: {} }, byStaff(), { refundId, moved: false, goneMinor: 6_000, note }))
    const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 7_700 })
    await decideAt(shop, disputeRef, 'lost', 7_700)
    expect((await booksOf(shop)).refunds.map(({ state }) => state)).toMatchObject([
      { status: 'chargedBack', amountMinor: 13_700, coveredMinor: 7_700 },
    ])
    expect(await settle(shop)).toBe(0)
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    // The gateway knows better, and nothing of it had moved.
    await expectRestSent(shop, { orderId, refundId })
  })

  it('is made up for by one of two lost disputes, which leaves the rest of that to nothing else', async () => {
    const { shop, orderId, paymentId } = await openGoneInPart()
    const [small, fit] = [
      await dispute(shop, paymentId, { amountMinor: 3_000 }),
      await dispute(shop, paymentId, { amountMinor: 7_700 }),
    ]
    await decideAt(shop, fit.disputeRef, 'lost', 7_700)
    await decideAt(shop, small.disputeRef, 'lost', 3_000)
    expect((await booksOf(shop)).refunds.map(({ state }) => state)).toMatchObject([
      { status: 'chargedBack', disputeId: fit.disputeId, coveredMinor: 7_700 },
    ])
    expect(await settle(shop)).toBe(0)
    expect(await balances(shop, orderId)).toEqual([0, -3_000, 0, 3_000, 0])
    await expectBooksToAgree(shop)
  })
})

describe('what is heard later of a refund that a lost dispute made up for', () => {
  it('and of which all had seemed to have failed, takes back what was to be sent beside it', async () => {
    const { shop, orderId, refundId } = await openLost(0, 5_000)
    expect(await refundsOf(shop)).toEqual([
      ['chargedBack', 13_700],
      ['requested', 8_700],
    ])
    await say(shop, refundId, 'failed', 6_000)
    expect(await refundsOf(shop)).toEqual([
      ['chargedBack', 13_700],
      ['cancelled', 8_700],
      ['requested', 2_700],
    ])
    expect(await settle(shop)).toBe(1)
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    expect(await leftOf(shop)).toEqual([0])
    await expectBooksToAgree(shop)
  })

  it('leaves nothing to be sent once the parts make up for the rest, and is owed back as far as it is more', async () => {
    const { shop, orderId, refundId } = await openLost(6_000, 5_000)
    await say(shop, refundId, 'failed', 8_700)
    expect(await refundsOf(shop)).toEqual([
      ['chargedBack', 13_700],
      ['cancelled', 2_700],
    ])
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    expect(await leftOf(shop)).toEqual([0])
    await say(shop, refundId, 'succeeded')
    expect(await settle(shop)).toBe(0)
    expect(await balances(shop, orderId)).toEqual([0, -5_000, 5_000, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('is owed back where what was sent beside it has gone meanwhile', async () => {
    const { shop, orderId, refundId } = await openLost(6_000, 5_000)
    expect(await settle(shop)).toBe(1)
    await say(shop, refundId, 'failed', 8_700)
    expect(await balances(shop, orderId)).toEqual([0, -2_700, 2_700, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('is sent beside it where a part that had arrived came back', async () => {
    const { shop, orderId, refundId } = await openLost(6_000, 7_700)
    await expectRestSent(shop, { orderId, refundId })
  })

  it('is had by the dispute where that took all, and a part that had arrived came back', async () => {
    const { shop, orderId, refundId } = await openLost(6_000, 13_700)
    await say(shop, refundId, 'failed')
    expect(await refundsOf(shop)).toEqual([['chargedBack', 13_700]])
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('waits for the end of another dispute', async () => {
    const { shop, orderId, paymentId, refundId } = await openLost(6_000, 5_000)
    const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 1_000 })
    await say(shop, refundId, 'failed', 8_700)
    await decideAt(shop, disputeRef, 'won')
    expect(await settle(shop)).toBe(0)
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    await expectBooksToAgree(shop)
  })
})

describe('money that its order has no use for, of which 60.00 had arrived back before the rest was disputed and lost', () => {
  it('goes back no more where it came too late', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    shop.gateway.pay(paymentId, { evenIfEnded: true })
    await deliver(shop)
    value(await settleRefunds({ ...shop, gateways: { sandbox: failingWith(shop.gateway, 6_000) } }, { limit: 10 }))
    const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 7_700 })
    await decideAt(shop, disputeRef, 'lost', 7_700)
    expect(await settle(shop)).toBe(0)
    expect(await refundsOf(shop)).toEqual([['chargedBack', 13_700]])
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('waits for no person any more where it did not fit', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'otherAmount', minor: 15_000 })
    const { paymentId } = await pay(shop, 'ann', orderId)
    const sandbox = failingWith(shop.gateway, 6_000)
    value(await returnHeldMoney({ ...shop, gateways: { sandbox } }, byStaff(), { paymentId }))
    expect(await refundsOf(shop)).toEqual([['failed', 15_000]])
    const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 9_000 })
    await decideAt(shop, disputeRef, 'lost', 9_000)
    const again = await returnHeldMoney(shop, byStaff(), { paymentId })
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'NoMoneyHeld' })
    expect((await booksOf(shop)).payments[0]?.state.toDecide).toBeUndefined()
    expect(await refundsOf(shop)).toEqual([['chargedBack', 15_000]])
    expect(await balances(shop, orderId)).toEqual([0, 0, 0, 0, 0])
    expect(await balancesOn(shop, ['suspense:sandbox'])).toEqual([0])
    await expectBooksToAgree(shop)
  })
})
