import { match } from 'ts-pattern'
import type { HeldReceipt } from '../../payments/held-receipt.js'
import type { Instant } from '../../shared/instant.js'
import type { Messages } from '../../shared/messages.js'
import { isMistyped } from '../money/held-money.js'
import type { EndedBy, Order } from '../order.js'
import type { OrderEvent } from '../order-event.js'

/** What can have happened to an order, as its buyer is told. */
export type Happening =
  | 'placed'
  | 'paymentFailed'
  | 'paid'
  | 'confirmed'
  | 'collected'
  | 'paymentShared'
  | 'sharePaid'
  | 'partAccepted'
  | 'closed'
  | 'reinstated'
  | 'cancelling'
  | 'cancelled'
  | 'divided'
  | 'held'
  | 'released'
  | 'recipientChanged'
  | 'linesChanged'
  | 'recipientAndLinesChanged'
  | 'changeProposed'
  | 'changeLapsed'
  | 'shipped'
  | 'received'
  | 'lost'
  | 'cameBack'
  | 'sentAgain'
  | 'completed'
  | 'refundStarted'
  | 'refunded'
  | 'refundFailed'
  | 'returnOpened'
  | 'returnSettled'
  | 'disputeOpened'
  | 'disputeSettled'
  | 'receiptHeld'
  | 'receiptReturned'

/** One thing that happened to an order. */
export type HistoryStep = {
  readonly at: Instant
  readonly happened: Happening
  /** Whose doing it was; null where that goes without saying. */
  readonly by: EndedBy | 'carrier' | null
  /** The payment, parcel, refund or return it is about; null where it is about none. */
  readonly reference: string | null
  /** Money that came or goes back, minor units of the order's currency; null where none moves, or some of another. */
  readonly amountMinor: number | null
}

/** A step as it is kept, written in the commit of what happened. */
export type HistoryEntry = HistoryStep & {
  readonly entryId: string
  readonly orderId: string
  /** The buyer. */
  readonly accountId: string
  readonly merchantId: string | null
}

const told = (
  at: Instant,
  happened: Happening,
  more: Partial<Pick<HistoryStep, 'by' | 'reference' | 'amountMinor'>> = {},
): HistoryStep => ({
  at,
  happened,
  by: null,
  reference: null,
  amountMinor: null,
  ...more,
})

// Whose doing it was is told, where the goods go now is not: names and addresses stand sealed in the order alone.
const changed = (newRecipient: boolean, newLines: boolean): Happening => {
  if (!newRecipient) return 'linesChanged'
  return newLines ? 'recipientAndLinesChanged' : 'recipientChanged'
}

