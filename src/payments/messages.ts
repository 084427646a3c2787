import type { Locale, Message, Messages } from '../shared/messages.js'
import type { MethodId } from '../shared/payment-method.js'
import type { DisputeError } from './dispute.js'
import { type GatewayErrorCode, gatewayErrors, type RetryAdvice } from './gateway-error.js'
import type { PaymentError } from './payment.js'
import type { NotificationRejected } from './ports.js'
import type { ReconcileError } from './reconcile.js'
import type { RefundError } from './refund.js'

/** What is said of each refusal. */
export const paymentMessages: Messages<
  | PaymentError['type']
  | RefundError['type']
  | DisputeError['type']
  | NotificationRejected['type']
  | Exclude<ReconcileError['type'], 'AmountOverflow'>
> = {
  RowsNotSorted: {
    en: 'The rows of the {side} are not sorted: {reference} comes too late. Sort them by reference.',
    'zh-CN': '{side} 的记录未排序：{reference} 位置靠后。请按单号排序后重试。',
  },
  ReconcileInterrupted: {
    en: 'The reconciliation broke off at the {stage} ({fault}). Nothing is lost; run it again.',
    'zh-CN': '对账在 {stage} 处中断（{fault}）。数据未丢失，请重新运行。',
  },
  PaymentStateForbids: {
    en: 'This cannot be done with a payment that is {status}.',
    'zh-CN': '付款当前状态为 {status}，无法执行此操作。',
  },
  PaymentAmountInvalid: {
    en: 'The amount must be a whole number of minor units above zero.',
    'zh-CN': '金额必须是大于零的整数（最小货币单位）。',
  },
  CloseNotProven: {
    en: 'It is not certain yet that no money will come, so the payment stays open.',
    'zh-CN': '尚不能确定不会到账，付款暂不关闭。',
  },
  SnapshotOfOtherPayment: {
    en: 'The gateway speaks of payment {actual}, not of {expected}.',
    'zh-CN': '支付渠道返回的是付款 {actual}，而不是 {expected}。',
  },
  AcceptExceedsHeld: {
    'zh-CN': '待核实的款项只有 {heldMinor}，不能确认 {askedMinor}。',
    en: 'Only {heldMinor} waits to be decided about; {askedMinor} cannot be accepted.',
  },
  CaptureExceedsHold: {
    'zh-CN': '最多还可请款 {heldMinor}，不能请款 {askedMinor}。',
    en: 'Only {heldMinor} is held and not taken yet; {askedMinor} cannot be taken.',
  },
  CaptureUnderway: {
    'zh-CN': '上一笔请款的结果尚未确定，请稍后再试。',
    en: 'It is not known yet what came of the capture before this one. Try again in a moment.',
  },
  RefundExceedsCaptured: {
    en: 'The refund is larger than what is left of the payment. Ask for a smaller amount.',
    'zh-CN': '退款金额超过该笔付款的可退余额，请减少退款金额。',
  },
  RefundReferenceReused: {
    en: 'Refund {refundId} exists with another amount. Use a new reference.',
    'zh-CN': '退款单 {refundId} 已存在且金额不同，请使用新的单号。',
  },
  RefundShareForbids: {
    en: 'The payment holds nothing for refund {refundId} ({share}).',
    'zh-CN': '该付款没有为退款单 {refundId} 保留金额（状态：{share}）。',
  },
  RefundStateForbids: {
    en: 'This cannot be done with a refund that is {status}.',
    'zh-CN': '退款当前状态为 {status}，无法执行此操作。',
  },
  RefundAmountInvalid: {
    en: 'The refund must be a whole number of minor units above zero.',
    'zh-CN': '退款金额必须是大于零的整数（最小货币单位）。',
  },
  RefundSourcesDiffer: {
    en: 'The accounts that bear the refund do not add up to its amount.',
    'zh-CN': '承担退款的各账户金额之和与退款金额不一致。',
  },
  SnapshotOfOtherRefund: {
    en: 'The gateway speaks of another refund: {actual}, not {expected}.',
    'zh-CN': '支付渠道返回的是另一笔退款：{actual}，而不是 {expected}。',
  },
  DisputeOpen: {
    en: 'The payer wants this money back by a dispute ({disputeIds}), so nothing can be sent back now. Wait for its end.',
    'zh-CN': '付款人已就这笔款项提出争议（{disputeIds}），暂不能退款，请等待争议结束。',
  },
  DisputeStateForbids: {
    en: 'This cannot be done with a dispute that is {status}.',
    'zh-CN': '争议当前状态为 {status}，无法执行此操作。',
  },
  LossExceedsDispute: {
    en: 'No more than {amountMinor} in minor units can be lost by dispute {disputeId}.',
    'zh-CN': '争议 {disputeId} 的损失不能超过 {amountMinor}（最小货币单位）。',
  },
  SnapshotOfOtherDispute: {
    en: 'The gateway speaks of another dispute: {actual}, not {expected}.',
    'zh-CN': '支付渠道返回的是另一笔争议：{actual}，而不是 {expected}。',
  },
  EvidenceOverdue: {
    en: 'The time to contest dispute {disputeId} is over.',
    'zh-CN': '争议 {disputeId} 的举证期限已过。',
  },
  NotificationRejected: {
    en: 'The notification was not accepted: {reason}.',
    'zh-CN': '通知未被接受：{reason}。',
  },
}

