import { errAsync, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { daysMs } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { orders } from '../order.collection.schema.js'
import { askRefundableOrder, closeDraft, draftOrder, type OrderDraft, openDraft, orderIn } from '../order-draft.js'
import { isAllThatIsLeft, undecidedLosses } from '../order-losses.js'
import { beginRefund, type RefundOrderError } from '../refunds/begin-refund.js'
import { type SweepOptions, type SweepReport, sweepDue } from '../sweep-due.js'

// A return that is open asks for the same pieces, perhaps, and money that a dispute holds cannot go back: both end by
// themselves. What else stands in the way is tried again as seldom, and a person is told each time.
const postponedMs = daysMs

/**
 * Refunds lost pieces that nobody has refunded or sent again in time, carriage too where nothing of the order is left. The
 * money is sent by `settleRefunds`. What cannot be refunded is in the report, with why, and is tried again the next day.
 *
 * @errors StorageError when the due orders cannot be read
 */
export const makeGoodLosses = (ports: CorePorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, orders, { field: 'makeGoodBy', ...options }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => askRefundableOrder(id),
      decide: (read, { now }) => {
        const within = (
          move: (draft: OrderDraft) => Result<unknown, RefundOrderError>,
          answer: RefundOrderError | null,
        ) =>
          openDraft(read, id, now).andThen((draft) => move(draft).map(() => ({ changes: closeDraft(draft), answer })))
        return within((draft) => refundLosses(draft, ports.ids.next('ref')), null).orElse((failure) =>
          within(
            (draft) => draftOrder(draft, { type: 'PostponeLoss', until: now + postponedMs, at: now }),
            failure.type === 'DisputeOpen' ? null : failure,
          ),
        )
      },
    }).andThen((failure) => (failure === null ? okAsync(undefined) : errAsync(failure))),
  )

const refundLosses = (draft: OrderDraft, refundId: string): Result<unknown, RefundOrderError> =>
  safeTry<unknown, RefundOrderError>(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    if (order.makeGoodBy === undefined || order.makeGoodBy > at) return ok(undefined)
    if (order.openReturnIds.length > 0) return draftOrder(draft, { type: 'PostponeLoss', until: at + postponedMs, at })
    const lines = undecidedLosses(order)
    const withShipping = isAllThatIsLeft(order, lines)
    return beginRefund(draft, { refundId, reason: 'lost', lines, withShipping, sellerAtFault: true })
  })
