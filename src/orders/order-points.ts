import { ok, type Result } from 'neverthrow'
import type { PointsError } from '../membership/points-account.js'
import { pointsExpiry, pointsMonths, restoredExpiry, restoreGraceDays } from '../membership/points-expiry.js'
import { isGuestOwner } from '../shared/actor.js'
import type { OrderRefund } from './order.js'
import { draftPoints, type OrderDraft } from './order-draft.js'
import type { OrderRow } from './order-row.js'

type Move = Result<void, PointsError>

const nothing: Move = ok(undefined)

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

// A visitor has no account for points to wait on; a member who left has none any more.
const canEarn = (draft: OrderDraft, order: OrderRow): boolean =>
  !isGuestOwner(order.accountId) && draft.points?.state.status !== 'closed'

/** Notes the points that a paid order will bring; they can be cancelled until the order is complete. */
export const promiseEarnedPoints = (draft: OrderDraft, order: OrderRow): Move =>
  order.pointsEarned <= 0 || !canEarn(draft, order)
    ? nothing
    : draftPoints(draft, {
        type: 'PromisePoints',
        accountId: order.accountId,
        grantId: earnGrantId(order.orderId),
        source: 'order',
        points: order.pointsEarned,
        now: draft.at,
      })

/** Lets the points begin that a completed order earned. */
export const activateEarnedPoints = (draft: OrderDraft, order: OrderRow): Move => {
  if (order.pointsEarned <= 0 || !canEarn(draft, order)) return nothing
  const { points, timeZone } = order.details.policy
  return draftPoints(draft, {
    type: 'ActivatePoints',
    grantId: earnGrantId(order.orderId),
    expiresAt: pointsExpiry(draft.at, points?.expireAfterMonths ?? pointsMonths, timeZone),
    now: draft.at,
  })
}

/**
 * Gives back the points spent on what is refunded, and takes those back that it had earned: pending ones are cancelled,
 * of the rest what the buyer has, as the terms of the order say.
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
          graceTo: restoredExpiry(at, restoreGraceDays, order.details.policy.timeZone),
          now: at,
        })
  if (refund.earnedPoints === 0 || !canEarn(draft, order)) return restored
  return restored.andThen(() =>
    draftPoints(draft, {
      type: 'ClawBackPoints',
      grantId: earnGrantId(order.orderId),
      clawId: refundId,
      points: refund.earnedPoints,
      policy: order.details.policy.points?.clawBack ?? 'debt',
      now: at,
    }),
  )
}
