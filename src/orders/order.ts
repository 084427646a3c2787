import type { LineQuantity } from '../inventory/reservation.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { Tender } from '../shared/tender.js'
import type { WatchRule } from './paying/payment-watch.js'

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
  /** Which of the pieces had left and did not arrive; none when absent. */
  readonly undelivered?: readonly LineQuantity[]
  /** It is for pieces that the buyer had received; not so when absent. */
  readonly received?: true
  /** It was for the seller's doing, and the buyer loses no discount and no gift by it; not so when absent. */
  readonly sellerAtFault?: boolean
  /** The platform's discounts taken back from the seller. */
  readonly subsidyMinor: number
  /** `pending` until the money has gone; `failed` until a person or another try has sent it. */
  readonly status: 'pending' | 'succeeded' | 'failed'
  /** Of before the order was priced anew: what it is now counts neither its pieces nor its money. */
  readonly folded?: true
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
export type HoldReason = WatchRule['kind'] | 'reportedByOwner'

/** An order that nothing leaves of until a person has looked at it. */
export type OrderHold = {
  readonly since: Instant
  /** What happens of itself then, if nobody has looked. */
  readonly until: Instant
  readonly by: 'watch' | 'owner'
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
  /** How many of them failed for certain. */
  readonly failedAttempts: number
  /** Refunds, oldest first; what is not failed holds its pieces. */
  readonly refunds: readonly OrderRefund[]
  readonly parcelIds: readonly string[]
  /** Returns that are not settled. */
  readonly openReturnIds: readonly string[]
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
  /** Still to be collected, minor units; 0 once all of it is there, or nothing is owed any more. */
  readonly dueMinor: number
  /** What of it parcels that are out are to bring, minor units. */
  readonly outMinor: number
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
  | (OrderFacts & PaidFacts & { readonly status: 'shipped'; readonly shippedAt: Instant; readonly advanceAt: Instant })
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

/** What can be asked of an order. */
export type OrderCommand =
  | {
      readonly type: 'Place'
      readonly facts: Omit<
        OrderFacts,
        'lines' | 'paymentIds' | 'failedAttempts' | 'refunds' | 'parcelIds' | 'openReturnIds' | 'openDisputeIds'
      > & { readonly lines: readonly PlacedLine[] }
      readonly payBy: Instant
    }
  /** Notes that a payment is tried. */
  | { readonly type: 'StartAttempt'; readonly paymentId: string; readonly payerId?: string; readonly at: Instant }
  /** Shares what is to be paid among several; their parts are the whole. */
  | {
      readonly type: 'SharePayment'
      readonly payers: readonly Pick<OrderPayer, 'payerId' | 'accountId' | 'amountMinor'>[]
      readonly at: Instant
    }
  /** One of several has paid their part. */
  | { readonly type: 'PayShare'; readonly payerId: string; readonly paymentId: string; readonly at: Instant }
  /** Notes that an attempt failed for certain; `maximum` failures begin to close the order. */
  | { readonly type: 'FailAttempt'; readonly paymentId: string; readonly maximum: number; readonly at: Instant }
  /** All that is owed is there, or is promised on delivery; `paymentId` is null where points pay all of it. */
  | {
      readonly type: 'Pay'
      readonly paymentId: string | null
      readonly captured: Money
      /** The attempts of the other payers, where several pay it. */
      readonly otherPaymentIds?: readonly string[]
      readonly onDelivery?: true
      /** The orders of its merchants, where each gets one of its own; absent where it stays one. */
      readonly orderIds?: readonly string[]
      readonly at: Instant
    }
  /** Begins the order of one merchant, paid with the one it comes of. */
  | {
      readonly type: 'SplitOff'
      readonly facts: Extract<OrderCommand, { type: 'Place' }>['facts']
      readonly checkoutId: string
      readonly paymentId: string | null
      readonly onDelivery?: true
      readonly at: Instant
    }
  /** Lets nothing leave until a person has looked; once for each who asks for it. */
  | {
      readonly type: 'Hold'
      readonly by: OrderHold['by']
      readonly reasons: readonly HoldReason[]
      readonly until: Instant
      readonly at: Instant
    }
  | { readonly type: 'ReleaseHold'; readonly by: EndedBy; readonly at: Instant }
  /** Its owner says that the payment was not theirs. */
  | { readonly type: 'ReportPayment'; readonly at: Instant }
  /** Lets no further attempt begin, so that the order can end. */
  | { readonly type: 'StartClosing'; readonly purpose: ClosingPurpose; readonly at: Instant }
  /** The gateway did not confirm; it is asked again later. */
  | { readonly type: 'PostponeClosing'; readonly until: Instant }
  /** No attempt can succeed any more. */
  | { readonly type: 'Close'; readonly at: Instant }
  /** Opens an order again that ended unpaid, to be paid at once with money that came late. */
  | {
      readonly type: 'Reinstate'
      /** Until when it is held, where it was held when it ended. */
      readonly holdUntil: Instant
      readonly at: Instant
    }
  /** Gives up a paid order of which nothing has left; the refund is part of it. */
  | {
      readonly type: 'CancelPaid'
      readonly by: EndedBy
      readonly refund: Omit<OrderRefund, 'status'>
      readonly at: Instant
    }
  /** Changes who gets the order, or takes pieces out that have not left; what goes back for it is part of it. */
  | {
      readonly type: 'Edit'
      readonly by: EndedBy
      readonly newRecipient: boolean
      readonly removed: readonly LineQuantity[]
      readonly refund: Omit<OrderRefund, 'status'> | null
      readonly at: Instant
      /** When it is taken as received, or complete, if nothing is left to be sent. */
      readonly advanceAt: Instant
    }
  /** Notes a dearer change of a paid order, which is made once the difference is paid. */
  | {
      readonly type: 'ProposeEdit'
      readonly edit: Omit<PendingEdit, 'payBy' | 'paymentIds'>
      readonly payBy: Instant
      readonly at: Instant
    }
  /** Makes the dearer change: the difference is there, or is promised on delivery. */
  | {
      readonly type: 'ExtendOrder'
      readonly paymentId: string
      readonly onDelivery?: true
      readonly newRecipient: boolean
      readonly newLines: boolean
      readonly priced: RepricedFacts
      readonly at: Instant
    }
  /** Drops the dearer change: it was not paid in time, or another takes its place. */
  | { readonly type: 'LapseEdit'; readonly at: Instant }
  /** Changes an order that is not paid, at a price made anew. */
  | {
      readonly type: 'Reprice'
      readonly by: EndedBy
      readonly newRecipient: boolean
      readonly newLines: boolean
      readonly priced: RepricedFacts
      readonly at: Instant
    }
  | {
      readonly type: 'Ship'
      readonly parcelId: string
      readonly lines: readonly LineQuantity[]
      readonly at: Instant
      /** When it is taken as received, if this sends the last piece. */
      readonly advanceAt: Instant
      /** What its receiver is to pay for it, minor units; nothing when absent. */
      readonly collectMinor?: number
    }
  /** Money was collected on delivery. */
  | {
      readonly type: 'Collect'
      /** By which parcel; null where by none. */
      readonly parcelId: string | null
      readonly amountMinor: number
      /** What that parcel was to bring, minor units. */
      readonly collectMinor: number
      readonly at: Instant
    }
  /** The buyer has, or is taken to have, the pieces of a parcel; of all of them when no lines are named. */
  | {
      readonly type: 'Sign'
      readonly parcelId: string | null
      readonly lines: readonly LineQuantity[] | null
      readonly by: 'buyer' | 'carrier' | 'clock'
      readonly at: Instant
      /** When it is complete, if this signs for the last piece. */
      readonly advanceAt: Instant
    }
  /** A parcel is lost, or came back: nobody will sign for its pieces, and they can be refunded without a return. */
  | {
      readonly type: 'LoseParcel'
      readonly parcelId: string
      readonly lines: readonly LineQuantity[]
      readonly at: Instant
      /** When it is complete, if nothing else is under way. */
      readonly advanceAt: Instant
      /** Until when it is to be decided what becomes of them. */
      readonly makeGoodBy: Instant
      /** Its pieces are here again: it was refused, or could not be handed over. */
      readonly cameBack?: true
      /** What it was to bring and will not, minor units; nothing when absent. */
      readonly collectMinor?: number
    }
  /** Puts off what becomes of lost pieces of which nobody has decided. */
  | { readonly type: 'PostponeLoss'; readonly until: Instant; readonly at: Instant }
  /** Sends lost pieces again: they are still to leave. */
  | { readonly type: 'Reship'; readonly lines: readonly LineQuantity[]; readonly at: Instant }
  /** The clock does not take it as received: parcels of it are known to be late, or could not be handed over. */
  | { readonly type: 'PostponeReceipt'; readonly parcelIds: readonly string[]; readonly until: Instant }
  /** Nothing of it arrived or will, and nothing is owed for it. */
  | { readonly type: 'EndUndelivered'; readonly by: EndedBy; readonly at: Instant }
  | { readonly type: 'Complete'; readonly at: Instant }
  /** Sends money and points back. */
  | {
      readonly type: 'StartRefund'
      readonly refund: Omit<OrderRefund, 'status'>
      readonly at: Instant
    }
  /** Says what became of a refund's money. */
  | {
      readonly type: 'SettleRefund'
      readonly refundId: string
      readonly outcome: 'succeeded' | 'failed'
      readonly at: Instant
    }
  /** A return was opened or settled; `advanceAt` is when the order is complete once none is open. */
  | {
      readonly type: 'RecordReturn'
      readonly returnId: string
      readonly open: boolean
      readonly at: Instant
      readonly advanceAt: Instant
    }
  /** A payer wants money of the order back past the shop, or that is over. */
  | { readonly type: 'RecordDispute'; readonly disputeId: string; readonly open: boolean; readonly at: Instant }

/** A line as it is placed. */
export type PlacedLine = Omit<
  OrderLine,
  'shippedQuantity' | 'signedQuantity' | 'lostQuantity' | 'refundedQuantity' | 'cancelledQuantity' | 'reshippedQuantity'
>

/** What an order that is not paid comes to once it was changed. */
export type RepricedFacts = Pick<OrderFacts, 'totals' | 'tenders' | 'couponIds' | 'pointsSpent' | 'pointsEarned'> & {
  readonly lines: readonly PlacedLine[]
}
