import fc from 'fast-check'
import { expect, it } from 'vitest'
import { awaitedOnDelivery } from '../../../src/orders/order-dues.js'
import { refundableCashMinor } from '../../../src/orders/order-pieces.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { advanceOrders } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { runsOf } from '../../kit/property-runs.js'
import { booksOf } from '../books-of.js'
import { byStaff, value } from '../open-shop.js'
import { bring, comeToRest, courses, duesOf, open, parcelsOf, take, type Unpaid } from './any-course.js'
import { orderOf } from './on-delivery-shop.js'

/** Money that has come, less what went back or is on its way back. */
const keptOf = async ({ shop }: Unpaid): Promise<number> => {
  const { payments, refunds } = await booksOf(shop)
  const cameMinor = payments.reduce((sum, { state }) => sum + (state.known.captured?.minor ?? 0), 0)
  return refunds.reduce((left, { state }) => left - state.amountMinor, cameMinor)
}

/** What receivers have paid at doors is due until couriers bring it, and what an order has come to is there, due, or awaited. */
const expectDoorMoneyKept = async (unpaid: Unpaid): Promise<void> => {
  const { shop, orderId } = unpaid
  const order = await orderOf(shop, orderId)
  if (order === undefined) throw new Error('no order')
  const { dueMinor = 0, handedMinor = 0, surplusMinor = 0 } = duesOf(order) ?? {}
  // What nobody has told of was paid by the buyer's word; what a carrier has handed over was paid at its door.
  const atDoors = (await parcelsOf(shop))
    .filter(({ collectedAt }) => collectedAt === undefined)
    .reduce((sum, parcel) => sum + (parcel.handedMinor ?? 0), 0)
  expect(atDoors).toBeLessThanOrEqual(handedMinor)
  expect(handedMinor).toBeLessThanOrEqual(dueMinor)
  if (handedMinor > 0) expect(order.status).toMatch(/^(partlyShipped|shipped|signed)$/)
  const owedMinor = refundableCashMinor(order) + awaitedOnDelivery(order) - (dueMinor - surplusMinor)
  if ('paidAt' in order) expect(await keptOf(unpaid)).toBe(owedMinor)
}

it('what receivers paid at their doors is brought or is with couriers and due, whatever becomes of their goods', async () => {
  await fc.assert(
    fc.asyncProperty(courses(4, 14), async (course) => {
      const unpaid = await open()
      const { shop } = unpaid
      await take(unpaid, course, () => expectDoorMoneyKept(unpaid))
      for (const parcel of await parcelsOf(shop)) {
        if (parcel.handedMinor === undefined || parcel.handedMinor === 0 || parcel.collectedAt !== undefined) continue
        const before = (await booksOf(shop)).payments.map(({ state }) => state.known.captured?.minor ?? 0)
        value((await bring(unpaid, parcel)) ?? expect.fail('nothing is asked'))
        const after = (await booksOf(shop)).payments.map(({ state }) => state.known.captured?.minor ?? 0)
        const sum = (amounts: readonly number[]) => amounts.reduce((one, other) => one + other, 0)
        expect(sum(after) - sum(before)).toBe(parcel.handedMinor)
        await expectDoorMoneyKept(unpaid)
      }
      await comeToRest(unpaid)
      await expectDoorMoneyKept(unpaid)
    }),
    { numRuns: runsOf(12) },
  )
})

it('a buyer whose goods are back has all their money back, or it is owed, and the order is named until its courier has paid', async () => {
  await fc.assert(
    fc.asyncProperty(courses(4, 12), async (course) => {
      const unpaid = await open()
      const { shop, orderId } = unpaid
      await take(unpaid, course)
      const order = await orderOf(shop, orderId)
      if (order === undefined || !('paidAt' in order)) return
      const lines = order.lines.flatMap(({ lineId, signedQuantity, refundedQuantity }) =>
        signedQuantity > refundedQuantity ? [{ lineId, quantity: signedQuantity - refundedQuantity }] : [],
      )
      const { handedMinor = 0 } = duesOf(order) ?? {}
      const back = await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines, withShipping: true })
      if (back.isErr()) return
      const { handedMinor: still = 0 } = duesOf(await orderOf(shop, orderId)) ?? {}
      expect(still).toBe(handedMinor)
      await expectDoorMoneyKept(unpaid)
      const isListed = async () =>
        value(await listOrders(shop, byStaff(), { dueOnDelivery: true })).orders.some(
          (each) => each.orderId === orderId,
        )
      if (handedMinor > 0) expect(await isListed()).toBe(true)
      for (let turn = 0; turn < 3; turn += 1) {
        shop.pass(20 * daysMs)
        await advanceOrders(shop, { limit: 10 })
      }
      const later = await orderOf(shop, orderId)
      if (handedMinor > 0 && later?.status === 'signed') {
        expect(value(await advanceOrders(shop, { limit: 10 })).failed).toContainEqual({
          ...{ id: orderId, reason: 'CollectionOverdue' },
        })
      }
      await comeToRest(unpaid)
      const atRest = await orderOf(shop, orderId)
      await expectDoorMoneyKept(unpaid)
      if (atRest === undefined) return
      // All that was asked back is sent, and the order is at its end, but for what a person is to decide.
      expect(awaitedOnDelivery(atRest)).toBe(0)
      expect(atRest.refunds.every(({ status }) => status === 'succeeded')).toBe(true)
    }),
    { numRuns: runsOf(12) },
  )
})
