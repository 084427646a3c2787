import type { LineQuantity } from '../inventory/reservation.js'
import type { ReturnReason } from '../orders/policy/shop-policy.js'
import type { InspectedLine, ReturnKind } from './return-request.js'

/** What a buyer might give back, and why. */
export type PreviewReturnInput = {
  readonly orderId: string
  readonly kind: ReturnKind
  readonly reason: ReturnReason
  /** Gifts stand here too, where they come back. */
  readonly lines: readonly LineQuantity[]
}

/** What a buyer wants back, and why. */
export type RequestReturnInput = PreviewReturnInput & {
  /** In the buyer's own words; kept sealed. */
  readonly description?: string
}

/** Goods that came back, and what was found of them. */
export type ReceiveReturnInput = {
  readonly returnId: string
  /** What the inspection found of every line; absent while nobody has looked. */
  readonly lines?: readonly InspectedLine[]
}
