import type { Story } from '../story.js'

const words: Readonly<Record<string, readonly [string, string]>> = {
  'order/OrderPlaced': ['order placed, stock held', '提交订单，锁定库存'],
  'payment/PaymentFailed': ['payment declined', '付款被拒'],
  'payment/PaymentCaptured': ['money received', '收到付款'],
  'order/OrderPaid': ['order paid', '订单已付款'],
  'order/GoodsShipped': ['parcel left', '包裹发出'],
  'parcel/ParcelScanned': ['parcel on its way', '运输中'],
  'order/OrderSigned': ['parcel signed for', '包裹签收'],
  'order/OrderCompleted': ['order complete, points earned', '订单完成，积分到账'],
  'returnRequest/ReturnRequested': ['return asked for', '申请退货'],
  'returnRequest/ReturnApproved': ['return approved', '同意退货'],
  'returnRequest/ReturnReceived': ['goods back at the shop', '收到退货'],
  'returnRequest/ReturnInspected': ['goods looked at', '验收完成'],
  'returnRequest/ReturnRefunded': ['return settled, refund begun', '退货完成，发起退款'],
  'refund/RefundSucceeded': ['money back with the customer', '退款到账'],
}

/** Tells the order's life once more, as its events have it. */
export const tellTimeline = (story: Story): void => {
  story.chapter('The order’s timeline', '订单时间线')
  const rows = story.happened.flatMap(({ collection, type, at }) => {
    const told = words[`${collection}/${type}`]
    return told === undefined ? [] : [[story.when(at), story.say(told[0], told[1])]]
  })
  story.table(rows)
}
