import { formatMoney } from '../shared/format-money.js'
import { daysMs, hoursMs, type Instant } from '../shared/instant.js'
import { fillMessage, type Locale, type Message } from '../shared/messages.js'
import type { GoodsFilter, Offer, OfferThreshold } from './offer.js'
import { wordsOf } from './offer-kinds.js'
import { localTimeAt } from './offer-window.js'

/** A row of an offer's rules as a person reads them. */
export type OfferRow = {
  readonly kind: 'what' | 'who' | 'goods' | 'when' | 'where' | 'stacking' | 'limits'
  readonly label: string
  readonly text: string
}

/** What the ids in an offer are called; an id stands for itself where no name is given. */
export type OfferNames = {
  readonly levels?: Readonly<Record<string, Message>>
  readonly merchants?: Readonly<Record<string, Message>>
  /** Of products and SKUs, gifts among them. */
  readonly goods?: Readonly<Record<string, Message>>
  readonly categories?: Readonly<Record<string, Message>>
  readonly brands?: Readonly<Record<string, Message>>
  readonly channels?: Readonly<Record<string, Message>>
  readonly paymentMethods?: Readonly<Record<string, Message>>
}

const labels: Readonly<Record<OfferRow['kind'], Message>> = {
  what: { 'zh-CN': '优惠', en: 'Offer' },
  who: { 'zh-CN': '对象', en: 'For' },
  goods: { 'zh-CN': '商品', en: 'Goods' },
  when: { 'zh-CN': '时间', en: 'When' },
  where: { 'zh-CN': '条件', en: 'Conditions' },
  stacking: { 'zh-CN': '叠加', en: 'Combining' },
  limits: { 'zh-CN': '限制', en: 'Limits' },
}

const words = {
  fromAmount: { 'zh-CN': '满{amount}', en: 'when the goods come to {amount} or more' },
  fromPieces: { 'zh-CN': '满{pieces}件', en: 'from {pieces} pieces on' },
  fromBoth: {
    'zh-CN': '满{amount}且满{pieces}件',
    en: 'when the goods come to {amount} or more, from {pieces} pieces on',
  },
  fromLinePieces: { 'zh-CN': '单品满{pieces}件', en: 'from {pieces} pieces of one item on' },
  counted: { 'zh-CN': '（计{goods}）', en: ' (counted: {goods})' },
  pricedFrom: { 'zh-CN': '单价{from}起', en: 'priced {from} or more' },
  pricedTo: { 'zh-CN': '单价{to}以内', en: 'priced {to} or less' },
  pricedBetween: { 'zh-CN': '单价{from}至{to}', en: 'priced {from} to {to}' },
  atList: { 'zh-CN': '（按原价计算）', en: ' (at list prices)' },
  atRunning: { 'zh-CN': '（按其他优惠后的金额计算）', en: ' (after other offers)' },
  everybody: { 'zh-CN': '所有顾客', en: 'Everybody' },
  levels: { 'zh-CN': '{names}会员', en: '{names} members' },
  firstOrder: { 'zh-CN': '仅限首单', en: 'first order only' },
  birthday: { 'zh-CN': '仅限生日当天', en: 'on your birthday only' },
  allGoods: { 'zh-CN': '全部商品', en: 'All goods' },
  ofMerchant: { 'zh-CN': '限{name}的商品', en: 'Goods of {name}' },
  goods: { 'zh-CN': '限商品：{names}', en: 'Only: {names}' },
  categories: { 'zh-CN': '限品类：{names}', en: 'Only the categories {names}' },
  brands: { 'zh-CN': '限品牌：{names}', en: 'Only the brands {names}' },
  except: { 'zh-CN': '不含：{names}', en: 'except {names}' },
  more: { 'zh-CN': '{names}等{count}项', en: '{names} and {count} more' },
  always: { 'zh-CN': '长期有效', en: 'At any time' },
  between: { 'zh-CN': '{from} 至 {to}（{zone}）', en: '{from} to {to} ({zone})' },
  from: { 'zh-CN': '{from} 起（{zone}）', en: 'From {from} on ({zone})' },
  until: { 'zh-CN': '{to} 前（{zone}）', en: 'Until {to} ({zone})' },
  daysOfMonth: { 'zh-CN': '每月{days}日', en: 'on day {days} of the month' },
  weekdays: { 'zh-CN': '每{days}', en: 'on {days}' },
  hours: { 'zh-CN': '{from}–{to}', en: '{from} to {to}' },
  days: { 'zh-CN': '领取后 {count} 天内有效', en: 'valid for {count} days from the claim' },
  hoursFromClaim: { 'zh-CN': '领取后 {count} 小时内有效', en: 'valid for {count} hours from the claim' },
  minutesFromClaim: { 'zh-CN': '领取后 {count} 分钟内有效', en: 'valid for {count} minutes from the claim' },
  channels: { 'zh-CN': '限{names}渠道', en: 'Only by {names}' },
  paymentMethods: { 'zh-CN': '限{names}支付', en: 'Only paid by {names}' },
  alone: { 'zh-CN': '不与任何其他优惠同享', en: 'Not together with any other offer' },
  aloneOnLine: { 'zh-CN': '商品参加后不再享受其他优惠', en: 'Its goods take no further offer' },
  group: { 'zh-CN': '同组优惠（{group}）仅享其一', en: 'Only one offer of the group {group}' },
  lineWinner: { 'zh-CN': '每件商品只享最优的一项单品优惠', en: 'Each item takes the best one of such offers' },
  withOthers: { 'zh-CN': '可与其他优惠同享', en: 'Together with other offers' },
  notBesidePromotions: { 'zh-CN': '不与其他促销活动同享', en: 'Not together with another promotion' },
  stackable: { 'zh-CN': '可与同样可叠加的优惠券同用', en: 'Together with other coupons that say so too' },
  notStackable: { 'zh-CN': '不可与其他优惠券同用', en: 'Not together with another coupon' },
  withPromotions: { 'zh-CN': '可与促销活动同享', en: 'together with promotions' },
  withoutPromotions: { 'zh-CN': '不可与促销活动同享', en: 'not together with promotions' },
  uses: { 'zh-CN': '共 {count} 次', en: 'uses in all: {count}' },
  usesPerCustomer: { 'zh-CN': '每人 {count} 次', en: 'uses for each customer: {count}' },
  issues: { 'zh-CN': '共 {count} 张', en: 'coupons in all: {count}' },
  claims: { 'zh-CN': '每人限领 {count} 张', en: '{count} for each customer' },
  byCode: { 'zh-CN': '凭券码领取', en: 'claimed with a code' },
} as const satisfies Readonly<Record<string, Message>>

