import { numberPattern, readNumber } from './amounts.js'
import { currencyOfMark } from './currency-marks.js'

/** A price that a text speaks of. */
export type PriceInText = {
  /** Bounds in major units, both included; one of them may be open. */
  readonly from: number | null
  readonly to: number | null
  /** As the text names it; null where it is that of the shop. */
  readonly currency: string | null
  /** `bound` where it says so (within, below, to); `amount` where it only names one. */
  readonly certainty: 'bound' | 'amount'
  /** Where it stands in the text. */
  readonly start: number
  readonly end: number
}

/** An amount that is only named is looked for with a fifth of it on either side. */
const aroundShare = 0.2

/**
 * Finds the price that a folded text speaks of, in Chinese or English. What money is only the subject of (a voucher of 10
 * yuan, a note, credit for a phone), numbers with other units and years are no prices.
 *
 * @param sole - the only currency of the shop, which a sign of several currencies then means
 */
export const priceInText = (folded: string, sole: string | null = null): PriceInText | null => {
  if (!mayHold.test(folded) || moneyAsGoods.test(folded)) return null
  for (const { pattern, read } of rulesOf(sole)) {
    for (const found of folded.matchAll(pattern)) {
      const price = read(found.groups ?? {})
      if (price === undefined) continue
      const [whole] = found
      const start = found.index + whole.length - whole.trimStart().length
      const end = found.index + whole.trimEnd().length
      if (isPart(folded, start, end)) continue
      const { isMoney, mark, ...bounds } = price
      if (!isMoney && (otherUnit.test(folded.slice(end)) || years.test(folded.slice(0, end)))) continue
      // A sign behind letters that name no currency (xy$) is no bare sign.
      const isBare = !/[a-z]/.test(folded.charAt(start - 1))
      const currency = mark === undefined ? null : currencyOfMark(mark, isBare ? sole : null)
      return { ...bounds, currency, start, end }
    }
  }
  return null
}

const mayHold = /[\d一二两三四五六七八九十百千万]/
const moneyAsGoods =
  /话费|話費|充值|流量|[券劵卷]|红包|礼品卡|购物卡|花卡|星卡|卡通|点卡|钞|(?<!港|台)[币幣]|人民币|面值|移动|联通|聯通|电信|无门槛|秒杀|免费|砍价|下单|加减|口算|算术|元宝|元旦|free shipping|gift card/

// A number that goes on to the left or right is another: a model, a part of a size.
const isPart = (text: string, start: number, end: number): boolean =>
  (/[a-z0-9]/.test(text.charAt(start)) && /[a-z0-9/×*_-]$|\d[.,]$/.test(text.slice(Math.max(0, start - 2), start))) ||
  (/[a-z0-9]/.test(text.charAt(end - 1)) && /[a-z0-9]/.test(text.charAt(end))) ||
  /[/×*_]/.test(text.charAt(end))

// What an amount is of where it is none of money. A word that begins as many other things (star wars, day cream) is one
// in the plural only.
const otherUnit =
  /^[\s-]?(?:%|(?:lbs?|pounds?|oz|ounces?|kgs?|kilos?|kilograms?|grams?|mg|years?|yrs?|months?|weeks|days|hours|hrs|minutes|mins|pieces?|pcs?|packs?(?! of)|counts?|thread count|sheets|pages|lumens?|lm|watts?|kw|volts?|amps|mah|ah|wh|kwh|inch(?:es)?|feet|foot|ft|yards|meters?|metres?|cm|mm|km|miles?|mph|(?:sq|square|cubic|cu|fl|fluid) (?:ft|feet|foot|inch(?:es)?|meters?|metres?|yards|oz|ounces?)|gallons?|gal|lit(?:er|re)s?|ml|quarts?|people|persons?|players|stars|reviews|ratings|degrees|calories|kcal|gsm|dpi|rpm|psi|hz|khz|mhz|ghz|mb|gb|tb)(?![a-z0-9])|公?斤|千?克|厘米|公分|毫米|英?寸|岁|个月|小时|分钟|毫安|流明|瓦|毫?升|平方?米)/

