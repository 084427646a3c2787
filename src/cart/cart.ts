import type { CurrencyNotSold, NotSoldInCurrency } from '../pricing/sold-currency.js'
import type { NotFound } from '../shared/errors.js'
import { daysMs, type Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'

/** An item in a cart; one line for each SKU. */
export type CartLine = {
  readonly lineId: string
  readonly productId: string
  readonly sku: string
  /** Whole pieces, at least 1. */
  readonly quantity: number
  /** Whether it is part of the next order. */
  readonly selected: boolean
  readonly addedAt: Instant
  /** Price of a single piece, before any offer, when it was put in. */
  readonly priceWhenAdded?: Money
}

/** Whether a cart belongs to an account or to a visitor without one. */
export type OwnerKind = 'guest' | 'customer'

/** A buyer's cart; each account and each guest has one, under an id made of theirs. */
export type Cart =
  /** Nothing was ever put in; not stored. */
  | { readonly status: 'absent' }
  /** In use. */
  | {
      readonly status: 'open'
      readonly cartId: string
      /** The account or guest it belongs to. */
      readonly ownerId: string
      readonly ownerKind: OwnerKind
      /** In the order they were added. */
      readonly lines: readonly CartLine[]
      /** Saved for later; never priced, never ordered. */
      readonly later: readonly CartLine[]
      /** Coupons the buyer wants to use, in the order attached. */
      readonly couponIds: readonly string[]
      readonly updatedAt: Instant
      /** When its owner last did something with it; absent while it is empty, and once its owner was reminded. */
      readonly quietSince?: Instant
    }
  /** A guest's cart that went into the cart of an account. */
  | {
      readonly status: 'merged'
      readonly cartId: string
      readonly ownerId: string
      readonly ownerKind: OwnerKind
      readonly mergedAt: Instant
      readonly updatedAt: Instant
    }

/** A cart in use. */
export type OpenCart = Extract<Cart, { status: 'open' }>

/** A cart as it is stored. */
export type StoredCart = Exclude<Cart, { status: 'absent' }>

/** How much of an item may stand in a cart, as known at the moment of the command. */
export type LineLimits = {
  /** The most pieces of one line, by policy. */
  readonly maxQuantity: number
  /** Pieces that can be had now; null where stock is not kept. */
  readonly available: number | null
  /** Pieces of the product this person may still buy; null without a limit. */
  readonly personRemaining: number | null
}

/** How much a cart may hold, and what its owner is reminded of. */
export type CartPolicy = {
  /** Lines and lines saved for later, each. */
  readonly maxLines: number
  /** Pieces of one line. */
  readonly maxQuantityPerLine: number
  readonly maxCoupons: number
  /** From which share of its lines on a cart is nearly full; 10000 is full. */
  readonly nearFullBasisPoints: number
  /** So many pieces, or fewer, are few. */
  readonly lowStockPieces: number
  /** How long a cart is left alone before its owner is reminded, milliseconds. */
  readonly abandonedAfterMs: number
}

/** What the policy is where a shop states none. */
export const defaultCartPolicy: CartPolicy = {
  maxLines: 120,
  maxQuantityPerLine: 999,
  maxCoupons: 10,
  nearFullBasisPoints: 9_000,
  lowStockPieces: 5,
  abandonedAfterMs: daysMs,
}

/** A line of a guest's cart on its way into another, with the limits of its item. */
export type MergedLine = { readonly line: CartLine; readonly limits: LineLimits }

/** What a buyer, or an order, does to a cart. */
export type CartCommand =
  | {
      readonly type: 'AddLine'
      readonly cartId: string
      readonly ownerId: string
      readonly ownerKind: OwnerKind
      /** The id of the line, if the item is not in the cart yet. */
      readonly lineId: string
      readonly productId: string
      readonly sku: string
      readonly quantity: number
      /** Price of a single piece now, before any offer. */
      readonly price?: Money
      readonly limits: LineLimits
      readonly policy: CartPolicy
      readonly at: Instant
    }
  | {
      readonly type: 'SetQuantity'
      readonly lineId: string
      readonly quantity: number
      readonly limits: LineLimits
      readonly at: Instant
    }
  | { readonly type: 'RemoveLines'; readonly lineIds: readonly string[]; readonly at: Instant }
  /** Selects or unselects; null means every line. */
  | {
      readonly type: 'SelectLines'
      readonly lineIds: readonly string[] | null
      readonly selected: boolean
      readonly at: Instant
    }
  | { readonly type: 'SaveForLater'; readonly lineId: string; readonly policy: CartPolicy; readonly at: Instant }
  /** Takes a line saved for later back into the cart. */
  | {
      readonly type: 'TakeBack'
      readonly lineId: string
      readonly limits: LineLimits
      readonly policy: CartPolicy
      readonly at: Instant
    }
  /** Removes every line and coupon; what is saved for later stays. */
  | { readonly type: 'ClearCart'; readonly at: Instant }
  /** Removes lines that can no longer be bought; the caller found out which. */
  | { readonly type: 'DropInvalidLines'; readonly lineIds: readonly string[]; readonly at: Instant }
  | {
      readonly type: 'AttachCoupon'
      readonly cartId: string
      readonly ownerId: string
      readonly ownerKind: OwnerKind
      readonly couponId: string
      /** Coupons on it that can no longer be used; they are let go of. The caller found out which. */
      readonly endedIds: readonly string[]
      readonly policy: CartPolicy
      readonly at: Instant
    }
  | { readonly type: 'DetachCoupon'; readonly couponId: string; readonly at: Instant }
  /** Takes out what an order has bought, and the coupons it has used. */
  | {
      readonly type: 'TakeOrderedLines'
      readonly orderId: string
      readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]
      readonly couponIds: readonly string[]
      readonly at: Instant
    }
  /** Takes in the lines of a guest's cart: the same item sums, capped by its limits. */
  | {
      readonly type: 'TakeInGuestCart'
      readonly cartId: string
      readonly ownerId: string
      readonly ownerKind: OwnerKind
      readonly guestCartId: string
      readonly lines: readonly MergedLine[]
      readonly later: readonly CartLine[]
      readonly policy: CartPolicy
      readonly at: Instant
    }
  /** Its owner is reminded of it. */
  | { readonly type: 'NoteReminder'; readonly at: Instant }
  /** Ends a guest's cart whose lines went into another. */
  | { readonly type: 'EndMerged'; readonly at: Instant }

