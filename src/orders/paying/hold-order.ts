import { ok, type Result, safeTry } from 'neverthrow'
import { daysMs } from '../../shared/instant.js'
import { type CancelOrderError, decideCancel } from '../editing/cancel-order.js'
import { takeOutRest } from '../editing/take-out.js'
import type { EndedBy, OrderHold } from '../order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'

/** How long an order waits that is held without terms that say so. */
const holdMs = 2 * daysMs

/** Lets nothing of an order leave until a person has looked, or the time that the shop gave itself is over. */
export const holdOrder = (
  draft: OrderDraft,
  { by, reasons }: Pick<OrderHold, 'by' | 'reasons'>,
): Result<void, OrderMoveError> =>
  orderIn(draft).andThen(({ details: { policy } }) => {
    const { at } = draft
    const until = at + (policy.watch?.holdMs ?? holdMs)
    return draftOrder(draft, { type: 'Hold', by, reasons, until, at }).map(() => undefined)
  })

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
