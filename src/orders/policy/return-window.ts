import type { Instant } from '../../shared/instant.js'
import { endOfLocalDay } from '../../shared/local-day.js'
import type { OrderRow } from '../order-row.js'
import { type NoReturnGround, type ReturnReason, returnFloorDays, type ShopPolicy } from './shop-policy.js'

/** Reasons that say that the shop is at fault. */
const faults: readonly ReturnReason[] = ['quality', 'notAsDescribed', 'damaged', 'missing', 'notReceived']

/** Whether a reason says that the shop is at fault. */
export const isFault = (reason: ReturnReason): boolean => faults.includes(reason)

/**
 * The last moment at which goods may be returned: the days begin on the day after signing and end with the last day, in
 * the shop's time zone, and are never fewer than the law gives.
 *
 * @returns the first moment that is too late
 */
export const returnWindowEnd = (signedAt: Instant, reason: ReturnReason, policy: ShopPolicy): Instant => {
  const { noReasonDays, faultDays } = policy.returns
  const days = Math.max(isFault(reason) ? faultDays : noReasonDays, returnFloorDays)
  return endOfLocalDay(signedAt, days, policy.timeZone)
}

/**
 * Until when goods of an order may be returned for a reason.
 *
 * @returns the first moment that is too late; null while they have not all come
 */
export const returnableUntil = (order: OrderRow, reason: ReturnReason): Instant | null =>
  'signedAt' in order ? returnWindowEnd(order.signedAt, reason, order.details.policy) : null

/** Why a line cannot be returned without a reason; undefined where it can. */
export const noReturnGroundOf = ({ details }: OrderRow, lineId: string): NoReturnGround | undefined => {
  const item = details.items.find((each) => each.lineId === lineId)
  return groundsOf(details.policy, item?.categoryIds ?? []).find(
    (ground) => ground !== 'confirmedAtPurchase' || item?.confirmedNoReturn === true,
  )
}

/** Whether goods of these categories are kept from return without reason once their buyer confirms it, and only then. */
export const isToConfirm = (policy: ShopPolicy, categoryIds: readonly string[]): boolean => {
  const grounds = groundsOf(policy, categoryIds)
  return grounds.length > 0 && grounds.every((ground) => ground === 'confirmedAtPurchase')
}

const groundsOf = ({ returns }: ShopPolicy, categoryIds: readonly string[]): readonly NoReturnGround[] =>
  returns.exceptions.filter((each) => categoryIds.includes(each.categoryId)).map(({ ground }) => ground)
