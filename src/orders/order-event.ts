import type { LineQuantity } from '../inventory/reservation.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type {
  CloseReason,
  ClosingPurpose,
  EndedBy,
  HoldReason,
  OfferDiscount,
  OrderHold,
  OrderPayer,
  OrderRefund,
  PendingEdit,
} from './order.js'
import type { OrderCommand, RepricedFacts } from './order-command.js'

/** Pieces of a product that count as sold by what happened; below 0 where they count no more. */
export type SoldPieces = { readonly productId: string; readonly quantity: number }

/** What happened to an order. */
export type OrderEvent =
  | {
      readonly type: 'OrderPlaced'
      readonly facts: Extract<OrderCommand, { type: 'Place' }>['facts']
      readonly payBy: Instant
    }
  | {
      readonly type: 'AttemptStarted'
      readonly paymentId: string
      readonly payerId?: string
      /** Until when the order, or its dearer change, is kept now; as long as before when absent. */
      readonly payBy?: Instant
      readonly at: Instant
    }
  | {
      readonly type: 'PaymentShared'
      readonly payers: readonly Pick<OrderPayer, 'payerId' | 'accountId' | 'amountMinor'>[]
      readonly at: Instant
    }
  | {
      readonly type: 'SharePaid'
      readonly payerId: string
      readonly paymentId: string
      readonly amountMinor: number
      readonly at: Instant
    }
  | {
      readonly type: 'PartAccepted'
      readonly paymentId: string
      readonly part: Pick<OrderPayer, 'payerId' | 'accountId' | 'amountMinor'>
      readonly rest: Pick<OrderPayer, 'payerId' | 'accountId' | 'amountMinor'>
      readonly at: Instant
    }
  | {
      readonly type: 'AttemptFailed'
      readonly paymentId: string
      /** It was no fault of the payer, and counts toward no end of the order. */
      readonly isUncounted?: true
      readonly at: Instant
    }
  | {
      readonly type: 'OrderPaid'
      readonly orderNumber: string
      readonly accountId: string
      readonly paymentId: string | null
      readonly otherPaymentIds?: readonly string[]
      readonly paidMinor: number
      /** It is collected on delivery and not there yet. */
      readonly onDelivery?: true
      readonly currency: Currency
      /** Absent in events of before it was told. */
      readonly sold?: readonly SoldPieces[]
      /** The offers that took effect in it. Absent in events of before it was told. */
      readonly discounts?: readonly OfferDiscount[]
      readonly at: Instant
    }
  | { readonly type: 'PaidByEarlier'; readonly paymentId: string; readonly laterId: string; readonly at: Instant }
  | { readonly type: 'OrderDivided'; readonly orderIds: readonly string[]; readonly at: Instant }
  | {
      readonly type: 'OrderSplitOff'
      readonly facts: Extract<OrderCommand, { type: 'SplitOff' }>['facts']
      readonly checkoutId: string
      readonly paymentId: string | null
      readonly onDelivery?: true
      readonly at: Instant
    }
  | {
      readonly type: 'OrderHeld'
      readonly by: OrderHold['by']
      readonly reasons: readonly HoldReason[]
      readonly until: Instant
      readonly at: Instant
    }
  | { readonly type: 'HoldReleased'; readonly by: EndedBy; readonly at: Instant }
  | {
      readonly type: 'PaymentReported'
      readonly accountId: string
      readonly paymentId: string | null
      readonly at: Instant
    }
  | { readonly type: 'ClosingStarted'; readonly purpose: ClosingPurpose; readonly at: Instant }
  | { readonly type: 'ClosingPostponed'; readonly until: Instant }
  | { readonly type: 'OrderClosed'; readonly reason: CloseReason; readonly at: Instant }
  | { readonly type: 'OrderReinstated'; readonly holdUntil: Instant; readonly at: Instant }
  /** Given up after payment. */
  | {
      readonly type: 'CancellingStarted'
      readonly by: EndedBy
      /** Absent in events of before it was told. */
      readonly sold?: readonly SoldPieces[]
      readonly at: Instant
    }
  | {
      readonly type: 'OrderCancelled'
      readonly by: EndedBy
      /** Given up before it was paid: no `CancellingStarted` came before. */
      readonly unpaid?: true
      readonly at: Instant
    }
  | {
      readonly type: 'OrderEdited'
      readonly by: EndedBy
      readonly newRecipient: boolean
      readonly removed: readonly LineQuantity[]
      /** Absent in events of before it was told. */
      readonly sold?: readonly SoldPieces[]
      readonly at: Instant
      readonly advanceAt: Instant
    }
  | {
      readonly type: 'EditProposed'
      readonly edit: Omit<PendingEdit, 'payBy' | 'proposedAt' | 'paymentIds'>
      readonly payBy: Instant
      readonly at: Instant
    }
  | { readonly type: 'EditLapsed'; readonly editId: string; readonly at: Instant }
  | {
      readonly type: 'OrderExtended'
      readonly editId: string
      readonly by: EndedBy
      readonly paymentId: string
      readonly paidMinor: number
      /** It is collected on delivery and not there yet. */
      readonly onDelivery?: true
      readonly newRecipient: boolean
      readonly newLines: boolean
      readonly priced: RepricedFacts
      /** Pieces bought more than before; gifts are not bought. */
      readonly added: readonly LineQuantity[]
      /** Absent in events of before it was told. */
      readonly sold?: readonly SoldPieces[]
      /** The offers that took effect in what was left of it, and in it as it is now. Absent in events of before it was told. */
      readonly discounts?: { readonly before: readonly OfferDiscount[]; readonly after: readonly OfferDiscount[] }
      readonly at: Instant
    }
  | {
      readonly type: 'OrderRepriced'
      readonly by: EndedBy
      readonly newRecipient: boolean
      readonly newLines: boolean
      readonly priced: RepricedFacts
      readonly at: Instant
    }
  | {
      readonly type: 'GoodsShipped'
      readonly parcelId: string
      readonly lines: readonly LineQuantity[]
      readonly at: Instant
      readonly advanceAt: Instant
      /** What its receiver is to pay for it, minor units; nothing when absent. */
      readonly collectMinor?: number
    }
  | {
      readonly type: 'MoneyCollected'
      readonly accountId: string
      /** The checkout that the order was divided from; absent where it was none. */
      readonly checkoutId?: string
      readonly parcelId: string | null
      readonly amountMinor: number
      /** What the parcel was to bring, minor units. */
      readonly collectMinor: number
      /** What of that was handed over before, minor units; nothing when absent. */
      readonly handedMinor?: number
      /** What is still to be collected after it, minor units. */
      readonly dueMinor: number
      readonly currency: Currency
      /** What all of the order comes to in money, less what went back, minor units. */
      readonly paidMinor: number
      readonly at: Instant
    }
  | {
      readonly type: 'GoodsSigned'
      readonly parcelId: string | null
      readonly lines: readonly LineQuantity[]
      readonly by: 'buyer' | 'carrier' | 'clock'
      /** What its receiver paid for it, that its courier has not brought, minor units; nothing when absent. */
      readonly handedMinor?: number
      readonly at: Instant
    }
  | { readonly type: 'OrderSigned'; readonly at: Instant; readonly advanceAt: Instant }
  | {
      readonly type: 'GoodsLost'
      readonly parcelId: string
      /** None where the buyer had, or was taken to have, what is in it. */
      readonly lines: readonly LineQuantity[]
      readonly at: Instant
      /** Until when they are to be refunded or sent again, unless that is decided at once; they are refunded then. */
      readonly makeGoodBy: Instant
      readonly cameBack?: true
      /** What it was to bring and will not, minor units; nothing when absent. */
      readonly collectMinor?: number
    }
  | { readonly type: 'LossPostponed'; readonly until: Instant; readonly at: Instant }
  /** Lost pieces are still to leave, once more. */
  | { readonly type: 'ReshipmentBegun'; readonly lines: readonly LineQuantity[]; readonly at: Instant }
  /** It was not taken as received; where parcels are named, a person of the shop is to find out where they are. */
  | { readonly type: 'ReceiptPostponed'; readonly parcelIds: readonly string[]; readonly until: Instant }
  | { readonly type: 'OrderCompleted'; readonly accountId: string; readonly at: Instant }
  | { readonly type: 'RefundStarted'; readonly refund: Omit<OrderRefund, 'status'>; readonly at: Instant }
  | { readonly type: 'RefundSucceeded'; readonly refundId: string; readonly at: Instant }
  | { readonly type: 'RefundFailed'; readonly refundId: string; readonly at: Instant }
  /** What a refund has waited for is there and goes back, or was never paid and is not collected. */
  | {
      readonly type: 'AwaitedMoneySettled'
      readonly refundId: string
      readonly amountMinor: number
      readonly came: boolean
      readonly at: Instant
    }
  | {
      readonly type: 'ReturnOpened'
      readonly returnId: string
      /** What it asks back. */
      readonly lines: readonly LineQuantity[]
      readonly at: Instant
    }
  | { readonly type: 'ReturnSettled'; readonly returnId: string; readonly at: Instant; readonly advanceAt: Instant }
  | { readonly type: 'OrderDisputed'; readonly disputeId: string; readonly at: Instant }
  | { readonly type: 'OrderDisputeSettled'; readonly disputeId: string; readonly at: Instant }
