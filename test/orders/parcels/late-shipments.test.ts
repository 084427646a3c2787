import { ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { closeUnsentReturns } from '../../../src/aftersales/close-unsent-returns.js'
import { receiveReturn } from '../../../src/aftersales/receive-return.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { approveReturn } from '../../../src/aftersales/review-return.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { advanceOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import type { Collection } from '../../../src/shared/collection.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs } from '../../../src/shared/instant.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { booksOf } from '../books-of.js'
import { buy, openEditShop } from '../editing/open-edit-shop.js'
import { by, byStaff, commit, openShop, type TestShop, value } from '../open-shop.js'

const page = async (shop: TestShop, orderId: string) => value(await orderPage(shop, byStaff(), { orderId }))
const late = async (shop: TestShop, more: { readonly accountId?: string } = {}) =>
  value(await listOrders(shop, byStaff(), { shipmentOverdue: true, ...more })).orders.map(({ orderId }) => orderId)
const named = async (sweep: typeof advanceOrders, shop: TestShop) => value(await sweep(shop, { limit: 10 })).failed
const ship = (shop: TestShop, orderId: string, quantity: number) =>
  shipOrder(shop, byStaff(), {
    ...{ orderId, carrier: 'sf', trackingNumber: `SF-${orderId}-${quantity}` },
    lines: [{ lineId: 'kettle-1', quantity }],
  })

describe('orders whose goods were to have left', () => {
  it('are listed once that moment has passed, and named after three days more, until the last piece has left', async () => {
    const shop = await openShop()
    const whole = await buy(shop, 'ann', [['kettle', 1]])
    const rest = await buy(shop, 'bob', [['kettle', 2]])
    value(await ship(shop, rest, 1))
    const { shipBy } = await page(shop, whole)
    shop.pass((shipBy ?? 0) - shop.clock.now() - 1)
    expect(await late(shop)).toEqual([])
    shop.pass(1)
    expect((await late(shop)).sort()).toEqual([whole, rest].sort())
    expect(await late(shop, { accountId: 'bob' })).toEqual([rest])
    shop.pass(3 * daysMs - 1)
    expect(await named(advanceOrders, shop)).toEqual([])
    shop.pass(1)
    const ids = (await named(advanceOrders, shop)).map(({ id, reason }) => `${reason} ${id}`)
    expect(ids.sort()).toEqual([`ShipmentOverdue ${whole}`, `ShipmentOverdue ${rest}`].sort())
    value(await ship(shop, rest, 1))
    expect(await named(advanceOrders, shop)).toEqual([{ id: whole, reason: 'ShipmentOverdue' }])
    expect(await late(shop)).toEqual([whole])
  })

  it('are named also behind more than are read at once that were paid before and are not late', async () => {
    const shop = await openShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const order = (await booksOf(shop)).orders[0]?.state
    if (order === undefined || !('paidAt' in order)) throw new Error('nothing is paid')
    const { paidAt, details } = order
    // Made to order: they have a year.
    const policy = { ...details.policy, shipWithinDays: 365 }
    await commit(
      shop,
      Array.from({ length: 100 }, (_, place) => {
        const id = `later-${place}`
        return put(orders, {
          id,
          version: 0,
          state: { ...order, orderId: id, paidAt: paidAt - 1, details: { ...details, policy } },
        })
      }),
    )
    shop.pass(30 * daysMs)
    expect(await named(advanceOrders, shop)).toEqual([{ id: orderId, reason: 'ShipmentOverdue' }])
  })

  it('are named also behind more than are read at once that cannot be read', async () => {
    const shop = await openShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const broken: Collection<JsonObject> = { ...orders, parse: (stored) => ok(stored as JsonObject) }
    await commit(
      shop,
      Array.from({ length: 100 }, (_, place) =>
        put(broken, { id: `bad-${place}`, version: 0, state: { status: 'paid', paidAt: shop.clock.now() - 1 } }),
      ),
    )
    shop.pass(30 * daysMs)
    expect(await named(advanceOrders, shop)).toContainEqual({ id: orderId, reason: 'ShipmentOverdue' })
  })

  it('are named beyond what a turn moves, as everything else that waits is', async () => {
    const shop = await openShop()
    const late: string[] = []
    for (const buyer of ['ann', 'bob', 'cat']) late.push(await buy(shop, buyer, [['kettle', 1]]))
    shop.pass(30 * daysMs)
    const { failed } = value(await advanceOrders(shop, { limit: 1 }))
    expect(failed.map(({ id, reason }) => `${reason} ${id}`).sort()).toEqual(
      late.map((id) => `ShipmentOverdue ${id}`).sort(),
    )
  })

  it('are named too where their hold ended before all of it was taken, and their page says what was', async () => {
    const shop = await openEditShop({}, { capture: 'onShipment' })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 6_000 }))
    expect((await page(shop, orderId)).attempts).toMatchObject([{ amountMinor: 13_700, capturedMinor: 6_000 }])
    shop.pass(30 * daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect((await page(shop, orderId)).attempts).toMatchObject([{ status: 'captured', capturedMinor: 6_000 }])
    expect(await named(advanceOrders, shop)).toEqual([{ id: orderId, reason: 'ShipmentOverdue' }])
  })
})

