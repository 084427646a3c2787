import type { EarnRule, SpendRule } from '../membership/points-rules.js'
import type { Offer } from '../promotions/offer.js'
import type { OfferStage } from '../promotions/offer-kind.js'
import type { Instant } from '../shared/instant.js'
import type { MethodId } from '../shared/payment-method.js'
import type { PriceList } from './price-list.js'
import type { ShippingBook } from './shipping-book.js'
import type { NotSoldInCurrency } from './sold-currency.js'
import type { TaxBook } from './tax-book.js'

/** A line to be priced. */
export type PriceLine = {
  readonly lineId: string
  readonly productId: string
  readonly sku: string
  readonly merchantId: string
  /** Its categories with all above them. */
  readonly categoryIds: readonly string[]
  /** Empty where it has none. */
  readonly brand: string
  /** Pieces, at least 1. */
  readonly quantity: number
  /** Price of a piece before any offer, minor units. */
  readonly listUnitMinor: number
  /** Weight of a piece. */
  readonly weightGrams: number
  readonly taxClass: string
  /** False: no offer touches the line, and it counts toward no threshold. */
  readonly discountable: boolean
  /** False: paying for it earns no points; true when absent. */
  readonly earnsPoints?: boolean
  /** No offer may bring a piece below this, minor units; 0 when absent. */
  readonly floorUnitMinor?: number
}

/** A line as the catalog has it. */
export type CatalogLine = Omit<PriceLine, 'listUnitMinor'> & {
  /**
   * Price of a piece before any offer, as the catalog has it, minor units; a price list may take its place. Null where the
   * catalog has none in the currency of the cart: then a price list has to.
   */
  readonly listUnitMinor: number | null
}

/** A coupon the buyer holds and would use. */
export type PriceCoupon = {
  readonly couponId: string
  readonly offerId: string
  /** Any status but `claimed` is turned down, with the status as the reason. */
  readonly status: 'issued' | 'claimed' | 'locked' | 'used' | 'expired' | 'revoked'
  readonly validFrom: Instant
  readonly validTo: Instant
}

/** What is known of the buyer, derived; nothing here names a person. */
export type BuyerFacts = {
  /** Member level, null without one. */
  readonly levelId: string | null
  /** No order of the buyer was ever paid. */
  readonly firstOrder: boolean
  readonly birthdayToday: boolean
}

/** How often limited offers may still be used; an offer that is not named has its whole limit left. */
export type OfferUsesLeft = Readonly<Record<string, { readonly left?: number; readonly leftForCustomer?: number }>>

/** Everything a price is made of; plain JSON, so that a stored one gives the same price again. */
export type PriceCartInput = {
  /** Version of the rules that make the price. */
  readonly pricingVersion: 1
  readonly now: Instant
  /** ISO 4217 code. */
  readonly currency: string
  /** Only the lines that are to be bought. */
  readonly lines: readonly CatalogLine[]
  /** Price lists, and what they may ask beside level, channel and time; lines stand at the catalog's prices when absent. */
  readonly priceLists?: {
    readonly lists: readonly PriceList[]
    /** The groups that the host puts the customer in. */
    readonly groups: readonly string[]
    /** Where the goods go; null while unknown, and then lists that ask for a region do not hold. */
    readonly region: string | null
  }
  /** All offers, those of coupons included. */
  readonly offers: readonly Offer[]
  /** The coupons that may be used; the best combination of them is. */
  readonly coupons: readonly PriceCoupon[]
  readonly usesLeft?: OfferUsesLeft
  /** Ids of promotions whose gift has run out; they stand in no other's way. None when absent. */
  readonly giftsRunOut?: readonly string[]
  readonly buyer: BuyerFacts
  /** Sales channel, as the offers name it. */
  readonly channel: string
  /** How the buyer will pay; null while unknown, and then offers that ask for one do not hold. */
  readonly paymentMethod: MethodId | null
  /** Null: nothing is carried and nothing is charged for it. */
  readonly shipping: { readonly book: ShippingBook; readonly methodId: string; readonly region: string } | null
  /** Null: no tax is reckoned. */
  readonly tax: { readonly book: TaxBook; readonly region: string } | null
  /** Null: the buyer has no points account. */
  readonly points: {
    readonly balance: number
    /** Points the buyer would spend; fewer are spent where the rule caps them. */
    readonly spend: number
    readonly spendRule: SpendRule
    readonly earnRule: EarnRule
    /** Of the buyer's level; 10000 is once. */
    readonly earnMultiplierBasisPoints: number
    /** ISO 4217 code of the amounts in the rules; that of the cart when absent. In another neither is done. */
    readonly currency?: string
  } | null
  /** Order in which stages take effect; the `default` preset when absent. */
  readonly stages?: readonly OfferStage[]
  /** Most sets of offers the search for the best looks at; 50000 when absent. */
  readonly searchLimit?: number
}

