import { daysMs, hoursMs } from '../days.js'
import { clerk, type Story } from '../story.js'
import type { Buyer } from './join.js'
import { sendLetters } from './send-letters.js'

/** The parcel leaves, is seen on its way and signed for; days later the order is complete. */
export const shipAndComplete = async (story: Story, buyer: Buyer, orderId: string): Promise<void> => {
  const { shop, must, by, tell, pass } = story
  story.chapter('The parcel travels', '发货与签收')
  pass(3 * hoursMs)
  const trackingNumber = 'SF1020304050'
  const { parcelId } = must(
    'ship',
    await shop.orders.ship(by(clerk), { orderId, carrier: 'sf-express', trackingNumber }),
  )
  tell(`The parcel leaves with sf-express, ${trackingNumber}.`, `包裹已由顺丰发出，单号 ${trackingNumber}。`)
  await sendLetters(story)
  pass(daysMs)
  must('recordScan', await shop.orders.recordScan(by(clerk), { parcelId }))
  tell('The carrier has seen it on its way.', '物流运输中。')
  pass(daysMs)
  const signed = must('recordDelivery', await shop.orders.recordDelivery(by(clerk), { parcelId }))
  tell(`It is signed for; the order is ${signed.orderStatus}.`, `已签收，订单状态 ${signed.orderStatus}。`)
  pass(8 * daysMs)
  const swept = must('advanceOrders', await shop.upkeep.advanceOrders({ limit: 10 }))
  if (swept.done !== 1) throw new Error('the order should have become complete by the clock')
  const page = must('page', await shop.orders.page(by(buyer), { orderId }))
  const centre = must('memberCentre', await shop.storefront.memberCentre(by(buyer)))
  tell(
    `Eight days on the order is ${page.state}; ${page.price.pointsEarned} points are earned, ${centre.points} can be spent.`,
    `八天后订单${page.state === 'completed' ? '已完成' : page.state}，获得积分 ${page.price.pointsEarned} 分，可用 ${centre.points} 分。`,
  )
}
