import { describe, expect, it } from 'vitest'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, type TestShop, value } from '../open-shop.js'
import { balances as balancesOn, failingWith, say } from '../refunds/gone-refund.js'
import { decideAt, dispute, openPaid } from './disputed.js'

/** Clearing, what Ann owes, what is lost, and what is on its way. */
const balances = (shop: TestShop) =>
  balancesOn(shop, ['gatewayClearing:sandbox', 'receivable:ann', 'chargebackLoss', 'refundInTransit'])

const owing = async (shop: TestShop) =>
  (await booksOf(shop)).refunds.flatMap(({ state }) => (state.status === 'requested' ? [state.amountMinor] : []))

const settle = async (shop: TestShop) => {
  shop.pass(daysMs)
  return value(await settleRefunds(shop, { limit: 10 })).done
}

type Paid = Awaited<ReturnType<typeof openPaid>>

/** Of 266.00, 129.00 are to go back; the gateway says of what it is sent that it failed, with so much of it arrived. */
const refundKettle = async ({ shop, orderId, lineId }: Paid, reason: 'goodwill' | 'lost', goneMinor = 0) => {
  const failing = { ...shop, gateways: { sandbox: failingWith(shop.gateway, goneMinor) } }
  value(await refundOrder(failing, byStaff(), { orderId, reason, lines: [{ lineId, quantity: 1 }] }))
}

/**
 * A dispute of 97.00 is lost for 30.00. Of 129.00 that go back then, the payer has these 30.00, and the 99.00 that are sent
 * fail; then the bank takes all 97.00: of the 99.00 the payer has 67.00, and 32.00 are to be sent beside them.
 */
const openRaised = async () => {
  const opened = await openPaid()
  const { shop, orderId, paymentId } = opened
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 9_700 })
  await decideAt(shop, disputeRef, 'lost', 3_000)
  await refundKettle(opened, 'lost')
  await decideAt(shop, disputeRef, 'lost', 9_700)
  expect(await owing(shop)).toEqual([3_200])
  const refundId = (await booksOf(shop)).refunds.find(({ state }) => state.amountMinor === 9_900)?.id ?? ''
  return { ...opened, refundId, disputeRef }
}

describe('of two refunds that came by one lost dispute, the one that was sent and then', () => {
  it('arrives after all takes nothing of what the other has by it: nothing more is sent', async () => {
    const { shop, refundId } = await openRaised()
    await say(shop, refundId, 'succeeded')
    expect(await owing(shop)).toEqual([])
    expect(await settle(shop)).toBe(0)
    // 97.00 and 99.00 of 129.00.
    expect(await balances(shop)).toEqual([26_600 - 9_700 - 9_900, 6_700, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('arrives in part takes nothing of what the other has by it: nothing more is sent', async () => {
    const { shop, refundId } = await openRaised()
    await say(shop, refundId, 'failed', 4_000)
    expect(await owing(shop)).toEqual([])
    expect(await settle(shop)).toBe(0)
    // 97.00 and 40.00 of 129.00.
    expect(await balances(shop)).toEqual([26_600 - 9_700 - 4_000, 800, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('arrives in part, by less than is lacking, leaves the difference to be sent', async () => {
    const { shop, refundId } = await openRaised()
    await say(shop, refundId, 'failed', 2_000)
    expect(await owing(shop)).toEqual([1_200])
    expect(await settle(shop)).toBe(1)
    expect(await balances(shop)).toEqual([26_600 - 12_900, 0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('arrives after all came by no dispute once that took no more than the other has by it', async () => {
    const { shop, refundId, disputeRef } = await openRaised()
    await say(shop, refundId, 'succeeded')
    await decideAt(shop, disputeRef, 'lost', 3_000)
    expect(await owing(shop)).toEqual([])
    expect(await settle(shop)).toBe(0)
    expect(await balances(shop)).toEqual([26_600 - 12_900, 0, 0, 0])
    expect((await booksOf(shop)).refunds.find(({ id }) => id === refundId)?.state.status).toBe('succeeded')
    await expectBooksToAgree(shop)
  })

  it.each(['won', 'lost'] as const)(
    'arrives after all while another dispute is open, which is then %s, takes nothing of what the other has',
    async (status) => {
      const { shop, paymentId, refundId } = await openRaised()
      const other = await dispute(shop, paymentId, { amountMinor: 1_000 })
      await say(shop, refundId, 'succeeded')
      await decideAt(shop, other.disputeRef, status)
      expect(await owing(shop)).toEqual([])
      expect(await settle(shop)).toBe(0)
      const lostMinor = status === 'lost' ? 1_000 : 0
      expect(await balances(shop)).toEqual([26_600 - 9_700 - 9_900 - lostMinor, 6_700, lostMinor, 0])
      await expectBooksToAgree(shop)
    },
  )
})

describe('what is lacking of a refund that came by a lost dispute', () => {
  it('is had by another lost dispute as far as nothing has used that up', async () => {
    const opened = await openPaid()
    const { shop, paymentId } = opened
    await refundKettle(opened, 'goodwill')
    const one = await dispute(shop, paymentId, { amountMinor: 13_000 })
    await decideAt(shop, one.disputeRef, 'lost')
    const other = await dispute(shop, paymentId, { amountMinor: 6_000 })
    await decideAt(shop, other.disputeRef, 'lost')
    await decideAt(shop, one.disputeRef, 'lost', 3_000)
    // 30.00 and 60.00 of 129.00.
    expect(await owing(shop)).toEqual([3_900])
    expect(await settle(shop)).toBe(1)
    expect(await balances(shop)).toEqual([26_600 - 12_900, 0, 0, 0])
    await expectBooksToAgree(shop)
    // What the bank takes no more of either is sent beside it.
    await decideAt(shop, one.disputeRef, 'won')
    expect(await owing(shop)).toEqual([3_000])
    await decideAt(shop, other.disputeRef, 'lost', 1_000)
    expect(await settle(shop)).toBeGreaterThan(0)
    expect(await balances(shop)).toEqual([26_600 - 12_900, 0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('because what had arrived of it came back, is had by another that took more than was lacking before', async () => {
    const opened = await openPaid()
    const { shop, paymentId } = opened
    await refundKettle(opened, 'goodwill', 6_000)
    const [small, fit] = [
      await dispute(shop, paymentId, { amountMinor: 3_000 }),
      await dispute(shop, paymentId, { amountMinor: 6_900 }),
    ]
    await decideAt(shop, fit.disputeRef, 'lost')
    await decideAt(shop, small.disputeRef, 'lost')
    expect(await owing(shop)).toEqual([])
    const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
    await say(shop, refundId, 'failed', 4_500)
    // 69.00, 45.00, and 15.00 of the other.
    expect(await owing(shop)).toEqual([])
    expect(await balances(shop)).toEqual([26_600 - 9_900 - 4_500, 0, 1_500, 0])
    await say(shop, refundId, 'failed', 1_000)
    expect(await owing(shop)).toEqual([2_000])
    expect(await settle(shop)).toBe(1)
    expect(await balances(shop)).toEqual([26_600 - 12_900, 0, 0, 0])
    await expectBooksToAgree(shop)
  })
})