const years = /(?<![a-z0-9])(?:from|over|since|between)\s(?:19|20)\d\d(?:\s?(?:and|to|-)\s?(?:19|20)\d\d)?$/

/** A price as it stands by itself: `mark` is what names its currency, and without `isMoney` it is a price only by its size. */
type Read = (
  groups: Readonly<Record<string, string | undefined>>,
) =>
  | (Pick<PriceInText, 'from' | 'to' | 'certainty'> & { readonly mark: string | undefined; readonly isMoney: boolean })
  | undefined
type Rule = { readonly pattern: RegExp; readonly read: Read }

const sign = '(?:(?<![a-z])(?:us|hk|nt|nz|mx|r|a|c|s)\\$|[$€£¥￥])'
const unit =
  '(?:港元|港币|日元|日圆|円|新台币|元钱?|块钱?|快钱|rmb|cny|人民币|usd|dollars?|bucks?|eur(?:os?)?|gbp|pounds? sterling|hkd|jpy|yen|twd|aud|cad|nzd|sgd|mxn|brl|reais|美元|美金|欧元|英镑)'
const number = `(?:${numberPattern})`
type Money = (name: string) => string
const moneyIn =
  (units: string): Money =>
  (name) =>
    `(?<${name}Sign>${sign})?\\s?(?<${name}>${number})(?:\\s?(?<${name}Unit>${sign}|${units}))?`
const priceWord = '(?:(?:价格|价位|价钱|售价|预算|price|priced|budget)\\s?(?:为|是|在|[:：])?\\s?)'
const asked = `(?<word>${priceWord})`
const about = '(?:大概|大约|约|差不多)?'

const amountOf = (groups: Readonly<Record<string, string | undefined>>, name: string) => {
  const amount = readNumber(groups[name] ?? '')
  const mark = groups[`${name}Sign`] ?? groups[`${name}Unit`]
  return amount === undefined || amount <= 0 ? undefined : { amount, mark, isMarked: mark !== undefined }
}

/** Bounds of a range; what the first leaves out of the unit or the power of ten it has of the second (两到三千元). */
const range: Read = (groups) => {
  const low = amountOf(groups, 'low')
  const high = amountOf(groups, 'high')
  if (low === undefined || high === undefined) return undefined
  const isMarked = low.isMarked || high.isMarked || groups.word !== undefined
  // Without any mark only large sums are prices, and round ones where no word is there either: 3000-5000 is, 10 to 12 is
  // not, and between 8 and 12 is an age.
  const isLarge = low.amount >= 100 && high.amount >= 100
  const isRound = isLarge && low.amount % 100 === 0 && high.amount % 100 === 0
  if (!isMarked && !(groups.between === undefined ? groups.of !== undefined && isRound : isLarge)) return undefined
  const power = /[百千万]$/.exec(groups.high ?? '')?.[0]
  const lifted = power !== undefined && low.amount < 10 ? (readNumber(`1${power}`) ?? 1) : 1
  const ends = [low.amount * lifted, high.amount]
  return {
    from: Math.min(...ends),
    to: Math.max(...ends),
    certainty: 'bound',
    mark: low.mark ?? high.mark,
    isMoney: isMarked,
  }
}

const bound =
  (side: 'from' | 'to'): Read =>
  (groups) => {
    const held = amountOf(groups, 'sum')
    if (held === undefined) return undefined
    // A bare number is an age, a count or a size where it is small.
    if (
      !held.isMarked &&
      groups.word === undefined &&
      (groups.near !== undefined || held.amount < (groups.of === undefined ? 100 : 20))
    )
      return undefined
    const { amount, mark, isMarked } = held
    return {
      from: side === 'from' ? amount : null,
      to: side === 'to' ? amount : null,
      certainty: 'bound',
      mark,
      isMoney: isMarked || groups.word !== undefined,
    }
  }

