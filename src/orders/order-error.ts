import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { Order } from './order.js'
import type { OrderCommand } from './order-command.js'

/** Why an order refuses. */
export type OrderError =
  /** The command does not apply to an order in this status. */
  | {
      readonly type: 'OrderStateForbids'
      readonly status: Order['status'] | 'absent'
      readonly command: OrderCommand['type']
    }
  /** The order has no such line. */
  | { readonly type: 'OrderLineUnknown'; readonly lineId: string }
  /** More pieces of a line are to be sent, signed for or refunded than there are. */
  | { readonly type: 'QuantityExceedsOrder'; readonly lineId: string; readonly asked: number; readonly left: number }
  /** No pieces were named, or none are left. */
  | { readonly type: 'NothingToDo'; readonly command: OrderCommand['type'] }
  /** What came in is not what is owed. */
  | { readonly type: 'PaymentDiffers'; readonly expected: Money; readonly actual: Money }
  /** More money would go back than was taken. */
  | { readonly type: 'RefundExceedsCaptured'; readonly askedMinor: number; readonly refundableMinor: number }
  /** Giving up a paid order gives everything back, and this does not. */
  | { readonly type: 'CancelIncomplete'; readonly askedMinor: number; readonly refundableMinor: number }
  /** Points cannot come back in a greater number than were spent. */
  | { readonly type: 'RefundExceedsPoints'; readonly asked: number; readonly left: number }
  /** Nothing would be left of the order; it is to be given up instead. */
  | { readonly type: 'EditLeavesNothing'; readonly orderId: string }
  /** Several pay the order together; what one of them has paid is to be kept or given back as a whole. */
  | { readonly type: 'PaymentShared'; readonly orderId: string }
  /** The parts of several payers are not the whole that is to be paid. */
  | {
      readonly type: 'SharesDiffer'
      readonly orderId: string
      readonly expectedMinor: number
      readonly actualMinor: number
    }
  /** A dearer change waits to be paid; it comes first, or is dropped first. */
  | { readonly type: 'EditUnderway'; readonly orderId: string; readonly payBy: Instant }
  /** Something has left; where it goes cannot be changed any more. */
  | { readonly type: 'RecipientFixed'; readonly orderId: string }
  /** The order has no such refund, or it is settled. */
  | { readonly type: 'RefundUnknown'; readonly refundId: string }
  /** Nothing leaves before a person of the shop has looked at the order. */
  | { readonly type: 'OrderOnHold'; readonly orderId: string; readonly until: Instant }
  /** What was to be paid on delivery is not there yet. */
  | {
      readonly type: 'CollectionOutstanding'
      readonly orderId: string
      readonly dueMinor: number
      readonly currency: Currency
    }
  /** Pieces were lost, and are neither refunded nor sent again; they are refunded then. */
  | { readonly type: 'LossUndecided'; readonly orderId: string; readonly makeGoodBy: Instant }
  /** A return is open. */
  | { readonly type: 'ReturnOpen'; readonly returnIds: readonly string[] }
/** The order has no such parcel. */
