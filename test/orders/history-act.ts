import { match } from 'ts-pattern'
import { signBody } from '../../adapters/gateways/sandbox/signature.js'
import { recordGatewayPayout } from '../../src/orders/books/record-gateway-payout.js'
import { settleDisputes } from '../../src/orders/disputes/settle-disputes.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { completeOrder, confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { queryPayment } from '../../src/orders/paying/query-payment.js'
import { receiveNotification } from '../../src/orders/paying/receive-notification.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../src/orders/refunds/rescue-refund.js'
import { payOut } from '../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../src/orders/settlement/release-shares.js'
import { splitShares } from '../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../src/orders/settlement/tell-payout.js'
import { acceptHeldMoney } from '../../src/orders/suspense/accept-held-money.js'
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
import { buying } from './history-buying.js'
import { moving } from './history-parcels.js'
import { returning } from './history-returns.js'
import { type Answer, type Books, buyerOf, type History, lineOf, pickFrom, setScene } from './history-scene.js'
import type { FatedStep, SweepName } from './history-steps.js'
import { byStaff, sandboxKey, type TestShop } from './open-shop.js'

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

/** Lets a step happen to what there is, on a machine. A command may be refused; nothing may be thrown. */
export const act = async (
  history: History,
  books: Books,
  { step, fates }: FatedStep,
  shop: TestShop = history.shop,
): Promise<void> => {
  shop.pass(1)
  const scene = setScene(history, books, { fates }, shop)
  const { under, send, order } = scene

  await match(step)
    .with({ does: 'buy' }, (each) => buying.buy(scene, each))
    .with({ does: 'pay' }, (each) => buying.pay(scene, each))
    .with({ does: 'share' }, (each) => buying.share(scene, each))
    .with({ does: 'payPart' }, (each) => buying.payPart(scene, each))
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
    .with({ does: 'ship' }, (each) => moving.ship(scene, each))
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
    .with({ does: 'edit' }, (each) => buying.edit(scene, each))
    .with({ does: 'enlarge' }, (each) => buying.enlarge(scene, each))
    .with({ does: 'sendBack' }, (each) => returning.sendBack(scene, each))
    .with({ does: 'promise' }, (each) => buying.promise(scene, each))
    .with({ does: 'bring' }, (each) => moving.bring(scene, each))
    .with({ does: 'deliver' }, (each) => moving.deliver(scene, each))
    .with({ does: 'lose' }, (each) => moving.lose(scene, each))
    .with({ does: 'reship' }, (each) => moving.reship(scene, each))
    .with({ does: 'comeBack' }, (each) => moving.comeBack(scene, each))
    .with(
      { does: 'approve' },
      { does: 'refuse' },
      { does: 'withdraw' },
      { does: 'receive' },
      { does: 'refundReturn' },
      (each) => returning.decide(scene, each),
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
