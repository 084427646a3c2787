import type { Instant } from '../../shared/instant.js'
import type { Watchful } from '../resolution.js'

/** What a gateway said of a payment, refund or dispute that the shop does not know, or has never sent as it says. */
export type ParkedFact = Watchful & {
  readonly factId: string
  readonly gatewayId: string
  readonly eventId: string
  /** Our id, as the gateway has it. */
  readonly reference: string
  readonly kind: 'payment' | 'refund' | 'dispute'
  /** How it stands, in the words of the gateway's snapshot. */
  readonly stands: string
  /** Minor units. */
  readonly minor: number
  readonly currency: string
  /** When it was heard. */
  readonly at: Instant
}
