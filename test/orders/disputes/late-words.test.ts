import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { recordRefund } from '../../../src/orders/paying/record-outcome.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { listParkedFacts } from '../../../src/orders/suspense/list-parked-facts.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { offlineRefund } from '../../../src/payments/offline.js'
import type { RefundSnapshot } from '../../../src/payments/snapshot.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, type TestShop, value } from '../open-shop.js'
import { decideAt, dispute, ledgerOf, openPaid, orderOf, refundsOf } from './disputed.js'

/**
 * A kettle's 129.00 were sent back and turned down; a dispute took all 266.00 and was lost, and the bank has given them
 * back: the 129.00 are owed again, and are not sent yet.
 */
const openAskedAgain = async () => {
  const { shop, orderId, paymentId, lineId } = await openPaid()
  shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
  const asked = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
  const { refundId } = value(await refundOrder(shop, byStaff(), asked))
  const { disputeRef } = await dispute(shop, paymentId)
  await decideAt(shop, disputeRef, 'lost')
  expect(await refundsOf(shop)).toEqual([[refundId, 'chargedBack']])
  await decideAt(shop, disputeRef, 'won')
  expect(await refundsOf(shop)).toEqual([[refundId, 'requested']])
  return { shop, orderId, paymentId, refundId, disputeRef }
}

let told = 0

/** The gateway says unasked how a refund stands. */
const hear = async (shop: TestShop, refundId: string, said: Pick<RefundSnapshot, 'status' | 'goneMinor'>) => {
  const refund = (await booksOf(shop)).refunds.find(({ id }) => id === refundId)
  if (refund === undefined) throw new Error('there is no such refund')
  shop.pass(minutesMs)
  const failure = said.status === 'failed' ? ('InstrumentInvalid' as const) : null
  const fact = { ...offlineRefund(refund.state, shop.clock.now()), failure, ...said }
  told += 1
  const gateway = { ...shop.gateway, verifyNotification: () => okAsync({ eventId: `told-${told}`, facts: [fact] }) }
  const notification = { gatewayId: 'sandbox', body: new Uint8Array(), headers: {} }
  return value(await receiveNotification({ ...shop, gateways: { sandbox: gateway } }, notification))
}

const sentMinor = (shop: TestShop) =>
  shop.gateway.books().refunds.reduce((sum, each) => (each.status === 'succeeded' ? sum + each.amountMinor : sum), 0)

describe('the word of a gateway on a refund that is owed again, as its dispute was reversed', () => {
  it('that the first try arrived after all ends it, and nothing is sent again', async () => {
    const { shop, orderId, refundId } = await openAskedAgain()
    expect(await hear(shop, refundId, { status: 'succeeded' })).toMatchObject({ outcome: 'handled', problems: [] })
    expect(await refundsOf(shop)).toEqual([[refundId, 'succeeded']])
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId, status: 'succeeded' }])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(sentMinor(shop)).toBe(0)
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(12_900 - 26_600)
    expect(balanceOf(ledger, 'refundInTransit')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it.each(['failed', 'pending'] as const)('that the first try is %s is noted, and it is sent', async (status) => {
    const { shop, refundId } = await openAskedAgain()
    for (const _time of [1, 2]) {
      expect(await hear(shop, refundId, { status })).toMatchObject({ outcome: 'handled', problems: [] })
      expect(await refundsOf(shop)).toEqual([[refundId, 'requested']])
    }
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[refundId, 'succeeded']])
    expect(sentMinor(shop)).toBe(12_900)
    await expectBooksToAgree(shop)
  })

  it('counts also while another dispute holds it', async () => {
    const { shop, paymentId, refundId } = await openAskedAgain()
    const other = await dispute(shop, paymentId, { amountMinor: 1_000 })
    expect(await refundsOf(shop)).toEqual([[refundId, 'held']])
    expect(await hear(shop, refundId, { status: 'failed' })).toMatchObject({ outcome: 'handled' })
    expect(await refundsOf(shop)).toEqual([[refundId, 'held']])
    expect(await hear(shop, refundId, { status: 'succeeded' })).toMatchObject({ outcome: 'handled' })
    expect(await refundsOf(shop)).toEqual([[refundId, 'succeeded']])
    await decideAt(shop, other.disputeRef, 'lost')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[refundId, 'succeeded']])
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(1_000)
    await expectBooksToAgree(shop)
  })

  it('and late answers to the first try say nothing of the next', async () => {
    const { shop, refundId } = await openAskedAgain()
    const at = shop.clock.now()
    const record = async (...commands: ReturnType<Parameters<typeof recordRefund>[2]>) =>
      value(await recordRefund(shop, refundId, () => commands)).refundStatus
    expect(await record({ type: 'RecordRefundPending', tries: 1, gatewayRef: null, at })).toBe('requested')
    expect(await record({ type: 'RecordRefundDeclined', tries: 1, code: 'InstrumentInvalid', at })).toBe('requested')
    expect(await record({ type: 'RecordRefundUnknown', cause: 'timeout', at })).toBe('requested')
    expect(await record({ type: 'RecordRefundAsked', at })).toBe('requested')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(sentMinor(shop)).toBe(12_900)
    await expectBooksToAgree(shop)
  })
})

describe('the word of a gateway on a refund that was given up and never sent', () => {
  it('is kept for a person to look at', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const asked = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
    const { refundId } = value(await refundOrder(shop, byStaff(), asked))
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 10_000)
    await decideAt(shop, disputeRef, 'lost')
    const restId = `${refundId}_rest`
    expect(await refundsOf(shop)).toContainEqual([restId, 'cancelled'])
    expect(await hear(shop, restId, { status: 'succeeded' })).toMatchObject({ outcome: 'parked' })
    const { facts } = value(await listParkedFacts(shop, byStaff()))
    expect(facts).toMatchObject([{ reference: restId, kind: 'refund', stands: 'succeeded', minor: 2_900 }])
    expect(await refundsOf(shop)).toContainEqual([restId, 'cancelled'])
    await expectBooksToAgree(shop)
  })
})
