import { describe, expect, it } from 'vitest'
import { receiveReturn } from '../../../src/aftersales/receive-return.js'
import { refundReturn } from '../../../src/aftersales/refund-return.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { approveReturn } from '../../../src/aftersales/review-return.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { Refund, RefundFacts } from '../../../src/payments/refund.js'
import { refunds } from '../../../src/payments/refund.schema.js'
import { put } from '../../../src/shared/commit.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { decideAt, deliver, dispute, ledgerOf, orderOf, refundsOf } from './disputed.js'

/**
 * Ann has received a kettle for 129.00 and a lamp for 59.00, carriage 8.00. The 129.00 that were to go back failed, and a
 * dispute of all 196.00 has taken 100.00.
 */
const openLacking = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
  ])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  value(await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
  const kettle = { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity: 1 }] } as const
  const { refundId } = value(await refundOrder(shop, byStaff(), kettle))
  const { disputeRef } = await dispute(shop, paymentId)
  await decideAt(shop, disputeRef, 'lost', 10_000)
  expect(await refundsOf(shop)).toEqual([
    [refundId, 'chargedBack'],
    [`${refundId}_rest`, 'requested'],
  ])
  return { shop, orderId, paymentId, refundId, restId: `${refundId}_rest`, disputeRef }
}

const factsOf = (refund: Refund): RefundFacts => {
  if (refund.status !== 'cancelled') return refund
  const { status: _, cancelledAt: __, ...facts } = refund
  return facts
}

const lamp = [{ lineId: 'lamp-2', quantity: 1 }]

/** The lamp comes back, and what was paid for it is given back. */
const returnLamp = async (shop: TestShop, orderId: string) => {
  const asked = { orderId, kind: 'returnAndRefund', reason: 'quality', lines: lamp } as const
  const { returnId } = value(await requestReturn(shop, by('ann'), asked))
  value(await approveReturn(shop, byStaff(), { returnId }))
  const [{ lineId }] = lamp as [(typeof lamp)[number]]
  const received = [{ lineId, receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 1 }]
  value(await receiveReturn(shop, byStaff(), { returnId, lines: received }))
  return refundReturn(shop, byStaff(), { returnId })
}

const sent = (shop: TestShop) =>
  shop.gateway
    .books()
    .refunds.filter(({ status }) => status === 'succeeded')
    .map(({ amountMinor }) => amountMinor)

/** Everything was given back, and the payer has all of it by the dispute. */
const expectAllBack = async (shop: TestShop, orderId: string) => {
  value(await completeOrder(shop, byStaff(), { orderId }))
  expect(sent(shop)).toEqual([])
  const ledger = await ledgerOf(shop)
  expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
  expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
  expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
  expect(balanceOf(ledger, 'bank')).toBe(0)
  await expectBooksToAgree(shop)
}

