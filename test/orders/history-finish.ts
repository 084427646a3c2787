import { closeUnsentReturns } from '../../src/aftersales/close-unsent-returns.js'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { refundReturn } from '../../src/aftersales/refund-return.js'
import { returnRequests } from '../../src/aftersales/return.collection.schema.js'
import { approveReturn } from '../../src/aftersales/review-return.js'
import { applyEdit } from '../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../src/orders/editing/preview-edit.js'
import { parcels } from '../../src/orders/order.collection.schema.js'
import type { Order } from '../../src/orders/order.js'
import { unshippedQuantity } from '../../src/orders/order-pieces.js'
import { recordDelivery } from '../../src/orders/parcels/move-parcel.js'
import { captureAndShip } from '../../src/orders/parcels/ship-order.js'
import { releaseHold } from '../../src/orders/watch/release-hold.js'
import { find } from '../../src/shared/read-plan.js'
import { ask, booksOf } from './books-of.js'
import { byStaff, type TestShop } from './open-shop.js'

const all = { where: [], limit: 10_000 } as const

/** Decides everything that waits for staff, and lets everything leave and arrive: after that each order can come to its end. */
export const decideAll = async (shop: TestShop, turn: number): Promise<void> => {
  await closeUnsentReturns(shop, { limit: 1_000 })
  for (const { state } of await ask(shop, find(returnRequests, all))) {
    const { returnId, lines, status } = state
    if (status === 'requested') await approveReturn(shop, byStaff(), { returnId })
    const received = lines.map(({ lineId, quantity }) => ({
      lineId,
      receivedQuantity: quantity,
      acceptedQuantity: quantity,
      restockQuantity: quantity,
    }))
    if (status === 'approved') await receiveReturn(shop, byStaff(), { returnId, lines: received })
    await refundReturn(shop, byStaff(), { returnId })
  }
  for (const { state } of (await booksOf(shop)).orders) await sendOff(shop, state, turn)
  for (const { state } of await ask(shop, find(parcels, all))) {
    const isOut = state.status === 'shipped' || state.status === 'inTransit'
    if (isOut) await recordDelivery(shop, byStaff(), { parcelId: state.parcelId })
  }
}

/** Sends what can be sent; what never can, for want of its money, is taken out, or the order given up. */
const sendOff = async (shop: TestShop, { orderId, hold, status, lines }: Order, turn: number): Promise<void> => {
  if (hold !== undefined) await releaseHold(shop, byStaff(), { orderId })
  if (status !== 'paid' && status !== 'partlyShipped') return
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: `END${turn}` }
  if ((await captureAndShip(shop, byStaff(), parcel)).isOk() || turn < 8) return
  for (const line of lines) {
    const here = unshippedQuantity(line)
    const some = { ...parcel, lines: [{ lineId: line.lineId, quantity: here }] }
    if (here > 0) await captureAndShip(shop, byStaff(), some)
  }
  const left = (await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state.lines ?? []
  const none = left
    .filter((line) => unshippedQuantity(line) > 0)
    .map((line) => ({
      lineId: line.lineId,
      quantity: line.quantity - (line.cancelledQuantity ?? 0) - unshippedQuantity(line),
    }))
  if (none.length === 0) return
  const change = { orderId, lines: none }
  const preview = await previewEdit(shop, byStaff(), change)
  if (preview.isOk()) await applyEdit(shop, byStaff(), { ...change, hash: preview.value.hash })
  else await cancelOrder(shop, byStaff(), { orderId })
}