/** Why an offer was not applied. */
export type OfferRefusal =
  | { readonly type: 'NotStarted'; readonly from: Instant }
  | { readonly type: 'Expired'; readonly to: Instant }
  /** Outside its days or hours. */
  | { readonly type: 'NotToday' }
  | { readonly type: 'CouponStatus'; readonly status: Exclude<PriceCoupon['status'], 'claimed'> }
  /** The offer of the coupon stands in the book no longer. */
  | { readonly type: 'OfferWithdrawn' }
  | { readonly type: 'OtherCurrency'; readonly currency: string }
  | { readonly type: 'MemberLevel'; readonly levels: readonly string[] }
  | { readonly type: 'NotFirstOrder' }
  | { readonly type: 'NotBirthday' }
  | { readonly type: 'Channel'; readonly channels: readonly string[] }
  | { readonly type: 'PaymentMethod'; readonly paymentMethods: readonly MethodId[] }
  | { readonly type: 'LimitReached'; readonly limit: 'uses' | 'usesPerCustomer' }
  /** The shop takes no offers at its stage. */
  | { readonly type: 'StageLeftOut' }
  /** No line is of the goods it speaks of. */
  | { readonly type: 'ScopeEmpty' }
  | { readonly type: 'ThresholdAmount'; readonly missingMinor: number }
  | { readonly type: 'ThresholdQuantity'; readonly missingQuantity: number }
  /** Does not go together with an offer that was applied. */
  | { readonly type: 'ExcludedBy'; readonly offerId: string; readonly couponId: string | null }
  /** On every line it speaks of another line offer gives more. */
  | { readonly type: 'LineTaken'; readonly offerId: string }
  /** Without it the buyer pays less. */
  | { readonly type: 'NotBest' }
  /** All it would bring is a gift of which none is left; only an order knows, and its input then says so. */
  | { readonly type: 'GiftRunOut' }
  /** It would give nothing. */
  | { readonly type: 'ZeroEffect' }

/** What became of one offer or coupon. */
export type OfferTrace = {
  readonly offerId: string
  readonly couponId: string | null
  readonly stage: OfferStage
  readonly outcome:
    | { readonly kind: 'applied'; readonly goodsMinor: number; readonly shippingMinor: number }
    | { readonly kind: 'rejected'; readonly reason: OfferRefusal }
}

/** An offer that took effect. */
export type AppliedOffer = {
  readonly offerId: string
  /** The coupon it came by; null of a promotion. */
  readonly couponId: string | null
  readonly stage: OfferStage
  /** What it took off the goods, minor units. */
  readonly goodsMinor: number
  /** What it took off carriage, minor units. */
  readonly shippingMinor: number
  /** The merchant whose offer it is, where it freed carriage: of that merchant's part; absent: of all. */
  readonly carriageOf?: string
  /** The platform's part of `goodsMinor`. */
  readonly platformGoodsMinor: number
  /** Declared worth of its gifts, minor units. */
  readonly giftValueMinor: number
  /** Whether its uses are limited and must be counted. */
  readonly limited: boolean
  /** The ways to pay that it is given for; any when absent. */
  readonly paymentMethods?: readonly MethodId[]
}

/** What an offer took off a line. */
export type LineShare = {
  /** Place in `PricedCart.applied`. */
  readonly applied: number
  readonly offerId: string
  readonly couponId: string | null
  readonly amountMinor: number
  /** The platform's part of it. */
  readonly platformMinor: number
}

/** The price list that a line stands at. */
export type LinePriceList = {
  readonly listId: string
  readonly kind: PriceList['kind']
  /** Price of a piece before a sale, minor units; the list price itself without one. */
  readonly originalUnitMinor: number
}