describe('a dispute that takes more than a failed refund after all', () => {
  it('leaves a later return its money: what made up for the refund uses none of it', async () => {
    const { shop, orderId, refundId, restId, disputeRef } = await openLacking()
    await decideAt(shop, disputeRef, 'lost')
    expect(await refundsOf(shop)).toEqual([
      [refundId, 'chargedBack'],
      [restId, 'cancelled'],
    ])
    value(await returnLamp(shop, orderId))
    await expectAllBack(shop, orderId)
  })

  it('leaves it that also while another dispute is open', async () => {
    const { shop, orderId, paymentId, restId, disputeRef } = await openLacking()
    const other = await dispute(shop, paymentId, { amountMinor: 1_000 })
    expect(await refundsOf(shop)).toContainEqual([restId, 'held'])
    await decideAt(shop, disputeRef, 'lost')
    expect(await refundsOf(shop)).toContainEqual([restId, 'cancelled'])
    value(await returnLamp(shop, orderId))
    await decideAt(shop, other.disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    await expectAllBack(shop, orderId)
  })

  it('leaves it that also where what made up for it was written down before as paid by the dispute', async () => {
    const { shop, orderId, restId, disputeRef } = await openLacking()
    await decideAt(shop, disputeRef, 'lost')
    const stored = (await booksOf(shop)).refunds.find(({ id }) => id === restId)
    if (stored === undefined) throw new Error('nothing makes up for it')
    const { id, version, state } = stored
    const word = { status: 'chargedBack', disputeId: `sandbox:${disputeRef}`, chargedBackAt: shop.clock.now() } as const
    await commit(shop, [put(refunds, { id, version, state: { ...factsOf(state), ...word } })])
    value(await returnLamp(shop, orderId))
    await expectAllBack(shop, orderId)
  })

  it.each([19_600, 12_900])('ends what made up for it and was sent in vain: lost %i', async (lostMinor) => {
    const { shop, orderId, restId, disputeRef } = await openLacking()
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toContainEqual([restId, 'failed'])
    await decideAt(shop, disputeRef, 'lost', lostMinor)
    expect(await refundsOf(shop)).toContainEqual([restId, 'chargedBack'])
    expect((await orderOf(shop))?.refunds).toMatchObject([{ status: 'succeeded' }])
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(lostMinor - 12_900)
    value(await returnLamp(shop, orderId))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(sent(shop)).toEqual(lostMinor === 19_600 ? [] : [6_700])
    if (lostMinor === 19_600) return expectAllBack(shop, orderId)
    value(await completeOrder(shop, byStaff(), { orderId }))
    await expectBooksToAgree(shop)
  })

  it('ends what made up for it and fails only then', async () => {
    const { shop, orderId, restId, disputeRef } = await openLacking()
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    value(await settleRefunds(shop, { limit: 10 }))
    await decideAt(shop, disputeRef, 'lost', 12_900)
    shop.pass(minutesMs)
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toContainEqual([restId, 'chargedBack'])
    await decideAt(shop, disputeRef, 'lost')
    value(await returnLamp(shop, orderId))
    await expectAllBack(shop, orderId)
  })

  it('and less again is made up for once, whatever was sent in vain before', async () => {
    const { shop, orderId, disputeRef } = await openLacking()
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    value(await settleRefunds(shop, { limit: 10 }))
    await decideAt(shop, disputeRef, 'lost')
    for (const lostMinor of [11_000, 10_000]) {
      await decideAt(shop, disputeRef, 'lost', lostMinor)
      const owed = (await booksOf(shop)).refunds
        .filter(({ state }) => state.status === 'requested')
        .reduce((sum, { state }) => sum + state.amountMinor, 0)
      expect([lostMinor, owed]).toEqual([lostMinor, 12_900 - lostMinor])
    }
    value(await settleRefunds(shop, { limit: 10 }))
    expect(sent(shop).reduce((sum, minor) => sum + minor, 0)).toBe(2_900)
    value(await returnLamp(shop, orderId))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(sent(shop).reduce((sum, minor) => sum + minor, 0)).toBe(2_900 + 6_700)
    value(await completeOrder(shop, byStaff(), { orderId }))
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('asks nobody to pay what made up for it by hand once it is no longer lacking', async () => {
    const { shop, orderId, restId, disputeRef } = await openLacking()
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    value(await settleRefunds(shop, { limit: 10 }))
    await decideAt(shop, disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await payRefundByHand(shop, byStaff(), { refundId: restId })).toMatchObject({
      error: { type: 'RefundStateForbids' },
    })
    expect(sent(shop)).toEqual([12_900])
    value(await returnLamp(shop, orderId))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(sent(shop)).toEqual([12_900, 6_700])
    await deliver(shop)
    value(await completeOrder(shop, byStaff(), { orderId }))
    await expectBooksToAgree(shop)
  })

  it('leaves to another what that has paid of the rest', async () => {
    const { shop, orderId, paymentId, restId } = await openLacking()
    const other = await dispute(shop, paymentId, { amountMinor: 5_000 })
    await decideAt(shop, other.disputeRef, 'lost')
    expect(await refundsOf(shop)).toContainEqual([restId, 'chargedBack'])
    // 150.00 are gone, 129.00 of them were owed: of the lamp's 67.00 the payer has 21.00.
    value(await returnLamp(shop, orderId))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(sent(shop)).toEqual([4_600])
    value(await completeOrder(shop, byStaff(), { orderId }))
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })
})
