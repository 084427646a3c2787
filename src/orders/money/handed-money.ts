import type { Payment } from '../../payments/payment.js'
import { untakenMinor } from '../../payments/payment-machine.js'
import type { Order } from '../order.js'
import { handedOnDelivery } from '../order-dues.js'
import { isOnDelivery } from './promised-money.js'

/** What of each payment receivers have paid at the door and couriers have not brought, minor units; 0 where it has none. */
export type HandedShares = ReadonlyMap<string, number>

/** That nothing is with a courier, or that a person lets go what is. */
export const nothingHanded: HandedShares = new Map()

/**
 * Which payments what receivers have paid will come to: as it comes it fills the promise of the placing first, then those of
 * later changes.
 *
 * @param payings - of the order, that of its placing first
 */
export const handedShares = (order: Order, payings: readonly Payment[]): HandedShares => {
  let leftMinor = handedOnDelivery(order)
  return new Map(
    payings.filter(isOnDelivery).map((payment) => {
      const shareMinor = Math.min(leftMinor, Math.max(0, untakenMinor(payment)))
      leftMinor -= shareMinor
      return [payment.paymentId, shareMinor]
    }),
  )
}

/** What of a payment was never taken and nobody has paid, minor units. */
export const unpaidMinor = (payment: Payment, handed: HandedShares): number =>
  Math.max(0, untakenMinor(payment) - (handed.get(payment.paymentId) ?? 0))