/** What happened and what to do next, for the buyer. */
export const gatewayErrorMessages: Messages<GatewayErrorCode> = {
  InsufficientFunds: {
    en: 'Your balance is not enough. Nothing was charged. Top up, or pay by another method.',
    'zh-CN': '余额不足，未扣款。请充值后重试，或更换支付方式。',
  },
  InstrumentDeclined: {
    en: 'Your bank or wallet declined the payment. Nothing was charged. Pay by another method, or ask your bank.',
    'zh-CN': '银行或钱包拒绝了本次付款，未扣款。请更换支付方式，或联系发卡行。',
  },
  InstrumentInvalid: {
    en: 'The payment details are not valid. Nothing was charged. Check them and try again.',
    'zh-CN': '支付信息有误，未扣款。请核对后重试。',
  },
  AuthRequired: {
    en: 'Your bank wants to confirm that it is you. Nothing was charged. Try again and follow its steps.',
    'zh-CN': '银行需要验证您的身份，未扣款。请重试并按提示完成验证。',
  },
  AuthFailed: {
    en: 'The confirmation failed. Nothing was charged. Try again with the right code or password.',
    'zh-CN': '验证未通过，未扣款。请使用正确的验证码或密码重试。',
  },
  LimitExceeded: {
    en: 'A payment limit is reached. Nothing was charged. Pay by another method, or raise the limit with your bank.',
    'zh-CN': '超出支付限额，未扣款。请更换支付方式，或向银行申请调高限额。',
  },
  FraudSuspected: {
    en: 'The payment was stopped for your safety. Nothing was charged. Please contact our service.',
    'zh-CN': '为保障您的资金安全，本次付款已被拦截，未扣款。请联系客服。',
  },
  PayerCancelled: {
    en: 'The payment was cancelled. Nothing was charged. You can pay again at any time before the deadline.',
    'zh-CN': '付款已取消，未扣款。您可在截止时间前重新付款。',
  },
  Expired: {
    en: 'The time to pay ran out. Nothing was charged. Start the payment again.',
    'zh-CN': '付款已超时，未扣款。请重新发起付款。',
  },
  AlreadyPaid: {
    en: 'This payment may have been made already. Do not pay again; we are checking with the gateway.',
    'zh-CN': '这笔付款可能已经完成，请勿重复付款，我们正在向支付渠道核实。',
  },
  AlreadyRefunded: {
    en: 'This amount may have been given back already; we are checking with the gateway.',
    'zh-CN': '这笔款项可能已经退还，我们正在向支付渠道核实。',
  },
  AmountInvalid: {
    en: 'This method does not take this amount. Nothing was charged. Pay by another method.',
    'zh-CN': '该支付方式不支持此金额，未扣款。请更换支付方式。',
  },
  CurrencyUnsupported: {
    en: 'This method does not take this currency. Nothing was charged. Pay by another method.',
    'zh-CN': '该支付方式不支持此币种，未扣款。请更换支付方式。',
  },
  DuplicateReference: {
    en: 'We could not tell what became of the payment. Do not pay again; we are checking with the gateway.',
    'zh-CN': '付款结果暂不确定，请勿重复付款，我们正在向支付渠道核实。',
  },
  IdempotencyReuse: {
    en: 'We could not tell what became of the payment. Do not pay again; we are checking with the gateway.',
    'zh-CN': '付款结果暂不确定，请勿重复付款，我们正在向支付渠道核实。',
  },
  InProgress: {
    en: 'The payment is still being processed. Do not pay again; you will hear from us.',
    'zh-CN': '付款正在处理中，请勿重复付款，结果会通知您。',
  },
  RateLimited: {
    en: 'Too many payments at once. Nothing was charged. Wait a moment and try again.',
    'zh-CN': '付款请求过于频繁，未扣款。请稍候再试。',
  },
  MerchantConfig: {
    en: 'This method is not available at the moment. Nothing was charged. Pay by another method.',
    'zh-CN': '该支付方式暂不可用，未扣款。请更换支付方式。',
  },
  GatewayDown: {
    en: 'The payment service is out of order. Nothing was charged. Try again later, or pay by another method.',
    'zh-CN': '支付服务暂时故障，未扣款。请稍后重试，或更换支付方式。',
  },
  Network: {
    en: 'The connection broke and the result is not known. Do not pay again; we are checking with the gateway.',
    'zh-CN': '网络中断，付款结果暂不确定。请勿重复付款，我们正在向支付渠道核实。',
  },
}

