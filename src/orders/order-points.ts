import { ok, type Result } from 'neverthrow'
import type { PointsError } from '../membership/points-account.js'
import { pointsExpiry } from '../membership/points-expiry.js'
import { daysMs, type Instant } from '../shared/instant.js'
import { offsetMinutesOf } from './local-day.js'
import type { OrderRefund } from './order.js'
import { draftPoints, type OrderDraft } from './order-draft.js'
import type { OrderRow } from './order-row.js'

type Move = Result<void, PointsError>

const nothing: Move = ok(undefined)

/** How long points hold that come back from an order after their own end. */
const graceMs = 90 * daysMs

/** Sets the points aside that an order spends. */
export const holdPoints = (draft: OrderDraft, order: OrderRow): Move =>
  order.pointsSpent === 0
    ? nothing
    : draftPoints(draft, { type: 'HoldPoints', holdId: order.orderId, points: order.pointsSpent, now: draft.at })

/** Spends the points that were set aside. */
export const settlePoints = (draft: OrderDraft, order: OrderRow): Move =>
  order.pointsSpent === 0 ? nothing : draftPoints(draft, { type: 'SettleHold', holdId: order.orderId, now: draft.at })

/** Gives the points back that were set aside. */
export const releasePoints = (draft: OrderDraft, order: OrderRow): Move =>
  order.pointsSpent === 0 ? nothing : draftPoints(draft, { type: 'ReleaseHold', holdId: order.orderId, now: draft.at })

/** What an order's points are granted under. */
const earnGrantId = (orderId: string): string => `earn:${orderId}`

/** Gives the buyer the points that a completed order earned; until then they are a promise that stands in the order. */
export const grantEarnedPoints = (draft: OrderDraft, order: OrderRow, points: number): Move =>
  points <= 0
    ? nothing
    : draftPoints(draft, {
        type: 'GrantPoints',
        accountId: order.accountId,
        grantId: earnGrantId(order.orderId),
        source: 'order',
        points,
        activatesAt: null,
        expiresAt: expiryOf(draft.at, order),
        now: draft.at,
      })

const expiryOf = (at: Instant, { details: { policy } }: OrderRow): Instant =>
  pointsExpiry(at, policy.points?.expireAfterMonths ?? 12, offsetMinutesOf(at, policy.timeZone))

/**
 * Gives back the points spent on what is refunded, and takes those back that it had earned, if the buyer has them.
 *
 * @param order - as it stood before the refund
 */
export const movePointsBack = (draft: OrderDraft, order: OrderRow, refund: Omit<OrderRefund, 'status'>): Move => {
  const { at } = draft
  const { refundId } = refund
  const restored: Move =
    refund.points === 0
      ? nothing
      : draftPoints(draft, {
          type: 'RestorePoints',
          holdId: order.orderId,
          restoreId: refundId,
          points: refund.points,
          graceTo: at + graceMs,
          now: at,
        })
  if (order.status !== 'completed' || refund.earnedPoints === 0) return restored
  return restored.andThen(() =>
    draftPoints(draft, {
      type: 'ClawBackPoints',
      grantId: earnGrantId(order.orderId),
      clawId: refundId,
      points: refund.earnedPoints,
      now: at,
    }),
  )
}
