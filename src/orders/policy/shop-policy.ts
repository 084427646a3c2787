import type { ClawBackPolicy } from '../../membership/points-account.js'
import type { EarnRule, SpendRule } from '../../membership/points-rules.js'
import type { SettlementTerms } from '../../payments/settlement.js'
import { daysMs, minutesMs } from '../../shared/instant.js'
import type { Message } from '../../shared/messages.js'
import { type MethodId, methodIds } from '../../shared/payment-method.js'
import type { OnDeliveryTerms } from '../on-delivery/on-delivery-terms.js'
import type { PaymentWatchTerms } from '../watch/payment-watch.js'

/** Why a kind of goods can be kept from return without reason, as the law lists it. */
export type NoReturnGround =
  | 'madeToOrder'
  | 'perishable'
  | 'unsealedMediaOrDownload'
  | 'deliveredPress'
  /** By its nature, and only where the buyer confirmed it when buying. */
  | 'confirmedAtPurchase'

/** Goods that cannot be returned without reason. */
export type NoReturnRule = { readonly categoryId: string; readonly ground: NoReturnGround }

/** Under what terms goods come back. */
export type ReturnTerms = {
  /** Days after the day of signing within which goods may be returned without reason; at least 7. */
  readonly noReasonDays: number
  /** Days after the day of signing within which goods with a fault may be returned; at least 7. */
  readonly faultDays: number
  readonly exceptions: readonly NoReturnRule[]
  /** Requests that need no person: of these reasons, and up to this amount. */
  readonly approveAlone: { readonly reasons: readonly ReturnReason[]; readonly upToMinor: number }
  /** Days after the day of its approval within which a return is to be here, or it is closed; at least 7, 15 when absent. */
  readonly sendWithinDays?: number
  /** By what pieces that come back are reckoned; `prorate` when absent. */
  readonly refundPolicy?: RefundPolicy
}

/** By what pieces that come back are reckoned: by what they were paid with, or by what the rest costs without them. */
export type RefundPolicy = 'prorate' | 'reevaluate'

/** Why a buyer sends goods back, or wants money for them. */
export type ReturnReason =
  | 'noReason'
  | 'quality'
  | 'size'
  | 'colour'
  | 'notAsDescribed'
  | 'damaged'
  | 'missing'
  | 'notReceived'

/** The terms of a shop, at one revision; an order keeps the version that it was placed under. */
export type ShopPolicy = {
  readonly policyId: string
  /** IANA name; days begin and end in it. */
  readonly timeZone: string
  /** ISO 4217 code of every amount in the terms; that of the catalog when absent. In another they bind nothing. */
  readonly currency?: string
  /** How long an order waits to be paid, milliseconds. */
  readonly payWithinMs: number
  /**
   * How long it waits once its payment is begun by a method whose money takes days to come, milliseconds from when it was
   * placed; of a dearer change, from when that was asked for. What is shorter than `payWithinMs` changes nothing, and what is
   * paid on delivery is confirmed at once. `payByMethodWithinMs` of this module when absent: 7 days of a bank transfer.
   */
  readonly payByMethodWithinMs?: DaysToPay
  /** After how many failed attempts an order is closed; what the gateway or the shop is to blame for counts for none. */
  readonly maximumFailures: number
  /**
   * What becomes of money that comes after an order was closed unpaid: it goes back (`refund`, when absent), or the order
   * is opened again as paid where its pieces, coupons and points can all be had again at that moment. An order that
   * somebody gave up never comes back.
   */
  readonly lateSuccess?: 'refund' | 'reinstateIfStock'
  /**
   * When money is taken: at once when absent; `onShipment` it is held first, where the gateway can, and taken parcel by
   * parcel as they leave. A checkout that is to be divided among its merchants is always paid at once.
   */
  readonly capture?: 'onShipment'
  /** Where orders may go out unpaid and be paid as they are handed over; nowhere when absent. */
  readonly cashOnDelivery?: OnDeliveryTerms
  /** How long after the last parcel left an order is taken as received, milliseconds. */
  readonly receivedAfterMs: number
  /**
   * How long the shop may take to refund lost pieces or to send them again, milliseconds; then they are refunded. 7 days
   * when absent.
   */
  readonly makeGoodWithinMs?: number
  /** How long after signing an order is complete, milliseconds. */
  readonly completedAfterMs: number
  /** Days after payment within which the goods leave, as told to the buyer. */
  readonly shipWithinDays: number
  readonly returns: ReturnTerms
  /** When a parcel counts as late; where absent, only one whose carrier promised a time can be. */
  readonly lateParcels?: LateParcelTerms
  /** Whether a checkout of several merchants stays one order, or each gets one `apart` once it is paid, which asks for `settlement`; `together` when absent. */
  readonly severalMerchants?: 'together' | 'apart'
  /**
   * Who pays when a paid order is sent to where carriage costs more: `refuse` that, when absent, let the `seller`, or
   * collect the difference of the `buyer` first.
   */
  readonly dearerCarriage?: 'refuse' | 'seller' | 'buyer'
  /** What points are worth and how they are earned; null where the shop has none. */
  readonly points: PointsTerms | null
  /** Whom buyers turn to, and when; told to nobody when absent. */
  readonly service?: ServiceContact
  /** Accounts of those who work for the shop and are written to when evidence in a dispute is due; nobody when absent. */
  readonly disputeWatchers?: readonly string[]
  /** By which way bills are sent; by e-mail when absent. */
  readonly billsBy?: 'email' | 'inApp'
  /** What payments are watched for; for nothing when absent. `paymentWatchOfOurs` is where to begin. */
  readonly watch?: PaymentWatchTerms
  /** How the money of completed orders is shared and when it is paid out; where absent, all of it is its one seller's. */
  readonly settlement?: SettlementTerms
}

