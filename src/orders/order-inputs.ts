import type { LineQuantity } from '../inventory/reservation.js'
import type { ServiceClass } from '../membership/level.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { MethodId } from '../shared/payment-method.js'
import type { Recipient } from './addresses/recipient.js'
import type { OrderContact } from './notices/order-contact.js'
import type { OrderRefund } from './order.js'
import type { DisplayedState } from './order-display.js'
import type { ScanKind } from './parcels/parcel-tracking.js'

/** What a carrier saw of a parcel. */
export type RecordScanInput = {
  readonly parcelId: string
  /** When, by the carrier's clock; now when absent. Scans may come late, twice and in any order. */
  readonly scannedAt?: Instant
  /** `seen` when absent. */
  readonly kind?: ScanKind
  /** Where, as the carrier names its places; no address of a person. */
  readonly place?: string
}

/** What a buyer chooses when ordering. */
export type OrderChoice = {
  /** The cart lines to be bought; the selected ones when absent. */
  readonly lineIds?: readonly string[]
  /** The way to send, as the shipping book names it. */
  readonly shippingMethodId: string
  /** How it shall be paid, for offers that ask for it; an order with such an offer is paid so. */
  readonly paymentMethod?: MethodId
  /** Sales channel, for offers that ask for it; `web` when absent. */
  readonly channel?: string
  /** What it is to be paid in, one that the shop sells in; the currency of the catalog when absent. */
  readonly currency?: Currency
  /** Points to spend at most; none when absent. */
  readonly points?: number
}

/** What would be ordered, and for which region. */
export type PreviewOrderInput = OrderChoice & { readonly region: string }

/** What a buyer orders, for whom, and what they take it to cost. */
export type PlaceOrderInput = OrderChoice & {
  /** Who gets the goods, and where; or an address of the customer's book. */
  readonly recipient: Recipient | AddressInput
  /**
   * Where the buyer is told of the order, if the shop knows no other way: a visitor, a user of the host's own. A visitor who
   * names none is told by text message to the number of who gets the goods.
   */
  readonly contact?: OrderContact
  /** What the buyer was shown as still to pay in money, minor units. */
  readonly expectedTotalMinor: number
  /**
   * Cart lines that the buyer has confirmed not to give back without reason, of those that a preview names (`toConfirm`); of
   * any other a confirmation says nothing.
   */
  readonly confirmedNoReturn?: readonly string[]
}

/** An address of the customer's own. */
export type AddressInput = { readonly addressId: string }

/** An address to be kept. */
export type SaveAddressInput = {
  /** The address to be written anew; a new one when absent. */
  readonly addressId?: string
  readonly recipient: Recipient
  /** Whether it is offered first from now on; the first address is in any case. */
  readonly isDefault?: boolean
}

/** How an order shall be changed. */
export type EditOrderInput = {
  readonly orderId: string
  /** Who gets it, and where, from now on; or an address of the customer's own book. As it was when absent. */
  readonly recipient?: Recipient | AddressInput
  /** Lines of which fewer pieces are wanted, or more; all others stay. */
  readonly lines?: readonly LineTarget[]
  /** The change to be undone, with all that came after it: the order becomes as it was before. Not with any other. */
  readonly undo?: string
}

/** How many pieces of a line are wanted in all, those that have left among them; 0 takes the line out. */
export type LineTarget = { readonly lineId: string; readonly quantity: number }

/** A change of an order as it was previewed. */
export type ApplyEditInput = EditOrderInput & {
  /** As the preview gave it. */
  readonly hash: string
}

/** How an order shall be paid. */
export type PayOrderInput = {
  readonly orderId: string
  readonly gatewayId: string
  readonly method: MethodId
  /** Token of a stored instrument that the gateway issued. Never a card number. */
  readonly instrumentToken?: string
  /** Where the gateway sends the payer back to. */
  readonly returnUrl?: string
}

/** About which order's payments the gateways are asked. */
export type QueryPaymentInput = {
  readonly orderId: string
  /** Whoever asks says that it was not paid: attempts that brought no money are to end. */
  readonly unpaid?: true
}

/** Among whom the payment of an order is to be shared. */
export type SharePaymentInput = { readonly orderId: string; readonly payers: readonly PayerInput[] }

/** One of several who pay an order. */
export type PayerInput = {
  /** The account that may pay the part; whoever has the link may when absent. */
  readonly accountId?: string
  readonly part:
    | { readonly by: 'amount'; readonly amountMinor: number }
    /** So many shares of what the amounts leave. */
    | { readonly by: 'share'; readonly share: number }
    /** All that the amounts leave. */
    | { readonly by: 'rest' }
}

/** Whose part of an order: by the link that they were invited by, or, for who is signed in, by the order. */
export type ShareOfInput = { readonly orderId?: string; readonly link?: string }

/** How a part of an order shall be paid. */
export type PayShareInput = ShareOfInput & Omit<PayOrderInput, 'orderId'>

/** Money that a person has seen come in for a payment. */
export type RecordReceiptInput = {
  readonly paymentId: string
  readonly amountMinor: number
  /** ISO 4217 code. */
  readonly currency: string
  /** The line of the bank statement, or the courier's remittance: ASCII letters, digits, `.`, `_`, `/`, `-`. One pays once. */
  readonly reference: string
  /**
   * Of a payment on delivery, the parcel that it was collected by. When absent, all parcels of the order that are out, or,
   * where none is, all that is still due.
   */
  readonly parcelId?: string
}

