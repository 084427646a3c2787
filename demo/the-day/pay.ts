import { methodNames, whatNext } from 'shopwright'
import { hoursMs, minutesMs } from '../durations.js'
import { Refusal } from '../refusal.js'
import { clerk, type Story } from '../story.js'
import { addressOf, type Customer, personOf } from './customer.js'
import { sendLetters } from './deliver-events.js'
import type { Checkout } from './explain-price.js'

/** The order is placed at the price that was shown; the first payment is declined, the second succeeds. */
export const placeAndPay = async (
  story: Story,
  customer: Customer,
  { choice, payableMinor, couponUsed }: Checkout,
): Promise<string> => {
  const { shop, gateway, must, by, tell, tellRefused, note, money, locale, pass, when } = story
  story.chapter('The order is placed and paid', '下单与付款')
  pass(2 * minutesMs)
  const recipient = { name: personOf(story.seed).name[locale], ...addressOf(story.currency) }
  const placed = must(
    'place',
    await shop.orders.place(by(customer), { ...choice, recipient, expectedTotalMinor: payableMinor }),
  )
  const { orderId, orderNumber } = placed
  const page = must('page', await shop.orders.page(by(customer), { orderId }))
  tell(
    `Order ${orderNumber}: ${money(placed.payableMinor)} to pay; its stock ${couponUsed ? 'and the coupon are' : 'is'} held.`,
    `订单 ${orderNumber} 已提交，应付 ${money(placed.payableMinor)}，库存${couponUsed ? '与优惠券' : ''}已锁定。`,
  )
  if (page.payBy !== null) note(`to be paid by ${when(page.payBy)}`, `请在 ${when(page.payBy)} 前付款`)
  pass(minutesMs)
  gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
  const failed = must(
    'pay',
    await shop.orders.pay(by(customer), { orderId, gatewayId: gateway.gatewayId, method: 'wechatPay' }),
  )
  if (failed.failure === null) {
    throw new Refusal({ en: 'The first payment should have been declined.', 'zh-CN': '第一次付款本应被拒绝。' })
  }
  tellRefused(`${methodNames.wechatPay.en} is declined.`, `${methodNames.wechatPay['zh-CN']}付款未成功。`)
  note(whatNext(failed.failure, 'en').text, whatNext(failed.failure, 'zh-CN').text)
  await takeNotifications(story)
  await sendLetters(story)
  pass(3 * minutesMs)
  gateway.script({ kind: 'succeed', delivery: { times: 2, lateMs: hoursMs } })
  const paid = must(
    'pay',
    await shop.orders.pay(by(customer), { orderId, gatewayId: gateway.gatewayId, method: 'alipay' }),
  )
  tell(
    `${methodNames.alipay.en} takes ${money(paid.amountMinor)}: the order is paid.`,
    `${methodNames.alipay['zh-CN']}付款成功：${money(paid.amountMinor)}，订单已付款。`,
  )
  await sendLetters(story)
  await takeLateNotifications(story)
  return orderId
}

/** The gateway tells of the payment an hour late, and twice; the books stay as they are. */
const takeLateNotifications = async (story: Story): Promise<void> => {
  const { tell, note } = story
  const before = await booked(story)
  story.pass(2 * hoursMs)
  const taken = await takeNotifications(story)
  tell(
    'The gateway’s notification of it comes an hour late, and twice.',
    '支付渠道的到账通知迟到一小时，并且来了两次。',
  )
  const after = await booked(story)
  if (before !== after || taken !== 2) {
    throw new Refusal({ en: 'A repeated notification changed the ledger.', 'zh-CN': '重复通知改变了账本。' })
  }
  note(
    `both are taken; the ledger keeps its ${after} entries, nothing is counted twice`,
    `两次都正常应答；账本仍为 ${after} 笔，没有重复入账`,
  )
}

/** Takes in what the gateway says unasked; says how many notifications that were. */
export const takeNotifications = async ({ shop, gateway, must }: Story): Promise<number> => {
  const notifications = await gateway.takeNotifications()
  for (const notification of notifications) {
    const handled = must(
      'receiveNotification',
      await shop.orders.receiveNotification({ gatewayId: gateway.gatewayId, ...notification }),
    )
    if (handled.outcome !== 'handled') {
      throw new Refusal({ en: `A notification was ${handled.outcome}.`, 'zh-CN': `通知处理结果：${handled.outcome}。` })
    }
  }
  return notifications.length
}

const booked = async ({ shop, must, by }: Story): Promise<number> => {
  const page = must('ledger', await shop.payments.ledger(by(clerk), { limit: 500 }))
  return page.entries.length
}
