import type { ResultAsync } from 'neverthrow'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { refundReturn } from '../../src/aftersales/refund-return.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import type { ReturnAction } from '../../src/aftersales/return-actions.js'
import type { ReturnRow } from '../../src/aftersales/return-request.js'
import { approveReturn, cancelReturn, refuseReturn } from '../../src/aftersales/review-return.js'
import { acceptDispute } from '../../src/orders/disputes/accept-dispute.js'
import { decideDispute } from '../../src/orders/disputes/decide-dispute.js'
import { submitEvidence } from '../../src/orders/disputes/submit-evidence.js'
import { applyEdit } from '../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../src/orders/editing/preview-edit.js'
import { parcels } from '../../src/orders/order.collection.schema.js'
import type { NextAction } from '../../src/orders/pages/next-actions.js'
import { completeOrder, confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { correctParcel } from '../../src/orders/parcels/correct-parcel.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../src/orders/parcels/move-parcel.js'
import { recordScan } from '../../src/orders/parcels/record-scan.js'
import { reshipOrder } from '../../src/orders/parcels/reship-order.js'
import { captureAndShip } from '../../src/orders/parcels/ship-order.js'
import { sharePayment } from '../../src/orders/payers/share-payment.js'
import { captureOrder } from '../../src/orders/paying/capture-order.js'
import { decidePayment } from '../../src/orders/paying/decide-payment.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../src/orders/paying/query-payment.js'
import { decideRefund } from '../../src/orders/refunds/decide-refund.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../src/orders/refunds/rescue-refund.js'
import { acceptHeldMoney } from '../../src/orders/suspense/accept-held-money.js'
import { returnReceipt } from '../../src/orders/suspense/hold-receipt.js'
import { recordReceipt } from '../../src/orders/suspense/record-receipt.js'
import { returnHeldByHand } from '../../src/orders/suspense/return-held-by-hand.js'
import { returnHeldMoney } from '../../src/orders/suspense/return-held-money.js'
import { rejectHold } from '../../src/orders/watch/reject-hold.js'
import { releaseHold } from '../../src/orders/watch/release-hold.js'
import { reportPayment } from '../../src/orders/watch/report-payment.js'
import { disputes } from '../../src/payments/dispute.schema.js'
import { heldReceipts } from '../../src/payments/held-receipt.schema.js'
import { secondsMs } from '../../src/shared/instant.js'
import { find } from '../../src/shared/read-plan.js'
import type { CommandContext } from '../../src/shared/run-command.js'
import { ask, booksOf } from './books-of.js'
import { askedOf } from './history-parcels.js'
import { recipient, type TestShop } from './open-shop.js'

export type Answer = ResultAsync<unknown, { readonly type: string }>
export type Order = Awaited<ReturnType<typeof booksOf>>['orders'][number]['state']

/** The same shop a moment later, when a gateway that was asked just now may be asked again. */
const onceAskedAgain = (shop: TestShop): TestShop => ({
  ...shop,
  clock: { now: () => shop.clock.now() + 4 * secondsMs },
})

/** Every way to carry an action out that fits an order, one of which has to be taken where the action is offered. */
export const waysTo = async (
  shop: TestShop,
  order: Order,
): Promise<Readonly<Record<NextAction, readonly ((world: TestShop, context: CommandContext) => Answer)[]>>> => {
  const { orderId, accountId, lines, totals } = order
  const books = await booksOf(shop)
  const ofOrder = <Row extends { readonly state: { readonly orderId: string | null } }>(rows: readonly Row[]) =>
    rows.filter(({ state }) => state.orderId === orderId)
  const payments = ofOrder(books.payments).map(({ state }) => state)
  const refunds = ofOrder(books.refunds).map(({ state: { refundId } }) => refundId)
  const sent = ofOrder(await ask(shop, find(parcels, { where: [], limit: 1_000 }))).map(({ state }) => state.parcelId)
  const receipts = ofOrder(await ask(shop, find(heldReceipts, { where: [], limit: 1_000 }))).map(({ id }) => id)
  const disputed = (await ask(shop, find(disputes, { where: [], limit: 1_000 })))
    .filter(({ state }) => payments.some(({ paymentId }) => paymentId === state.paymentId))
    .map(({ id }) => id)
  const dueMinor = await askedOf(shop, orderId)
  const input = { orderId }
  const one = lines.map(({ lineId }) => [{ lineId, quantity: 1 }] as const)
  const parts =
    totals.payableMinor < 2
      ? ([{ accountId: 'friend', part: { by: 'rest' } }] as const)
      : ([
          { accountId, part: { by: 'amount', amountMinor: 1 } },
          { accountId: 'friend', part: { by: 'rest' } },
        ] as const)
  const returns = one.flatMap((asked) =>
    (['returnAndRefund', 'refundOnly'] as const).flatMap((kind) =>
      (['noReason', 'quality'] as const).map((reason) => ({ ...input, kind, reason, lines: asked })),
    ),
  )
  const edits = [
    { ...input, recipient: { ...recipient, phone: '+86 138 0000 0009' } },
    ...lines.map(({ lineId, quantity, cancelledQuantity = 0 }) => ({
      ...input,
      lines: [{ lineId, quantity: quantity - cancelledQuantity - 1 }],
    })),
  ]
  const post = { orderId, carrier: 'sf-express', trackingNumber: 'SF9' }
  return {
    pay: [(world, who) => payOrder(world, who, { ...input, gatewayId: 'sandbox', method: 'wechatPay' })],
    sharePayment: [(world, who) => sharePayment(world, who, { ...input, payers: parts })],
    queryPayment: [(world, who) => queryPayment(onceAskedAgain(world), who, input)],
    decidePayment: payments.map(
      ({ paymentId }) =>
        (world, who) =>
          decidePayment(world, who, { paymentId, paid: false, note: 'Not on its statement.' }),
    ),
    confirmReceipt: [(world, who) => confirmReceipt(world, who, input)],
    releaseHold: [(world, who) => releaseHold(world, who, input)],
    rejectHold: [(world, who) => rejectHold(world, who, input)],
    ship: one.map((asked) => (world, who) => captureAndShip(world, who, { ...post, lines: asked })),
    capture: [(world, who) => captureOrder(world, who, input)],
    edit: edits.map(
      (asked) => (world, who) =>
        previewEdit(world, who, asked).andThen(({ hash }) => applyEdit(world, who, { ...asked, hash })),
    ),
    cancel: [(world, who) => cancelOrder(world, who, input)],
    correctParcel: sent.map(
      (parcelId) => (world, who) => correctParcel(world, who, { parcelId, trackingNumber: 'SF7' }),
    ),
    recordScan: sent.map((parcelId) => (world, who) => recordScan(world, who, { parcelId })),
    recordDelivery: sent.map((parcelId) => (world, who) => recordDelivery(world, who, { parcelId })),
    recordLoss: sent.map((parcelId) => (world, who) => recordLoss(world, who, { parcelId })),
    recordParcelReturn: sent.map((parcelId) => (world, who) => recordParcelReturn(world, who, { parcelId })),
    reship: [(world, who) => reshipOrder(world, who, input)],
    recordReceipt: payments.map(({ paymentId, amountMinor }) => (world, who) => {
      const receipt = { paymentId, amountMinor: dueMinor || amountMinor, currency: 'CNY', reference: 'of-no-statement' }
      return recordReceipt(world, who, receipt)
    }),
    returnReceipt: receipts.map((receiptId) => (world, who) => returnReceipt(world, who, { receiptId })),
    acceptHeldMoney: payments.map(
      ({ paymentId }) =>
        (world, who) =>
          acceptHeldMoney(world, who, { paymentId }),
    ),
    returnHeldMoney: payments.map(
      ({ paymentId }) =>
        (world, who) =>
          returnHeldMoney(world, who, { paymentId }),
    ),
    returnHeldByHand: payments.map(
      ({ paymentId }) =>
        (world, who) =>
          returnHeldByHand(world, who, { paymentId, currency: 'USD' }),
    ),
    complete: [(world, who) => completeOrder(world, who, input)],
    requestReturn: returns.map((asked) => (world, who) => requestReturn(world, who, asked)),
    refund: [
      ...one.map((asked) => ({ reason: 'goodwill' as const, lines: asked })),
      { reason: 'goodwill' as const, withShipping: true },
    ].map((asked) => (world, who) => refundOrder(world, who, { ...input, ...asked })),
    retryRefund: refunds.map((refundId) => (world, who) => retryRefund(world, who, { refundId })),
    payRefundByHand: refunds.map((refundId) => (world, who) => payRefundByHand(world, who, { refundId })),
    decideRefund: refunds.map(
      (refundId) => (world, who) => decideRefund(world, who, { refundId, moved: false, note: 'Not on its pages.' }),
    ),
    reportPayment: [(world, who) => reportPayment(world, who, input)],
    submitEvidence: disputed.map(
      (disputeId) => (world, who) => submitEvidence(world, who, { disputeId, explanation: 'It was signed for.' }),
    ),
    decideDispute: disputed.map(
      (disputeId) => (world, who) => decideDispute(world, who, { disputeId, won: true, note: 'Won on its pages.' }),
    ),
    acceptDispute: disputed.map((disputeId) => (world, who) => acceptDispute(world, who, { disputeId })),
  }
}

/** The same of a return. */
export const waysOfReturn = ({
  returnId,
  lines,
}: Pick<ReturnRow, 'returnId' | 'lines'>): Readonly<
  Record<ReturnAction, readonly ((world: TestShop, context: CommandContext) => Answer)[]>
> => {
  const input = { returnId }
  const found = lines.map(({ lineId, quantity }) => ({
    lineId,
    receivedQuantity: quantity,
    acceptedQuantity: quantity,
    restockQuantity: 0,
  }))
  return {
    cancelReturn: [(world, who) => cancelReturn(world, who, input)],
    approveReturn: [(world, who) => approveReturn(world, who, input)],
    refuseReturn: [(world, who) => refuseReturn(world, who, { ...input, ground: 'notSold' })],
    receiveReturn: [
      (world, who) => receiveReturn(world, who, input),
      (world, who) => receiveReturn(world, who, { ...input, lines: found }),
    ],
    refundReturn: [(world, who) => refundReturn(world, who, input)],
  }
}
