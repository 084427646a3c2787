import { ok, type Result } from 'neverthrow'
import type { PointsCommand, PointsError } from '../../membership/points-account.js'
import { pointsExpiry, pointsMonths, restoredExpiry, restoreGraceDays } from '../../membership/points-expiry.js'
import { type PointsState, pointsMachine } from '../../membership/points-machine.js'
import { isGuestOwner } from '../../shared/actor.js'
import { decideNext } from '../../shared/decider.js'
import type { OrderRefund } from '../order.js'
import { draftPoints, type OrderDraft } from '../order-draft.js'
import { liveRefunds } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { NewRefund } from './refund-shares.js'

type Move = Result<void, PointsError>

const nothing: Move = ok(undefined)

const holdIdOf = ({ orderId, details }: OrderRow): string => details.pointsHoldId ?? orderId

/** Sets the points aside that an order spends. */
export const holdPoints = (draft: OrderDraft, order: OrderRow): Move =>
  order.pointsSpent === 0
    ? nothing
    : draftPoints(draft, { type: 'HoldPoints', holdId: holdIdOf(order), points: order.pointsSpent, now: draft.at })

/** Spends the points that were set aside. */
export const settlePoints = (draft: OrderDraft, order: OrderRow): Move =>
  order.pointsSpent === 0 ? nothing : draftPoints(draft, { type: 'SettleHold', holdId: holdIdOf(order), now: draft.at })

/** Gives the points back that were set aside. */
export const releasePoints = (draft: OrderDraft, order: OrderRow): Move =>
  order.pointsSpent === 0
    ? nothing
    : draftPoints(draft, { type: 'ReleaseHold', holdId: holdIdOf(order), now: draft.at })

/** What an order's points are granted under. */
const earnGrantId = ({ orderId, details }: OrderRow): string => details.earnGrantId ?? `earn:${orderId}`

/** Whether points can move to the buyer: a visitor has no account for them, and a member who left none any more. */
export const canHavePoints = (draft: OrderDraft, order: OrderRow): boolean =>
  !isGuestOwner(order.accountId) && draft.points?.state.status !== 'closed'

/** Notes the points that a paid order will bring; they can be cancelled until the order is complete. */
export const promiseEarnedPoints = (draft: OrderDraft, order: OrderRow): Move => promiseAs(draft, order, {})

const promiseAs = (draft: OrderDraft, order: OrderRow, anew: { readonly replaces?: string }): Move =>
  order.pointsEarned <= 0 || !canHavePoints(draft, order)
    ? nothing
    : draftPoints(draft, {
        type: 'PromisePoints',
        accountId: order.accountId,
        grantId: earnGrantId(order),
        source: 'order',
        points: order.pointsEarned,
        ...anew,
        now: draft.at,
      })

/** Promises what an order earns now that it was priced anew, in the place of what it was promised before. */
export const repromiseEarnedPoints = (draft: OrderDraft, before: OrderRow, after: OrderRow, editId: string): Move => {
  const earned = earnedPointsLeft(before)
  if (earned === after.pointsEarned || !canHavePoints(draft, before)) return nothing
  const grantId = earnGrantId(before)
  const taken: Move =
    earned <= 0
      ? nothing
      : draftPoints(draft, {
          type: 'ClawBackPoints',
          grantId,
          clawId: editId,
          points: earned,
          policy: 'pendingOnly',
          now: draft.at,
        })
  draft.details = { ...draft.details, earnGrantId: `earn:${editId}` }
  const anew = before.pointsEarned > 0 ? { replaces: grantId } : {}
  return taken.andThen(() => promiseAs(draft, { ...after, details: draft.details }, anew))
}

/** Lets the points begin that a completed order earned. */
export const activateEarnedPoints = (draft: OrderDraft, order: OrderRow): Move => {
  if (earnedPointsLeft(order) <= 0 || !canHavePoints(draft, order)) return nothing
  const { points, timeZone } = order.details.policy
  return draftPoints(draft, {
    type: 'ActivatePoints',
    grantId: earnGrantId(order),
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
  let moved: Move = nothing
  for (const command of commandsBack(draft, order, refund)) moved = moved.andThen(() => draftPoints(draft, command))
  return moved
}

/**
 * A refund with what it lacks in earned points that are spent and not owed; where the terms say so, money is kept for
 * them, at the worth that points had when the order was placed.
 *
 * @param order - as it stands before the refund
 */
export const withShortfall = (draft: OrderDraft, order: OrderRow, refund: NewRefund): NewRefund => {
  let state: PointsState = draft.points?.state ?? pointsMachine.initial
  let points = 0
  for (const command of commandsBack(draft, order, refund)) {
    const decided = decideNext(pointsMachine, state, command)
    // What is refused here is refused again when the refund begins, and said there.
    if (decided.isErr()) return refund
    state = decided.value.state
    for (const event of decided.value.events) if (event.type === 'PointsClawedBack') points += event.waived
  }
  if (points === 0) return refund
  const deducts = order.details.policy.points?.clawBack === 'deductCash'
  const deductedMinor = deducts ? Math.min(worthOfPoints(order, points), refund.cashMinor) : 0
  return { ...refund, cashMinor: refund.cashMinor - deductedMinor, shortfall: { points, deductedMinor } }
}

/** What so many points of an order were worth when it was placed, rounded down, minor units. */
export const worthOfPoints = (order: OrderRow, points: number): number => {
  const rate = order.details.pointWorth
  return rate === null ? 0 : Number((BigInt(Math.max(0, points)) * BigInt(rate.minor)) / BigInt(rate.points))
}

const commandsBack = (draft: OrderDraft, order: OrderRow, refund: NewRefund): readonly PointsCommand[] => {
  const now = draft.at
  const { refundId } = refund
  if (draft.points?.state.status === 'closed') return []
  const { points, timeZone } = order.details.policy
  return [
    ...(refund.points === 0
      ? []
      : [
          {
            type: 'RestorePoints' as const,
            holdId: holdIdOf(order),
            restoreId: refundId,
            points: refund.points,
            placedAt: order.placedAt,
            graceTo: restoredExpiry(now, restoreGraceDays, timeZone),
            now,
          },
        ]),
    ...(refund.earnedPoints === 0 || !canHavePoints(draft, order)
      ? []
      : [
          {
            type: 'ClawBackPoints' as const,
            grantId: earnGrantId(order),
            clawId: refundId,
            points: refund.earnedPoints,
            policy: points?.clawBack ?? ('debt' as const),
            now,
          },
        ]),
  ]
}

/** Points that an order earned and that were not taken back. */
export const earnedPointsLeft = (order: OrderRow): number =>
  liveRefunds(order).reduce((left, refund) => left - refund.earnedPoints, order.pointsEarned)