const weekdayNames: Readonly<Record<Locale, readonly string[]>> = {
  'zh-CN': ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'],
}

// A list longer than this says how many more there are.
const shownNames = 5

type Writer = {
  readonly locale: Locale
  readonly names: OfferNames
  readonly say: (word: keyof typeof words, facts?: object) => string
  readonly money: (minor: number) => string
}

/**
 * Says the rules of an offer in words, made of its data alone: what it gives, to whom, on what, when, how it stands with
 * others and how often. Rows that an offer has nothing to say for are left out.
 */
export const describeOffer = (offer: Offer, locale: Locale, names: OfferNames = {}): readonly OfferRow[] => {
  const writer: Writer = {
    locale,
    names,
    say: (word, facts = {}) => fillMessage(words[word], locale, facts),
    money: (minor) =>
      formatMoney({ minor, currency: offer.currency }, { locale }).unwrapOr(`${minor} ${offer.currency}`),
  }
  const texts: Readonly<Record<OfferRow['kind'], readonly string[]>> = {
    what: [whatOf(offer, writer)],
    who: whoOf(offer, writer),
    goods: goodsOf(offer, writer),
    when: whenOf(offer, writer),
    where: whereOf(offer, writer),
    stacking: stackingOf(offer, writer),
    limits: limitsOf(offer, writer),
  }
  const kinds: readonly OfferRow['kind'][] = ['what', 'who', 'goods', 'when', 'where', 'stacking', 'limits']
  return kinds.flatMap((kind) => {
    const parts = texts[kind].filter((text) => text !== '')
    return parts.length === 0 ? [] : [{ kind, label: labels[kind][locale], text: joinParts(parts, locale) }]
  })
}

/** The rules of an offer in every language that the shop speaks. */
export type OfferRules = Readonly<Record<Locale, readonly OfferRow[]>>

/** The rules of an offer in words, for whoever reads them. */
export const offerRules = (offer: Offer, names: OfferNames = {}): OfferRules => ({
  'zh-CN': describeOffer(offer, 'zh-CN', names),
  en: describeOffer(offer, 'en', names),
})

/** The rules of an offer as text, a line for each row: `优惠：满¥300.00减¥50.00`. */
export const renderOffer = (offer: Offer, locale: Locale, names: OfferNames = {}): string =>
  describeOffer(offer, locale, names)
    .map(({ label, text }) => (locale === 'zh-CN' ? `${label}：${text}` : `${label}: ${text}`))
    .join('\n')

