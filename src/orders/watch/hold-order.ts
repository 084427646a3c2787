import { ok, type Result, safeTry } from 'neverthrow'
import { daysMs, type Instant } from '../../shared/instant.js'
import { type CancelOrderError, decideCancel } from '../editing/cancel-order.js'
import { takeOutRest } from '../editing/take-out.js'
import type { EndedBy, Order, OrderHold } from '../order.js'
import type { OrderCommand } from '../order-command.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { moveParts, type OrderParts, openParts, writeParts } from '../order-parts.js'
import { payingIdsOf } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'

/** How long an order waits that is held without terms that say so. */
const holdMs = 2 * daysMs

/** Lets nothing of an order leave until a person has looked, or the time that the shop gave itself is over. */
export const holdOrder = (draft: OrderDraft, hold: Pick<OrderHold, 'by' | 'reasons'>): Result<void, OrderMoveError> =>
  orderIn(draft).andThen((order) => draftOrder(draft, holding(order, hold, draft.at)).map(() => undefined))

/** The same of the other orders that one payment has paid, of which something has not left. */
export const holdOthersPaidBy = (
  draft: OrderDraft,
  paymentId: string,
  hold: Pick<OrderHold, 'by' | 'reasons'>,
): Result<void, OrderMoveError> =>
  orderIn(draft).andThen((order) => {
    const others = openParts(draft.read.siblings.filter(({ id }) => id !== order.orderId))
    const isHeldBack = (other: Order): boolean =>
      (other.status === 'paid' || other.status === 'partlyShipped') && payingIdsOf(other).includes(paymentId)
    return moveParts(others, isHeldBack, holding(order, hold, draft.at)).map(() => {
      draft.further.push(...writeParts(others))
      return undefined
    })
  })

/**
 * The same of what has not left of an order, and of those that it was divided into.
 *
 * @returns whether there is any
 */
export const holdUnsent = (
  draft: OrderDraft,
  parts: OrderParts,
  hold: Pick<OrderHold, 'by' | 'reasons'>,
): Result<boolean, OrderMoveError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const isUnsent = ({ status }: Order): boolean => status === 'paid' || status === 'partlyShipped'
    if (isUnsent(order)) yield* holdOrder(draft, hold)
    yield* moveParts(parts, isUnsent, holding(order, hold, draft.at))
    return ok(isUnsent(order) || parts.some(({ state }) => isUnsent(state)))
  })

/** Lets an order go on, and those that it was divided into, that are held for these reasons alone: nobody has to look any more. */
export const releaseHeldFor = (
  draft: OrderDraft,
  parts: OrderParts,
  reasons: OrderHold['reasons'],
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const isHeldFor = ({ hold }: Order): boolean => hold?.reasons.every((reason) => reasons.includes(reason)) === true
    const release = { type: 'ReleaseHold', by: 'clock', at: draft.at } as const
    if (isHeldFor(order)) yield* draftOrder(draft, release)
    yield* moveParts(parts, isHeldFor, release)
    return ok(undefined)
  })

const holding = (
  { details: { policy } }: OrderRow,
  { by, reasons }: Pick<OrderHold, 'by' | 'reasons'>,
  at: Instant,
): OrderCommand => ({ type: 'Hold', by, reasons, until: at + (policy.watch?.holdMs ?? holdMs), at })

/** Why a held order is not turned down. */
export type RejectHoldError = CancelOrderError

/**
 * Turns a held order down: nothing more of it leaves, and what was paid for that goes back. What has left takes its way.
 *
 * @returns payments that are to be ended at their gateways
 * @errors RejectHoldError; NothingToDo where it is not held
 */
export const decideRejection = (
  draft: OrderDraft,
  by: EndedBy,
  refundId: string,
): Result<readonly string[], RejectHoldError> =>
  safeTry(function* () {
    const { at } = draft
    const held = yield* orderIn(draft)
    // One that is not paid keeps its hold while it closes: money that comes all the same pays what nobody sends.
    const isUnpaid = held.status === 'awaitingPayment' || held.status === 'closing'
    if (!isUnpaid || held.hold === undefined) yield* draftOrder(draft, { type: 'ReleaseHold', by, at })
    const order = yield* orderIn(draft)
    if (order.status !== 'partlyShipped') return ok((yield* decideCancel(draft, by, refundId)).closingPaymentIds)
    yield* takeOutRest(draft, by, refundId)
    return ok([])
  })
