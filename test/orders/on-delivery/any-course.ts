import fc from 'fast-check'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { askedOfParcel } from '../../../src/orders/on-delivery/asked-of-parcel.js'
import { parcels } from '../../../src/orders/order.collection.schema.js'
import type { Order } from '../../../src/orders/order.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import type { Parcel } from '../../../src/orders/parcels/parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { advanceOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, type TestShop } from '../open-shop.js'
import { deliver, openUnpaidShop, orderOf, orderUnpaid, receive } from './on-delivery-shop.js'

/** An order that goes out unpaid. */
export type Unpaid = { readonly shop: TestShop; readonly orderId: string; readonly paymentId: string }
type Pick = <Item>(items: readonly Item[]) => Item | undefined

/** The parcels of all orders of a shop. */
export const parcelsOf = async (shop: TestShop): Promise<readonly Parcel[]> =>
  (await ask(shop, find(parcels, { where: [], limit: 100 }))).map(({ state }) => state)

export const duesOf = (order: Order | undefined) =>
  order !== undefined && 'paidAt' in order ? order.onDelivery : undefined

let sent = 0
const ship = ({ shop, orderId }: Unpaid, lines?: readonly { lineId: string; quantity: number }[]) => {
  sent += 1
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: `ANY${sent}` }
  return shipOrder(shop, byStaff(), lines === undefined ? parcel : { ...parcel, lines })
}

/** What a parcel asks by now; 0 where it is not out. */
const askedOf = async ({ shop, orderId }: Unpaid, parcel: Parcel): Promise<number> => {
  const order = await orderOf(shop, orderId)
  if (order === undefined || parcel.collectedAt !== undefined || duesOf(order) === undefined) return 0
  return askedOfParcel(order, parcel, await parcelsOf(shop))
}

/** Hands a parcel over, and takes for it what it asks by now. */
const handOver = async (unpaid: Unpaid, parcel: Parcel | undefined) => {
  if (parcel === undefined || parcel.status === 'lost' || parcel.status === 'cameBack') return
  if (parcel.status === 'delivered') return bring(unpaid, parcel)
  const asked = await askedOf(unpaid, parcel)
  return deliver(unpaid.shop, parcel.parcelId, asked === 0 ? undefined : asked)
}

/** Records what the courier of a parcel brings for it. */
export const bring = async (unpaid: Unpaid, parcel: Parcel | undefined) => {
  const asked = parcel === undefined ? 0 : await askedOf(unpaid, parcel)
  return asked === 0 ? undefined : receive(unpaid.shop, unpaid.paymentId, asked, parcel?.parcelId)
}

