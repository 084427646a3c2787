import type { Instant } from '../../shared/instant.js'

/** What a gateway said of a payment, refund or dispute that the shop does not know. */
export type ParkedFact = {
  readonly gatewayId: string
  readonly eventId: string
  /** Our id, as the gateway has it. */
  readonly reference: string
  readonly kind: 'payment' | 'refund' | 'dispute'
  readonly status: string
  /** Minor units. */
  readonly minor: number
  readonly currency: string
  /** When it was heard. */
  readonly at: Instant
}
