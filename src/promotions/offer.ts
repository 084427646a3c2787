import type { Instant } from '../shared/instant.js'
import type { Message } from '../shared/messages.js'
import type { MethodId } from '../shared/payment-method.js'
import type { AmountBasis, OfferStage } from './offer-kind.js'
import type { Benefit } from './offer-kinds.js'

/** Lists of what is meant; a line must be in every list that is given. */
export type GoodsFilter = {
  readonly skus?: readonly string[]
  readonly productIds?: readonly string[]
  /** A line is in a category when it is in one below it. */
  readonly categoryIds?: readonly string[]
  readonly brands?: readonly string[]
  /** Bounds of the list price of a piece, both included, minor units. */
  readonly listUnitMinor?: { readonly from?: number; readonly to?: number }
}

/** Which lines an offer speaks of; all of them when nothing is said. Lines that allow no discount are never meant. */
export type OfferScope = GoodsFilter & {
  /** Lines in any of these lists are left out. */
  readonly not?: GoodsFilter
}

/** What the goods must come to. */
export type OfferThreshold = {
  /** The goods that are counted, where they are others than those the offer speaks of. */
  readonly scope?: GoodsFilter
  /** The least amount, minor units. */
  readonly amountMinor?: number
  /** The least number of pieces. */
  readonly quantity?: number
  /** The least number of pieces on one line. */
  readonly lineQuantity?: number
  readonly basis: AmountBasis
}

/** When an offer holds: from the first moment up to, not including, the last; calendar members are read in the time zone. */
export type OfferWindow = {
  readonly from?: Instant
  readonly to?: Instant
  /** IANA name (`Asia/Shanghai`). */
  readonly timeZone: string
  /** Days of the month, 1 to 31: a member day. */
  readonly daysOfMonth?: readonly number[]
  /** 1 Monday to 7 Sunday. */
  readonly weekdays?: readonly number[]
  /** Minutes after local midnight, the end not included. */
  readonly minutesOfDay?: { readonly from: number; readonly to: number }
}

/** Who may have an offer; everybody when nothing is said. */
export type OfferAudience = {
  /** Ids of member levels, any of which will do. */
  readonly levels?: readonly string[]
  /** Only on the customer's first order. */
  readonly firstOrder?: boolean
  /** Only on the customer's birthday. */
  readonly birthday?: boolean
}

/** How an offer stands with others. */
export type OfferStacking = {
  /** With no other offer on the order; of a line offer: its lines take no further offer. */
  readonly exclusive?: boolean
  /** At most one offer of a group. */
  readonly group?: string
  /**
   * Of coupons: may be used with another coupon that says so too, false when absent. Of promotions on the order: false when
   * with no other such promotion, true when absent.
   */
  readonly stackable?: boolean
  /** Of coupons: false when it may not be used beside promotions; true when absent. */
  readonly withPromotions?: boolean
}

/** How often an offer may be used. */
export type OfferLimits = {
  readonly uses?: number
  readonly usesPerCustomer?: number
}

/** Who gives an offer. */
export type OfferIssuer =
  | { readonly kind: 'platform' }
  /** Only goods of this merchant are meant. */
  | { readonly kind: 'merchant'; readonly merchantId: string }
  | { readonly kind: 'campaign'; readonly campaignId: string }

/** What a coupon is given for, by itself. */
export type CouponOccasion =
  /** The account was activated. */
  | { readonly on: 'joined' }
  /** An order of at least this much, in the currency of the offer, was paid; of each customer the first alone if so said. */
  | { readonly on: 'orderPaid'; readonly leastMinor: number; readonly firstOrder?: boolean }
  /** The member reached one of these levels. */
  | { readonly on: 'levelReached'; readonly levels: readonly string[] }
  /** Points were earned by one of these activities (`signIn`, `share`, `review`). */
  | { readonly on: 'pointsEarned'; readonly sources: readonly string[] }
  /** The member did one of these, whether or not it earns points (`share`, `review`, `invitation`). */
  | { readonly on: 'activity'; readonly activities: readonly string[] }
  /** The member signed in on so many days in a row, and again on every multiple of them. */
  | { readonly on: 'signInStreak'; readonly everyDays: number }
  /** The member has a birthday; what a late sweep finds is given up to a week after. */
  | { readonly on: 'birthday' }

/** How an offer reaches the customer. */
export type OfferForm =
  /** By itself. */
  | { readonly kind: 'promotion' }
  /** By a coupon, of which the offer is the template. */
  | {
      readonly kind: 'coupon'
      /** How many coupons there may be. */
      readonly issues: number
      /** How many a customer may claim. */
      readonly claimsPerCustomer: number
      /** Whether a customer may claim one without a code. */
      readonly claimable: boolean
      /**
       * How long a coupon holds from its claim, or from the beginning of the offer's window where it is claimed before,
       * milliseconds; never beyond the window.
       */
      readonly validMs?: number
      /** Given by itself for any of these, within the limits above. */
      readonly givenOn?: readonly CouponOccasion[]
    }

/** An offer as data: who may have what, on which goods, when, how often, and who pays for it. */
export type Offer = {
  /** Version of this shape. */
  readonly version: 1
  readonly offerId: string
  readonly title: Message
  readonly issuer: OfferIssuer
  readonly form: OfferForm
  readonly stage: OfferStage
  /** Within a stage the higher comes first, then the lower id. */
  readonly priority: number
  /** ISO 4217 code of every amount in the offer. */
  readonly currency: string
  readonly window: OfferWindow
  readonly audience?: OfferAudience
  /** Sales channels (`app`, `web`, `store`), any of which will do. */
  readonly channels?: readonly string[]
  /** Ways to pay, any of which will do: an order with it is paid by one of them. */
  readonly paymentMethods?: readonly MethodId[]
  readonly scope?: OfferScope
  readonly threshold?: OfferThreshold
  /** What it gives. */
  readonly benefit: Benefit
  readonly stacking?: OfferStacking
  readonly limits?: OfferLimits
  /**
   * The platform's part of what it takes off the goods; the merchants bear the rest. Carriage that it frees and gifts are
   * borne by the merchants alone: for a benefit of carriage only 0 is taken when it is published.
   */
  readonly funding: { readonly platformBasisPoints: number }
}

/** All offers of a shop, at one revision: the version of the stored row. */
export type OfferBook = {
  readonly bookId: string
  readonly offers: readonly Offer[]
  /** The offers whose uses are counted. */
  readonly limitedOfferIds: readonly string[]
  /** The offers whose coupons are given by themselves. */
  readonly givenOfferIds?: readonly string[]
}
