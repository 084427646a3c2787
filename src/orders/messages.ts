import type { EvidenceFileRefused } from '../payments/evidence-file.js'
import type { Messages } from '../shared/messages.js'
import type { AddressBookFull } from './addresses/address-book.js'
import type { BillRowInvalid, DayNotOver } from './books/reconcile-bill.js'
import type { PayoutReferenceUsed } from './books/record-gateway-payout.js'
import type { AcceptanceNotOffered } from './disputes/accept-dispute.js'
import type { DisputeNotInDoubt } from './disputes/decide-dispute.js'
import type { DisputeNotShown, GatewayNotAnswering } from './disputes/read-dispute.js'
import type { EvidenceNotOffered, ExplanationTooLong } from './disputes/submit-evidence.js'
import type { EditOutdated } from './editing/apply-edit.js'
import type { EditCostsMore, EditNeedsNewOrder } from './editing/order-edit.js'
import type { UndoTooLate, VersionUnknown } from './editing/order-versions.js'
import type { AttemptUnderway } from './money/attempt-underway.js'
import type { NotCaptured } from './money/order-money.js'
import type { OnDeliveryNotOffered } from './on-delivery/on-delivery-terms.js'
import type { OrderMoveError } from './order-draft.js'
import type { OrderError } from './order-error.js'
import type { ParcelError } from './parcels/parcel.js'
import type { ScanAhead } from './parcels/parcel-tracking.js'
import type { CaptureDeclined } from './parcels/ship-order.js'
import type { SharedTooOften, SharingNotOffered } from './payers/check-sharing.js'
import type { MethodNotOffered } from './paying/attempt-payment.js'
import type { CaptureNotOffered, CapturePaysNoPiece, NothingToCapture } from './paying/capture-order.js'
import type { PaymentOverdue } from './paying/check-attempt.js'
import type { PaymentNotUnheard } from './paying/decide-payment.js'
import type { ReferenceUnknown } from './paying/receive-notification.js'
import type { GatewayUnknown } from './paying/record-outcome.js'
import type { LineNotInCart, ShippingNotSet } from './placing/order-quote.js'
import type { PriceChanged } from './placing/place-order.js'
import type { PricedForOtherMethods } from './placing/priced-methods.js'
import type { PolicyBelowFloor, SettlementTermsMissing } from './policy/shop-policy.js'
import type { PriceNotReplayable } from './price-record/price-record.js'
import type { RefundNotInDoubt } from './refunds/decide-refund.js'
import type { PayoutNotUnclear } from './settlement/decide-payout.js'
import type { NoSplitToGiveUp } from './settlement/give-up-split.js'
import type { NothingToPayOut } from './settlement/pay-out.js'
import type { PayoutNotOffered } from './settlement/tell-payout.js'
import type { HeldMoneyTooLow, NothingOwed } from './suspense/check-acceptance.js'
import type { MoneyPaysOrder, NoMoneyHeld } from './suspense/check-held-money.js'
import type { ReceiptSettled } from './suspense/hold-money.js'
import type { RecordReceiptError } from './suspense/record-receipt.js'

/** Every refusal of the orders' own. */
export type OrdersError =
  | OrderError
  | AddressBookFull
  | ParcelError
  | ScanAhead
  | PriceChanged
  | ShippingNotSet
  | LineNotInCart
  | EditOutdated
  | EditCostsMore
  | EditNeedsNewOrder
  | SharingNotOffered
  | SharedTooOften
  | UndoTooLate
  | VersionUnknown
  | AttemptUnderway
  | PaymentOverdue
  | MethodNotOffered
  | PricedForOtherMethods
  | OnDeliveryNotOffered
  | GatewayUnknown
  | NothingToCapture
  | CaptureNotOffered
  | CapturePaysNoPiece
  | NotCaptured
  | CaptureDeclined
  | Exclude<RecordReceiptError, OrderMoveError>
  | ReceiptSettled
  | PayoutReferenceUsed
  | ReferenceUnknown
  | NothingOwed
  | HeldMoneyTooLow
  | MoneyPaysOrder
  | NoMoneyHeld
  | AcceptanceNotOffered
  | EvidenceNotOffered
  | ExplanationTooLong
  | EvidenceFileRefused
  | DisputeNotInDoubt
  | DisputeNotShown
  | GatewayNotAnswering
  | DayNotOver
  | NothingToPayOut
  | PayoutNotOffered
  | NoSplitToGiveUp
  | PayoutNotUnclear
  | RefundNotInDoubt
  | PaymentNotUnheard
  | BillRowInvalid
  | PolicyBelowFloor
  | SettlementTermsMissing
  | PriceNotReplayable

