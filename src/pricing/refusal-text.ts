import { localTimeAt } from '../promotions/offer-window.js'
import { formatMoney } from '../shared/format-money.js'
import type { Instant } from '../shared/instant.js'
import { fillMessage, type Locale, type Message, type Messages } from '../shared/messages.js'
import type { OfferRefusal, PriceCoupon } from './priced-cart.js'

/** Why an offer was not applied, as a buyer reads it. */
const refusalMessages: Messages<OfferRefusal['type']> = {
  NotStarted: { 'zh-CN': '活动 {moment} 开始', en: 'starts {moment}' },
  Expired: { 'zh-CN': '已于 {moment} 结束', en: 'ended {moment}' },
  NotToday: { 'zh-CN': '不在活动时段内', en: 'not at this time' },
  CouponStatus: { 'zh-CN': '优惠券{status}', en: 'the coupon {status}' },
  OfferWithdrawn: { 'zh-CN': '活动已下架', en: 'withdrawn' },
  OtherCurrency: { 'zh-CN': '仅限 {currency} 结算', en: 'only for prices in {currency}' },
  MemberLevel: { 'zh-CN': '仅限会员等级：{levels}', en: 'only for members of level {levels}' },
  NotFirstOrder: { 'zh-CN': '仅限首单', en: 'only on the first order' },
  NotBirthday: { 'zh-CN': '仅限生日当天', en: 'only on the birthday' },
  Channel: { 'zh-CN': '仅限渠道：{channels}', en: 'only through {channels}' },
  PaymentMethod: { 'zh-CN': '仅限支付方式：{paymentMethods}', en: 'only when paid by {paymentMethods}' },
  LimitReached: { 'zh-CN': '已达使用上限', en: 'used up' },
  StageLeftOut: { 'zh-CN': '本店不使用此类优惠', en: 'offers of its kind are not taken here' },
  ScopeEmpty: { 'zh-CN': '没有参与活动的商品', en: 'nothing in the cart takes part' },
  ThresholdAmount: { 'zh-CN': '还差 {missing}', en: 'spend {missing} more' },
  ThresholdQuantity: { 'zh-CN': '还差 {missingQuantity} 件', en: 'add {missingQuantity} more' },
  ExcludedBy: { 'zh-CN': '不能与“{other}”同享', en: 'does not go together with “{other}”' },
  LineTaken: { 'zh-CN': '已享受更优惠的“{other}”', en: '“{other}” gives more' },
  NotBest: { 'zh-CN': '不使用更划算', en: 'the price is better without it' },
  GiftRunOut: { 'zh-CN': '赠品已送完', en: 'the gift has run out' },
  ZeroEffect: { 'zh-CN': '没有可优惠的金额', en: 'nothing left to take off' },
}

const statusWords: Readonly<Record<Exclude<PriceCoupon['status'], 'claimed'>, Message>> = {
  issued: { 'zh-CN': '尚未领取', en: 'is not claimed yet' },
  locked: { 'zh-CN': '已被另一笔订单占用', en: 'is held by another order' },
  used: { 'zh-CN': '已使用', en: 'is used' },
  expired: { 'zh-CN': '已过期', en: 'is over' },
  revoked: { 'zh-CN': '已作废', en: 'was taken back' },
}

/**
 * Says in words why an offer was not applied.
 *
 * @param nameOf - the name of an offer
 * @param timeZone - IANA name; moments are said as clocks show them there
 */
export const describeRefusal = (
  reason: OfferRefusal,
  currency: string,
  locale: Locale,
  nameOf: (offerId: string) => string = (offerId) => offerId,
  timeZone = 'UTC',
): string => {
  const money = (minor: number): string => formatMoney({ minor, currency }, { locale }).unwrapOr(`${minor} ${currency}`)
  const facts = {
    ...reason,
    ...('missingMinor' in reason ? { missing: money(reason.missingMinor) } : {}),
    ...('offerId' in reason ? { other: nameOf(reason.offerId) } : {}),
    ...('from' in reason ? { moment: momentText(reason.from, timeZone) } : {}),
    ...('status' in reason ? { status: statusWords[reason.status][locale] } : {}),
    ...('to' in reason ? { moment: momentText(reason.to, timeZone) } : {}),
  }
  return fillMessage(refusalMessages[reason.type], locale, facts)
}

const momentText = (moment: Instant, timeZone: string): string => {
  const { year, month, dayOfMonth, minuteOfDay } = localTimeAt(moment, timeZone)
  const two = (part: number): string => String(part).padStart(2, '0')
  const clock = `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`
  return `${year}-${two(month)}-${two(dayOfMonth)} ${clock} (${timeZone})`
}