it('returns that wait for the shop are named: unanswered, here and not looked at, and not refunded in time', async () => {
  const shop = await openShop()
  const open = async (buyer: string, kind: 'refundOnly' | 'returnAndRefund') => {
    const orderId = await buy(shop, buyer, [['kettle', 1]])
    value(await ship(shop, orderId, 1))
    value(await confirmReceipt(shop, by(buyer), { orderId }))
    const asked = { orderId, kind, reason: 'quality', lines: [{ lineId: 'kettle-1', quantity: 1 }] } as const
    return value(await requestReturn(shop, by(buyer), asked)).returnId
  }
  const requested = await open('ann', 'refundOnly')
  const owed = await open('bob', 'refundOnly')
  const received = await open('cat', 'returnAndRefund')
  value(await approveReturn(shop, byStaff(), { returnId: owed }))
  value(await approveReturn(shop, byStaff(), { returnId: received }))
  shop.pass(daysMs)
  value(await receiveReturn(shop, byStaff(), { returnId: received }))
  shop.pass(2 * daysMs - 1)
  expect(await named(closeUnsentReturns, shop)).toEqual([])
  shop.pass(1)
  expect(await named(closeUnsentReturns, shop)).toEqual([{ id: requested, reason: 'ReturnOverdue' }])
  shop.pass(daysMs)
  expect(await named(closeUnsentReturns, shop)).toEqual(
    [requested, received].map((id) => ({ id, reason: 'ReturnOverdue' })),
  )
  shop.pass(30 * daysMs)
  expect((await named(closeUnsentReturns, shop)).map(({ id }) => id)).toEqual([requested, received, owed])
})

it('staff find the orders of a customer, and are told whose an order is; nobody else is', async () => {
  const shop = await openShop()
  const mine = await buy(shop, 'ann', [['kettle', 1]])
  const other = await buy(shop, 'bob', [['kettle', 1]])
  const rows = async (context: ReturnType<typeof byStaff>, input: { readonly accountId?: string }) =>
    value(await listOrders(shop, context, input)).orders.map(({ orderId, accountId }) => [orderId, accountId])
  expect(await rows(byStaff(), { accountId: 'ann' })).toEqual([[mine, 'ann']])
  expect(await rows(by('ann'), {})).toEqual([[mine, null]])
  expect(await rows(by('ann'), { accountId: 'bob' })).toEqual([])
  expect((await page(shop, other)).accountId).toBe('bob')
  expect(value(await orderPage(shop, by('bob'), { orderId: other })).accountId).toBeNull()
})
