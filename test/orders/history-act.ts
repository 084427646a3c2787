import type { ResultAsync } from 'neverthrow'
import { match } from 'ts-pattern'
import { signBody } from '../../adapters/gateways/sandbox/signature.js'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { refundReturn } from '../../src/aftersales/refund-return.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import { returnRequests } from '../../src/aftersales/return.collection.schema.js'
import { approveReturn, cancelReturn, refuseReturn } from '../../src/aftersales/review-return.js'
import { cartIdOf } from '../../src/cart/cart.js'
import { carts } from '../../src/cart/cart.schema.js'
import { recordGatewayPayout } from '../../src/orders/books/record-gateway-payout.js'
import { settleDisputes } from '../../src/orders/disputes/settle-disputes.js'
import { applyEdit } from '../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../src/orders/editing/preview-edit.js'
import { orders, parcels } from '../../src/orders/order.collection.schema.js'
import type { Order } from '../../src/orders/order.js'
import { completeOrder, confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../src/orders/parcels/move-parcel.js'
import { reshipOrder } from '../../src/orders/parcels/reship-order.js'
import { captureAndShip } from '../../src/orders/parcels/ship-order.js'
import { payShare } from '../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../src/orders/payers/share-payment.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../src/orders/paying/query-payment.js'
import { receiveNotification } from '../../src/orders/paying/receive-notification.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { previewOrder } from '../../src/orders/placing/preview-order.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../src/orders/refunds/rescue-refund.js'
import { payOut } from '../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../src/orders/settlement/release-shares.js'
import { splitShares } from '../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../src/orders/settlement/tell-payout.js'
import { acceptHeldMoney } from '../../src/orders/suspense/accept-held-money.js'
import { recordReceipt } from '../../src/orders/suspense/record-receipt.js'
import { returnHeldMoney } from '../../src/orders/suspense/return-held-money.js'
import {
  advanceOrders,
  closeUnpaidOrders,
  markLateParcels,
  settlePayments,
  settleRefunds,
} from '../../src/orders/sweep-orders.js'
import { endHolds } from '../../src/orders/watch/end-holds.js'
import { reportPayment } from '../../src/orders/watch/report-payment.js'
import { removeRow } from '../../src/shared/commit.js'
import { find, row } from '../../src/shared/read-plan.js'
import type { CommandContext } from '../../src/shared/run-command.js'
import { losing } from '../support/losing-storage.js'
import { ask, type booksOf } from './books-of.js'
import type { FatedStep, SweepName } from './history-steps.js'
import {
  by,
  byStaff,
  commit,
  fillCart,
  giveCoupon,
  recipient,
  type Sku,
  sandboxKey,
  type TestShop,
} from './open-shop.js'

type Books = Awaited<ReturnType<typeof booksOf>>
type Answer = ResultAsync<unknown, { readonly type: string }>

/** A shop in which much happens: who buys there, and by how much its own clock is off. */
export type History = {
  readonly shop: TestShop
  /** The same shop on another machine: over the same storage, sharing nothing else that it remembers. */
  readonly other: TestShop
  readonly buyers: readonly string[]
  /** Sets the shop's own clock forward or back. */
  readonly jump: (ms: number) => void
  /** What everybody else's clock says. */
  readonly worldNow: () => number
  /** What the gateway has told and the shop has not acknowledged. */
  untold: readonly Uint8Array[]
  /** The last command, and what it was answered. */
  last: { readonly send: () => Answer; readonly answer: unknown } | undefined
}

const sweeps: Readonly<Record<SweepName, (shop: TestShop, options: { readonly limit: number }) => Answer>> = {
  closeUnpaidOrders,
  endHolds,
  settlePayments,
  settleRefunds,
  settleDisputes,
  advanceOrders,
  markLateParcels,
  releaseShares,
  splitShares,
  settlePayouts,
}

/** Sweeps everything that is due. */
export const sweepAll = async (shop: TestShop): Promise<void> => {
  for (const sweep of Object.values(sweeps)) await sweep(shop, { limit: 1_000 })
}

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

/** Lets the gateway tell what it has to tell; what was not acknowledged it signs anew and tells again the next time. */
export const hear = async (
  history: History,
  under: TestShop,
  how: { readonly newestFirst: boolean; readonly twice: boolean },
): Promise<void> => {
  const told = [...history.untold, ...(await under.gateway.takeNotifications(how)).map(({ body }) => body)]
  const untold = new Set<Uint8Array>()
  for (const body of how.twice ? told.flatMap((each) => [each, each]) : told) {
    const signed = await signBody(sandboxKey, body, history.worldNow())
    const answer = await receiveNotification(under, { gatewayId: 'sandbox', ...signed })
    const isTaken = answer.isOk() && (answer.value.outcome === 'handled' || answer.value.outcome === 'parked')
    if (isTaken) untold.delete(body)
    else untold.add(body)
  }
  history.untold = [...untold]
}

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

/** Lets a step happen to what there is, on a machine. A command may be refused; nothing may be thrown. */
export const act = async (
  history: History,
  books: Books,
  { step, fates }: FatedStep,
  shop: TestShop = history.shop,
): Promise<void> => {
  const under = { ...shop, storage: losing(shop.storage, fates) }
  shop.pass(1)
  const send = async (command: (world: TestShop) => Answer): Promise<void> => {
    const answered = await command(under)
    // Sent again, it goes by a connection that holds.
    history.last = { send: () => command(shop), answer: answered.isOk() ? answered.value : undefined }
  }
  const pickFrom = <Row>(rows: readonly Row[], at: number): Row | undefined => rows[at % Math.max(rows.length, 1)]
  // Mostly one that it is meant for, now and then any.
  const order = (at: number, ...fitting: readonly Order['status'][]) => {
    const fit = at % 10 === 0 ? ([] as const) : books.orders.filter(({ state }) => fitting.includes(state.status))
    return pickFrom(fit.length === 0 ? books.orders : fit, at)?.state
  }
  const buyerOf = (state: { readonly accountId: string }): CommandContext => by(state.accountId)
  const lineOf = (state: Books['orders'][number]['state'], at: number) => pickFrom(state.lines, at)?.lineId ?? ''

  await match(step)
    .with({ does: 'buy' }, async ({ who, lines, coupon, points }) => {
      const buyer = history.buyers[who % history.buyers.length] ?? 'ann'
      const couponId = `c-${shop.clock.now()}-${books.orders.length}`
      await refillCart(shop, buyer, lines, coupon ? [await giveCoupon(shop, buyer, couponId)] : [])
      const choice = { shippingMethodId: 'standard', points }
      const preview = await previewOrder(shop, by(buyer), { ...choice, region: recipient.region })
      if (preview.isErr()) return
      const expectedTotalMinor = preview.value.totals.payableMinor
      const context = by(buyer)
      await send((world) => placeOrder(world, context, { ...choice, recipient, expectedTotalMinor }))
    })
    .with({ does: 'pay' }, async ({ at, script }) => {
      const dearer = books.orders.filter(({ state: each }) => 'edit' in each && each.edit !== undefined)
      const state = at % 3 === 0 && dearer.length > 0 ? pickFrom(dearer, at)?.state : order(at, 'awaitingPayment')
      if (state === undefined) return
      shop.gateway.script(script)
      const context = buyerOf(state)
      const input = { orderId: state.orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
      await send((world) => payOrder(world, context, input))
    })
    .with({ does: 'share' }, async ({ at, with: other }) => {
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
    })
    .with({ does: 'payPart' }, async ({ at, who, script }) => {
      const shared = books.orders.filter(({ state: each }) => 'payers' in each && each.payers !== undefined)
      const state = pickFrom(shared, at)?.state
      const payers = state !== undefined && 'payers' in state ? (state.payers ?? []) : []
      const accountId = pickFrom(payers, who)?.accountId
      if (state === undefined || accountId === undefined || accountId === null) return
      shop.gateway.script(script)
      const context = by(accountId)
      const input = { orderId: state.orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
      await send((world) => payShare(world, context, input))
    })
    .with({ does: 'dispute' }, async ({ at, opened }) => {
      const paymentId = pickFrom(books.payments, at)?.id
      if (paymentId !== undefined) shop.gateway.dispute(paymentId, opened)
    })
    .with({ does: 'bankSays' }, async ({ at, status, part }) => {
      const dispute = pickFrom(shop.gateway.books().disputes, at)
      if (dispute === undefined) return
      const lostMinor = status === 'lost' && part ? Math.ceil(dispute.amount.minor / 2) : null
      shop.gateway.moveDispute(dispute.disputeRef, { status, lostMinor })
    })
    .with({ does: 'report' }, async ({ at }) => {
      const state = order(at, 'paid', 'partlyShipped', 'completed')
      if (state === undefined) return
      const context = buyerOf(state)
      await send((world) => reportPayment(world, context, { orderId: state.orderId }))
    })
    .with({ does: 'gatewayPaysOut' }, async ({ at }) => {
      const context = byStaff()
      const payout = { gatewayId: 'sandbox', currency: 'CNY', reference: `payout-${at % 5}` }
      const amounts = { amountMinor: 1_000 + (at % 3), feeMinor: at % 2 }
      await send((world) => recordGatewayPayout(world, context, { ...payout, ...amounts }))
    })
    .with({ does: 'splitWill' }, async ({ script }) => shop.gateway.scriptSplit(script))
    .with({ does: 'payOut' }, async ({ payee }) => {
      const context = byStaff()
      await send((world) => payOut(world, context, { payee, currency: 'CNY' }))
    })
    .with({ does: 'payerPays' }, async ({ at, evenIfEnded }) => {
      const paymentId = pickFrom(books.payments, at)?.id
      if (paymentId !== undefined) shop.gateway.pay(paymentId, { evenIfEnded })
    })
    .with({ does: 'closeWill' }, async ({ script }) => shop.gateway.scriptClose(script))
    .with({ does: 'captureWill' }, async ({ script }) => shop.gateway.scriptCapture(script))
    .with({ does: 'queryWill' }, async ({ script }) => shop.gateway.scriptQuery(script))
    .with({ does: 'payerFails' }, async ({ at }) => {
      const paymentId = pickFrom(books.payments, at)?.id
      if (paymentId !== undefined) shop.gateway.fail(paymentId, 'InsufficientFunds')
    })
    .with({ does: 'gatewayRepeats' }, async ({ at }) => {
      const paymentId = pickFrom(books.payments, at)?.id
      if (paymentId !== undefined) shop.gateway.repeat(paymentId)
    })
    .with({ does: 'refundSettles' }, async ({ at }) => {
      const refundId = pickFrom(books.refunds, at)?.id
      if (refundId !== undefined) shop.gateway.settleRefund(refundId)
    })
    .with({ does: 'refundFails' }, async ({ at }) => {
      const refundId = pickFrom(books.refunds, at)?.id
      if (refundId !== undefined) shop.gateway.failRefund(refundId, 'InstrumentInvalid')
    })
    .with({ does: 'gatewayTells' }, async ({ newestFirst, twice }) => {
      await hear(history, under, { newestFirst, twice })
    })
    .with({ does: 'cancel' }, async ({ at, byStaff: isStaff }) => {
      const state = order(at, 'awaitingPayment', 'paid')
      if (state === undefined) return
      const context = isStaff ? byStaff() : buyerOf(state)
      await send((world) => cancelOrder(world, context, { orderId: state.orderId }))
    })
    .with({ does: 'confirm' }, async ({ at }) => {
      const state = order(at, 'shipped', 'partlyShipped')
      if (state === undefined) return
      const context = buyerOf(state)
      await send((world) => confirmReceipt(world, context, { orderId: state.orderId }))
    })
    .with({ does: 'complete' }, async ({ at }) => {
      const state = order(at, 'signed')
      if (state === undefined) return
      const context = byStaff()
      await send((world) => completeOrder(world, context, { orderId: state.orderId }))
    })
    .with({ does: 'ask' }, async ({ at, byStaff: unpaid }) => {
      const state = order(at, 'awaitingPayment', 'closing')
      if (state !== undefined)
        await queryPayment(under, buyerOf(state), { orderId: state.orderId, ...(unpaid ? { unpaid } : {}) })
    })
    .with({ does: 'ship' }, async ({ at, some }) => {
      const state = order(at, 'paid', 'partlyShipped')
      if (state === undefined) return
      const context = byStaff()
      // Now and then everything that is left, now and then a few pieces of a line.
      const lines = some.pieces === 3 ? {} : { lines: [{ lineId: lineOf(state, some.line), quantity: some.pieces }] }
      const input = { orderId: state.orderId, carrier: 'sf-express', trackingNumber: `SF${books.orders.length}` }
      await send((world) => captureAndShip(world, context, { ...input, ...lines }))
    })
    .with({ does: 'refund' }, async ({ at, some }) => {
      const state = order(at, 'paid', 'partlyShipped', 'shipped', 'signed', 'completed')
      if (state === undefined) return
      shop.gateway.scriptRefund(some.script)
      const context = byStaff()
      const lines = [{ lineId: lineOf(state, some.line), quantity: some.pieces }] as const
      const withShipping = some.line % 2 === 0
      const asked = some.line % 5 === 0 ? { amountMinor: some.pieces * 700 } : { lines }
      const input = { orderId: state.orderId, reason: 'goodwill', withShipping, ...asked } as const
      await send((world) => refundOrder(world, context, input))
    })
    .with({ does: 'edit' }, async ({ at, some }) => {
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
    })
    .with({ does: 'sendBack' }, async ({ at, some }) => {
      const state = order(at, 'shipped', 'signed')
      if (state === undefined) return
      const context = buyerOf(state)
      const lines = [{ lineId: lineOf(state, some.line), quantity: some.pieces }]
      const kind = some.line % 3 === 0 ? 'refundOnly' : 'returnAndRefund'
      const reason = some.line % 2 === 0 ? 'noReason' : 'quality'
      await send((world) => requestReturn(world, context, { orderId: state.orderId, kind, reason, lines }))
    })
    .with({ does: 'promise' }, async ({ at }) => {
      const dearer = books.orders.filter(({ state: each }) => 'edit' in each && each.edit !== undefined)
      const state = at % 3 === 0 && dearer.length > 0 ? pickFrom(dearer, at)?.state : order(at, 'awaitingPayment')
      if (state === undefined) return
      const context = buyerOf(state)
      const input = { orderId: state.orderId, gatewayId: 'courier', method: 'cashOnDelivery' } as const
      await send((world) => payOrder(world, context, input))
    })
    .with({ does: 'bring' }, async ({ at, byParcel, short }) => {
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
    })
    .with({ does: 'deliver' }, async ({ at, paid }) => {
      const parcel = pickFrom(await parcelsOf(shop), at)?.state
      if (parcel === undefined) return
      const { parcelId, collectMinor } = parcel
      const context = byStaff()
      const brought = paid && collectMinor !== undefined
      const collected = brought ? { collected: { amountMinor: collectMinor, currency: 'CNY' } } : {}
      await send((world) => recordDelivery(world, context, { parcelId, ...collected }))
    })
    .with({ does: 'lose' }, async ({ at }) => {
      const parcelId = pickFrom(await parcelsOf(shop), at)?.id
      const context = byStaff()
      if (parcelId !== undefined) await send((world) => recordLoss(world, context, { parcelId }))
    })
    .with({ does: 'reship' }, async ({ at }) => {
      const lossy = books.orders.filter(({ state }) => state.makeGoodBy !== undefined)
      const orderId = pickFrom(lossy, at)?.id
      const context = byStaff()
      if (orderId !== undefined) await send((world) => reshipOrder(world, context, { orderId }))
    })
    .with({ does: 'comeBack' }, async ({ at }) => {
      const parcel = pickFrom(await parcelsOf(shop), at)?.state
      if (parcel === undefined) return
      const { parcelId, lines } = parcel
      const context = byStaff()
      const [{ lineId } = { lineId: '' }] = lines
      const spoiled = at % 2 === 0 ? {} : { scrapped: [{ lineId, quantity: 1 }] }
      await send((world) => recordParcelReturn(world, context, { parcelId, ...spoiled }))
    })
    .with(
      { does: 'approve' },
      { does: 'refuse' },
      { does: 'withdraw' },
      { does: 'receive' },
      { does: 'refundReturn' },
      async ({ does, at }) => {
        const asked = pickFrom(await ask(shop, find(returnRequests, { where: [], limit: 10_000 })), at)
        if (asked === undefined) return
        const { returnId, accountId, lines } = asked.state
        const context = does === 'withdraw' ? by(accountId) : byStaff()
        const inspected = lines.map(({ lineId, quantity }) => ({
          lineId,
          receivedQuantity: quantity,
          acceptedQuantity: quantity - (at % 2),
          restockQuantity: at % 3 === 0 ? 0 : quantity - (at % 2),
          ...(at % 3 === 0 && at % 5 !== 0 ? { quarantineQuantity: quantity - (at % 2) } : {}),
        }))
        await send((world) =>
          match(does)
            .with('approve', (): Answer => approveReturn(world, context, { returnId }))
            .with('refuse', (): Answer => refuseReturn(world, context, { returnId, ground: 'conditionNotMet' }))
            .with('withdraw', (): Answer => cancelReturn(world, context, { returnId }))
            .with('receive', (): Answer => receiveReturn(world, context, { returnId, lines: inspected }))
            .with('refundReturn', (): Answer => refundReturn(world, context, { returnId }))
            .exhaustive(),
        )
      },
    )
    .with({ does: 'retryRefund' }, async ({ at }) => {
      const refundId = pickFrom(books.refunds, at)?.id
      const context = byStaff()
      if (refundId !== undefined) await send((world) => retryRefund(world, context, { refundId }))
    })
    .with({ does: 'payByHand' }, async ({ at }) => {
      const refundId = pickFrom(books.refunds, at)?.id
      const context = byStaff()
      if (refundId !== undefined) await send((world) => payRefundByHand(world, context, { refundId }))
    })
    .with({ does: 'returnHeld' }, { does: 'acceptHeld' }, async ({ at, does }) => {
      const paymentId = pickFrom(
        books.payments.filter(({ state }) => state.status === 'integrityHold'),
        at,
      )?.id
      const context = byStaff()
      const decide = does === 'returnHeld' ? returnHeldMoney : acceptHeldMoney
      if (paymentId !== undefined) await send((world): Answer => decide(world, context, { paymentId }))
    })
    .with({ does: 'sweep' }, async ({ what }) => {
      await sweeps[what](under, { limit: 20 })
    })
    .with({ does: 'wait' }, async ({ ms }) => shop.pass(ms))
    .with({ does: 'clockJumps' }, async ({ ms }) => history.jump(ms))
    .with({ does: 'sendAgain' }, async () => {
      await history.last?.send()
    })
    .exhaustive()
}
