import type { Locale } from '../shared/messages.js'

/** Where in the making of a price an offer takes effect; the order of the stages is data of the shop. */
export type OfferStage =
  /** On single lines: flash price, member price, every n-th piece; one offer wins each line. */
  | 'line'
  /** Before those of the platform: of a merchant on its goods, of a shop of one on all. */
  | 'shop'
  /** On the goods of all merchants together. */
  | 'platform'
  /** On carriage. */
  | 'shipping'
  | 'shopCoupon'
  | 'platformCoupon'
  | 'shippingCoupon'
  /** Gifts judged when all discounts are known. */
  | 'lateGift'

/** What an amount is measured on: list prices, prices after line offers, or what earlier offers have left. */
export type AmountBasis = 'list' | 'activity' | 'running'

/** The goods an offer looks at: the lists have an item for every line of the cart, `lines` says which are meant. */
export type GoodsView = {
  /** Places of the lines that are meant, ascending. */
  readonly lines: readonly number[]
  /** Pieces of each line. */
  readonly quantity: readonly number[]
  /** Each line at list price, minor units. */
  readonly list: readonly number[]
  /** Each line after line offers, minor units. */
  readonly activity: readonly number[]
  /** What earlier offers have left of each line, minor units. */
  readonly running: readonly number[]
  /** Places of the lines that the threshold counts; the same list as `lines` when it counts those. */
  readonly counted: readonly number[]
  /** What the counted lines come to on the basis of the threshold, minor units. */
  readonly basisMinor: number
  /** Pieces of the counted lines. */
  readonly basisPieces: number
  /** Pieces of the meant lines. */
  readonly pieces: number
  /** What earlier offers have left of carriage, minor units. */
  readonly shippingMinor: number
}

/** A gift of an offer. */
export type EffectGift = { readonly sku: string; readonly quantity: number; readonly valueMinor: number }

/** What an offer gives on some goods, before anything is clamped to what is left of them. */
export type Effect = {
  /** Off the goods, minor units. */
  readonly goodsMinor: number
  /** How that is spread, a weight for each of the meant lines; what is left of each line when absent. */
  readonly weights?: readonly number[]
  /** The most it may take off the goods when less is left of them; `goodsMinor` when absent. */
  readonly mostMinor?: number
  /** Off carriage, minor units. */
  readonly shippingMinor?: number
  readonly gift?: EffectGift
  /** What the goods lack for the offer to give anything, minor units. */
  readonly missingMinor?: number
  /** Pieces they lack. */
  readonly missingPieces?: number
}

/** The effect that gives nothing. */
export const noEffect: Effect = { goodsMinor: 0 }

/** How a member of a benefit is checked: whole numbers and texts within bounds, words of a list, lists of such. */
export type MemberShape =
  | { readonly type: 'integer'; readonly least: number; readonly most: number; readonly optional?: true }
  | { readonly type: 'text'; readonly longest: number; readonly optional?: true }
  | { readonly type: 'choice'; readonly of: readonly string[]; readonly optional?: true }
  | {
      readonly type: 'list'
      readonly of: Readonly<Record<string, MemberShape>>
      readonly longest: number
      readonly optional?: true
    }

/** The checks of every member of a benefit; one that is missing or of another type does not compile. */
export type BenefitShape<Benefit> = {
  readonly [Name in keyof Benefit as Name extends 'kind' ? never : Name]-?: object extends Pick<Benefit, Name>
    ? ShapeOf<Exclude<Benefit[Name], undefined>> & { readonly optional: true }
    : ShapeOf<Benefit[Name]> & { readonly optional?: never }
}

type ShapeOf<Value> = [Value] extends [number]
  ? Extract<MemberShape, { type: 'integer' }>
  : [Value] extends [string]
    ? string extends Value
      ? Extract<MemberShape, { type: 'text' }>
      : Extract<MemberShape, { type: 'choice' }> & { readonly of: readonly Value[] }
    : [Value] extends [readonly (infer Item)[]]
      ? Omit<Extract<MemberShape, { type: 'list' }>, 'of'> & { readonly of: BenefitShape<Item> }
      : never

/** A kind of offer: the benefit it gives, as data, and what that comes to on goods. */
export type OfferKind<Benefit extends { readonly kind: string }> = {
  readonly kind: Benefit['kind']
  /** Where in the making of a price it makes sense. */
  readonly stages: readonly OfferStage[]
  readonly shape: BenefitShape<Benefit>
  /** Names the first member that contradicts another, if any. */
  readonly findContradiction?: (benefit: Benefit) => string | undefined
  /** Says what it gives in a few words (`减¥50.00`, `¥50.00 off`). */
  readonly words: (benefit: Benefit, write: OfferWriter) => string
  /**
   * Pure; gives no more when less is left of a line, or no more than the most it names, which the search for the best
   * combination relies on.
   */
  readonly effect: (benefit: Benefit, goods: GoodsView) => Effect
}

/** Writes what stands in a benefit for people. */
export type OfferWriter = {
  readonly locale: Locale
  readonly money: (minor: number) => string
  /** The name of a product or SKU. */
  readonly goods: (id: string) => string
}

/** A part off in words: `打8.5折`, `15% off`. */
export const partWords = (offBasisPoints: number, locale: Locale): string => {
  if (locale === 'en') return offBasisPoints === 10_000 ? 'free' : `${offBasisPoints / 100}% off`
  return offBasisPoints === 10_000 ? '免费' : `打${(10_000 - offBasisPoints) / 1_000}折`
}

/** How often at most, in words after others; nothing when there is no such bound. */
export const timesWords = (maxTimes: number | undefined, locale: Locale): string => {
  if (maxTimes === undefined) return ''
  return locale === 'en' ? `, at most ${maxTimes} times` : `，最多${maxTimes}次`
}

/** The largest amount an offer may name, minor units. */
export const largestOfferMinor = 1_000_000_000_000

/** An amount of at least 1. */
export const amountShape = { type: 'integer', least: 1, most: largestOfferMinor } as const

/** A number of pieces or times of at least 1. */
export const countShape = { type: 'integer', least: 1, most: 100_000 } as const

/** A part of a whole, up to all of it. */
export const basisPointsShape = { type: 'integer', least: 1, most: 10_000 } as const

/** Stages in which an offer takes something off the goods. */
export const goodsStages: readonly OfferStage[] = ['line', 'shop', 'platform', 'shopCoupon', 'platformCoupon']

/** Those of them that see several lines at once. */
export const orderStages: readonly OfferStage[] = ['shop', 'platform', 'shopCoupon', 'platformCoupon']
