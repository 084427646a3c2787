import type { LineQuantity } from '../inventory/reservation.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Tender } from '../shared/tender.js'
import type { WatchRule } from './watch/payment-watch.js'

/** A line of an order: what was bought, and how far it has come. */
export type OrderLine = {
  /** The id it had in the cart. */
  readonly lineId: string
  readonly productId: string
  readonly sku: string
  readonly merchantId: string
  /** A gift of an offer; it costs nothing. */
  readonly gift: boolean
  readonly quantity: number
  /** What is paid for all its pieces, in money and in points, tax included, minor units. */
  readonly paidMinor: number
  readonly shippedQuantity: number
  /** Pieces that the buyer has signed for. */
  readonly signedQuantity: number
  /** Pieces that left and did not arrive: lost on the way, or come back unopened. */
  readonly lostQuantity: number
  /** Pieces whose money went back or is on its way back. */
  readonly refundedQuantity: number
  /** Pieces that an edit took out before they left; none when absent. */
  readonly cancelledQuantity?: number
  /** Pieces that were lost and are sent again: they count as neither shipped nor lost any more; none when absent. */
  readonly reshippedQuantity?: number
  /** Of what was given back, the pieces that left and did not arrive, or are not expected to; none when absent. */
  readonly undeliveredQuantity?: number
}

/** Money and points that go back for some pieces, or for carriage. */
export type OrderRefund = {
  readonly refundId: string
  readonly reason: RefundReason
  readonly lines: readonly LineQuantity[]
  /**
   * Money given for lines without their pieces; below 0 where pieces that come back were given so much of before. None
   * when absent.
   */
  readonly amounts?: readonly LineAmount[]
  /** Carriage given back, minor units. */
  readonly shippingMinor: number
  /** What goes back by each means, in the currency of the order; nothing is left out. */
  readonly cashMinor: number
  /** Worth of the points given back. */
  readonly pointsMinor: number
  /** How many points those are. */
  readonly points: number
  /** Earned points taken back. */
  readonly earnedPoints: number
  /** Those of them that were spent and are not owed, and what is kept of the money for them; none when absent. */
  readonly shortfall?: { readonly points: number; readonly deductedMinor: number }
  /**
   * Money held back for gifts that the order lost and the buyer keeps; below 0 where what was held back before goes back
   * with the gift; nothing when absent.
   */
  readonly heldForGiftsMinor?: number
  /**
   * What of the cash was still to be collected on delivery, and is not collected any more; all of it, as far as anything is
   * to be collected, when absent.
   */
  readonly uncollectedMinor?: number
  /**
   * What of the cash receivers have paid at the door and couriers have not brought, minor units: it goes back once it is
   * there, and the refund is pending until then. Nothing when absent.
   */
  readonly awaitedMinor?: number
  /** It is for pieces that the buyer had received; not so when absent. */
  readonly received?: true
  /** It was for the seller's doing, and the buyer loses no discount and no gift by it; not so when absent. */
  readonly sellerAtFault?: boolean
  /** The platform's discounts taken back from the seller. */
  readonly subsidyMinor: number
  /** What offers had taken off pieces that a change of the order takes out; nothing when absent. */
  readonly discounts?: readonly OfferDiscount[]
  /** `pending` until the money has gone; `failed` until a person or another try has sent it. */
  readonly status: 'pending' | 'succeeded' | 'failed'
  /** Of before the order was priced anew: what it is now counts neither its pieces nor its money. */
  readonly folded?: true
}

/** What an offer takes off an order, or off pieces of it. */
export type OfferDiscount = {
  readonly offerId: string
  /** The coupon that it came by; null of a promotion. */
  readonly couponId: string | null
  /** Minor units; 0 where it takes effect and takes nothing off, as one that brings a gift does. */
  readonly amountMinor: number
}

/** Money for a line, minor units. */
export type LineAmount = { readonly lineId: string; readonly amountMinor: number }

/** A dearer change of a paid order that waits for the difference to be paid. */
export type PendingEdit = {
  readonly editId: string
  readonly by: EndedBy
  /** What is to be paid for it, minor units. */
  readonly differenceMinor: number
  /** Until when that is to be paid; `closeAt` of the order when absent. */
  readonly payBy?: Instant
  /** When it was asked for; not known when absent. */
  readonly proposedAt?: Instant
  /** Attempts to pay that, oldest first. */
  readonly paymentIds: readonly string[]
}

