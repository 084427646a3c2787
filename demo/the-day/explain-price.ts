import {
  type BuyerPrice,
  describeRefusal,
  type LocalText,
  type Message,
  type OfferTrace,
  renderPrice,
} from 'shopwright'
import { right } from '../columns.js'
import { Refusal } from '../refusal.js'
import type { Story } from '../story.js'
import type { Ware, Wares } from './choose-wares.js'
import { addressOf, type Customer } from './customer.js'
import { shippingMethodId } from './publish-books.js'
import type { OfferTitles } from './publish-offers.js'

/** What the customer chose at the checkout, and what it comes to. */
export type Checkout = {
  readonly choice: { readonly shippingMethodId: string; readonly points: number }
  readonly payableMinor: number
  /** Whether the coupon gives anything on these goods. */
  readonly couponUsed: boolean
}

const pointsSpent = 500

/** The price of the cart: line by line, then what became of every offer, then that the parts add up. */
export const explainPrice = async (
  story: Story,
  customer: Customer,
  wares: Wares,
  titles: OfferTitles,
): Promise<Checkout> => {
  const { shop, must, by, tell, locale } = story
  story.chapter('The price, line by line', '价格明细')
  const choice = { shippingMethodId, points: pointsSpent }
  const { region } = addressOf(story.currency)
  const { price } = must('preview', await shop.orders.preview(by(customer), { ...choice, region }))
  const rows = renderPrice(price, locale, {
    lines: Object.fromEntries(price.lines.map(({ lineId, sku }) => [lineId, titleOf(wares.all, sku, story)])),
    gifts: { [wares.gift.sku]: titleOf(wares.all, wares.gift.sku, story) },
    offers: titles,
  })
  tell(`The cart of ${price.lines.length} lines is priced.`, `购物车共 ${price.lines.length} 行，报价如下。`)
  const shown = rows.filter(({ kind }) => kind !== 'unused')
  const rowOf = ({ kind, label, amount }: (typeof rows)[number]) => [
    kind === 'share' ? `  ${label}` : label,
    right(amount),
  ]
  const total = shown.findIndex(({ kind }) => kind === 'total')
  story.table(shown.slice(0, total + 1).map(rowOf), { total: true })
  for (const { label, amount } of shown.slice(total + 1)) story.note(`${label}: ${amount}`, `${label}：${amount}`)
  tell(`Every offer: what it gave, or what is missing.`, `每个活动：优惠了多少，或还差多少。`)
  story.table(
    price.trace.map((each) => {
      const name = titles[each.offerId]?.[locale] ?? each.offerId
      const { amount, reason } = outcomeOf(story, price, each, titles)
      return each.outcome.kind === 'applied'
        ? [story.terminal.green('✓'), name, right(amount), reason]
        : [story.terminal.dim('–'), name, right(amount), reason]
    }),
  )
  tellSum(story, price)
  return { choice, payableMinor: price.totals.payableMinor, couponUsed: price.couponsUsed.length > 0 }
}

const titleOf = (wares: readonly Ware[], sku: string, { nameOf }: Story): Message => {
  const title: LocalText = wares.find((ware) => ware.sku === sku)?.title ?? { en: sku, 'zh-CN': sku }
  // Both languages say the same here: the telling has only one, and cuts to it.
  return { en: nameOf(title), 'zh-CN': nameOf(title) }
}

const outcomeOf = (
  { money, say, locale }: Story,
  { currency, gifts }: BuyerPrice,
  { outcome, offerId }: OfferTrace,
  titles: OfferTitles,
): { readonly amount: string; readonly reason: string } => {
  if (outcome.kind === 'rejected') {
    const nameOf = (other: string): string => titles[other]?.[locale] ?? other
    return { amount: '', reason: describeRefusal(outcome.reason, currency, locale, nameOf) }
  }
  const minor = outcome.goodsMinor + outcome.shippingMinor
  const isGift = gifts.some((gift) => gift.offerId === offerId)
  return { amount: minor === 0 ? '' : money(-minor), reason: isGift ? say('the gift above', '赠品见上') : '' }
}

/** Goods, carriage, tax and points have to come to what is paid; anything else ends the day. */
const tellSum = ({ say, money, note }: Story, { totals }: BuyerPrice): void => {
  const { goodsMinor, shippingMinor, taxOnTopMinor, pointsMinor, payableMinor } = totals
  const parts: readonly (readonly [string, number])[] = [
    [say('goods', '商品'), goodsMinor],
    [say('shipping', '运费'), shippingMinor],
    [say('tax', '税'), taxOnTopMinor],
    [say('points', '积分'), -pointsMinor],
  ]
  if (parts.reduce((sum, [, minor]) => sum + minor, 0) !== payableMinor) {
    throw new Refusal({ en: 'The parts of the price do not add up.', 'zh-CN': '价格各部分之和不等于应付金额。' })
  }
  const sum = parts
    .filter(([, minor]) => minor !== 0)
    .map(([name, minor]) => `${minor < 0 ? '-' : '+'} ${name} ${money(Math.abs(minor))}`)
    .join(' ')
    .replace(/^\+ /, '')
  note(`it adds up: ${sum} = ${money(payableMinor)}`, `核对：${sum} = ${money(payableMinor)}`)
}