const around: Read = (groups) => {
  const held = amountOf(groups, 'sum')
  if (held === undefined) return undefined
  if (!held.isMarked && groups.word === undefined && !(groups.about !== undefined && held.amount >= 10_000))
    return undefined
  const { amount, mark, isMarked } = held
  // 一元 and 三元 are in many names: a sum in Chinese alone is one where it says so.
  const isSpoken = !/\d/.test(groups.sum ?? '')
  const isSaid = groups.word !== undefined || groups.about !== undefined || /钱/.test(groups.sumUnit ?? '')
  if (isSpoken && !isSaid) return undefined
  return {
    from: amount * (1 - aroundShare),
    to: amount * (1 + aroundShare),
    certainty: 'amount',
    mark,
    isMoney: isMarked || groups.word !== undefined,
  }
}

/** A sum in digits that stands before anything: 3元抽纸. A piece is 块 as well. */
const exactly: Read = (groups) =>
  /^\d/.test(groups.sum ?? '') && /^[^块]/.test(groups.sumUnit ?? groups.sumSign ?? '块')
    ? around(groups)
    : around({ ...groups, sumSign: undefined, sumUnit: groups.sumUnit?.includes('钱') ? groups.sumUnit : undefined })

const global = (source: string): RegExp => new RegExp(source, 'g')

const rulesWith = (money: Money): readonly Rule[] => [
  {
    pattern: global(`${asked}?(?<between>between)\\s${money('low')}\\s(?:and|to)\\s${money('high')}`),
    read: range,
  },
  {
    pattern: global(
      `${asked}?${about}(?:从\\s?)?${money('low')}\\s?(?:到|至|-|~|—|–|一(?=\\d)|to)\\s?${money('high')}\\s?(?:之间)?(?<of>的|价位|$)?`,
    ),
    read: range,
  },
  {
    pattern: global(
      `${asked}?(?:under|below|less than|cheaper than|no more than|not over|up to|at most|max(?:imum)?(?=\\s)|within|不超过|不到|低于|小于|少于|最多)\\s?${money('sum')}`,
    ),
    read: bound('to'),
  },
  {
    pattern: global(
      `${asked}?${money('sum')}\\s?(?:以内|以下|之内|之下|(?<near>内)|or less|or under|and under|max(?:imum)?(?![a-z]))(?<of>的)?`,
    ),
    read: bound('to'),
  },
  {
    pattern: global(
      `${asked}?(?:over|above|more than|at least|from|starting at|min(?:imum)?|不低于|高于|大于|超过|至少)\\s?${money('sum')}`,
    ),
    read: bound('from'),
  },
  {
    pattern: global(`${asked}?${money('sum')}\\s?(?:以上|(?<near>起)|or more|and up|and over)(?<of>的)?`),
    read: bound('from'),
  },
  {
    pattern: global(
      `${asked}?(?:around|about|approx(?:imately)?|~|大概|大约|差不多)\\s?(?<about>)${money('sum')}(?:左右|上下)?的?`,
    ),
    read: around,
  },
  { pattern: global(`${asked}?${money('sum')}\\s?(?<about>左右|上下)的?`), read: around },
  { pattern: global(`${asked}${money('sum')}的?`), read: around },
  { pattern: global(`${money('sum')}(?:的|(?![一-龥多/]))`), read: around },
  { pattern: global(money('sum')), read: exactly },
]

let usual: readonly Rule[] | undefined
let british: readonly Rule[] | undefined

/** Where all is sold for pounds, pounds are money; elsewhere they are a weight. */
const rulesOf = (sole: string | null): readonly Rule[] => {
  if (sole === 'GBP') {
    british ??= rulesWith(moneyIn(`(?:${unit}|pounds?|quid)`))
    return british
  }
  usual ??= rulesWith(moneyIn(unit))
  return usual
}