/** What may happen to an order that goes out unpaid; what its state forbids changes nothing. */
const steps = {
  ship: async (unpaid, pick) => {
    const order = await orderOf(unpaid.shop, unpaid.orderId)
    const line = pick(order?.lines.filter((each) => each.quantity > each.shippedQuantity) ?? [])
    if (line !== undefined) await ship(unpaid, [{ lineId: line.lineId, quantity: 1 }])
  },
  shipAll: async (unpaid) => ship(unpaid),
  handOver: async (unpaid, pick) => handOver(unpaid, pick(await parcelsOf(unpaid.shop))),
  // Its courier brings the money another day.
  handLater: async ({ shop }, pick) => deliver(shop, pick(await parcelsOf(shop))?.parcelId ?? ''),
  bring: async (unpaid, pick) => bring(unpaid, pick(await parcelsOf(unpaid.shop))),
  bringPrinted: async ({ shop, paymentId }, pick) => {
    const parcel = pick((await parcelsOf(shop)).filter(({ collectMinor }) => collectMinor !== undefined))
    return parcel === undefined ? undefined : receive(shop, paymentId, parcel.collectMinor ?? 0, parcel.parcelId)
  },
  lose: async ({ shop }, pick) =>
    recordLoss(shop, byStaff(), { parcelId: pick(await parcelsOf(shop))?.parcelId ?? '' }),
  comeBack: async ({ shop }, pick) =>
    recordParcelReturn(shop, byStaff(), { parcelId: pick(await parcelsOf(shop))?.parcelId ?? '' }),
  refund: async ({ shop, orderId }, pick) => {
    const lineId = pick((await orderOf(shop, orderId))?.lines ?? [])?.lineId ?? ''
    const reason = pick(['lost', 'returned'] as const) ?? 'lost'
    return refundOrder(shop, byStaff(), { orderId, reason, lines: [{ lineId, quantity: 1 }] })
  },
  takeOut: async ({ shop, orderId }, pick) => {
    const line = pick((await orderOf(shop, orderId))?.lines ?? [])
    const change = {
      orderId,
      lines: [{ lineId: line?.lineId ?? '', quantity: Math.max(0, (line?.quantity ?? 1) - 1) }],
    }
    const preview = await previewEdit(shop, by('ann'), change)
    if (preview.isOk()) await applyEdit(shop, by('ann'), { ...change, hash: preview.value.hash })
  },
  add: async ({ shop, orderId }, pick) => {
    const line = pick((await orderOf(shop, orderId))?.lines ?? [])
    const change = { orderId, lines: [{ lineId: line?.lineId ?? '', quantity: (line?.quantity ?? 1) + 1 }] }
    const preview = await previewEdit(shop, by('ann'), change)
    if (preview.isErr()) return
    await applyEdit(shop, by('ann'), { ...change, hash: preview.value.hash })
    const way = pick([
      { gatewayId: 'sandbox', method: 'wechatPay' },
      { gatewayId: 'courier', method: 'cashOnDelivery' },
    ] as const)
    if (way !== undefined) await payOrder(shop, by('ann'), { orderId, ...way })
  },
  confirm: async ({ shop, orderId }) => confirmReceipt(shop, by('ann'), { orderId }),
} satisfies Readonly<Record<string, (unpaid: Unpaid, pick: Pick) => Promise<unknown>>>

/** Lets everything that is under way come to its end: parcels arrive and bring their money, and refunds are sent. */
export const comeToRest = async (unpaid: Unpaid) => {
  const { shop } = unpaid
  for (let turn = 0; turn < 4; turn += 1) {
    await ship(unpaid)
    for (const parcel of await parcelsOf(shop)) await handOver(unpaid, parcel)
    shop.pass(20 * daysMs)
    await advanceOrders(shop, { limit: 10 })
    await settleRefunds(shop, { limit: 10 })
    for (const { id } of (await booksOf(shop)).refunds) await payRefundByHand(shop, byStaff(), { refundId: id })
  }
}

const names = Object.keys(steps) as (keyof typeof steps)[]
export type Course = readonly (readonly [string, number])[]
export const courses = (minLength: number, maxLength: number): fc.Arbitrary<Course> =>
  fc.array(fc.tuple(fc.constantFrom(...names, 'ship', 'handOver', 'handLater', 'add'), fc.nat()), {
    minLength,
    maxLength,
  })

/** A kettle, three mugs and a lamp, to be paid on delivery: 129.00, 3 x 19.00, 59.00, carriage 8.00. */
export const open = async (): Promise<Unpaid> => {
  const shop = await openUnpaidShop()
  const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [
    ['kettle', 1],
    ['mug', 3],
    ['lamp', 1],
  ])
  return { shop, orderId, paymentId }
}

/** Takes a course, and looks after every step. */
export const take = async (unpaid: Unpaid, course: Course, look = async (): Promise<void> => undefined) => {
  for (const [name, draw] of course) {
    const pick: Pick = (items) => items[draw % Math.max(1, items.length)]
    await (steps[name as keyof typeof steps] as (unpaid: Unpaid, pick: Pick) => Promise<unknown>)(unpaid, pick)
    await expectBooksToAgree(unpaid.shop)
    await look()
  }
}
