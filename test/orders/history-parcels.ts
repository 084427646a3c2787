import { orders, parcels } from '../../src/orders/order.collection.schema.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../src/orders/parcels/move-parcel.js'
import { reshipOrder } from '../../src/orders/parcels/reship-order.js'
import { captureAndShip } from '../../src/orders/parcels/ship-order.js'
import { recordReceipt } from '../../src/orders/suspense/record-receipt.js'
import { find, row } from '../../src/shared/read-plan.js'
import { ask } from './books-of.js'
import { lineOf, pickFrom, type Scene } from './history-scene.js'
import type { StepOf } from './history-steps.js'
import { byStaff, type TestShop } from './open-shop.js'

const parcelsOf = (shop: TestShop) => ask(shop, find(parcels, { where: [], limit: 10_000 }))

/** What is to be brought for an order now: by its parcels that are out, or, where none is, all that is due. */
export const askedOf = async (shop: TestShop, orderId: string): Promise<number> => {
  const order = (await ask(shop, row(orders, orderId)))?.state
  const dueMinor = order !== undefined && 'paidAt' in order ? (order.onDelivery?.dueMinor ?? 0) : 0
  const outMinor = (await parcelsOf(shop)).reduce((sum, { state }) => {
    const isOut = state.status === 'shipped' || state.status === 'inTransit' || state.status === 'delivered'
    const isAsked = state.orderId === orderId && isOut && state.collectedAt === undefined
    return isAsked ? sum + (state.collectMinor ?? 0) : sum
  }, 0)
  return outMinor > 0 ? Math.min(outMinor, dueMinor) : dueMinor
}

/** What becomes of goods on their way, and what couriers bring for them. */
export const moving = {
  async ship({ books, send, order }: Scene, { at, some }: StepOf<'ship'>): Promise<void> {
    const state = order(at, 'paid', 'partlyShipped')
    if (state === undefined) return
    const context = byStaff()
    // Now and then everything that is left, now and then a few pieces of a line.
    const lines = some.pieces === 3 ? {} : { lines: [{ lineId: lineOf(state, some.line), quantity: some.pieces }] }
    const input = { orderId: state.orderId, carrier: 'sf-express', trackingNumber: `SF${books.orders.length}` }
    await send((world) => captureAndShip(world, context, { ...input, ...lines }))
  },
  async deliver({ shop, send }: Scene, { at, paid }: StepOf<'deliver'>): Promise<void> {
    const parcel = pickFrom(await parcelsOf(shop), at)?.state
    if (parcel === undefined) return
    const { parcelId, collectMinor } = parcel
    const context = byStaff()
    const brought = paid && collectMinor !== undefined
    const collected = brought ? { collected: { amountMinor: collectMinor, currency: 'CNY' } } : {}
    await send((world) => recordDelivery(world, context, { parcelId, ...collected }))
  },
  async lose({ shop, send }: Scene, { at }: StepOf<'lose'>): Promise<void> {
    const parcelId = pickFrom(await parcelsOf(shop), at)?.id
    const context = byStaff()
    if (parcelId !== undefined) await send((world) => recordLoss(world, context, { parcelId }))
  },
  async reship({ books, send }: Scene, { at }: StepOf<'reship'>): Promise<void> {
    const lossy = books.orders.filter(({ state }) => state.makeGoodBy !== undefined)
    const orderId = pickFrom(lossy, at)?.id
    const context = byStaff()
    if (orderId !== undefined) await send((world) => reshipOrder(world, context, { orderId }))
  },
  async comeBack({ shop, send }: Scene, { at }: StepOf<'comeBack'>): Promise<void> {
    const parcel = pickFrom(await parcelsOf(shop), at)?.state
    if (parcel === undefined) return
    const { parcelId, lines } = parcel
    const context = byStaff()
    const [{ lineId } = { lineId: '' }] = lines
    const spoiled = at % 2 === 0 ? {} : { scrapped: [{ lineId, quantity: 1 }] }
    await send((world) => recordParcelReturn(world, context, { parcelId, ...spoiled }))
  },
  async bring({ books, shop, send }: Scene, { at, byParcel, short }: StepOf<'bring'>): Promise<void> {
    const payment = pickFrom(
      books.payments.filter(({ state: { method } }) => method === 'cashOnDelivery'),
      at,
    )?.state
    if (payment === undefined) return
    const sent = (await parcelsOf(shop)).filter(({ state: { orderId } }) => orderId === payment.orderId)
    const parcel = byParcel ? pickFrom(sent, at)?.state : undefined
    const asked = parcel === undefined ? await askedOf(shop, payment.orderId) : (parcel.collectMinor ?? 0)
    const context = byStaff()
    const amountMinor = short ? asked - 1 : asked
    const reference = `R${shop.clock.now() % 1_000_000}.${books.ledger.length}`
    const receipt = { paymentId: payment.paymentId, amountMinor, currency: 'CNY', reference }
    const by = parcel === undefined ? {} : { parcelId: parcel.parcelId }
    if (amountMinor > 0) await send((world) => recordReceipt(world, context, { ...receipt, ...by }))
  },
}
