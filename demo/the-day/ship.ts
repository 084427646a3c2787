import { daysMs, hoursMs } from '../durations.js'
import { Refusal } from '../refusal.js'
import { clerk, type Story } from '../story.js'
import type { Customer } from './customer.js'
import { sendLetters } from './deliver-events.js'

/** The parcel leaves, is seen on its way and signed for; days later the order is complete and its points are earned. */
export const ship = async (story: Story, customer: Customer, orderId: string): Promise<void> => {
  const { shop, must, by, tell, pass } = story
  story.chapter('The parcel travels', '发货与签收')
  pass(3 * hoursMs)
  const trackingNumber = 'SF1020304050'
  const { parcelId } = must(
    'ship',
    await shop.orders.ship(by(clerk), { orderId, carrier: 'sf-express', trackingNumber }),
  )
  tell(`The parcel leaves with SF Express, ${trackingNumber}.`, `包裹由顺丰发出，运单号 ${trackingNumber}。`)
  await sendLetters(story)
  pass(daysMs)
  must('recordScan', await shop.orders.recordScan(by(clerk), { parcelId }))
  tell('The carrier has seen it on its way.', '包裹运输中。')
  pass(daysMs)
  must('recordDelivery', await shop.orders.recordDelivery(by(clerk), { parcelId }))
  tell('It is signed for.', '包裹已签收。')
  pass(8 * daysMs)
  const swept = must('advanceOrders', await shop.upkeep.advanceOrders({ limit: 10 }))
  const page = must('page', await shop.orders.page(by(customer), { orderId }))
  const { points } = must('memberCentre', await shop.storefront.memberCentre(by(customer)))
  if (swept.done !== 1 || page.state !== 'completed') {
    throw new Refusal({ en: 'The order should be complete by now.', 'zh-CN': '此时订单本应已完成。' })
  }
  tell(
    `Eight days later the order is complete by the clock: ${page.price.pointsEarned} points earned, ${points} to spend.`,
    `八天后订单自动完成：获得积分 ${page.price.pointsEarned} 分，可用 ${points} 分。`,
  )
}
