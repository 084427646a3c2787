import type { Template } from './template.js'

/** Messages about an order: its money, its parcels, its bill, its reviews. */
export const orderTemplates = {
  paymentSucceeded: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 支付成功', en: 'Order {orderNumber} is paid' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已收到付款 {amount}（{method}），预计最晚 {shipBy} 发货。您无需其他操作，发货后会通知您。',
      en: 'We received {amount} by {method} for order {orderNumber}. It will ship by {shipBy}. There is nothing you need to do; we will tell you when it leaves.',
    },
  },
  orderConfirmed: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已确认，货到付款', en: 'Order {orderNumber} is confirmed' },
    text: {
      'zh-CN': '订单 {orderNumber} 已确认，预计最晚 {shipBy} 发货。请在收货时支付 {amount}，发货后会通知您。',
      en: 'Order {orderNumber} is confirmed and will ship by {shipBy}. You pay {amount} when it is handed to you; we will tell you when it leaves.',
    },
  },
  orderShippedUnpaid: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已发货', en: 'Order {orderNumber} is on its way' },
    text: {
      'zh-CN': '订单 {orderNumber} 已由 {carrier} 发出，运单号 {trackingNumber}。请在收货时支付 {amount}。',
      en: 'Order {orderNumber} has left with {carrier}, tracking number {trackingNumber}. You pay {amount} for this parcel when it is handed to you.',
    },
  },
  collectedOnDelivery: {
    kind: 'transactional',
    subject: { 'zh-CN': '已收到订单 {orderNumber} 的货款', en: 'Your payment for order {orderNumber}' },
    text: {
      'zh-CN': '已收到您为订单 {orderNumber} 支付的货款 {amount}，收货时还须支付 {left}。',
      en: 'We received {amount} that you paid on delivery for order {orderNumber}. Still to be paid on delivery: {left}.',
    },
  },
  differenceOnDelivery: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 变更成功', en: 'Order {orderNumber} is changed' },
    text: {
      'zh-CN': '订单 {orderNumber} 的变更已生效，差价 {amount} 请在收货时一并支付，预计最晚 {shipBy} 发货。',
      en: 'Order {orderNumber} is changed. You pay {amount} more when it is handed to you. It will ship by {shipBy}.',
    },
  },
  differenceDue: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的变更待付差价', en: 'A difference is due for order {orderNumber}' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 变更后须补差价 {amount}。请在 {payBy} 前在订单页面支付，逾期未付则变更取消，订单保持原样。',
      en: 'The change of order {orderNumber} costs {amount} more. Pay it on the page of the order by {payBy}; otherwise the change is dropped and the order stays as it was.',
    },
  },
  differencePaid: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 变更成功', en: 'The change of order {orderNumber} is paid' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的差价 {amount}（{method}）已收到，变更已生效，预计最晚 {shipBy} 发货。您无需其他操作，发货后会通知您。',
      en: 'We received the difference of {amount} by {method}, and order {orderNumber} is changed. It will ship by {shipBy}. There is nothing you need to do; we will tell you when it leaves.',
    },
  },
  differenceFailed: {
    kind: 'transactional',
    subject: {
      'zh-CN': '订单 {orderNumber} 的差价支付未成功',
      en: 'The difference for order {orderNumber} was not paid',
    },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的差价 {amount}（{method}）未支付成功。{reason}变更为您保留至 {payBy}，请在此之前完成支付。',
      en: 'The payment of the difference of {amount} by {method} for order {orderNumber} did not succeed. {reason} The change is kept for you until {payBy}; please pay by then.',
    },
  },
  shareDue: {
    kind: 'transactional',
    subject: { 'zh-CN': '请支付订单 {orderNumber} 中您的部分', en: 'Your part of order {orderNumber} is due' },
    text: {
      'zh-CN':
        '您受邀支付订单 {orderNumber} 中的 {amount}。请在 {payBy} 前登录并支付；若届时有人未付，所有已付款项将原路退回。',
      en: 'You were asked to pay {amount} of order {orderNumber}. Sign in and pay it by {payBy}. If somebody has not paid by then, everything that was paid goes back.',
    },
  },
  sharePaid: {
    kind: 'transactional',
    subject: { 'zh-CN': '已收到您为订单 {orderNumber} 支付的款项', en: 'Your part of order {orderNumber} is paid' },
    text: {
      'zh-CN':
        '已收到您为订单 {orderNumber} 支付的 {amount}（{method}）。您无需其他操作；所有人付清后商店备货发出，若有人未付，款项将原路退回。',
      en: 'We received your part of {amount} by {method} for order {orderNumber}. There is nothing else you need to do: it ships once all have paid, and if somebody does not, your part goes back to you.',
    },
  },
  paymentFailed: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 支付未成功', en: 'Payment of order {orderNumber} failed' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的付款 {amount}（{method}）未成功。{reason}订单为您保留至 {payBy}，请在此之前完成支付。',
      en: 'The payment of {amount} by {method} for order {orderNumber} did not succeed. {reason} The order is kept for you until {payBy}; please pay by then.',
    },
  },
  paymentAwaited: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 等待款项到账', en: 'Your payment for order {orderNumber} is waited for' },
    text: {
      'zh-CN':
        '您为订单 {orderNumber} 支付的 {amount}（{method}）等待到账，为您保留至 {payBy}。请确保款项在此之前到账，逾期到账的款项可能会退还给您。',
      en: 'Your payment of {amount} by {method} for order {orderNumber} is waited for until {payBy}, and what it pays is kept for you until then. Please see that it arrives in time: what comes later may be sent back.',
    },
  },
  paymentTooLow: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的付款金额不足', en: 'Order {orderNumber} is not paid in full' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已收到付款 {amount}（{method}），还差 {missing}。订单为您保留至 {payBy}，请在此之前补足差额。',
      en: 'We received {amount} by {method} for order {orderNumber}; {missing} is still missing. The order is kept for you until {payBy}; please pay the rest by then.',
    },
  },
  orderShipped: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已发货', en: 'Order {orderNumber} is on its way' },
    text: {
      'zh-CN': '订单 {orderNumber} 已由 {carrier} 发出，运单号 {trackingNumber}。',
      en: 'Order {orderNumber} has left with {carrier}, tracking number {trackingNumber}.',
    },
  },
  parcelCorrected: {
    kind: 'transactional',
    subject: {
      'zh-CN': '订单 {orderNumber} 的运单号已更正',
      en: 'The tracking number of a parcel of order {orderNumber}',
    },
    text: {
      'zh-CN': '之前告知您的运单号有误：订单 {orderNumber} 的包裹由 {carrier} 承运，运单号为 {trackingNumber}。',
      en: 'The number that we told you was wrong: the parcel of order {orderNumber} is with {carrier}, tracking number {trackingNumber}.',
    },
  },
  parcelLate: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的包裹可能延误', en: 'A parcel of order {orderNumber} is late' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 由 {carrier} 承运的包裹（运单号 {trackingNumber}）可能延误。{reason}如需帮助，请联系商店。',
      en: 'The parcel of order {orderNumber} with {carrier}, tracking number {trackingNumber}, is late. {reason} If you need help, please contact the shop.',
    },
  },
  refundSucceeded: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 退款成功', en: 'Refund for order {orderNumber}' },
    text: {
      'zh-CN': '订单 {orderNumber} 的退款 {amount} 已原路退回。',
      en: 'We refunded {amount} for order {orderNumber} to where it was paid from.',
    },
  },
  refundPaidByHand: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 退款成功', en: 'Refund for order {orderNumber}' },
    text: {
      'zh-CN': '订单 {orderNumber} 的退款 {amount} 已由商店以其他方式支付给您，未原路退回。如未收到，请联系商店。',
      en: 'The shop has paid you the refund of {amount} for order {orderNumber} by another way than it was paid. If you do not have it, please contact the shop.',
    },
  },
  heldMoneyReturned: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的款项已退还', en: 'Money for order {orderNumber} was sent back' },
    text: {
      'zh-CN': '您为订单 {orderNumber} 支付的 {amount} 未用于该订单，商店已退还给您。如未收到，请联系商店。',
      en: 'The shop has sent {amount} back to you, which came for order {orderNumber} and was not used for it. If you do not have it, please contact the shop.',
    },
  },
  refundFailed: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的退款未到账', en: 'The refund for order {orderNumber} did not arrive' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的退款 {amount} 未能到账。款项仍应退还给您，商店将重新退款或以其他方式支付。您无需其他操作；如付款时所用的账户已停用，请联系商店。',
      en: 'The refund of {amount} for order {orderNumber} did not arrive. It is still owed to you: the shop sends it again, or pays it another way. There is nothing you need to do; if the account that you paid from is closed, please contact the shop.',
    },
  },
  orderCancelled: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已取消', en: 'Order {orderNumber} is cancelled' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已取消，不再发货。已支付的款项将退还给您；仅预授权或货到付款的款项不再收取。您无需其他操作；如仍需要，请重新下单或联系商店。',
      en: 'Order {orderNumber} is cancelled and will not come. What you have paid for it goes back to you; what was only held, or was to be paid on delivery, is not taken. There is nothing you need to do. If you still want it, order again or contact the shop.',
    },
  },
  shareDropped: {
    kind: 'transactional',
    subject: {
      'zh-CN': '订单 {orderNumber} 无需您支付',
      en: 'Nothing is asked of you for order {orderNumber}',
    },
    text: {
      'zh-CN': '订单 {orderNumber} 已付清，您无需再支付其中的 {amount}。',
      en: 'Order {orderNumber} is paid. The {amount} that you were asked to pay of it is not asked any more; there is nothing you need to do.',
    },
  },
  piecesTakenOut: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 中的部分商品不再发货', en: 'Part of order {orderNumber} will not come' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 中的以下商品不再发货，已从订单中移除：\n{items}\n已为其支付的款项将原路退回；仅预授权或货到付款的款项不再收取。您无需其他操作；如仍需要，请重新下单或联系商店。',
      en: 'These pieces of order {orderNumber} will not come; they were taken out of it:\n{items}\nWhat you have paid for them goes back to where it came from; what was only held, or was to be paid on delivery, is not taken. There is nothing you need to do. If you still want them, order again or contact the shop.',
    },
  },
  orderClosed: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已关闭', en: 'Order {orderNumber} is closed' },
    text: {
      'zh-CN': '订单 {orderNumber} 已关闭：{reason}所用的优惠券和积分已退回，未支付任何款项。如仍需要，请重新下单。',
      en: 'Order {orderNumber} is closed: {reason} The coupons and points it used are back, and nothing was charged. Order again if you still want it.',
    },
  },
  orderClosedMoneyBack: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已关闭', en: 'Order {orderNumber} is closed' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已关闭：{reason}已为该订单支付的款项将退还给付款人，所用的优惠券和积分已退回。如仍需要，请重新下单。',
      en: 'Order {orderNumber} is closed: {reason} What was paid for it goes back to whoever paid it, and the coupons and points it used are back. Order again if you still want it.',
    },
  },
  orderClosedPaidAmiss: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已关闭', en: 'Order {orderNumber} is closed' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已关闭：实付款项与应付不符，商家正在核实，不用于该订单的款项将退还给您。所用的优惠券和积分已退回。如仍需要，请重新下单。',
      en: 'Order {orderNumber} is closed: what was paid is not what was to be paid. The shop is looking at it, and what is not used for the order goes back to you. The coupons and points it used are back. Order again if you still want it.',
    },
  },
  bill: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 账单：{state}', en: 'Bill of order {orderNumber}: {state}' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的账单（{state}）：\n{items}\n运费 {shipping}\n合计 {total}\n已付 {paid}，支付方式：{method}，支付时间：{paidAt}\n已退 {refunded}',
      en: 'Bill of order {orderNumber} ({state}):\n{items}\nShipping {shipping}\nTotal {total}\nPaid {paid} by {method} at {paidAt}\nRefunded {refunded}',
    },
  },
  evidenceDue: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的争议即将到期', en: 'An answer is due for order {orderNumber}' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的付款 {amount} 存在争议或投诉（{reason}），须在 {dueAt} 前答复，目前尚未提交。请在后台查看争议 {disputeId} 并提交说明。',
      en: 'A payer disputes {amount} of order {orderNumber} or complains of it ({reason}). An answer is due by {dueAt}, and none was sent. Look at dispute {disputeId} and send what the shop has to say.',
    },
  },
  reviewInvitation: {
    kind: 'marketing',
    subject: {
      'zh-CN': '订单 {orderNumber} 的商品怎么样？',
      en: 'How do you like what you bought in order {orderNumber}?',
    },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已完成。欢迎在订单页评价您购买的商品，好评差评都会如实展示。不想再收到？请在账户设置中撤回营销同意。',
      en: 'Order {orderNumber} is complete. Tell others what you think of it on its page; good or bad, it is shown as you write it. To stop these, withdraw your marketing consent in your account.',
    },
  },
  reviewHidden: {
    kind: 'transactional',
    subject: { 'zh-CN': '您的评价已被屏蔽', en: 'A review of yours is out of sight' },
    text: {
      'zh-CN': '您的一条评价已被屏蔽，原因：{reason}。您可以修改评价，或联系商店要求复核。',
      en: 'A review of yours is out of sight because {reason}. You may change it, or ask the shop to look at it again.',
    },
  },
} satisfies Readonly<Record<string, Template>>
