import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { buy, edit, hear, openEditShop, orderOf, shipment } from '../editing/open-edit-shop.js'
import { by, byStaff, pay, value } from '../open-shop.js'
import { decideAt, dispute } from './disputed.js'

const kettles = (orderId: string, quantity: number) => ({ orderId, lines: [{ lineId: 'kettle-1', quantity }] })

/** Two kettles paid by one payment, 266.00, and one more by a second, 129.00, whose payer goes to the bank. */
const openDisputed = async (terms: Parameters<typeof openEditShop>[1] = {}) => {
  const shop = await openEditShop({}, terms)
  const orderId = await buy(shop, 'ann', [['kettle', 2]])
  const first = (await booksOf(shop)).payments[0]?.id ?? ''
  await edit(shop, 'ann', kettles(orderId, 3))
  const { paymentId: second } = await pay(shop, 'ann', orderId)
  await hear(shop)
  const { disputeRef } = await dispute(shop, second)
  const sent = async () => {
    value(await settleRefunds(shop, { limit: 10 }))
    return shop.gateway.books().refunds.map(({ attemptRef, amountMinor }) => [attemptRef, amountMinor])
  }
  return { shop, orderId, first, second, disputeRef, sent }
}

describe('what a bank holds of one of the payments of an order', () => {
  it.each(['won', 'lost'] as const)('is not sent by another meanwhile, and comes once: %s', async (outcome) => {
    const { shop, orderId, second, disputeRef, sent } = await openDisputed()
    const open = { type: 'DisputeOpen', paymentId: second }
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment, lines: [{ lineId: 'kettle-1', quantity: 1 }] }))
    const lost = { orderId, reason: 'returned', lines: [{ lineId: 'kettle-1', quantity: 1 }] } as const
    expect((await refundOrder(shop, byStaff(), lost))._unsafeUnwrapErr()).toMatchObject(open)
    const refused = (await previewEdit(shop, by('ann'), kettles(orderId, 2)))._unsafeUnwrapErr()
    expect(refused).toMatchObject(open)
    expect(await sent()).toEqual([])
    await decideAt(shop, disputeRef, outcome)
    await edit(shop, 'ann', kettles(orderId, 2))
    expect(await sent()).toEqual(outcome === 'won' ? [[second, 12_900]] : [])
    const { refunds, ledger } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.paymentId, state.status, state.amountMinor])).toEqual([
      [second, outcome === 'won' ? 'succeeded' : 'chargedBack', 12_900],
    ])
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-26_600)
    await expectBooksToAgree(shop)
  })

  it('keeps the order from being given up, as that of an order of one payment does', async () => {
    const { shop, orderId, first, second, disputeRef, sent } = await openDisputed()
    const refused = (await cancelOrder(shop, by('ann'), { orderId }))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'DisputeOpen', paymentId: second })
    await decideAt(shop, disputeRef, 'lost')
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await sent()).toEqual([[first, 26_600]])
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    await expectBooksToAgree(shop)
  })

  it('keeps no goodwill back, which the payer is given beside: the other gives it', async () => {
    const { shop, orderId, first, sent } = await openDisputed()
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 }))
    expect(await sent()).toEqual([[first, 500]])
    await expectBooksToAgree(shop)
  })

  it.each(['won', 'lost'] as const)(
    'goes once that is over, where the hold of the other ended meanwhile: %s',
    async (outcome) => {
      const { shop, orderId, first, second, disputeRef, sent } = await openDisputed({ capture: 'onShipment' })
      expect(shop.gateway.lapse(first)).toBe(true)
      shop.gateway.repeat(first)
      await hear(shop)
      expect((await booksOf(shop)).payments.find(({ id }) => id === first)?.state.status).toMatch(/^(failed|closed)$/)
      expect((await orderOf(shop, orderId))?.status).toBe('cancelling')
      expect(await sent()).toEqual([])
      expect((await booksOf(shop)).refunds.map(({ state }) => state.status)).toEqual(['held'])
      await expectBooksToAgree(shop)
      await decideAt(shop, disputeRef, outcome)
      expect(await sent()).toEqual(outcome === 'won' ? [[second, 12_900]] : [])
      expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
      const { ledger } = await booksOf(shop)
      expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
      expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
      await expectBooksToAgree(shop)
    },
  )
})
