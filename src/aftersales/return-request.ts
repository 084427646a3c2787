import type { KitPart } from '../catalog/product.js'
import type { LineQuantity } from '../inventory/reservation.js'
import type { ServiceClass } from '../membership/level.js'
import type { ReturnReason } from '../orders/policy/shop-policy.js'
import type { Instant } from '../shared/instant.js'
import type { Sealed } from '../shared/personal-data.js'

/** What a buyer asks for: money for goods that stay or never came, or money for goods that come back. */
export type ReturnKind = 'refundOnly' | 'returnAndRefund'

/** Who pays to send goods back. */
export type FreightPayer = 'buyer' | 'merchant'

/** What an inspection found of a line. */
export type InspectedLine = {
  readonly lineId: string
  /** Pieces that came. */
  readonly receivedQuantity: number
  /** Pieces of them that are refunded. */
  readonly acceptedQuantity: number
  /** Pieces of them that can be sold again; those that do not wait for a decision either are written off. */
  readonly restockQuantity: number
  /** Pieces of them that are not sold before somebody has decided what they are good for; none when absent. */
  readonly quarantineQuantity?: number
  /** Of kits: how many of their parts can be sold again, where they are not those of whole kits. */
  readonly restockParts?: readonly KitPart[]
  /** Of kits: how many of their parts wait for a decision, where they are not those of whole kits. */
  readonly quarantineParts?: readonly KitPart[]
}

/** Why the shop does not take goods back. */
export type RefusalGround = 'windowPassed' | 'notReturnable' | 'conditionNotMet' | 'evidenceMissing' | 'notSold'

/** Who gave a return up; the clock where its goods did not come. */
export type ReturnEndedBy = 'buyer' | 'staff' | 'clock'

export type ReturnFacts = {
  readonly returnId: string
  readonly orderId: string
  /** The buyer. */
  readonly accountId: string
  readonly merchantId: string | null
  readonly kind: ReturnKind
  readonly reason: ReturnReason
  readonly lines: readonly LineQuantity[]
  readonly freightPayer: FreightPayer
  /** How its buyer was to be served when it was asked for. */
  readonly service: ServiceClass
  readonly requestedAt: Instant
}

export type ApprovedFacts = {
  readonly approvedAt: Instant
  /** Approved by rule; a person decided otherwise. */
  readonly approvedBy: 'rule' | 'staff'
}
export type ReceivedFacts = ApprovedFacts & { readonly receivedAt: Instant }
export type InspectedFacts = { readonly inspected: readonly InspectedLine[] }

/** A buyer's wish to give goods back or to have money for them. */
export type ReturnRequest =
  /** Asked; the shop is to decide. */
  | (ReturnFacts & { readonly status: 'requested' })
  /** The goods may come; where they are not here by `sendBy`, the return is over. */
  | (ReturnFacts & ApprovedFacts & { readonly status: 'approved'; readonly sendBy: Instant })
  /** The shop said no, with a ground; the buyer may appeal. */
  | (ReturnFacts & { readonly status: 'refused'; readonly ground: RefusalGround; readonly refusedAt: Instant })
  /** The goods are here, nobody has looked. */
  | (ReturnFacts & ReceivedFacts & { readonly status: 'received' })
  /** Looked at, or nothing to look at: the money is owed. */
  | (ReturnFacts &
      ApprovedFacts &
      InspectedFacts & { readonly status: 'inspected'; readonly inspectedAt: Instant; readonly refundBy: Instant })
  /** The money is on its way or there. */
  | (ReturnFacts &
      ApprovedFacts &
      InspectedFacts & { readonly status: 'refunded'; readonly refundId: string; readonly refundedAt: Instant })
  /** Looked at, and nothing of it is taken back, or all of it was refunded otherwise. */
  | (ReturnFacts & ApprovedFacts & InspectedFacts & { readonly status: 'closed'; readonly closedAt: Instant })
  /** Given up by its buyer or by the shop, or its goods did not come in time. */
  | (ReturnFacts & { readonly status: 'cancelled'; readonly cancelledBy: ReturnEndedBy; readonly cancelledAt: Instant })

/** What is written with a request once: the buyer's own words, readable with the buyer's key only. */
export type ReturnDetails = {
  /** Null where there are none, and once they are no longer kept. */
  readonly description: Sealed | null
  /** When that is: three years from its end; absent while it has not come to its end, and where there are none. */
  readonly forgetAt?: Instant
}

/** A request as it is stored. */
export type ReturnRow = ReturnRequest & { readonly details: ReturnDetails }

/** What can be asked of a return. */
export type ReturnCommand =
  | ({ readonly type: 'Request' } & ReturnFacts)
  | {
      readonly type: 'Approve'
      readonly by: 'rule' | 'staff'
      readonly refundBy: Instant
      readonly sendBy: Instant
      readonly at: Instant
    }
  | { readonly type: 'Refuse'; readonly ground: RefusalGround; readonly at: Instant }
  | { readonly type: 'Receive'; readonly at: Instant }
  | {
      readonly type: 'Inspect'
      readonly lines: readonly InspectedLine[]
      readonly refundBy: Instant
      readonly at: Instant
    }
  | { readonly type: 'Refund'; readonly refundId: string; readonly at: Instant }
  /** Ends the return without a refund of its own: what it was accepted for is back already. */
  | { readonly type: 'Close'; readonly at: Instant }
  /** Gives the return up; the clock does so no earlier than it may. */
  | { readonly type: 'Cancel'; readonly by: ReturnEndedBy; readonly at: Instant }

/** What happened to a return. */
export type ReturnEvent =
  | ({ readonly type: 'ReturnRequested' } & ReturnFacts)
  /** May come back, until `sendBy`; of a refund without return, the money is owed until `refundBy`. */
  | {
      readonly type: 'ReturnApproved'
      readonly by: 'rule' | 'staff'
      readonly refundBy: Instant
      readonly sendBy: Instant
      readonly at: Instant
    }
  | { readonly type: 'ReturnRefused'; readonly ground: RefusalGround; readonly at: Instant }
  | { readonly type: 'ReturnReceived'; readonly at: Instant }
  | {
      readonly type: 'ReturnInspected'
      readonly lines: readonly InspectedLine[]
      readonly refundBy: Instant
      readonly at: Instant
    }
  | { readonly type: 'ReturnRefunded'; readonly refundId: string; readonly at: Instant }
  /** Over without a refund of its own: no piece was accepted, or their money went back otherwise. */
  | { readonly type: 'ReturnClosed'; readonly at: Instant }
  | { readonly type: 'ReturnCancelled'; readonly by: ReturnEndedBy; readonly at: Instant }

/** Why a return refuses. */
export type ReturnError =
  | {
      readonly type: 'ReturnStateForbids'
      readonly status: ReturnRequest['status'] | 'absent'
      readonly command: ReturnCommand['type']
    }
  /** What was inspected is not what was to come. */
  | { readonly type: 'InspectionDiffers'; readonly lineId: string; readonly asked: number; readonly requested: number }
