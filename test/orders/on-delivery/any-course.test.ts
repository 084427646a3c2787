import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Order } from '../../../src/orders/order.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import type { Parcel } from '../../../src/orders/parcels/parcel.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { runsOf } from '../../kit/property-runs.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, value } from '../open-shop.js'
import { comeToRest, courses, duesOf, open, parcelsOf, take, type Unpaid } from './any-course.js'
import { orderOf } from './on-delivery-shop.js'

it('whatever becomes of the parcels of an order that is paid on delivery, it ends, and its pieces that arrived are paid or for a person to decide', async () => {
  await fc.assert(
    fc.asyncProperty(courses(3, 12), async (course) => {
      const unpaid = await open()
      const { shop, orderId } = unpaid
      await take(unpaid, course)
      await comeToRest(unpaid)
      const order = await orderOf(shop, orderId)
      const { dueMinor = 0, unbroughtMinor = 0 } = duesOf(order) ?? {}
      expect(dueMinor).toBe(unbroughtMinor)
      expect(order?.status).toMatch(dueMinor > 0 ? /^signed$/ : /^(completed|cancelled)$/)
      // Let go is at most carriage that nothing was left to bring, and of a cent that a discount left.
      const letGo = order?.refunds.filter(({ reason }) => reason === 'priceAdjusted') ?? []
      expect(letGo.reduce((sum, { cashMinor }) => sum + cashMinor, 0)).toBeLessThanOrEqual(carriageMinor)
      await expectBooksToAgree(shop)
    }),
    { numRuns: runsOf(12) },
  )
})

/** What the buyer has paid and not got back, what is due, and what of that is for a person to decide. */
const outcomeOf = async ({ shop, orderId }: Unpaid) => {
  const { payments, refunds } = await booksOf(shop)
  const paidMinor = payments.reduce((sum, { state }) => sum + (state.known.captured?.minor ?? 0), 0)
  const backMinor = refunds.reduce((sum, { state }) => sum + state.amountMinor, 0)
  const { dueMinor = 0, unbroughtMinor = 0 } = duesOf(await orderOf(shop, orderId)) ?? {}
  return { netMinor: paidMinor - backMinor, dueMinor, unbroughtMinor }
}

it('what is paid and due of an order that is paid on delivery is the same whether a parcel is refunded before it is noted as lost, or as come back, or as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(5), courses(2, 10), fc.nat(), courses(0, 5), async (first, before, draw, after) => {
      const outcomes: Awaited<ReturnType<typeof outcomeOf>>[] = []
      for (const isRefundedFirst of [false, true]) {
        const unpaid = await open()
        const { shop, orderId } = unpaid
        await take(unpaid, [['add', first], ...before])
        const order = await orderOf(shop, orderId)
        const out = (await parcelsOf(shop)).filter((parcel) => isOut(order, parcel))
        const parcel = out[draw % Math.max(1, out.length)]
        if (parcel === undefined) return
        const lines = parcel.lines.map(({ lineId, quantity }) => ({ lineId, quantity }))
        const reason = draw % 2 === 0 ? 'lost' : 'returned'
        const note = reason === 'lost' ? recordLoss : recordParcelReturn
        const refund = () => refundOrder(shop, byStaff(), { orderId, reason, lines })
        if (isRefundedFirst && (await refund()).isErr()) return
        value(await note(shop, byStaff(), { parcelId: parcel.parcelId }))
        // What counts as received is given up by nobody but a person.
        const isGivenUp = lostOf(await orderOf(shop, orderId)) > lostOf(order)
        if (!isRefundedFirst && !isGivenUp && (await refund()).isErr()) return
        await expectBooksToAgree(shop)
        await take(unpaid, after)
        await comeToRest(unpaid)
        outcomes.push(await outcomeOf(unpaid))
      }
      const [noted, refunded] = outcomes
      if (noted === undefined || refunded === undefined) return
      // Carriage that the parcel was to bring may be asked by the next, or let go.
      for (const amount of ['netMinor', 'dueMinor', 'unbroughtMinor'] as const) {
        expect(
          Math.abs(noted[amount] - refunded[amount]),
          `${amount}: ${JSON.stringify(outcomes)}`,
        ).toBeLessThanOrEqual(carriageMinor)
      }
    }),
    { numRuns: runsOf(12) },
  )
})

const carriageMinor = 800

const lostOf = (order: Order | undefined): number =>
  order?.lines.reduce((sum, { lostQuantity }) => sum + lostQuantity, 0) ?? 0

/** Whether a parcel is on its way, and no such piece was refunded before. */
const isOut = (order: Order | undefined, { status, lines }: Parcel): boolean =>
  (status === 'shipped' || status === 'inTransit') &&
  lines.every(({ lineId }) =>
    order?.lines.some((line) => line.lineId === lineId && (line.undeliveredQuantity ?? 0) <= line.lostQuantity),
  )