// What is not told: placing, which stands in the order itself; attempts that may yet succeed; how the shop waits.
const stepOf = (event: OrderEvent): HistoryStep | undefined =>
  match(event)
    .with(
      { type: 'OrderPlaced' },
      { type: 'AttemptStarted' },
      { type: 'ClosingStarted' },
      { type: 'ClosingPostponed' },
      { type: 'OrderSigned' },
      { type: 'LossPostponed' },
      { type: 'ReceiptPostponed' },
      { type: 'PaymentReported' },
      { type: 'PaidByEarlier' },
      { type: 'AwaitedMoneySettled' },
      () => undefined,
    )
    .with({ type: 'AttemptFailed' }, ({ at, paymentId }) => told(at, 'paymentFailed', { reference: paymentId }))
    .with({ type: 'PaymentShared' }, ({ at }) => told(at, 'paymentShared', { by: 'buyer' }))
    .with({ type: 'SharePaid' }, ({ at, paymentId, amountMinor }) =>
      told(at, 'sharePaid', { reference: paymentId, amountMinor }),
    )
    .with({ type: 'PartAccepted' }, ({ at, paymentId, part }) =>
      told(at, 'partAccepted', { by: 'staff', reference: paymentId, amountMinor: part.amountMinor }),
    )
    .with({ type: 'OrderPaid' }, ({ at, paymentId, paidMinor, onDelivery }) =>
      told(at, onDelivery === undefined ? 'paid' : 'confirmed', { reference: paymentId, amountMinor: paidMinor }),
    )
    .with({ type: 'OrderDivided' }, ({ at }) => told(at, 'divided'))
    .with({ type: 'OrderSplitOff' }, ({ at, checkoutId, paymentId, onDelivery }) =>
      told(at, onDelivery === undefined ? 'paid' : 'confirmed', { reference: paymentId ?? checkoutId }),
    )
    .with({ type: 'MoneyCollected' }, ({ at, parcelId, amountMinor }) =>
      told(at, 'collected', { reference: parcelId, amountMinor }),
    )
    .with({ type: 'OrderHeld' }, ({ at }) => told(at, 'held'))
    .with({ type: 'HoldReleased' }, ({ at, by }) => told(at, 'released', { by }))
    .with({ type: 'OrderClosed' }, ({ at }) => told(at, 'closed', { by: 'clock' }))
    .with({ type: 'OrderReinstated' }, ({ at }) => told(at, 'reinstated', { by: 'clock' }))
    .with({ type: 'CancellingStarted' }, ({ at, by }) => told(at, 'cancelling', { by }))
    .with({ type: 'OrderCancelled' }, ({ at, by }) => told(at, 'cancelled', { by }))
    .with({ type: 'OrderEdited' }, ({ at, by, newRecipient, removed }) =>
      told(at, changed(newRecipient, removed.length > 0), { by }),
    )
    .with({ type: 'EditProposed' }, ({ at, edit: { by, differenceMinor } }) =>
      told(at, 'changeProposed', { by, amountMinor: differenceMinor }),
    )
    .with({ type: 'EditLapsed' }, ({ at }) => told(at, 'changeLapsed'))
    .with({ type: 'OrderExtended' }, ({ at, by, newRecipient, newLines, paymentId, paidMinor }) =>
      told(at, changed(newRecipient, newLines), { by, reference: paymentId, amountMinor: paidMinor }),
    )
    .with({ type: 'OrderRepriced' }, ({ at, by, newRecipient, newLines }) =>
      told(at, changed(newRecipient, newLines), { by }),
    )
    .with({ type: 'GoodsShipped' }, ({ at, parcelId }) => told(at, 'shipped', { reference: parcelId }))
    .with({ type: 'GoodsSigned' }, ({ at, parcelId, by }) => told(at, 'received', { by, reference: parcelId }))
    .with({ type: 'GoodsLost' }, ({ at, parcelId, cameBack }) =>
      told(at, cameBack === undefined ? 'lost' : 'cameBack', { reference: parcelId }),
    )
    .with({ type: 'ReshipmentBegun' }, ({ at }) => told(at, 'sentAgain', { by: 'staff' }))
    .with({ type: 'OrderCompleted' }, ({ at }) => told(at, 'completed'))
    .with({ type: 'RefundStarted' }, ({ at, refund: { refundId, cashMinor } }) =>
      told(at, 'refundStarted', { reference: refundId, amountMinor: cashMinor }),
    )
    .with({ type: 'RefundSucceeded' }, ({ at, refundId }) => told(at, 'refunded', { reference: refundId }))
    .with({ type: 'RefundFailed' }, ({ at, refundId }) => told(at, 'refundFailed', { reference: refundId }))
    .with({ type: 'ReturnOpened' }, ({ at, returnId }) => told(at, 'returnOpened', { reference: returnId }))
    .with({ type: 'ReturnSettled' }, ({ at, returnId }) => told(at, 'returnSettled', { reference: returnId }))
    .with({ type: 'OrderDisputed' }, ({ at, disputeId }) => told(at, 'disputeOpened', { reference: disputeId }))
    .with({ type: 'OrderDisputeSettled' }, ({ at, disputeId }) => told(at, 'disputeSettled', { reference: disputeId }))
    .exhaustive()

/**
 * The entries that go with events of an order.
 *
 * @param version - of the order before them; with the place of an event it makes ids that sort as things happened
 */
export const historyOf = (order: Order, version: number, events: readonly OrderEvent[]): readonly HistoryEntry[] =>
  events.flatMap((event, position) => {
    const step = stepOf(event)
    if (step === undefined) return []
    const place = `${String(version).padStart(8, '0')}.${String(position).padStart(2, '0')}`
    const { orderId, accountId, merchantId } = order
    return [{ entryId: `${orderId}.${place}`, orderId, accountId, merchantId, ...step }]
  })

/**
 * The life of an order so far, as its buyer is told: it was placed, and then what its entries say; and money that came by
 * transfer and does not fit, or has gone back, which is no step of the order's own.
 */
export const tellHistory = (
  order: Order,
  entries: readonly HistoryEntry[],
  receipts: readonly HeldReceipt[],
): readonly HistoryStep[] =>
  [
    told(order.placedAt, 'placed', { by: 'buyer' }),
    ...entries.map(({ at, happened, by, reference, amountMinor }) => ({ at, happened, by, reference, amountMinor })),
    ...receipts.flatMap((receipt) => stepsOfReceipt(order, receipt)),
  ].sort((one, other) => one.at - other.at)

