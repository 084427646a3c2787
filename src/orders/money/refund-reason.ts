import type { RefundReason } from '../../payments/refund.js'
import type { OrderRefund } from '../order.js'

/** Why the money of a refund of an order goes back. */
export const paymentReasons: Readonly<Record<OrderRefund['reason'], RefundReason>> = {
  cancelled: 'orderCancelled',
  edited: 'linesCancelled',
  returned: 'returned',
  lost: 'parcelLost',
  goodwill: 'goodwill',
  priceAdjusted: 'priceAdjusted',
}
