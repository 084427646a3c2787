import { formatMoney } from '../shared/format-money.js'
import { fillMessage, type Locale, type Message } from '../shared/messages.js'
import type { PriceExplanation, WaterfallStep } from './explain-price.js'
import { describeRefusal } from './refusal-text.js'
import type { PriceNames } from './render-price.js'

const stepWords: Readonly<Record<WaterfallStep['kind'], Message>> = {
  list: { 'zh-CN': '商品总额', en: 'Goods at list price' },
  sale: { 'zh-CN': '特价优惠', en: 'Sale prices' },
  offer: { 'zh-CN': '{name}', en: '{name}' },
  shipping: { 'zh-CN': '运费', en: 'Shipping' },
  shippingOffer: { 'zh-CN': '{name}（运费）', en: '{name} (shipping)' },
  tax: { 'zh-CN': '税费', en: 'Tax' },
  points: { 'zh-CN': '积分抵扣', en: 'Points' },
}

const words = {
  step: { 'zh-CN': '{label}：{amount}，合计 {after}', en: '{label}: {amount}, makes {after}' },
  applied: {
    'zh-CN': '已使用“{name}”：不使用则应付 {without}',
    en: '“{name}” is used: without it {without} to pay',
  },
  gift: { 'zh-CN': '已使用“{name}”：赠送 {gifts}', en: '“{name}” is used: it brings {gifts}' },
  better: {
    'zh-CN': '未使用“{name}”：{reason}；使用则应付 {with}，现应付 {without}',
    en: '“{name}” is not used: {reason}; with it {with} to pay, now {without}',
  },
  rejected: { 'zh-CN': '未使用“{name}”：{reason}', en: '“{name}” is not used: {reason}' },
  spend: {
    'zh-CN': '再买 {more} 可享“{name}”，届时应付 {payable}',
    en: 'Spend {more} more for “{name}”: {payable} to pay then',
  },
  pieces: {
    'zh-CN': '再买 {more} 件可享“{name}”，届时应付 {payable}',
    en: 'Add {more} more for “{name}”: {payable} to pay then',
  },
  gap: {
    'zh-CN': '搜索提前结束：最多还可能省 {gap}',
    en: 'The search was cut short: at most {gap} more could be saved',
  },
} as const satisfies Readonly<Record<string, Message>>

/** Says an explanation in sentences: the steps to what is to pay, every offer with its reason, and what more would bring. */
export const renderExplanation = (
  { price, offers, hints, waterfall }: PriceExplanation,
  locale: Locale,
  names: PriceNames = {},
): readonly string[] => {
  const money = (minor: number): string =>
    formatMoney({ minor, currency: price.currency }, { locale }).unwrapOr(`${minor} ${price.currency}`)
  const nameIn = (named: PriceNames['offers'], id: string): string =>
    named !== undefined && Object.hasOwn(named, id) ? (named[id]?.[locale] ?? id) : id
  const nameOf = (offerId: string): string => nameIn(names.offers, offerId)
  const giftsOf = (offerId: string, couponId: string | null): string =>
    price.gifts
      .filter((gift) => gift.offerId === offerId && gift.couponId === couponId)
      .map(({ sku, quantity }) => `${nameIn(names.gifts, sku)} × ${quantity}`)
      .join(locale === 'zh-CN' ? '、' : ', ')
  const say = (message: Message, facts: object): string => fillMessage(message, locale, facts)
  const steps = waterfall.map(({ kind, offerId, amountMinor, afterMinor }) =>
    say(words.step, {
      label: say(stepWords[kind], { name: offerId === null ? '' : nameOf(offerId) }),
      amount: money(amountMinor),
      after: money(afterMinor),
    }),
  )
  const fates = offers.map(({ offerId, couponId, outcome, bestPayableWithMinor, bestPayableWithoutMinor }) => {
    const facts = { name: nameOf(offerId), without: money(bestPayableWithoutMinor) }
    if (outcome.kind === 'applied') {
      const gifts = giftsOf(offerId, couponId)
      return gifts === '' || outcome.goodsMinor > 0 ? say(words.applied, facts) : say(words.gift, { ...facts, gifts })
    }
    const reason = describeRefusal(outcome.reason, price.currency, locale, nameOf, names.timeZone)
    return bestPayableWithMinor === null
      ? say(words.rejected, { ...facts, reason })
      : say(words.better, { ...facts, reason, with: money(bestPayableWithMinor) })
  })
  const tips = hints.map(({ offerId, more, payableMinor }) =>
    say(more.kind === 'spend' ? words.spend : words.pieces, {
      name: nameOf(offerId),
      more: more.kind === 'spend' ? money(more.amountMinor) : more.pieces,
      payable: money(payableMinor),
    }),
  )
  const { optimal, gapMinor } = price.certificate
  return [...steps, ...fates, ...tips, ...(optimal ? [] : [say(words.gap, { gap: money(gapMinor) })])]
}