/** Why money goes back. */
export type RefundReason = 'cancelled' | 'edited' | 'returned' | 'lost' | 'goodwill' | 'priceAdjusted'

/** Why an order that was not paid ended. */
export type CloseReason = 'unpaid' | 'attemptsFailed'

/** Who ended an order. */
export type EndedBy = 'buyer' | 'staff' | 'clock'

/** How an order that is being closed shall end. */
export type ClosingPurpose =
  | { readonly kind: 'close'; readonly reason: CloseReason }
  | { readonly kind: 'cancel'; readonly by: EndedBy }

/** The sums of an order, minor units: paid = goods + carriage + tax on top = money + points. */
export type OrderTotals = {
  readonly listMinor: number
  readonly discountMinor: number
  readonly goodsMinor: number
  readonly shippingMinor: number
  readonly taxMinor: number
  readonly taxOnTopMinor: number
  /** Worth of the points spent. */
  readonly pointsMinor: number
  /** What is paid for carriage, tax on it included. */
  readonly shippingPaidMinor: number
  /** The part of the discounts that the platform pays to the seller. */
  readonly subsidyMinor: number
  /** What is paid in money. */
  readonly payableMinor: number
}

/** Why an order waits for a person of the shop to look at it; told to nobody else. */
export type HoldReason = WatchRule['kind'] | 'reportedByOwner' | 'paymentDenied'

/** An order that nothing leaves of until a person has looked at it. */
export type OrderHold = {
  readonly since: Instant
  /** When it ends of itself, if nobody has looked; of an order that is not paid, as long after that. */
  readonly until: Instant
  readonly by: 'watch' | 'owner' | 'gateway'
  readonly reasons: readonly HoldReason[]
}

/** One of several who pay an order together, each their own part. */
export type OrderPayer = {
  readonly payerId: string
  /** The account that may pay it; null where whoever has the link may. */
  readonly accountId: string | null
  /** Their part, minor units. */
  readonly amountMinor: number
  /** Attempts to pay it, oldest first. */
  readonly paymentIds: readonly string[]
  /** The attempt that paid it; null until one has. */
  readonly paidBy: string | null
  /** Where less than their part came and was accepted: the payer of whom the rest is due. */
  readonly partOf?: string
}

/** What every order has, whatever its status. */
export type OrderFacts = {
  readonly orderId: string
  /** What a person reads out: date, eight digits, check digit. */
  readonly orderNumber: string
  /** The buyer. */
  readonly accountId: string
  /** The seller of every line; null where there are several. */
  readonly merchantId: string | null
  readonly currency: Currency
  readonly placedAt: Instant
  readonly lines: readonly OrderLine[]
  readonly totals: OrderTotals
  /** By what it is to be paid; what is captured of them pays the order. */
  readonly tenders: readonly Tender[]
  /** Coupons it uses. */
  readonly couponIds: readonly string[]
  readonly pointsSpent: number
  readonly pointsEarned: number
  /** Payment attempts, oldest first. */
  readonly paymentIds: readonly string[]
  /** How many of them failed for certain, by what the payer could do something about. */
  readonly failedAttempts: number
  /** Refunds, oldest first; what is not failed holds its pieces. */
  readonly refunds: readonly OrderRefund[]
  readonly parcelIds: readonly string[]
  /** Returns that are not settled. */
  readonly openReturnIds: readonly string[]
  /** The pieces that these ask back; none when absent. */
  readonly askedBack?: readonly (LineQuantity & { readonly returnId: string })[]
  /** Disputes of its payments that are not over; none when absent. */
  readonly openDisputeIds?: readonly string[]
  /** Version of the shop's terms that it was placed under. */
  readonly policyVersion: number
  /** Who pay it together; one who pays it alone when absent. */
  readonly payers?: readonly OrderPayer[]
  /** Nothing leaves while it is held; absent unless it is. */
  readonly hold?: OrderHold
  /** Until when lost pieces are to be refunded or sent again; they are refunded then. Absent where none wait for that. */
  readonly makeGoodBy?: Instant
}