/** A priced line: list = net + shares, net = cash + points. */
export type PricedLine = {
  readonly lineId: string
  readonly productId: string
  readonly sku: string
  readonly merchantId: string
  readonly taxClass: string
  readonly quantity: number
  readonly listUnitMinor: number
  /** Where the list price comes from; absent: the catalog. */
  readonly priceList?: LinePriceList
  readonly listMinor: number
  /** After the line offer, before all others. */
  readonly activityMinor: number
  /** After all offers. */
  readonly netMinor: number
  /** In the order of `PricedCart.applied`; none is 0. */
  readonly shares: readonly LineShare[]
  /** Worth of the points spent on it. */
  readonly pointsMinor: number
  /** How many points those are. */
  readonly points: number
  /** Part of the net that is paid in money. */
  readonly cashMinor: number
  /** Tax on it: within the net when prices include tax, on top of it otherwise. */
  readonly taxMinor: number
  /** The same by rate, with what each was reckoned on; only where the price has several rates. */
  readonly taxes?: readonly PricedTax[]
  /** Points it will earn. */
  readonly earnedPoints: number
  /** False of goods that earn none, whatever is paid for them. */
  readonly earnsPoints?: false
}

/** A gift the order brings; it costs nothing. */
export type PricedGift = {
  readonly offerId: string
  readonly couponId: string | null
  readonly sku: string
  readonly quantity: number
  /** Worth of all pieces together, deducted from a refund when the gift is kept without right. */
  readonly valueMinor: number
}

/** Carriage: charge = gross - discount. */
export type PricedShipping = {
  readonly methodId: string
  readonly zoneId: string
  /** Before offers, minor units. */
  readonly grossMinor: number
  readonly discountMinor: number
  readonly chargeMinor: number
  /** Tax on the charge. */
  readonly taxMinor: number
  /** The same by rate; only where the price has several rates. */
  readonly taxes?: readonly PricedTax[]
  /** Days from payment to the door, earliest and latest. */
  readonly days: { readonly earliest: number; readonly latest: number }
}

/** Tax of one rate. */
export type PricedTax = {
  readonly rateId: string
  readonly rateMillionths: number
  /** What it was reckoned on, minor units. */
  readonly baseMinor: number
  readonly taxMinor: number
}

/** The sums of a price: payable = goods + shipping + tax on top - points. */
export type PriceTotals = {
  readonly listMinor: number
  /** All that offers took off the goods. */
  readonly discountMinor: number
  /** Goods after all offers. */
  readonly goodsMinor: number
  readonly shippingMinor: number
  /** All tax, within prices or on top. */
  readonly taxMinor: number
  /** The part of it that comes on top of prices. */
  readonly taxOnTopMinor: number
  readonly pointsMinor: number
  readonly payableMinor: number
}

/** A priced cart: plain JSON, the same bytes for the same input. */
export type PricedCart = {
  readonly pricingVersion: 1
  readonly at: Instant
  readonly currency: string
  readonly lines: readonly PricedLine[]
  readonly gifts: readonly PricedGift[]
  readonly shipping: PricedShipping | null
  /** Whether the prices include tax. */
  readonly taxInclusive: boolean
  readonly taxes: readonly PricedTax[]
  readonly totals: PriceTotals
  readonly pointsSpent: number
  readonly pointsEarned: number
  /** Why points are neither spent nor earned; absent where they may be. */
  readonly pointsRefusal?: Extract<OfferRefusal, { type: 'OtherCurrency' }>
  /** The offers that took effect, in the order they did. */
  readonly applied: readonly AppliedOffer[]
  /** Ids of the coupons among them. */
  readonly couponsUsed: readonly string[]
  /** Every offer and coupon of the input, applied or not, and why; empty when no trace was asked for. */
  readonly trace: readonly OfferTrace[]
  /**
   * Whether no other set of offers gives the buyer more beside the line offers, which win their lines first; `gapMinor` is
   * the most a better one could.
   */
  readonly certificate: { readonly optimal: boolean; readonly gapMinor: number; readonly setsTried: number }
}

/** Why a cart cannot be priced. */
export type PriceCartError =
  | { readonly type: 'CartEmpty' }
  | { readonly type: 'AmountTooLarge' }
  | { readonly type: 'LineInvalid'; readonly lineId: string }
  | { readonly type: 'ShippingMethodUnknown'; readonly methodId: string }
  | { readonly type: 'RegionNotServed'; readonly region: string; readonly methodId: string }
  | { readonly type: 'TooHeavy'; readonly methodId: string; readonly mostGrams: number }
  /** Carriage is priced in another currency than the goods; no sum of the two would be money. */
  | { readonly type: 'CarriageInOtherCurrency'; readonly currency: string; readonly carriageCurrency: string }
  | NotSoldInCurrency
  | { readonly type: 'TaxRegionUnknown'; readonly region: string }
  | { readonly type: 'TaxClassUnknown'; readonly taxClass: string; readonly region: string }
