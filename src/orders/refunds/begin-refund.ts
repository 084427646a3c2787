import { ok, type Result, safeTry } from 'neverthrow'
import { withShortfall } from '../money/order-points.js'
import { type NewRefund, newRefundOf, type ReckonRefundError, type RefundAsked } from '../money/refund-shares.js'
import { endUndelivered } from '../on-delivery/end-undelivered.js'
import type { OrderRefund } from '../order.js'
import { type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { giveBack } from './give-back.js'

/** A refund that has begun, by each means it was paid with. */
export type RefundedOrder = Omit<NewRefund, 'lines' | 'reason'> & {
  readonly orderId: string
  readonly currency: string
  readonly status: OrderRefund['status']
}

/** Why no money goes back. */
export type RefundOrderError = OrderMoveError | ReckonRefundError

/**
 * Begins a refund of an order within a decision.
 *
 * @errors RefundOrderError
 */
export const beginRefund = (draft: OrderDraft, asked: RefundAsked): Result<RefundedOrder, RefundOrderError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const refund = withShortfall(draft, order, yield* newRefundOf({ order, books: draft.read.books }, asked))
    yield* giveBack(draft, { type: 'StartRefund', refund, at: draft.at })
    // Where nothing arrived and nothing has to be sent, it is at its end with it.
    yield* endUndelivered(draft, 'clock')
    const after = yield* orderIn(draft)
    const { lines: _, reason: __, ...amounts } = refund
    const begun = after.refunds.find((each) => each.refundId === refund.refundId)
    const { status = 'pending', awaitedMinor = 0 } = begun ?? {}
    const awaited = awaitedMinor > 0 ? { awaitedMinor } : {}
    return ok({ ...amounts, ...awaited, orderId: order.orderId, currency: order.currency, status })
  })
