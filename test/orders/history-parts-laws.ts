import { expect } from 'vitest'
import type { OrderEvent } from '../../src/orders/order-event.js'
import { isMakingUp } from '../../src/payments/cover-refund.js'
import type { OutboxEvent } from '../../src/shared/events.js'
import type { booksOf } from './books-of.js'

type Books = Awaited<ReturnType<typeof booksOf>>

/**
 * What holds of every checkout that is divided among its merchants: the parts come to the whole to the unit, what is paid
 * on delivery each collects for itself, and of the one payment no part is given back more than its own share.
 */
export const expectPartsOfWholes = (told: readonly OutboxEvent[], { orders, payments, refunds }: Books): void => {
  const begun = told
    .filter(({ collection, type }) => collection === 'order' && type === 'OrderSplitOff')
    // The bodies told are the events that were written.
    .map(({ body }) => body as Extract<OrderEvent, { type: 'OrderSplitOff' }>)
  for (const { id, state: whole } of orders) {
    if (whole.status !== 'divided') continue
    const parts = begun.filter(({ checkoutId }) => checkoutId === id)
    const ids = parts.map(({ facts }) => facts.orderId)
    expect(ids).toEqual(whole.orderIds)
    expect(orders.filter(({ state }) => state.details.partOf?.checkoutId === id).map((part) => part.id)).toHaveLength(
      ids.length,
    )
    for (const name of Object.keys(whole.totals) as (keyof typeof whole.totals)[]) {
      const shares = parts.map(({ facts }) => facts.totals[name])
      expect([name, shares.reduce((sum, share) => sum + share, 0)]).toEqual([name, whole.totals[name]])
      expect(Math.min(0, ...shares)).toBe(0)
    }
    for (const name of ['pointsSpent', 'pointsEarned'] as const) {
      expect(parts.reduce((sum, { facts }) => sum + facts[name], 0)).toBe(whole[name])
    }
    const lines = parts.flatMap(({ facts }) => facts.lines)
    expect(lines.map(({ lineId, quantity }) => [lineId, quantity]).sort()).toEqual(
      whole.lines.map(({ lineId, quantity, cancelledQuantity = 0 }) => [lineId, quantity - cancelledQuantity]).sort(),
    )
    for (const { facts, paymentId, onDelivery } of parts) {
      const { payableMinor } = facts.totals
      const own = payments.find((payment) => payment.id === paymentId)?.state
      if (onDelivery === true) expect(own).toMatchObject({ orderId: facts.orderId, amountMinor: payableMinor })
      // What makes up for a dispute that took less than a refund, which came by it, is that refund's own money.
      const back = refunds.filter(
        ({ state }) => state.orderId === facts.orderId && state.status !== 'cancelled' && !isMakingUp(state),
      )
      expect(back.reduce((sum, { state }) => sum + state.amountMinor, 0)).toBeLessThanOrEqual(payableMinor)
    }
  }
}
