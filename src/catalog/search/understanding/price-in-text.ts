import { numberPattern, readNumber } from './amounts.js'

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
 * yuan, a note, credit for a phone) and numbers with other units are no prices.
 */
export const priceInText = (folded: string): PriceInText | null => {
  if (!mayHold.test(folded) || moneyAsGoods.test(folded)) return null
  for (const { pattern, read } of rules) {
    for (const found of folded.matchAll(pattern)) {
      const price = read(found.groups ?? {})
      if (price === undefined) continue
      const [whole] = found
      const start = found.index + whole.length - whole.trimStart().length
      const end = found.index + whole.trimEnd().length
      if (isPart(folded, start, end)) continue
      return { ...price, start, end }
    }
  }
  return null
}

const mayHold = /[\d一二两三四五六七八九十百千万]/
const moneyAsGoods =
  /话费|話費|充值|流量|[券劵卷]|红包|礼品卡|购物卡|花卡|星卡|卡通|点卡|[钞币幣]|人民币|面值|移动|联通|聯通|电信|无门槛|秒杀|免费|砍价|下单|加减|口算|算术|元宝|元旦|free shipping|gift card/

// A number that goes on to the left or right is another: a model, a part of a size.
const isPart = (text: string, start: number, end: number): boolean =>
  (/[a-z0-9]/.test(text.charAt(start)) && /[a-z0-9/×*_-]$|\d[.,]$/.test(text.slice(Math.max(0, start - 2), start))) ||
  (/[a-z0-9]/.test(text.charAt(end - 1)) && /[a-z0-9]/.test(text.charAt(end))) ||
  /[/×*_]/.test(text.charAt(end))

type Read = (groups: Readonly<Record<string, string | undefined>>) => Omit<PriceInText, 'start' | 'end'> | undefined
type Rule = { readonly pattern: RegExp; readonly read: Read }

const sign = '[$€£¥￥]'
const unit =
  '(?:元钱?|块钱?|快钱|rmb|cny|人民币|usd|dollars?|bucks?|eur(?:os?)?|gbp|pounds? sterling|美元|美金|欧元|英镑)'
const number = `(?:${numberPattern})`
const money = (name: string): string =>
  `(?<${name}Sign>${sign})?\\s?(?<${name}>${number})(?:\\s?(?<${name}Unit>${sign}|${unit}))?`
const priceWord = '(?:(?:价格|价位|价钱|售价|预算|price|priced|budget)\\s?(?:为|是|在|[:：])?\\s?)'
const asked = `(?<word>${priceWord})`
const about = '(?:大概|大约|约|差不多)?'

const currencyOf = (mark: string | undefined): string | null => {
  if (mark === undefined) return null
  if (/^(?:\$|usd|dollars?|bucks?|美元|美金)$/.test(mark)) return 'USD'
  if (/^(?:€|eur.*|欧元)$/.test(mark)) return 'EUR'
  if (/^(?:£|gbp|pounds?.*|英镑)$/.test(mark)) return 'GBP'
  return 'CNY'
}

const amountOf = (groups: Readonly<Record<string, string | undefined>>, name: string) => {
  const amount = readNumber(groups[name] ?? '')
  const mark = groups[`${name}Sign`] ?? groups[`${name}Unit`]
  return amount === undefined || amount <= 0
    ? undefined
    : { amount, currency: currencyOf(mark), isMarked: mark !== undefined }
}

/** Bounds of a range; what the first leaves out of the unit or the power of ten it has of the second (两到三千元). */
const range: Read = (groups) => {
  const low = amountOf(groups, 'low')
  const high = amountOf(groups, 'high')
  if (low === undefined || high === undefined) return undefined
  const isMarked = low.isMarked || high.isMarked || groups.word !== undefined
  // Without any mark only round sums are prices: 3000-5000 is, 10 to 12 is not.
  const isRound = low.amount >= 100 && high.amount >= 100 && low.amount % 100 === 0 && high.amount % 100 === 0
  if (!isMarked && !(groups.of !== undefined && isRound)) return undefined
  const power = /[百千万]$/.exec(groups.high ?? '')?.[0]
  const lifted = power !== undefined && low.amount < 10 ? (readNumber(`1${power}`) ?? 1) : 1
  const ends = [low.amount * lifted, high.amount]
  return {
    from: Math.min(...ends),
    to: Math.max(...ends),
    currency: low.currency ?? high.currency,
    certainty: 'bound',
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
    const { amount, currency } = held
    return { from: side === 'from' ? amount : null, to: side === 'to' ? amount : null, currency, certainty: 'bound' }
  }

const around: Read = (groups) => {
  const held = amountOf(groups, 'sum')
  if (held === undefined) return undefined
  if (!held.isMarked && groups.word === undefined && !(groups.about !== undefined && held.amount >= 10_000))
    return undefined
  const { amount, currency } = held
  // 一元 and 三元 are in many names: a sum in Chinese alone is one where it says so.
  const isSpoken = !/\d/.test(groups.sum ?? '')
  const isSaid = groups.word !== undefined || groups.about !== undefined || /钱/.test(groups.sumUnit ?? '')
  if (isSpoken && !isSaid) return undefined
  return {
    from: amount * (1 - aroundShare),
    to: amount * (1 + aroundShare),
    currency,
    certainty: 'amount',
  }
}

/** A sum in digits that stands before anything: 3元抽纸. A piece is 块 as well. */
const exactly: Read = (groups) =>
  /^\d/.test(groups.sum ?? '') && /^[^块]/.test(groups.sumUnit ?? groups.sumSign ?? '块')
    ? around(groups)
    : around({ ...groups, sumSign: undefined, sumUnit: groups.sumUnit?.includes('钱') ? groups.sumUnit : undefined })

const global = (source: string): RegExp => new RegExp(source, 'g')

const rules: readonly Rule[] = [
  {
    pattern: global(`${asked}?between\\s${money('low')}\\s(?:and|to)\\s${money('high')}`),
    read: (groups) => range({ ...groups, word: 'between' }),
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
