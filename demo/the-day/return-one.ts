import {
  type LinePieces,
  type OrderView,
  type PricedLine,
  type RefundSplit,
  refundOf,
  tellsWhoBears,
  type UnitLine,
  unitTableOf,
} from 'shopwright'
import { type Cell, right } from '../columns.js'
import { daysMs, hoursMs } from '../durations.js'
import { Refusal } from '../refusal.js'
import { clerk, type Story } from '../story.js'
import type { Customer } from './customer.js'
import { sendLetters } from './deliver-events.js'
import { takeNotifications } from './pay.js'
import type { OfferTitles } from './publish-offers.js'

/** What came back, and what it came to. */
export type Returned = { readonly pieces: LinePieces; readonly cashMinor: number; readonly points: number }

/** One piece comes back: asked for, approved, received, looked at, refunded; money and points unwind. */
export const returnOne = async (
  story: Story,
  customer: Customer,
  orderId: string,
  titles: OfferTitles,
): Promise<Returned> => {
  const { shop, must, by, tell, note, money, pass, nameOf } = story
  story.chapter('One piece comes back', '退货与退款')
  pass(daysMs)
  const before = must('memberCentre', await shop.storefront.memberCentre(by(customer)))
  const page = must('page', await shop.orders.page(by(customer), { orderId }))
  const line = returnedLine(page)
  const pieces = { lineId: line.lineId, quantity: 1 }
  const asked = must(
    'requestReturn',
    await shop.aftersales.requestReturn(by(customer), {
      orderId,
      kind: 'returnAndRefund',
      reason: 'damaged',
      lines: [pieces],
      description: story.say('It was broken when it arrived.', '收到时已破损。'),
    }),
  )
  const name = line.title === null ? line.sku : nameOf(line.title)
  tell(`One ${name} arrived broken and shall go back.`, `${name} 收到时破损，申请退货 1 件。`)
  const { returnId } = asked
  if (asked.status === 'requested') {
    pass(hoursMs)
    must('approveReturn', await shop.aftersales.approveReturn(by(clerk), { returnId }))
    tell('The shop looks at the photo and approves it.', '客服审核照片后同意退货。')
  }
  pass(2 * daysMs)
  must(
    'receiveReturn',
    await shop.aftersales.receiveReturn(by(clerk), {
      returnId,
      lines: [{ lineId: line.lineId, receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 0 }],
    }),
  )
  tell('It is back, accepted, and written off as damaged.', '商品已退回，验收通过，作报损处理。')
  pass(hoursMs)
  const refund = must('refundReturn', await shop.aftersales.refundReturn(by(clerk), { returnId }))
  const { cashMinor, points } = refund
  tell(
    `Refunded to where it came from: ${money(cashMinor)} and ${points} points.`,
    `原路退回：${money(cashMinor)} 和积分 ${points} 分。`,
  )
  // Who bears a discount, only the shop is told.
  const { price } = must('page', await shop.orders.page(by(clerk), { orderId }))
  if (!tellsWhoBears(price)) throw new Refusal({ en: 'The price is not whole.', 'zh-CN': '报价不完整。' })
  const table = unitTableOf(price)
  const unit = table.lines.find(({ lineId }) => lineId === line.lineId)
  const paid = price.lines.find(({ lineId }) => lineId === line.lineId)
  const split = must('refundOf', refundOf(table, {}, [pieces]))
  const same = split.payMinor === cashMinor && split.points === points && asked.cashMinor === cashMinor
  if (unit === undefined || paid === undefined || !same) {
    throw new Refusal({ en: 'The refund is not what the piece was paid with.', 'zh-CN': '退款与该件商品的实付不符。' })
  }
  story.table(tableOf(story, { unit, paid, split, taxInclusive: table.taxInclusive, titles }), {
    head: true,
    total: true,
  })
  const after = must('memberCentre', await shop.storefront.memberCentre(by(customer)))
  note(
    `points: ${before.points} + ${points} given back - ${split.earnedPoints} that it had earned = ${after.points}`,
    `积分：${before.points} + 退回 ${points} - 收回已得 ${split.earnedPoints} = ${after.points}`,
  )
  if (before.points + points - split.earnedPoints !== after.points - after.pointsDebt) {
    throw new Refusal({ en: 'The points do not unwind.', 'zh-CN': '积分未能正确退回。' })
  }
  pass(hoursMs)
  await takeNotifications(story)
  await sendLetters(story)
  return { pieces, cashMinor, points }
}

/** The line that was bought most often; never the gift, for which nothing was paid. */
const returnedLine = ({ lines }: OrderView): OrderView['lines'][number] => {
  const [line] = lines.filter(({ gift }) => !gift).sort((a, b) => b.quantity - a.quantity)
  if (line === undefined) throw new Refusal({ en: 'The order has no line.', 'zh-CN': '订单没有商品行。' })
  return line
}

type Unwinding = {
  readonly unit: UnitLine
  readonly paid: Pick<PricedLine, 'points' | 'earnedPoints'>
  readonly split: RefundSplit
  readonly taxInclusive: boolean
  readonly titles: OfferTitles
}

/** What was paid for all pieces of the line, and what of it the one that comes back takes with it. */
const tableOf = (
  { say, money, locale }: Story,
  { unit, paid, split, taxInclusive, titles }: Unwinding,
): readonly (readonly Cell[])[] => {
  const row = (label: string, all: number, one: number) => [label, right(money(all)), right(money(one))]
  const sum = (column: readonly number[]): number => column.reduce((total, each) => total + each, 0)
  const taken = split.lines[0]?.shares ?? []
  const shares = unit.shares.map((share, place) =>
    row(titles[share.offerId]?.[locale] ?? share.offerId, -sum(share.amountMinor), -(taken[place]?.amountMinor ?? 0)),
  )
  const tax = taxInclusive ? [] : [row(say('Tax', '税'), sum(unit.taxMinor), split.taxMinor)]
  const onTop = taxInclusive ? 0 : sum(unit.taxMinor)
  const count = (points: number) => right(String(points))
  return [
    ['', right(say(`all ${unit.quantity}`, `全部 ${unit.quantity} 件`)), right(say('this one', '退回的 1 件'))],
    row(say('List price', '标价'), unit.unitListMinor * unit.quantity, unit.unitListMinor),
    ...shares,
    row(say('Paid with points', '积分抵扣'), -sum(unit.pointsMinor), -split.pointsMinor),
    ...tax,
    row(say('Paid in money', '现金实付'), sum(unit.cashMinor) + onTop, split.payMinor),
    [say('Points spent, given back', '使用的积分，退回'), count(paid.points), count(split.points)],
    [say('Points earned, taken back', '获得的积分，收回'), count(paid.earnedPoints), count(split.earnedPoints)],
    [say('Refunded in money', '退款'), '', right(money(split.payMinor))],
  ]
}
