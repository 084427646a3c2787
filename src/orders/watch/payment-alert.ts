import type { Instant } from '../../shared/instant.js'
import type { HoldReason } from '../order.js'
import type { Watchful } from '../resolution.js'

/** A payment that stood out, or was not its owner's, and for which no order is held: for a person to look at. */
export type PaymentAlert = Watchful & {
  readonly alertId: string
  readonly orderId: string
  /** Null where an order is reported that points have paid. */
  readonly paymentId: string | null
  /**
   * By which rules it stood out; `reportedByOwner` where its owner says that it was not they who paid, `paymentDenied` where
   * its gateway says that what staff said was paid was not.
   */
  readonly reasons: readonly HoldReason[]
  readonly at: Instant
}