/** What is said of each refusal. */
export const orderMessages: Messages<OrdersError['type']> = {
  OnDeliveryNotOffered: {
    'zh-CN': '该订单不支持货到付款，请选择其他支付方式。',
    en: 'This order cannot be paid on delivery. Choose another way to pay.',
  },
  LossUndecided: {
    'zh-CN': '订单有丢失或退回的商品尚未退款或补发，暂不能完成。请先退款或补发，逾期将自动退款。',
    en: 'Pieces of this order were lost and are neither refunded nor sent again. Decide that first; they are refunded in the end.',
  },
  CollectionOutstanding: {
    'zh-CN': '货到付款的款项 {dueMinor} {currency}（最小货币单位）尚未收到，订单不能完成。请先登记收款。',
    en: '{dueMinor} {currency} in minor units are still to be collected, so the order cannot be completed. Record the receipt first.',
  },
  NothingToPayOut: {
    'zh-CN': '{payee} 暂无可打款金额：未到结算日、有未完结的售后或付款争议、其欠款不少于应付金额，或相关数据无法读取。',
    en: 'There is nothing to pay to {payee}: nothing is due yet, a return or a dispute is open, it owes as much, or what is due cannot be read.',
  },
  PayoutNotOffered: {
    'zh-CN': '本店尚未配置打款渠道，请先配置后再打款。',
    en: 'Nobody sends money for this shop. Set up a payout port first.',
  },
  NoSplitToGiveUp: {
    'zh-CN': '订单 {orderId} 的货款不在等待本店已停用的支付渠道分账，无需放弃。',
    en: 'Nothing that was paid for order {orderId} waits for a gateway that this shop lacks to divide it.',
  },
  PayoutNotUnclear: {
    'zh-CN': '打款 {payoutId} 无需人工判定：其结果已知，或仍在查询中。',
    en: 'Nothing has to be said of payout {payoutId}: what came of it is known, or is still being asked for.',
  },
  PaymentNotUnheard: {
    'zh-CN': '付款 {paymentId} 暂无需人工判定：其结果已知，或支付渠道未答复尚不足三天。',
    en: 'Nothing has to be said of payment {paymentId} yet: what came of it is known, or its gateway has not kept silent for three days.',
  },
  RefundNotInDoubt: {
    'zh-CN': '退款 {refundId} 暂无需人工判定：其结果已知，或仍在向支付渠道查询。',
    en: 'Nothing has to be said of refund {refundId} yet: what came of it is known, or is still being asked for.',
  },
  DayNotOver: {
    'zh-CN': '{day} 在支付渠道的时区尚未结束，账单还不完整。请稍后再对账。',
    en: '{day} is not over by the gateway’s clock, so its bill is not whole. Reconcile it later.',
  },
  BillRowInvalid: {
    'zh-CN': '账单第 {row} 行格式不正确，整份账单未处理。请检查后重试。',
    en: 'Row {row} of the bill is not as it has to be; nothing of the bill was taken in. Check it and try again.',
  },
  UndoTooLate: {
    'zh-CN': '订单已有包裹发出，不能恢复到之前的版本。',
    en: 'Something of the order has left; it cannot be as it was any more.',
  },
  VersionUnknown: {
    'zh-CN': '订单没有此次修改之前的版本，请刷新订单后重试。',
    en: 'The order keeps no version of before that change. Load the order again and try again.',
  },
  PaymentShared: {
    'zh-CN': '订单由多人分摊付款，不能整单支付或修改。',
    en: 'Several pay this order together; it cannot be paid as a whole, shared anew or changed now.',
  },
  SharesDiffer: {
    'zh-CN': '各付款人的份额合计为 {actualMinor}，与应付金额 {expectedMinor} 不符（单位：最小货币单位）。',
    en: 'The parts come to {actualMinor} and not to the {expectedMinor} that are to be paid, in minor units.',
  },
  SharingNotOffered: {
    'zh-CN': '按商家拆分的订单不支持多人分摊付款。',
    en: 'An order that is divided among its merchants is paid by one.',
  },
  SharedTooOften: {
    'zh-CN': '订单的分摊方案最多可设定 {most} 次，请按最后一次的分摊付款。',
    en: 'The payment of an order is shared at most {most} times. Pay it as it was shared last.',
  },
  EditUnderway: {
    'zh-CN': '订单有一项修改待付差价，请先付款，或等其失效后再操作。',
    en: 'A change of the order waits for its difference to be paid. Pay it, or let it lapse, and try again.',
  },
  OrderStateForbids: {
    'zh-CN': '订单当前状态为 {status}，不能执行此操作。',
    en: 'The order is {status}; this cannot be done now.',
  },
  OrderLineUnknown: { 'zh-CN': '订单中没有商品行 {lineId}。', en: 'The order has no line {lineId}.' },
  QuantityExceedsOrder: {
    'zh-CN': '商品行 {lineId} 最多还可处理 {left} 件，不能处理 {asked} 件。',
    en: 'Of line {lineId} only {left} are left; {asked} were asked for.',
  },
  NothingToDo: { 'zh-CN': '没有可处理的内容。', en: 'There is nothing left to do.' },
  PaymentDiffers: {
    'zh-CN': '收到的金额与应付金额不一致，订单暂不视为已支付。',
    en: 'What came in is not what is owed, so the order does not count as paid.',
  },
  RefundExceedsCaptured: {
    'zh-CN': '退款金额超过可退余额，请减少退款金额。',
    en: 'The refund is larger than what is left to refund. Ask for a smaller amount.',
  },
  RefundExceedsPoints: {
    'zh-CN': '最多还可退回 {left} 积分，不能退回 {asked} 积分。',
    en: 'At most {left} points can come back; {asked} were asked for.',
  },
  CancelIncomplete: {
    'zh-CN': '取消订单须退回全部已付款项。',
    en: 'Cancelling a paid order gives everything back, and this does not.',
  },
  EditLeavesNothing: {
    'zh-CN': '修改后订单中将没有商品，请直接取消订单。',
    en: 'Nothing would be left of the order. Cancel it instead.',
  },
  RecipientFixed: {
    'zh-CN': '已有包裹发出，不能再修改收货信息。请联系商店。',
    en: 'A parcel has left, so where the order goes cannot be changed any more. Ask the shop.',
  },
  EditCostsMore: {
    'zh-CN':
      '修改后需补 {differenceMinor}（{currency} 最小单位），已付款订单不能补款。请保留原地址，或取消后重新下单。',
    en: 'The order would cost {differenceMinor} more (minor units of {currency}), and it is paid. Keep it as it is, or cancel it and order again.',
  },
  EditNeedsNewOrder: {
    'zh-CN': '修改后价格、税费或赠品会不同，不能在原订单上修改。请取消后重新下单。',
    en: 'Prices, taxes or gifts would be other ones, so the order cannot be changed in this way. Cancel it and order again.',
  },
  EditOutdated: {
    'zh-CN': '订单或修改结果已有变化，未作修改。请核对新的结果后再确认。',
    en: 'The order, or what the change comes to, is not what you were shown; nothing was changed. Look at it again, then confirm.',
  },
  RefundUnknown: { 'zh-CN': '没有找到退款 {refundId}。', en: 'There is no refund {refundId}.' },
  ReturnOpen: {
    'zh-CN': '还有退货申请未处理完，订单暂不能完成。',
    en: 'A return is still open; the order is complete once it is settled.',
  },
  OrderOnHold: {
    'zh-CN': '订单正在核对，核对前不能发货；最迟 {until} 有结果。',
    en: 'The order is being checked; nothing leaves before. At {until} it is settled at the latest.',
  },
  ScanAhead: {
    'zh-CN': '扫描时间晚于现在，请检查承运商的时间和时区。',
    en: 'The scan is later than now. Check the clock and the time zone of the carrier.',
  },
  ParcelStateForbids: {
    'zh-CN': '包裹当前状态为 {status}，不能执行此操作。',
    en: 'The parcel is {status}; this cannot be done now.',
  },
  AddressBookFull: {
    'zh-CN': '最多可保存 {most} 个地址，请先删除一个。',
    en: 'At most {most} addresses are kept. Remove one first.',
  },
  PriceChanged: {
    'zh-CN': '价格已变动，请核对新的金额后再下单。',
    en: 'The price has changed. Look at the new total, then order again.',
  },
  ShippingNotSet: { 'zh-CN': '商店尚未设置配送方式。', en: 'The shop has not set up any way to send.' },
  LineNotInCart: { 'zh-CN': '购物车中没有商品行 {lineId}。', en: 'The cart has no line {lineId}.' },
  AttemptUnderway: {
    'zh-CN': '上一笔付款的结果尚未确定，请先查询付款结果，以免重复付款。',
    en: 'What became of the last payment is not certain yet. Ask for its result first, so that you do not pay twice.',
  },
  PaymentOverdue: { 'zh-CN': '付款时间已过，请重新下单。', en: 'The time to pay is over. Please order again.' },
  MethodNotOffered: {
    'zh-CN': '该渠道不支持此付款方式或币种，请换一种付款方式。',
    en: 'This way of paying is not offered for this order. Choose another.',
  },
  PricedForOtherMethods: {
    'zh-CN': '订单已享受指定支付方式的优惠，请使用该支付方式付款，或取消后重新下单。',
    en: 'A discount of this order is given for another way of paying. Pay that way, or cancel it and order again.',
  },
  GatewayUnknown: {
    'zh-CN': '没有名为 {gatewayId} 的支付渠道。',
    en: 'There is no payment gateway {gatewayId}.',
  },
  NotCaptured: {
    'zh-CN': '还有 {missingMinor} 未请款，商品暂不能发出。请先请款，或联系买家重新付款。',
    en: '{missingMinor} is not taken yet, so the goods stay. Take it first, or have the buyer pay again.',
  },
  CaptureDeclined: {
    'zh-CN': '支付渠道拒绝请款（{code}），商品未发出。请联系买家重新付款。',
    en: 'The gateway would not give the money ({code}), so the goods stay. Ask the buyer to pay again.',
  },
  NothingToCapture: { 'zh-CN': '没有可请款的金额。', en: 'There is no held money to take.' },
  CaptureNotOffered: {
    'zh-CN': '支付渠道 {gatewayId} 不支持分次请款，只能一次请款 {heldMinor}，或在部分请款后放弃余额。',
    en: 'Gateway {gatewayId} does not take what it holds in steps. Take {heldMinor} at once, or a part and give up the rest.',
  },
  CapturePaysNoPiece: {
    'zh-CN': '最后一笔请款 {amountMinor} 不足以支付任何一件商品，订单将无法发货。请至少请款 {leastMinor}，或取消订单。',
    en: 'The last {amountMinor} to be taken would pay for no piece, so nothing could leave. Take at least {leastMinor}, or cancel the order.',
  },
  ReceiptNotExpected: {
    'zh-CN': '支付渠道 {gatewayId} 会自行通知到账结果，不能人工登记收款。请改为查询付款结果。',
    en: 'Gateway {gatewayId} says itself what came in, so no receipt can be recorded by hand. Ask it for the result instead.',
  },
  ReceiptCurrencyDiffers: {
    'zh-CN': '应收币种为 {expected}，实收为 {actual}，未登记。请核对入账记录。',
    en: 'The order is owed in {expected} and {actual} came in; nothing was recorded. Check the statement.',
  },
  ReceiptTooLow: {
    'zh-CN':
      '应收 {dueMinor}，实收 {receivedMinor}，还差 {missingMinor}（{currency} 最小单位），未登记。请联系买家补足后再登记。',
    en: '{dueMinor} is due and {receivedMinor} came in: {missingMinor} is missing (minor units of {currency}). Nothing was recorded. Ask the buyer for the rest first.',
  },
  ReceiptTooHigh: {
    'zh-CN':
      '应收 {dueMinor}，实收 {receivedMinor}，多出 {excessMinor}（{currency} 最小单位），未登记。请先退回多付部分，再按应收金额登记。',
    en: '{dueMinor} is due and {receivedMinor} came in: {excessMinor} too much (minor units of {currency}). Nothing was recorded. Send the excess back, then record what is due.',
  },
  ReceiptReferenceUsed: {
    'zh-CN': '入账记录 {reference} 已登记，一笔入账只能登记一次。',
    en: 'Receipt {reference} stands in the books already; one receipt counts once.',
  },
  ReceiptSettled: {
    'zh-CN': '入账 {receiptId} 已处理（{status}），不再挂账。',
    en: 'Receipt {receiptId} is not held any more: it is {status}.',
  },
  PayoutReferenceUsed: {
    'zh-CN': '结算 {reference} 已登记为到账 {amountMinor}、手续费 {feeMinor}（最小单位），金额不同，未登记。',
    en: 'Payout {reference} was recorded as {amountMinor}, {feeMinor} kept (minor units); nothing was recorded.',
  },
  ReceivedBefore: {
    'zh-CN':
      '付款 {paymentId} 此前已按另一笔入账登记 {receivedMinor}（{currency} 最小单位），本笔未登记。请按不明款项登记并退还买家。',
    en: 'Payment {paymentId} was received by another line before ({receivedMinor}, minor units of {currency}). Nothing was recorded: this is other money of the payer. Hold it as unexplained and send it back.',
  },
  ReferenceUnknown: {
    'zh-CN': '支付渠道 {gatewayId} 提到的 {reference} 不属于本店，已留待人工核对。',
    en: 'Gateway {gatewayId} speaks of {reference}, which the shop does not know; it is kept for a person to look at.',
  },
  ExplanationTooLong: {
    'zh-CN': '支付渠道 {gatewayId} 的说明最多 {mostCharacters} 个字，请缩短后重试。',
    en: 'Gateway {gatewayId} takes {mostCharacters} characters at most. Say it shorter.',
  },
  EvidenceFileRefused: {
    'zh-CN': '支付渠道 {gatewayId} 不接受所附文件（{reason}），请更换后重试。',
    en: 'Gateway {gatewayId} does not take the files as they are ({reason}). Send others.',
  },
  DisputeNotInDoubt: {
    'zh-CN': '争议 {disputeId} 暂无需人工判定：其结果已知，或仍在向支付渠道查询。',
    en: 'Nothing has to be said of dispute {disputeId} yet: how it stands is known, or is still being asked for.',
  },
  DisputeNotShown: {
    'zh-CN': '支付渠道 {gatewayId} 不提供争议或投诉内容的查询接口，请到其商户平台查看。',
    en: 'Gateway {gatewayId} shows what is said in a dispute on its own pages only. Look there.',
  },
  GatewayNotAnswering: {
    'zh-CN': '支付渠道 {gatewayId} 暂时没有答复，请稍后再试。',
    en: 'Gateway {gatewayId} gives no answer now. Try again later.',
  },
  NothingOwed: {
    'zh-CN': '订单 {orderId} 没有应由付款 {paymentId} 支付的款项，请将款项退回。',
    en: 'Nothing is owed for order {orderId} that payment {paymentId} could pay. Send the money back.',
  },
  HeldMoneyTooLow: {
    'zh-CN': '应付 {owedMinor}，只到账 {heldMinor}，且不能分次支付（以最小货币单位计）。请将款项退回。',
    en: '{heldMinor} came of {owedMinor} in minor units, and it cannot be paid in parts. Send the money back.',
  },
  MoneyPaysOrder: {
    'zh-CN': '该笔付款已用于支付订单 {orderId}，请通过该订单退款。',
    en: 'This payment pays order {orderId}. Refund the order instead.',
  },
  NoMoneyHeld: {
    'zh-CN': '付款 {paymentId} 已没有可退的 {currency} 款项；其他币种的款项请在支付渠道的商户平台退回。',
    en: 'Nothing of payment {paymentId} is left to send back in {currency}. What came in another currency goes back on the gateway’s own pages.',
  },
  AcceptanceNotOffered: {
    'zh-CN': '支付渠道 {gatewayId} 不支持通过接口接受争议，请到其商户平台处理，或直接退款。',
    en: 'Gateway {gatewayId} lets no dispute be accepted by request. Accept it on its own pages, or refund the order.',
  },
  EvidenceNotOffered: {
    'zh-CN': '支付渠道 {gatewayId} 不接受接口举证，请到其商户平台提交材料。',
    en: 'Gateway {gatewayId} takes evidence on its own pages only. Contest the dispute there.',
  },
  PriceNotReplayable: {
    'zh-CN': '该订单计价所用的 {bookId} 未留存，无法重新计算价格。',
    en: 'The price cannot be made again: {bookId}, which it was made of, is not kept.',
  },
  PolicyBelowFloor: {
    'zh-CN': '{field} 不得少于法定的 {minimum} 天。',
    en: '{field} may not be less than the {minimum} days that the law gives.',
  },
  SettlementTermsMissing: {
    'zh-CN': '商家分开结算时，须同时约定结算与分账条款。',
    en: 'Where merchants sell apart, the terms must say how what they sell is settled among them and the shop.',
  },
}
