import type { LineQuantity } from '../inventory/reservation.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type {
  ClosingPurpose,
  EndedBy,
  HoldReason,
  OfferDiscount,
  OrderFacts,
  OrderHold,
  OrderLine,
  OrderPayer,
  OrderRefund,
  PendingEdit,
} from './order.js'

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
  | {
      readonly type: 'StartAttempt'
      readonly paymentId: string
      readonly payerId?: string
      /** Until when the order, or its dearer change, is kept for it; as long as before when absent. */
      readonly payBy?: Instant
      readonly at: Instant
    }
  /** Shares what is to be paid among several; their parts are the whole. */
  | {
      readonly type: 'SharePayment'
      readonly payers: readonly Pick<OrderPayer, 'payerId' | 'accountId' | 'amountMinor'>[]
      readonly at: Instant
    }
  /** One of several has paid their part. */
  | { readonly type: 'PayShare'; readonly payerId: string; readonly paymentId: string; readonly at: Instant }
  /**
   * Less came by a payment than was asked, and counts: it is a part of its own, and the rest is due from whoever was to pay
   * it.
   */
  | {
      readonly type: 'AcceptPart'
      readonly paymentId: string
      readonly amountMinor: number
      /** The part that is paid, and, where one was to pay all of it, the rest. */
      readonly payerIds: { readonly part: string; readonly rest: string }
      readonly at: Instant
    }
  /** Notes that an attempt failed for certain; `maximum` failures begin to close the order. */
  | {
      readonly type: 'FailAttempt'
      readonly paymentId: string
      readonly maximum: number
      /** The gateway's fault, or the shop's: it counts toward no end of the order. */
      readonly isUncounted?: true
      readonly at: Instant
    }
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
      /** The offers that take effect in it. */
      readonly discounts?: readonly OfferDiscount[]
      readonly at: Instant
    }
  /**
   * The money of `paymentId` was taken before that of `laterId`, by which the order is paid, and is heard of now: it pays the
   * order instead, while nothing was done by the other.
   */
  | { readonly type: 'PayByEarlier'; readonly paymentId: string; readonly laterId: string; readonly at: Instant }
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
      readonly edit: Omit<PendingEdit, 'payBy' | 'proposedAt' | 'paymentIds'>
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
      /** The offers that take effect in it, with what they took off what was left of it, and as it is by the change. */
      readonly discounts?: { readonly before: readonly OfferDiscount[]; readonly after: readonly OfferDiscount[] }
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
      /** The checkout that the order was divided from; absent where it was none. */
      readonly checkoutId?: string
      /** By which parcel; null where by none. */
      readonly parcelId: string | null
      readonly amountMinor: number
      /** What that parcel was to bring, minor units. */
      readonly collectMinor: number
      /** What of that was handed over before, minor units; nothing when absent. */
      readonly handedMinor?: number
      readonly at: Instant
    }
  /** The buyer has, or is taken to have, the pieces of a parcel; of all of them when no lines are named. */
  | {
      readonly type: 'Sign'
      readonly parcelId: string | null
      readonly lines: readonly LineQuantity[] | null
      readonly by: 'buyer' | 'carrier' | 'clock'
      /** What its receiver paid for it, that its courier has not brought, minor units; nothing when absent. */
      readonly handedMinor?: number
      readonly at: Instant
      /** When it is complete, if this signs for the last piece. */
      readonly advanceAt: Instant
    }
  /**
   * A parcel is lost, or came back: nobody will sign for its pieces, and they can be refunded without a return. It has none
   * where the buyer has, or is taken to have, what is in it.
   */
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
  /** Says what came of money that a refund waits for: it is there, or was never paid and is not collected. */
  | {
      readonly type: 'SettleAwaited'
      readonly refundId: string
      readonly amountMinor: number
      readonly came: boolean
      readonly at: Instant
    }
  /** A return was opened or settled; `advanceAt` is when the order is complete once none is open. */
  | {
      readonly type: 'RecordReturn'
      readonly returnId: string
      /** What it asks back. */
      readonly lines: readonly LineQuantity[]
      readonly open: boolean
      readonly at: Instant
      readonly advanceAt: Instant
    }
  /** A payer wants money of the order back past the shop, or that is over. */
  | { readonly type: 'RecordDispute'; readonly disputeId: string; readonly open: boolean; readonly at: Instant }

/** A line as it is placed. */
export type PlacedLine = Omit<
  OrderLine,
  | 'shippedQuantity'
  | 'signedQuantity'
  | 'lostQuantity'
  | 'refundedQuantity'
  | 'cancelledQuantity'
  | 'reshippedQuantity'
  | 'undeliveredQuantity'
>

/** What an order that is not paid comes to once it was changed. */
export type RepricedFacts = Pick<OrderFacts, 'totals' | 'tenders' | 'couponIds' | 'pointsSpent' | 'pointsEarned'> & {
  readonly lines: readonly PlacedLine[]
}