// What nobody could explain at first tells nothing of its own: it has paid, or is held anew.
const stepsOfReceipt = ({ currency }: Order, receipt: HeldReceipt): readonly HistoryStep[] => {
  if (receipt.reason === 'unexplained' || isMistyped(receipt)) return []
  const amountMinor = receipt.currency === currency ? receipt.amountMinor : null
  const facts = { reference: receipt.paymentId, amountMinor }
  const held = told(receipt.recordedAt, 'receiptHeld', facts)
  return receipt.status === 'returned' ? [held, told(receipt.settledAt, 'receiptReturned', facts)] : [held]
}

/** How a step is called. */
export const happeningNames: Messages<Happening> = {
  placed: { 'zh-CN': '已下单', en: 'Ordered' },
  paymentFailed: { 'zh-CN': '付款未成功', en: 'Payment did not go through' },
  paid: { 'zh-CN': '已付款', en: 'Paid' },
  confirmed: { 'zh-CN': '已确认，货到付款', en: 'Confirmed, to be paid on delivery' },
  collected: { 'zh-CN': '已收到货款', en: 'Paid on delivery' },
  paymentShared: { 'zh-CN': '已设置多人分摊付款', en: 'Several pay it together' },
  sharePaid: { 'zh-CN': '一位付款人已付清其份额', en: 'One of the payers has paid their part' },
  partAccepted: { 'zh-CN': '已收到部分款项，尚欠余款', en: 'A part was paid, and the rest is still due' },
  closed: { 'zh-CN': '未付款，订单已关闭', en: 'Closed, as it was not paid' },
  reinstated: { 'zh-CN': '款项随后到账，订单已恢复', en: 'The payment came after all, and the order was opened again' },
  cancelling: { 'zh-CN': '取消中', en: 'Being cancelled' },
  cancelled: { 'zh-CN': '已取消', en: 'Cancelled' },
  divided: { 'zh-CN': '已按商家拆分为多个订单', en: 'Divided into an order for each merchant' },
  held: { 'zh-CN': '订单核对中', en: 'The shop is checking the order' },
  released: { 'zh-CN': '订单已核对', en: 'The order was checked' },
  recipientChanged: { 'zh-CN': '已修改收货信息', en: 'Who receives it was changed' },
  linesChanged: { 'zh-CN': '已修改商品数量', en: 'Quantities were changed' },
  recipientAndLinesChanged: {
    'zh-CN': '已修改收货信息和商品数量',
    en: 'Who receives it and quantities were changed',
  },
  changeProposed: { 'zh-CN': '修改待付差价', en: 'A change waits for its difference to be paid' },
  changeLapsed: { 'zh-CN': '修改未付差价，已失效', en: 'The change was not made, as it was not paid' },
  shipped: { 'zh-CN': '包裹已发出', en: 'A parcel has left' },
  received: { 'zh-CN': '已签收', en: 'Received' },
  lost: { 'zh-CN': '包裹丢失', en: 'A parcel was lost' },
  cameBack: { 'zh-CN': '包裹拒收或未能送达，已退回', en: 'A parcel was not accepted and came back' },
  sentAgain: { 'zh-CN': '将补发丢失的商品', en: 'What was lost is sent again' },
  completed: { 'zh-CN': '已完成', en: 'Completed' },
  refundStarted: { 'zh-CN': '退款处理中', en: 'A refund is on its way' },
  refunded: { 'zh-CN': '已退款', en: 'Refunded' },
  refundFailed: { 'zh-CN': '退款未成功，商店将另行处理', en: 'A refund came back; the shop sends it another way' },
  returnOpened: { 'zh-CN': '已申请退货', en: 'A return was asked for' },
  returnSettled: { 'zh-CN': '退货已处理完', en: 'A return was settled' },
  disputeOpened: { 'zh-CN': '付款人向银行或支付渠道提出争议', en: 'The payer disputes the payment' },
  receiptHeld: { 'zh-CN': '收到的款项与应付不符', en: 'Money came that is not what was to be paid' },
  receiptReturned: { 'zh-CN': '未用于订单的款项已退还', en: 'Money that was not used for it was sent back' },
  disputeSettled: { 'zh-CN': '付款争议已结束', en: 'The dispute of the payment is over' },
}