/** What an offer gives, and from when on, in one phrase of each language: what a message says of it. */
export const summarizeOffer = (offer: Offer): Message => ({
  'zh-CN': describeOffer(offer, 'zh-CN')[0]?.text ?? '',
  en: describeOffer(offer, 'en')[0]?.text ?? '',
})

const joinParts = (parts: readonly string[], locale: Locale): string =>
  capitalize(parts.join(locale === 'zh-CN' ? '，' : ', '))

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const whatOf = (offer: Offer, writer: Writer): string => {
  const { locale, names, money } = writer
  const gives = wordsOf(offer.benefit, { locale, money, goods: (id) => nameIn(names.goods, id, locale) })
  const from = offer.threshold === undefined ? '' : thresholdOf(offer.threshold, writer)
  if (from === '') return gives
  if (locale === 'en') return `${gives} ${from}`
  // 满¥300减¥50 is one word in the trade; what begins otherwise stands apart.
  return /^[减打送包免]/.test(gives) && !from.endsWith('）') ? `${from}${gives}` : `${from}，${gives}`
}

const thresholdOf = (threshold: OfferThreshold, writer: Writer): string => {
  const { amountMinor, quantity, lineQuantity, basis, scope } = threshold
  const { say, money, locale } = writer
  if (amountMinor === undefined && quantity === undefined && lineQuantity === undefined) return ''
  const amount = money(amountMinor ?? 0)
  const of =
    amountMinor === undefined ? '' : basis === 'list' ? say('atList') : basis === 'running' ? say('atRunning') : ''
  const least =
    amountMinor === undefined
      ? quantity === undefined
        ? ''
        : say('fromPieces', { pieces: quantity })
      : quantity === undefined
        ? say('fromAmount', { amount }) + of
        : say('fromBoth', { amount, pieces: quantity }) + of
  const onLine = lineQuantity === undefined ? '' : say('fromLinePieces', { pieces: lineQuantity })
  const joined = [least, onLine].filter((text) => text !== '').join(locale === 'zh-CN' ? '，' : ', ')
  if (scope === undefined) return joined
  return joined + say('counted', { goods: joinNames(filterWords(scope, writer), locale) })
}

const whoOf = ({ audience }: Offer, { say, names, locale }: Writer): readonly string[] => {
  const { levels, firstOrder, birthday } = audience ?? {}
  // A level is often called 金卡会员 already, and the sentence says 会员 once for all of them.
  const levelName = (id: string): string => nameIn(names.levels, id, locale).replace(/会员$/, '')
  const asked = [
    levels === undefined ? '' : say('levels', { names: joinNames(levels.map(levelName), locale) }),
    firstOrder === true ? say('firstOrder') : '',
    birthday === true ? say('birthday') : '',
  ]
  return asked.every((text) => text === '') ? [say('everybody')] : asked
}

const goodsOf = ({ scope, issuer }: Offer, writer: Writer): readonly string[] => {
  const { say, names, locale } = writer
  const asked = [
    issuer.kind === 'merchant' ? say('ofMerchant', { name: nameIn(names.merchants, issuer.merchantId, locale) }) : '',
    ...filterWords(scope ?? {}, writer),
  ]
  const meant = asked.every((text) => text === '') ? [say('allGoods')] : asked
  return scope?.not === undefined ? meant : [...meant, say('except', { names: exceptions(scope.not, writer) })]
}

const filterWords = (filter: GoodsFilter, { say, names, locale, money }: Writer): readonly string[] => {
  const { skus = [], productIds = [], categoryIds, brands, listUnitMinor } = filter
  // A line must be in every list that is given, so each is said by itself.
  const goods = [productIds, skus].map((ids) =>
    ids.length === 0 ? '' : say('goods', { names: list(ids, names.goods, locale) }),
  )
  return [
    ...goods,
    categoryIds === undefined ? '' : say('categories', { names: list(categoryIds, names.categories, locale) }),
    brands === undefined ? '' : say('brands', { names: list(brands, names.brands, locale) }),
    listUnitMinor === undefined ? '' : pricedWords(listUnitMinor, say, money),
  ].filter((text) => text !== '')
}

const pricedWords = (
  { from, to }: NonNullable<GoodsFilter['listUnitMinor']>,
  say: Writer['say'],
  money: Writer['money'],
): string => {
  const facts = { from: money(from ?? 0), to: money(to ?? 0) }
  if (to === undefined) return from === undefined ? '' : say('pricedFrom', facts)
  return say(from === undefined ? 'pricedTo' : 'pricedBetween', facts)
}