/** What happened to a cart. */
export type CartEvent =
  | {
      readonly type: 'CartOpened'
      readonly cartId: string
      readonly ownerId: string
      readonly ownerKind: OwnerKind
      readonly at: Instant
    }
  | { readonly type: 'LineAdded'; readonly line: CartLine; readonly at: Instant }
  | { readonly type: 'QuantityChanged'; readonly lineId: string; readonly quantity: number; readonly at: Instant }
  | {
      readonly type: 'LinesRemoved'
      readonly lineIds: readonly string[]
      readonly reason: 'removed' | 'invalid'
      readonly at: Instant
    }
  | {
      readonly type: 'LinesSelected'
      readonly lineIds: readonly string[]
      readonly selected: boolean
      readonly at: Instant
    }
  | { readonly type: 'LineSavedForLater'; readonly lineId: string; readonly at: Instant }
  | { readonly type: 'LineTakenBack'; readonly lineId: string; readonly quantity: number; readonly at: Instant }
  | { readonly type: 'CartCleared'; readonly at: Instant }
  | { readonly type: 'CouponAttached'; readonly couponId: string; readonly at: Instant }
  | { readonly type: 'CouponDetached'; readonly couponId: string; readonly at: Instant }
  /** `lines` hold what is left of each, 0 where it left the cart. */
  | {
      readonly type: 'OrderedLinesTaken'
      readonly orderId: string
      readonly lines: readonly { readonly lineId: string; readonly left: number }[]
      readonly couponIds: readonly string[]
      readonly at: Instant
    }
  /** `lines` and `later` hold every line that is new or has another quantity, as it stands now. */
  | {
      readonly type: 'GuestCartTakenIn'
      readonly guestCartId: string
      readonly lines: readonly CartLine[]
      readonly later: readonly CartLine[]
      readonly at: Instant
    }
  | { readonly type: 'CartReminded'; readonly at: Instant }
  | { readonly type: 'CartMerged'; readonly cartId: string; readonly at: Instant }

/** The quantity is not a whole number of at least 1. */
export type QuantityInvalid = { readonly type: 'QuantityInvalid'; readonly quantity: number }

/** More pieces of one line than the shop's policy lets. */
export type QuantityAboveMaximum = {
  readonly type: 'QuantityAboveMaximum'
  readonly sku: string
  readonly requested: number
  readonly maximum: number
}

/** More pieces than can be had. */
export type StockInsufficient = {
  readonly type: 'StockInsufficient'
  readonly sku: string
  readonly requested: number
  readonly available: number
}

/** More pieces of a product than one person may buy. */
export type PersonLimitExceeded = {
  readonly type: 'PersonLimitExceeded'
  readonly productId: string
  readonly requested: number
  /** What this person may still buy. */
  readonly remaining: number
}

/** The cart holds as many lines as it may. */
export type CartFull = { readonly type: 'CartFull'; readonly maxLines: number }

/** Another line has the id that was chosen for a new one. */
export type LineIdTaken = { readonly type: 'LineIdTaken'; readonly lineId: string }

/** The item is not on sale. */
export type ItemUnavailable = { readonly type: 'ItemUnavailable'; readonly productId: string; readonly sku: string }

/** The cart holds as many coupons as it may. */
export type TooManyCoupons = { readonly type: 'TooManyCoupons'; readonly maximum: number }

/** The coupon is used, bound to an order, or over. */
export type CouponNotUsable = { readonly type: 'CouponNotUsable'; readonly couponId: string; readonly status: string }

/** The guest's cart went into an account's; a visitor who goes on as a guest needs a new guest id. */
export type CartAlreadyMerged = { readonly type: 'CartAlreadyMerged' }

/** Why a cart command is refused. */
export type CartError =
  | NotFound
  | QuantityInvalid
  | QuantityAboveMaximum
  | StockInsufficient
  | PersonLimitExceeded
  | CartFull
  | LineIdTaken
  | ItemUnavailable
  | TooManyCoupons
  | CouponNotUsable
  | CartAlreadyMerged
  | CurrencyNotSold
  | NotSoldInCurrency

/** The id of the cart of an account or a guest. */
export const cartIdOf = (ownerId: string): string => `cart_${ownerId}`
