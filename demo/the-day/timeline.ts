import type { Story } from '../story.js'
import { print, tableLines } from '../terminal.js'

const words: Readonly<Record<string, readonly [string, string]>> = {
  'order/OrderPlaced': ['order placed, stock reserved', '提交订单，预留库存'],
  'order/OrderPaid': ['order paid, stock allocated', '订单已付款，库存已分配'],
  'payment/PaymentFailed': ['payment declined', '付款失败'],
  'payment/PaymentCaptured': ['payment captured', '收款成功'],
  'parcel/ParcelDispatched': ['parcel left', '包裹发出'],
  'parcel/ParcelScanned': ['parcel seen on its way', '运输中'],
  'parcel/ParcelDelivered': ['parcel signed for', '包裹签收'],
  'order/OrderSigned': ['order received', '订单签收'],
  'order/OrderCompleted': ['order completed, points earned', '订单完成，积分到账'],
  'returnRequest/ReturnRequested': ['return requested', '申请退货'],
  'returnRequest/ReturnApproved': ['return approved', '退货审核通过'],
  'returnRequest/ReturnReceived': ['goods received', '收到退货'],
  'returnRequest/ReturnInspected': ['goods looked at', '质检完成'],
  'returnRequest/ReturnRefunded': ['refund decided', '发起退款'],
  'refund/RefundSucceeded': ['money is back', '退款到账'],
  'returnRequest/ReturnClosed': ['return closed', '退货完成'],
}

/** Tells the order's life once more, as its events have it. */
export const tellTimeline = (story: Story): void => {
  story.chapter("The order's timeline", '订单时间线')
  const rows = story.happened.flatMap(({ collection, type, at }) => {
    const told = words[`${collection}/${type}`]
    return told === undefined ? [] : [[story.when(at), story.say(told[0], told[1]), `${collection}/${type}`]]
  })
  print(...tableLines(rows))
}
