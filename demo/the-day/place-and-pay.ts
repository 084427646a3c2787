import { type LocalText, renderPrice, textIn } from 'shopwright'
import { hoursMs, minutesMs } from '../days.js'
import type { Story } from '../story.js'
import { bold, cutTo, dim, print, right, tableLines } from '../terminal.js'
import type { Wares } from './choose-wares.js'
import { type Buyer, pointsSpent } from './join.js'
import { addressOf, shippingMethodId } from './publish-books.js'
import { sendLetters } from './send-letters.js'

/** The price is explained, the order placed; the first payment fails, the second succeeds; a notification comes twice. */
export const placeAndPay = async (story: Story, buyer: Buyer, wares: Wares): Promise<string> => {
  const { shop, gateway, must, by, tell, note, say, money, locale, pass } = story
  story.chapter('The price, line by line', '价格明细')
  const address = addressOf(story.currency)
  const choice = { shippingMethodId, points: pointsSpent }
  const preview = must('preview', await shop.orders.preview(by(buyer), { ...choice, region: address.region }))
  const named = (title: LocalText): { en: string; 'zh-CN': string } => ({
    en: cutTo(textIn(title, 'en'), 56),
    'zh-CN': cutTo(textIn(title, 'zh-CN'), 56),
  })
  const titleOf = (sku: string) => [...wares.bought, wares.gift].find((ware) => ware.sku === sku)?.title
  const offers = must(
    'productPage',
    await shop.storefront.productPage(by(buyer), { productId: wares.bought[0]?.productId }),
  )
  const rest = must(
    'productPage',
    await shop.storefront.productPage(by(buyer), { productId: wares.bought[1]?.productId }),
  )
  const given = must('productPage', await shop.storefront.productPage(by(buyer), { productId: wares.gift.productId }))
  const rows = renderPrice(preview.price, locale, {
    lines: Object.fromEntries(
      preview.price.lines.map(({ lineId, sku }) => [lineId, named(titleOf(sku) ?? { en: sku, 'zh-CN': sku })]),
    ),
    offers: Object.fromEntries(
      [...offers.offers, ...rest.offers, ...given.offers].map(({ offerId, title }) => [offerId, title]),
    ),
    gifts: { [wares.gift.sku]: named(wares.gift.title) },
  })
  const told = rows.filter(({ kind }) => kind !== 'unused')
  const lines = tableLines(
    told.map(({ kind, label, amount }) => [kind === 'share' ? `  ${label}` : label, right(amount)]),
    15,
  )
  print(...lines.map((line, place) => (told[place]?.kind === 'total' ? bold(line) : line)))
  for (const { label } of rows.filter(({ kind }) => kind === 'unused')) print(dim(`               ${label}`))

  story.chapter('The order is placed and paid', '下单与付款')
  const placed = must(
    'place',
    await shop.orders.place(by(buyer), {
      ...choice,
      recipient: { name: '王小明', phone: '+86 138 0000 0000', ...address },
      expectedTotalMinor: preview.totals.payableMinor,
    }),
  )
  tell(
    `Order ${placed.orderNumber} is placed: ${money(placed.payableMinor)} to pay; its stock is reserved.`,
    `订单 ${placed.orderNumber} 已提交，应付 ${money(placed.payableMinor)}，库存已预留。`,
  )
  pass(minutesMs)
  const { orderId } = placed
  gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
  const failed = must(
    'pay',
    await shop.orders.pay(by(buyer), { orderId, gatewayId: gateway.gatewayId, method: 'wechatPay' }),
  )
  if (failed.failure === null) throw new Error('the first payment should have been declined')
  tell(`The first payment is declined (${failed.failure}).`, `第一次付款被拒（${failed.failure}）。`)
  pass(3 * minutesMs)
  gateway.script({ kind: 'succeed', delivery: { times: 2, lateMs: hoursMs } })
  const paid = must(
    'pay',
    await shop.orders.pay(by(buyer), { orderId, gatewayId: gateway.gatewayId, method: 'alipay' }),
  )
  tell(
    `The second payment succeeds: ${money(paid.amountMinor)}; the order is ${paid.orderStatus}.`,
    `第二次付款成功：${money(paid.amountMinor)}，订单状态 ${paid.orderStatus}。`,
  )
  const before = await booked(story)
  pass(2 * hoursMs)
  for (const notification of await gateway.takeNotifications()) {
    const handled = must(
      'receiveNotification',
      await shop.orders.receiveNotification({ gatewayId: gateway.gatewayId, ...notification }),
    )
    if (handled.outcome !== 'handled') throw new Error(`a notification was ${handled.outcome}`)
    tell('A late notification of the gateway is taken in.', '收到支付渠道的迟到通知。')
  }
  const after = await booked(story)
  if (before !== after) throw new Error('a repeated notification changed the ledger')
  note(
    say(`the ledger has ${after} entries, as before: nothing was counted twice`, `账本仍为 ${after} 笔：没有重复入账`),
  )
  await sendLetters(story)
  return orderId
}

const booked = async ({ shop, must, by }: Story): Promise<number> => {
  const page = must(
    'ledger',
    await shop.payments.ledger(by({ kind: 'staff', staffId: 'sue', roles: [] }), { limit: 1_000 }),
  )
  return page.entries.length
}