/** What is collected as goods are handed over, of an order that goes out unpaid. */
export type DeliveryDues = {
  /**
   * Still to be collected, minor units, at least what receivers have paid; 0 once all of it is there, or nothing is owed
   * any more.
   */
  readonly dueMinor: number
  /** What parcels that are out were to bring as they left, minor units; more than is due where less is owed since. */
  readonly outMinor: number
  /**
   * What of it parcels were to bring that are lost or came back and count as received, minor units: for a return, or a
   * person. Absent where there is none.
   */
  readonly unbroughtMinor?: number
  /**
   * What of `outMinor` parcels that were handed over have brought, and their couriers have not, minor units: their receivers
   * have paid it. Absent where there is none.
   */
  readonly handedMinor?: number
  /**
   * What of `dueMinor` receivers have paid beyond what is owed, since another parcel brought more than it was to, minor units:
   * it goes back as it comes. Absent where there is none.
   */
  readonly surplusMinor?: number
  /** When the order is complete once all of it is there; absent until it is received. */
  readonly completeAt?: Instant
}

/** What a paid order has, and one that is paid on delivery: it goes out as if it were paid. */
export type PaidFacts = {
  /** When it was paid, or, on delivery, when it was confirmed. */
  readonly paidAt: Instant
  /** The attempt whose money pays it; null where points pay all of it. */
  readonly paymentId: string | null
  /** Attempts that paid what later changes cost more, oldest first; none when absent. */
  readonly extraPaymentIds?: readonly string[]
  /** What is collected on delivery; absent where it was paid before. */
  readonly onDelivery?: DeliveryDues
}

/** A paid order may wait for a dearer change to be paid; `closeAt` is when it is seen to next. */
export type EditFacts = { readonly edit?: PendingEdit; readonly closeAt?: Instant }

/** An order. */
export type Order =
  /** Placed, and to be paid until `closeAt`. */
  | (OrderFacts & { readonly status: 'awaitingPayment'; readonly closeAt: Instant })
  /** No new attempt is made; it ends once the gateway confirms that none can still succeed. */
  | (OrderFacts & {
      readonly status: 'closing'
      readonly purpose: ClosingPurpose
      /** When the gateway is asked next. */
      readonly closeAt: Instant
      /** How often it was asked in vain. */
      readonly closeTries: number
    })
  /** Paid, or to be paid on delivery; nothing has left. */
  | (OrderFacts & PaidFacts & EditFacts & { readonly status: 'paid' })
  /** Paid, and of several merchants who sell apart: each has an order of its own by now, and this one is at its end. */
  | (OrderFacts & PaidFacts & { readonly status: 'divided'; readonly orderIds: readonly string[] })
  /** Some pieces have left. */
  | (OrderFacts & PaidFacts & EditFacts & { readonly status: 'partlyShipped' })
  /** All pieces that are owed have left; taken as received at `advanceAt`. */
  | (OrderFacts &
      PaidFacts & {
        readonly status: 'shipped'
        readonly shippedAt: Instant
        readonly advanceAt: Instant
        /** Since when it would count as received, but for a parcel that is late or was not handed over; absent where none is. */
        readonly lateSince?: Instant
      })
  /** All pieces that left are signed for; complete at `advanceAt`, which is null while a return is open. */
  | (OrderFacts &
      PaidFacts & { readonly status: 'signed'; readonly signedAt: Instant; readonly advanceAt: Instant | null })
  /** Over and done with; earned points are the buyer's. */
  | (OrderFacts &
      PaidFacts & { readonly status: 'completed'; readonly signedAt: Instant; readonly completedAt: Instant })
  /** Paid and given up; the money is on its way back. */
  | (OrderFacts & PaidFacts & { readonly status: 'cancelling'; readonly by: EndedBy; readonly since: Instant })
  /** Given up, and all that was paid has gone back. */
  | (OrderFacts & { readonly status: 'cancelled'; readonly by: EndedBy; readonly cancelledAt: Instant })
  /** Ended because it was not paid. */
  | (OrderFacts & {
      readonly status: 'closed'
      readonly closedAt: Instant
      readonly reason: CloseReason
      /** Why it was held when it ended, so that it is held again should it come back; absent unless it was. */
      readonly heldFor?: readonly HoldReason[]
    })
