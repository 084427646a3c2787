import { cartIdOf } from '../../src/cart/cart.js'
import { carts } from '../../src/cart/cart.schema.js'
import { applyEdit } from '../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../src/orders/editing/preview-edit.js'
import type { OrderRow } from '../../src/orders/order-row.js'
import { payShare } from '../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../src/orders/payers/share-payment.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { previewOrder } from '../../src/orders/placing/preview-order.js'
import { removeRow } from '../../src/shared/commit.js'
import { row } from '../../src/shared/read-plan.js'
import { ask, booksOf } from './books-of.js'
import { type Books, buyerOf, lineOf, pickFrom, type Scene } from './history-scene.js'
import type { StepOf, Then } from './history-steps.js'
import { by, byStaff, commit, fillCart, giveCoupon, recipient, type Sku, type TestShop } from './open-shop.js'

// Whatever the buyer had in the cart before makes room.
const refillCart = async (
  shop: TestShop,
  buyer: string,
  lines: readonly (readonly [Sku, number])[],
  couponIds: readonly string[],
): Promise<void> => {
  const kept = await ask(shop, row(carts, cartIdOf(buyer)))
  if (kept !== undefined) await commit(shop, [removeRow(carts, kept)])
  await fillCart(shop, buyer, lines, couponIds)
}

const toBePaid = ({ books, order }: Scene, at: number): OrderRow | undefined => {
  const dearer = books.orders.filter(({ state: each }) => 'edit' in each && each.edit !== undefined)
  return at % 3 === 0 && dearer.length > 0 ? pickFrom(dearer, at)?.state : order(at, 'awaitingPayment')
}

const payBy = async ({ send }: Scene, state: OrderRow, gatewayId: 'sandbox' | 'courier'): Promise<void> => {
  const context = buyerOf(state)
  const method = gatewayId === 'courier' ? 'cashOnDelivery' : 'wechatPay'
  await send((world) => payOrder(world, context, { orderId: state.orderId, gatewayId, method }))
}

// What the last command placed or changed, paid at the same moment.
const payNow = async (scene: Scene, orderOf: (orders: Books['orders']) => OrderRow | undefined, then: Then) => {
  if (then === 'later') return
  const now = orderOf((await booksOf(scene.shop)).orders)
  if (now === undefined) return
  if (then === 'atOnce') scene.shop.gateway.script({ kind: 'succeed' })
  await payBy(scene, now, then === 'atOnce' ? 'sandbox' : 'courier')
}

/** What buyers do until their order leaves, and what is changed of it. */
export const buying = {
  async buy(scene: Scene, { who, lines, coupon, points, then }: StepOf<'buy'>): Promise<void> {
    const { history, books, shop, send } = scene
    const buyer = history.buyers[who % history.buyers.length] ?? 'ann'
    const couponId = `c-${shop.clock.now()}-${books.orders.length}`
    await refillCart(shop, buyer, lines, coupon ? [await giveCoupon(shop, buyer, couponId)] : [])
    const choice = { shippingMethodId: 'standard', points }
    const preview = await previewOrder(shop, by(buyer), { ...choice, region: recipient.region })
    if (preview.isErr()) return
    const expectedTotalMinor = preview.value.totals.payableMinor
    const context = by(buyer)
    await send((world) => placeOrder(world, context, { ...choice, recipient, expectedTotalMinor }))
    await payNow(
      scene,
      (orders) =>
        orders.find(
          ({ state }) =>
            state.accountId === buyer && state.status === 'awaitingPayment' && state.placedAt === shop.clock.now(),
        )?.state,
      then,
    )
  },
  async pay(scene: Scene, { at, script }: StepOf<'pay'>): Promise<void> {
    const { shop } = scene
    const state = toBePaid(scene, at)
    if (state === undefined) return
    shop.gateway.script(script)
    await payBy(scene, state, 'sandbox')
  },
  async share({ history, under, order }: Scene, { at, with: other }: StepOf<'share'>): Promise<void> {
    const state = order(at, 'awaitingPayment')
    if (state === undefined) return
    const context = buyerOf(state)
    const friend = history.buyers[other % history.buyers.length] ?? 'ann'
    const part = (amountMinor: number) => ({ by: 'amount', amountMinor }) as const
    const payers =
      state.totals.payableMinor < 2
        ? ([{ accountId: friend, part: part(state.totals.payableMinor) }] as const)
        : ([
            { accountId: state.accountId, part: part(1 + (at % (state.totals.payableMinor - 1))) },
            { accountId: friend, part: { by: 'rest' } },
          ] as const)
    await sharePayment(under, context, { orderId: state.orderId, payers })
  },
  async payPart({ books, shop, send }: Scene, { at, who, script }: StepOf<'payPart'>): Promise<void> {
    const shared = books.orders.filter(({ state: each }) => 'payers' in each && each.payers !== undefined)
    const state = pickFrom(shared, at)?.state
    const payers = state !== undefined && 'payers' in state ? (state.payers ?? []) : []
    const accountId = pickFrom(payers, who)?.accountId
    if (state === undefined || accountId === undefined || accountId === null) return
    shop.gateway.script(script)
    const context = by(accountId)
    const input = { orderId: state.orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
    await send((world) => payShare(world, context, input))
  },
  async promise(scene: Scene, { at }: StepOf<'promise'>): Promise<void> {
    const state = toBePaid(scene, at)
    if (state === undefined) return
    await payBy(scene, state, 'courier')
  },
  async edit({ shop, send, order }: Scene, { at, some }: StepOf<'edit'>): Promise<void> {
    const state = order(at, 'awaitingPayment', 'paid', 'partlyShipped')
    if (state === undefined) return
    const change = {
      orderId: state.orderId,
      // Fewer pieces, or more.
      lines: [{ lineId: lineOf(state, some.line), quantity: some.pieces - 1 + (some.line % 3 === 0 ? 3 : 0) }],
    }
    const context = some.line % 2 === 0 ? byStaff() : buyerOf(state)
    const preview = await previewEdit(shop, context, change)
    if (preview.isErr()) return
    shop.gateway.scriptRefund(some.script)
    await send((world) => applyEdit(world, context, { ...change, hash: preview.value.hash }))
  },
  async enlarge(scene: Scene, { at, some, then }: StepOf<'enlarge'>): Promise<void> {
    const { shop, send, order } = scene
    const state = order(at, 'paid', 'partlyShipped')
    if (state === undefined) return
    const { orderId } = state
    const line = pickFrom(state.lines, some.line)
    const quantity = (line?.quantity ?? 0) - (line?.cancelledQuantity ?? 0) + some.pieces
    const change = { orderId, lines: [{ lineId: line?.lineId ?? '', quantity }] }
    const context = buyerOf(state)
    const preview = await previewEdit(shop, context, change)
    if (preview.isErr()) return
    await send((world) => applyEdit(world, context, { ...change, hash: preview.value.hash }))
    await payNow(scene, (orders) => orders.find(({ id, state: now }) => id === orderId && 'edit' in now)?.state, then)
  },
}
