import { formatMoney } from '../shared/format-money.js'
import { fillMessage, type Locale, type Message } from '../shared/messages.js'
import type { BuyerPrice } from './buyer-price.js'
import { describeRefusal } from './refusal-text.js'

/** A row of a price as a person reads it. */
export type PriceRow = {
  readonly kind:
    | 'line'
    | 'sale'
    | 'share'
    | 'gift'
    | 'sum'
    | 'shipping'
    | 'tax'
    | 'points'
    | 'total'
    | 'earned'
    | 'unused'
  readonly label: string
  /** Formatted; empty where the row has none. */
  readonly amount: string
}

/** What things are called; an id stands for itself where no name is given. */
export type PriceNames = {
  /** By line id. */
  readonly lines?: Readonly<Record<string, Message>>
  /** By offer id. */
  readonly offers?: Readonly<Record<string, Message>>
  /** By SKU, of gifts. */
  readonly gifts?: Readonly<Record<string, Message>>
  /** IANA name; moments are said as clocks show them there, by UTC when absent. */
  readonly timeZone?: string
}

const words = {
  before: { 'zh-CN': '原价 {amount}/件', en: 'Before the sale {amount} each' },
  subtotal: { 'zh-CN': '商品总额', en: 'Goods at list price' },
  discount: { 'zh-CN': '优惠合计', en: 'Discounts' },
  gift: { 'zh-CN': '赠品 {name} × {quantity}', en: 'Gift {name} × {quantity}' },
  shipping: { 'zh-CN': '运费', en: 'Shipping' },
  shippingOff: { 'zh-CN': '运费优惠', en: 'Shipping discount' },
  taxOnTop: { 'zh-CN': '税费', en: 'Tax' },
  taxWithin: { 'zh-CN': '其中含税', en: 'Tax included' },
  points: { 'zh-CN': '积分抵扣（{points} 分）', en: 'Points ({points})' },
  payable: { 'zh-CN': '应付', en: 'To pay' },
  earned: { 'zh-CN': '预计获得积分', en: 'Points to be earned' },
  coupon: { 'zh-CN': '优惠券 {name}', en: 'Coupon {name}' },
  unused: { 'zh-CN': '未使用 {name}：{reason}', en: 'Not used: {name}, {reason}' },
} as const satisfies Readonly<Record<string, Message>>

/**
 * Writes a price as rows of label and amount: every line with what was taken off it, the sums, what is to pay, and at
 * the end why the other offers were not used.
 */
export const renderPrice = (priced: BuyerPrice, locale: Locale, names: PriceNames = {}): readonly PriceRow[] => {
  const { totals, shipping } = priced
  const money = (minor: number): string =>
    formatMoney({ minor, currency: priced.currency }, { locale }).unwrapOr(`${minor} ${priced.currency}`)
  const say = (word: keyof typeof words, facts: object = {}): string => fillMessage(words[word], locale, facts)
  const nameIn = (named: Readonly<Record<string, Message>> | undefined, id: string): string =>
    named !== undefined && Object.hasOwn(named, id) ? (named[id]?.[locale] ?? id) : id
  const offerName = (offerId: string): string => nameIn(names.offers, offerId)
  const shareName = (offerId: string, couponId: string | null): string =>
    couponId === null ? offerName(offerId) : say('coupon', { name: offerName(offerId) })

  const rows: PriceRow[] = []
  const add = (kind: PriceRow['kind'], label: string, amount = ''): void => {
    rows.push({ kind, label, amount })
  }
  for (const line of priced.lines) {
    add('line', `${nameIn(names.lines, line.lineId)} × ${line.quantity}`, money(line.listMinor))
    const { priceList, listUnitMinor } = line
    if (priceList !== undefined && priceList.originalUnitMinor > listUnitMinor) {
      add('sale', say('before', { amount: money(priceList.originalUnitMinor) }))
    }
    for (const share of line.shares) add('share', shareName(share.offerId, share.couponId), money(-share.amountMinor))
  }
  for (const { sku, quantity } of priced.gifts)
    add('gift', say('gift', { name: nameIn(names.gifts, sku), quantity }), money(0))
  add('sum', say('subtotal'), money(totals.listMinor))
  if (totals.discountMinor > 0) add('sum', say('discount'), money(-totals.discountMinor))
  if (shipping !== null) {
    add('shipping', say('shipping'), money(shipping.grossMinor))
    if (shipping.discountMinor > 0) add('shipping', say('shippingOff'), money(-shipping.discountMinor))
  }
  if (totals.taxOnTopMinor > 0) add('tax', say('taxOnTop'), money(totals.taxOnTopMinor))
  if (totals.pointsMinor > 0) add('points', say('points', { points: priced.pointsSpent }), money(-totals.pointsMinor))
  add('total', say('payable'), money(totals.payableMinor))
  if (priced.taxInclusive && totals.taxMinor > 0) add('tax', say('taxWithin'), money(totals.taxMinor))
  if (priced.pointsEarned > 0) add('earned', say('earned'), String(priced.pointsEarned))
  for (const { outcome, offerId, couponId } of priced.trace) {
    if (outcome.kind === 'applied') continue
    const reason = describeRefusal(outcome.reason, priced.currency, locale, offerName, names.timeZone)
    add('unused', say('unused', { name: shareName(offerId, couponId), reason }))
  }
  return rows
}