const exceptions = (not: GoodsFilter, { say, names, locale, money }: Writer): string =>
  joinNames(
    [
      ...[...(not.productIds ?? []), ...(not.skus ?? [])].map((id) => nameIn(names.goods, id, locale)),
      ...(not.categoryIds ?? []).map((id) => nameIn(names.categories, id, locale)),
      ...(not.brands ?? []).map((id) => nameIn(names.brands, id, locale)),
      ...(not.listUnitMinor === undefined ? [] : [pricedWords(not.listUnitMinor, say, money)]),
    ],
    locale,
  )

const whenOf = ({ window, form }: Offer, writer: Writer): readonly string[] => {
  const { say, locale } = writer
  const { from, to, timeZone: zone, daysOfMonth, weekdays, minutesOfDay } = window
  const span = { from: momentOf(from ?? 0, zone), to: momentOf(to ?? 0, zone), zone }
  const word = to === undefined ? (from === undefined ? 'always' : 'from') : from === undefined ? 'until' : 'between'
  return [
    say(word, span),
    daysOfMonth === undefined ? '' : say('daysOfMonth', { days: joinNames(daysOfMonth.map(String), locale) }),
    weekdays === undefined
      ? ''
      : say('weekdays', {
          days: joinNames(
            weekdays.map((day) => weekdayNames[locale][day - 1] ?? ''),
            locale,
          ),
        }),
    minutesOfDay === undefined ? '' : say('hours', { from: clockOf(minutesOfDay.from), to: clockOf(minutesOfDay.to) }),
    form.kind === 'coupon' && form.validMs !== undefined ? spanOf(form.validMs, writer) : '',
  ]
}

const spanOf = (ms: number, { say }: Writer): string => {
  if (ms % daysMs === 0) return say('days', { count: ms / daysMs })
  if (ms % hoursMs === 0) return say('hoursFromClaim', { count: ms / hoursMs })
  return say('minutesFromClaim', { count: Math.max(1, Math.floor(ms / 60_000)) })
}

const whereOf = ({ channels, paymentMethods }: Offer, { say, names, locale }: Writer): readonly string[] => [
  channels === undefined ? '' : say('channels', { names: list(channels, names.channels, locale) }),
  paymentMethods === undefined
    ? ''
    : say('paymentMethods', { names: list(paymentMethods, names.paymentMethods, locale) }),
]

const stackingOf = ({ stacking, form, stage }: Offer, { say }: Writer): readonly string[] => {
  const group = stacking?.group === undefined ? '' : say('group', { group: stacking.group })
  if (stacking?.exclusive === true) return [say(stage === 'line' ? 'aloneOnLine' : 'alone'), group]
  if (form.kind === 'promotion') {
    if (stage === 'line') return [say('lineWinner'), group]
    return [say(stacking?.stackable === false ? 'notBesidePromotions' : 'withOthers'), group]
  }
  return [
    say(stacking?.stackable === true ? 'stackable' : 'notStackable'),
    say(stacking?.withPromotions === false ? 'withoutPromotions' : 'withPromotions'),
    group,
  ]
}

const limitsOf = ({ limits, form }: Offer, { say }: Writer): readonly string[] => [
  ...(form.kind === 'promotion'
    ? []
    : [
        say('issues', { count: form.issues }),
        say('claims', { count: form.claimsPerCustomer }),
        form.claimable ? '' : say('byCode'),
      ]),
  limits?.uses === undefined ? '' : say('uses', { count: limits.uses }),
  limits?.usesPerCustomer === undefined ? '' : say('usesPerCustomer', { count: limits.usesPerCustomer }),
]

const list = (ids: readonly string[], named: Readonly<Record<string, Message>> | undefined, locale: Locale): string =>
  joinNames(
    ids.map((id) => nameIn(named, id, locale)),
    locale,
  )

const joinNames = (names: readonly string[], locale: Locale): string => {
  const shown = names.slice(0, shownNames).join(locale === 'zh-CN' ? '、' : ', ')
  if (names.length <= shownNames) return shown
  const count = locale === 'zh-CN' ? names.length : names.length - shownNames
  return fillMessage(words.more, locale, { names: shown, count })
}

const nameIn = (named: Readonly<Record<string, Message>> | undefined, id: string, locale: Locale): string =>
  named !== undefined && Object.hasOwn(named, id) ? (named[id]?.[locale] ?? id) : id

const momentOf = (at: Instant, zone: string): string => {
  const { year, month, dayOfMonth, minuteOfDay } = localTimeAt(at, zone)
  return `${year}-${pad(month)}-${pad(dayOfMonth)} ${clockOf(minuteOfDay)}`
}

const clockOf = (minutes: number): string => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`

const pad = (value: number): string => String(value).padStart(2, '0')
