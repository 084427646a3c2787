import { createCashOnDelivery } from '../../../adapters/gateways/manual/index.js'
import { cartIdOf } from '../../../src/cart/cart.js'
import { carts } from '../../../src/cart/cart.schema.js'
import { listBills } from '../../../src/orders/books/list-bills.js'
import type { OnDeliveryTerms } from '../../../src/orders/on-delivery/on-delivery-terms.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import type { ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { removeRow } from '../../../src/shared/commit.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, booksOf } from '../books-of.js'
import { openEditShop } from '../editing/open-edit-shop.js'
import { by, byStaff, commit, fillCart, type openShop, place, type Sku, type TestShop, value } from '../open-shop.js'

/** A courier that collects for a test shop. */
export const courier = createCashOnDelivery({ gatewayId: 'courier' })

/** A shop that lets any buyer pay three orders on delivery at a time. */
export const openUnpaidShop = async (
  options: NonNullable<Parameters<typeof openShop>[0]> = {},
  terms: Partial<ShopPolicy> = {},
  onDelivery: Partial<OnDeliveryTerms> = {},
): Promise<TestShop> => {
  const shop = await openEditShop(options, { ...terms, cashOnDelivery: { openOrders: 3, ...onDelivery } })
  return { ...shop, gateways: { ...shop.gateways, courier } }
}

export const choose = (shop: TestShop, buyer: string, orderId: string) =>
  payOrder(shop, by(buyer), { orderId, gatewayId: 'courier', method: 'cashOnDelivery' })

/** Takes everything out of a buyer's cart, whatever it was. */
export const emptyCart = async (shop: TestShop, buyer: string): Promise<void> => {
  const kept = await ask(shop, row(carts, cartIdOf(buyer)))
  if (kept !== undefined) await commit(shop, [removeRow(carts, kept)])
}

/** Places an order, whatever else the buyer has had in the cart. */
export const placeAnew = async (
  shop: TestShop,
  buyer: string,
  lines: readonly (readonly [Sku, number])[],
  { couponIds = [], points }: { readonly couponIds?: readonly string[]; readonly points?: number } = {},
) => {
  await emptyCart(shop, buyer)
  await fillCart(shop, buyer, lines, couponIds)
  return place(shop, buyer, points === undefined ? {} : { points })
}

/** Places an order and chooses to pay it on delivery. */
export const orderUnpaid = async (
  shop: TestShop,
  buyer: string,
  lines: readonly (readonly [Sku, number])[],
  how: { readonly couponIds?: readonly string[]; readonly points?: number } = {},
) => {
  const placed = await placeAnew(shop, buyer, lines, how)
  const { paymentId } = value(await choose(shop, buyer, placed.orderId))
  return { ...placed, paymentId }
}

let parcels = 0
let remittances = 0
const references = () => {
  remittances += 1
  return remittances
}

/** Sends pieces off, all that is left unless lines are named. */
export const send = async (
  shop: TestShop,
  orderId: string,
  lines?: readonly { readonly lineId: string; readonly quantity: number }[],
) => {
  parcels += 1
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: `SF${parcels}` }
  return value(await shipOrder(shop, byStaff(), lines === undefined ? parcel : { ...parcel, lines }))
}

export const deliver = (shop: TestShop, parcelId: string, amountMinor?: number) =>
  recordDelivery(shop, byStaff(), {
    parcelId,
    ...(amountMinor === undefined ? {} : { collected: { amountMinor, currency: 'CNY' } }),
  })

export const receive = (shop: TestShop, paymentId: string, amountMinor: number, parcelId?: string) =>
  recordReceipt(shop, byStaff(), {
    paymentId,
    amountMinor,
    currency: 'CNY',
    reference: `REM/${amountMinor}.${references()}`,
    ...(parcelId === undefined ? {} : { parcelId }),
  })

export const pageOf = async (shop: TestShop, buyer: string, orderId: string) =>
  value(await orderPage(shop, by(buyer), { orderId }))

export const orderOf = async (shop: TestShop, orderId: string) =>
  (await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state

export const paymentOf = async (shop: TestShop, paymentId: string) =>
  (await booksOf(shop)).payments.find(({ id }) => id === paymentId)?.state

export const kettle = [{ lineId: 'kettle-1', quantity: 1 }]
export const mugs = (quantity: number) => [{ lineId: 'mug-2', quantity }]

/** A kettle and two mugs: 129.00, 2 x 19.00, carriage 8.00; chosen to be paid on delivery. */
export const openUnpaid = async (terms: Parameters<typeof openUnpaidShop>[1] = {}) => {
  const shop = await openUnpaidShop({}, terms)
  const order = await orderUnpaid(shop, 'ann', [
    ['kettle', 1],
    ['mug', 2],
  ])
  return { shop, ...order }
}

/** How the bill of an order stands for Ann, and what was paid of it. */
export const billOf = async (shop: TestShop, orderNumber: string) => {
  const bill = value(await listBills(shop, by('ann'), { orderNumber })).bills[0]
  return [bill?.status, bill?.paidMinor]
}
