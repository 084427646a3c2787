import { textIn } from 'shopwright'
import { daysMs, hoursMs } from '../days.js'
import { clerk, type Story } from '../story.js'
import { cutTo } from '../terminal.js'
import type { Buyer } from './join.js'
import { sendLetters } from './send-letters.js'

/** One piece comes back: asked, approved, received, looked at, refunded; money and points unwind. */
export const returnOne = async (story: Story, buyer: Buyer, orderId: string): Promise<void> => {
  const { shop, must, by, tell, note, say, money, pass, locale } = story
  story.chapter('One piece comes back', '退货与退款')
  pass(daysMs)
  const before = must('memberCentre', await shop.storefront.memberCentre(by(buyer)))
  const page = must('page', await shop.orders.page(by(buyer), { orderId }))
  const line = page.lines.find(({ quantity, gift }) => quantity === 2 && !gift)
  if (line === undefined) throw new Error('the order has no line of two pieces')
  const lines = [{ lineId: line.lineId, quantity: 1 }]
  const asked = must(
    'requestReturn',
    await shop.aftersales.requestReturn(by(buyer), {
      orderId,
      kind: 'returnAndRefund',
      reason: 'quality',
      lines,
      description: 'It rattles.',
    }),
  )
  const name = cutTo(line.title === null ? line.sku : textIn(line.title, locale), 60)
  tell(
    `One ${name} shall go back: it rattles. The return is ${asked.status}.`,
    `申请退货：${name} × 1（有异响），状态 ${asked.status}。`,
  )
  const { returnId } = asked
  if (asked.status === 'requested') {
    must('approveReturn', await shop.aftersales.approveReturn(by(clerk), { returnId }))
    tell('A person of the shop approves it.', '客服审核通过。')
  }
  pass(2 * daysMs)
  must(
    'receiveReturn',
    await shop.aftersales.receiveReturn(by(clerk), {
      returnId,
      lines: [{ lineId: line.lineId, receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 0 }],
    }),
  )
  tell('It is back, looked at, accepted, and written off as damaged.', '退货已入库，质检通过，商品报损。')
  pass(hoursMs)
  const refund = must('refundReturn', await shop.aftersales.refundReturn(by(clerk), { returnId }))
  tell(
    `Refunded: ${money(refund.cashMinor)} and ${refund.points} points.`,
    `已退款：${money(refund.cashMinor)}，退回积分 ${refund.points} 分。`,
  )
  const left = must('page', await shop.orders.page(by(buyer), { orderId }))
  const after = must('memberCentre', await shop.storefront.memberCentre(by(buyer)))
  note(
    say(
      `points: ${before.points} before, ${after.points} after`,
      `积分：退款前 ${before.points}，退款后 ${after.points}`,
    ),
  )
  note(say(`promised at the request: ${money(asked.cashMinor)}`, `申请时承诺：${money(asked.cashMinor)}`))
  if (asked.cashMinor !== refund.cashMinor) throw new Error('the refund differs from what was promised')
  if (left.refund !== 'partly') throw new Error(`the refund of the order is ${left.refund}`)
  pass(hoursMs)
  for (const notification of await story.gateway.takeNotifications()) {
    must(
      'receiveNotification',
      await shop.orders.receiveNotification({ gatewayId: story.gateway.gatewayId, ...notification }),
    )
  }
  await sendLetters(story)
}