/** What is said while nobody knows what came of a payment. */
export const unknownOutcomeMessage: Message = {
  en: 'The result of the payment is not known yet. Do not pay again; we are checking with the gateway and will tell you.',
  'zh-CN': '付款结果尚未确认。请勿重复付款，我们正在向支付渠道核实，结果会通知您。',
}

/** What a buyer is told after a failure, and what may be offered next. */
export type NextAdvice = { readonly text: string; readonly retry: RetryAdvice; readonly moneyMayHaveMoved: boolean }

/** Says what happened, what to do next, and whether to offer another attempt or another method. */
export const whatNext = (code: GatewayErrorCode, locale: Locale): NextAdvice => {
  const { retry, definite, userMessageKey } = gatewayErrors[code]
  return { text: gatewayErrorMessages[userMessageKey][locale], retry, moneyMayHaveMoved: !definite }
}

/** What each method is called. */
export const methodNames: Messages<MethodId> = {
  creditCard: { en: 'Credit card', 'zh-CN': '信用卡' },
  debitCard: { en: 'Debit card', 'zh-CN': '储蓄卡' },
  wechatPay: { en: 'WeChat Pay', 'zh-CN': '微信支付' },
  alipay: { en: 'Alipay', 'zh-CN': '支付宝' },
  unionPayQuickPass: { en: 'UnionPay QuickPass', 'zh-CN': '云闪付' },
  bankTransfer: { en: 'Bank transfer', 'zh-CN': '银行转账' },
  eCny: { en: 'e-CNY', 'zh-CN': '数字人民币' },
  payPal: { en: 'PayPal', 'zh-CN': 'PayPal' },
  cashOnDelivery: { en: 'Cash on delivery', 'zh-CN': '货到付款' },
}

/** How to pay safely by each method. */
export const methodSafetyTips: Messages<MethodId> = {
  creditCard: {
    en: "Enter card details only on your bank's or the gateway's own page. We never ask for them by phone or chat.",
    'zh-CN': '请仅在银行或支付渠道的官方页面输入卡片信息，我们不会通过电话或聊天索要。',
  },
  debitCard: {
    en: 'Never tell anyone your PIN or a code from your bank, not even our staff.',
    'zh-CN': '请勿向任何人透露取款密码或银行验证码，包括我们的工作人员。',
  },
  wechatPay: {
    en: 'Check the payee and the amount before you confirm. Scan only the code on the payment page.',
    'zh-CN': '确认前请核对收款方和金额，仅扫描付款页面上的二维码。',
  },
  alipay: {
    en: 'Check the payee and the amount before you confirm. A refund never needs you to transfer money first.',
    'zh-CN': '确认前请核对收款方和金额。办理退款从不需要您先行转账。',
  },
  unionPayQuickPass: {
    en: 'Lock your phone, and switch off payments without a password if you lose it.',
    'zh-CN': '请为手机设置锁屏；如手机遗失，请及时关闭免密支付。',
  },
  bankTransfer: {
    en: 'Transfer only to the account on the payment page, and write the reference beside it so that we find it.',
    'zh-CN': '请仅转账至付款页面所示账户，并填写备注编号以便核对。',
  },
  eCny: {
    en: 'Use the official e-CNY app, and check the payee before you confirm.',
    'zh-CN': '请使用官方数字人民币应用，确认前请核对收款方。',
  },
  payPal: {
    en: 'Sign in only on paypal.com, and pay for goods, never as a gift to friends.',
    'zh-CN': '请仅在 paypal.com 登录，并选择购物付款，切勿使用亲友转账。',
  },
  cashOnDelivery: {
    en: 'Look at the parcel before you pay, and ask the courier for a receipt.',
    'zh-CN': '付款前请先验货，并向配送员索取收据。',
  },
}