/** How long what is paid by a method is kept for its money, milliseconds. */
export type DaysToPay = { readonly [Method in Exclude<MethodId, 'cashOnDelivery'>]?: number }

/** Whom a buyer turns to. */
export type ServiceContact = {
  /** A telephone number, an address or a link, as it is shown. */
  readonly contact: Message
  /** When somebody answers, as it is shown. */
  readonly hours: Message
}

/** When a parcel counts as late, so that its buyer is told. */
export type LateParcelTerms = {
  /** Days after the day it left within which it is to come, unless its carrier promised otherwise. */
  readonly deliverWithinDays: number
  /** Days that it may go unseen by its carrier; null where carriers do not tell the shop what they see. */
  readonly scanWithinDays: number | null
}

/** What points are worth and how they are earned. */
export type PointsTerms = {
  readonly spend: SpendRule
  readonly earn: EarnRule
  /** Calendar months after which earned points end. */
  readonly expireAfterMonths: number
  /** What becomes of earned points to be taken back that are spent; `debt` when absent. */
  readonly clawBack?: ClawBackPolicy
}

/** The id of the one row of terms. */
export const shopPolicyId = 'shop'

/** What is kept for its money where the terms do not say: a transfer may lie over a weekend and holidays. */
export const payByMethodWithinMs: DaysToPay = { bankTransfer: 7 * daysMs }

/** How long what is paid by a method waits to be paid, milliseconds. */
export const waitsToBePaidMs = (
  { payWithinMs, payByMethodWithinMs: byMethod = payByMethodWithinMs }: ShopPolicy,
  method: MethodId,
): number => (method === 'cashOnDelivery' ? payWithinMs : Math.max(payWithinMs, byMethod[method] ?? payWithinMs))

/** How long an order waits to be paid at the longest, whichever way it is paid, milliseconds. */
export const longestWaitMs = (policy: ShopPolicy): number =>
  Math.max(...methodIds.map((method) => waitsToBePaidMs(policy, method)))

/** How long a shop may take to decide about lost pieces whose terms say nothing of it. */
export const makeGoodWithinMs = 7 * daysMs

/** The least that the law lets a buyer have, days. */
export const returnFloorDays = 7

/** Terms that give a buyer less than the law does. */
export type PolicyBelowFloor = {
  readonly type: 'PolicyBelowFloor'
  readonly field: 'noReasonDays' | 'faultDays'
  readonly minimum: number
}

/** Merchants sell `apart` by terms that say nobody's share: what their orders bring could be paid to none of them. */
export type SettlementTermsMissing = { readonly type: 'SettlementTermsMissing'; readonly severalMerchants: 'apart' }

/** The terms of a shop that has stated none; version 0. */
export const defaultShopPolicy: ShopPolicy = {
  policyId: shopPolicyId,
  timeZone: 'Asia/Shanghai',
  payWithinMs: 30 * minutesMs,
  maximumFailures: 3,
  receivedAfterMs: 10 * daysMs,
  completedAfterMs: 8 * daysMs,
  shipWithinDays: 2,
  returns: {
    noReasonDays: returnFloorDays,
    faultDays: 15,
    exceptions: [],
    approveAlone: { reasons: ['noReason', 'size', 'colour'], upToMinor: 50_000 },
  },
  points: {
    spend: { blockPoints: 100, blockMinor: 100, minimumPoints: 100, capBasisPoints: 5_000 },
    earn: { points: 1, perMinor: 100 },
    expireAfterMonths: 12,
  },
}

/** Where terms fall short of the law, if they do. */
export const findBelowFloor = (policy: ShopPolicy): PolicyBelowFloor | undefined => {
  const { noReasonDays, faultDays } = policy.returns
  if (noReasonDays < returnFloorDays) {
    return { type: 'PolicyBelowFloor', field: 'noReasonDays', minimum: returnFloorDays }
  }
  if (faultDays < returnFloorDays) return { type: 'PolicyBelowFloor', field: 'faultDays', minimum: returnFloorDays }
  return undefined
}