/** A line of a statement of which nobody knows what it is for. */
export type HoldReceiptInput = {
  /** Whose statement it stands in. */
  readonly gatewayId: string
  readonly amountMinor: number
  /** ISO 4217 code. */
  readonly currency: string
  /** The line of the statement: ASCII letters, digits, `.`, `_`, `/`, `-`. One counts once. */
  readonly reference: string
}

/** Money of a statement that leaves suspense, and pays nothing. */
export type ReturnReceiptInput = {
  readonly receiptId: string
  /** Nothing was sent back, as it never came: its line was mistyped. Nobody is told then. */
  readonly mistyped?: true
}

/** A parcel that was signed for, and what its receiver paid for it. */
export type RecordDeliveryInput = {
  readonly parcelId: string
  /** What its courier collected; when absent it is recorded later (`recordReceipt`). */
  readonly collected?: {
    readonly amountMinor: number
    /** ISO 4217 code. */
    readonly currency: string
  }
}

/** A parcel that nobody accepted, here again, and what becomes of its pieces. */
export type RecordParcelReturnInput = {
  readonly parcelId: string
  /** Pieces that cannot be sold again and are written off; none when absent. */
  readonly scrapped?: readonly LineQuantity[]
  /** Pieces that are not sold before somebody has decided what they are good for; none when absent. */
  readonly quarantined?: readonly LineQuantity[]
}

/** What of the money that is held for an order is to be taken: all of it where neither pieces nor an amount is named. */
export type CaptureOrderInput = {
  readonly orderId: string
  /** Pieces about to leave: as much as is missing for them, or all where the gateway takes only all. */
  readonly lines?: readonly LineQuantity[]
  /** Minor units; not together with pieces. */
  readonly amountMinor?: number
  /** Whether the rest is given up; not when absent. */
  readonly final?: boolean
}

/** What leaves, with whom. */
export type ShipOrderInput = {
  readonly orderId: string
  readonly carrier: string
  readonly trackingNumber: string
  /** The warehouse it leaves; wherever the pieces are set aside when absent. */
  readonly warehouse?: string
  /** Until when the carrier has promised it; by the shop's terms when absent. */
  readonly deliverBy?: Instant
  /** All that has not left, or not left the warehouse, when absent. */
  readonly lines?: readonly LineQuantity[]
}

/** What a parcel is known by, where it was written down wrongly. */
export type CorrectParcelInput = {
  readonly parcelId: string
  /** As it is when absent. */
  readonly carrier?: string
  readonly trackingNumber: string
}

/** What is sent again. */
export type ReshipOrderInput = {
  readonly orderId: string
  /** Pieces that were lost or came back, and were not refunded; all of them when absent. */
  readonly lines?: readonly LineQuantity[]
}

/** What goes back, and why. */
export type RefundOrderInput = {
  readonly orderId: string
  readonly reason: Exclude<OrderRefund['reason'], 'cancelled' | 'edited'>
  /**
   * So much money, minor units, and no pieces: as goodwill, or because the price is lowered (`priceAdjusted`, which needs
   * it). Of carriage alone with `withShipping`, of a line alone with `lineId`, else of all that is left of the order, by
   * what is left of each. When absent, what was paid for the pieces goes back.
   */
  readonly amountMinor?: number
  /** The line that an amount is given for. */
  readonly lineId?: string
  /** Pieces whose money goes back; none when only carriage or an amount does. */
  readonly lines?: readonly LineQuantity[]
  /** Whether carriage goes back too; when absent, only with pieces that were `lost` and are all that is left of the order. */
  readonly withShipping?: boolean
  /**
   * Whether it is the seller's doing, so that no discount and no gift is lost by it. It always is but where goods are
   * `returned`; there not, when absent.
   */
  readonly sellerAtFault?: boolean
}

/** Which money a person has sent back. */
export type ReturnHeldByHandInput = {
  readonly paymentId: string
  /** ISO 4217; another than the payment's. */
  readonly currency: Currency
}

/** Which orders are asked for. */
export type ListOrdersInput = {
  readonly state?: DisplayedState
  /** Only of buyers who were to be served so: those who come first are served first. */
  readonly service?: ServiceClass
  /** Placed at this moment or later. */
  readonly placedFrom?: Instant
  /** Placed before this moment. */
  readonly placedTo?: Instant
  /** Of a checkout that was divided among merchants, its orders. */
  readonly orderNumber?: string
  /** Only those of which something is still to be collected on delivery. */
  readonly dueOnDelivery?: true
  /** Only those that are held until a person of the shop has looked, as `hold` says; those that are over are not. */
  readonly held?: true
  /** Only those of which something is still here that was to have left by `shipBy`; those that are held are not. */
  readonly shipmentOverdue?: true
  /** Only those that would count as received by now, but for a parcel that is late or could not be handed over. */
  readonly parcelOverdue?: true
  /** Only those of this buyer: for staff; anybody else is shown their own as ever. */
  readonly accountId?: string
  /**
   * Found in the order number, the names of the goods or their SKUs, whatever the case. Recipients are not searched:
   * names and addresses stand sealed.
   */
  readonly text?: string
  /** The most orders of a page; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: OrderCursor
}

/** Where a page of orders ends; it stays where it is when new orders come. */
export type OrderCursor = { readonly placedAt: Instant; readonly orderId: string }
