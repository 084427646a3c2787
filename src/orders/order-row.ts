import type { LocalText } from '../catalog/local-text.js'
import type { KitPart } from '../catalog/product.js'
import type { LineQuantity } from '../inventory/reservation.js'
import type { ServiceClass } from '../membership/level.js'
import type { PricedCart } from '../pricing/priced-cart.js'
import type { Instant } from '../shared/instant.js'
import type { Sealed } from '../shared/personal-data.js'
import type { Order } from './order.js'
import type { ShopPolicy } from './policy/shop-policy.js'
import type { PriceRecord } from './price-record/price-record.js'

/** What a line was when it was bought; frozen. */
export type OrderedItem = {
  readonly lineId: string
  readonly title: LocalText
  readonly options: Readonly<Record<string, string>>
  readonly categoryIds: readonly string[]
  /** The buyer has confirmed that it is not given back without reason; absent where nothing was confirmed. */
  readonly confirmedNoReturn?: true
  /** What one piece is made of, where it is a kit. */
  readonly parts?: readonly KitPart[]
}

/**
 * What is written with an order: what was bought, at what price, for whom, on which terms. Only an edit changes it: for
 * whom and where to while nothing has left, what it costs while it is not paid.
 */
export type OrderDetails = {
  readonly items: readonly OrderedItem[]
  /** The price, line by line, without the trace. */
  readonly price: PricedCart
  /** What the price was made of. */
  readonly priced: PriceRecord
  /** Ids of the kept books, where a refund may have to price what is left of the order; absent where none has to. */
  readonly refundBookIds?: readonly string[]
  /** Name, telephone and address, readable with the buyer's key only; null once they are no longer kept. */
  readonly recipient: Sealed | null
  /** Where the buyer is told of it, if the shop knows no other way; absent where none was named, and once it is no longer kept. */
  readonly contact?: Sealed
  /** When that is: three years from its end; absent while it has not come to its end, and once they are gone. */
  readonly forgetAt?: Instant
  /** The region that it goes to. */
  readonly region: string
  readonly policy: ShopPolicy
  /** How its buyer was to be served when it was placed. */
  readonly service: ServiceClass
  /** Counters of offer uses that it moved and that were not given back, one for each use; of a part, those of its coupons. */
  readonly offerUseIds: readonly string[]
  /** Products whose pieces count toward what the buyer may buy of them: limited when it was placed, or when more were added. */
  readonly limitedProductIds: readonly string[]
  /** The counters of those pieces; absent where none is limited. */
  readonly purchaseIds?: readonly string[]
  /** The orders that its merchants get once it is paid; absent where it stays one. */
  readonly apart?: readonly MerchantOrder[]
  /** The checkout that it is a part of; absent where it was placed by itself. */
  readonly partOf?: CheckoutPart
  /** What its points are held under, where an edit set others aside; the id of the order when absent. */
  readonly pointsHoldId?: string
  /** What the points it earns are promised under, where a later change promised more; by the id of the order when absent. */
  readonly earnGrantId?: string
  /** Keyed digests of the links that payers were invited by, by payer; none when absent. */
  readonly payerLinks?: Readonly<Record<string, string>>
  /** How often its payment was shared; never when absent. */
  readonly sharedTimes?: number
  /** How it was before each change, oldest first; the last ten. None when absent. */
  readonly earlier?: readonly OrderVersion[]
  /** What it comes to once the dearer change that it waits for is paid; absent unless one waits. */
  readonly proposed?: ProposedPrice
  /** What points were worth; null where the shop had none. */
  readonly pointWorth: { readonly points: number; readonly minor: number } | null
}

/** How an order was before a change. */
export type OrderVersion = {
  /** The change. */
  readonly editId: string
  /** When it was made. */
  readonly at: Instant
  readonly region: string
  /** Pieces that were wanted of each line. */
  readonly lines: readonly LineQuantity[]
  /** Who was to get it, where the change said otherwise; as after the change when absent. */
  readonly recipient?: Sealed
}

/** What an order comes to by a dearer change that waits to be paid. */
export type ProposedPrice = {
  readonly price: PricedCart
  readonly priced: PriceRecord
  readonly region: string
  /** Who gets it then; as it was when absent. */
  readonly recipient?: Sealed
}

/** The order that one of several merchants gets of a checkout. */
export type MerchantOrder = {
  readonly merchantId: string
  readonly orderId: string
  readonly orderNumber: string
  /** Its goods alone would have been offered the same; else they were so only together with those of others. */
  readonly standsAlone: boolean
}

/** What an order keeps of the checkout that it is a part of. */
export type CheckoutPart = {
  /** The order that was placed and paid. */
  readonly checkoutId: string
  /** All orders of the checkout, this one among them. */
  readonly orderIds: readonly string[]
  /** Their merchants, by which the price was divided. */
  readonly merchantIds: readonly string[]
  /** Whose gift each was, by place in the price of the checkout. */
  readonly giftMerchants: readonly (string | null)[]
  /** The lines of its gifts, by place in its price. */
  readonly giftLineIds: readonly string[]
  /** Counters of offer uses that the checkout moved, but for those of coupons. */
  readonly offerUseIds: readonly string[]
  /** Coupons of the whole checkout, as in `UnitTable`. */
  readonly couponsOfOrder: readonly string[]
  /** As in `MerchantOrder`: where it does not, no discount and no gift is lost by what comes back. */
  readonly standsAlone: boolean
}

/** An order as it is stored. */
export type OrderRow = Order & { readonly details: OrderDetails }
