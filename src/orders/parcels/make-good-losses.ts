import { errAsync, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { isDue } from '../../shared/due.js'
import { daysMs } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { orders } from '../order.collection.schema.js'
import { askRefundableOrder, closeDraft, draftOrder, type OrderDraft, openDraft, orderIn } from '../order-draft.js'
import { isAllThatIsLeft, undecidedLosses } from '../order-losses.js'
import type { OrderRow } from '../order-row.js'
import { makeGoodWithinMs } from '../policy/shop-policy.js'
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
  sweepDue(ports, orders, { field: 'makeGoodBy', ahead: { pauseMs: makeGoodWithinMs }, ...options }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => askRefundableOrder(id),
      decide: (read, { now }) => {
        const within = (
          move: (draft: OrderDraft) => Result<boolean, RefundOrderError>,
          failure: RefundOrderError | null,
        ) =>
          openDraft(read, id, now).andThen((draft) =>
            move(draft).map((isMoved) => ({ changes: closeDraft(draft), answer: { isMoved, failure } })),
          )
        return within((draft) => refundLosses(draft, ports.ids.next('ref')), null).orElse((failure) =>
          within((draft) => postpone(draft), failure.type === 'DisputeOpen' ? null : failure),
        )
      },
    }).andThen(({ isMoved, failure }) => (failure === null ? okAsync(isMoved) : errAsync(failure))),
  )

/** Answers false where its time has not come. */
const refundLosses = (draft: OrderDraft, refundId: string): Result<boolean, RefundOrderError> =>
  safeTry<boolean, RefundOrderError>(function* () {
    const order = yield* orderIn(draft)
    if (order.makeGoodBy === undefined || !isDue(order.makeGoodBy, draft.at, longestPauseMs(order))) return ok(false)
    if (order.openReturnIds.length > 0) return postpone(draft)
    const lines = undecidedLosses(order)
    const withShipping = isAllThatIsLeft(order, lines)
    yield* beginRefund(draft, { refundId, reason: 'lost', lines, withShipping, sellerAtFault: true })
    return ok(true)
  })

const postpone = (draft: OrderDraft): Result<boolean, RefundOrderError> =>
  draftOrder(draft, { type: 'PostponeLoss', until: draft.at + postponedMs, at: draft.at }).map(() => true)

// Where nobody has put it off, by the terms of its order.
const longestPauseMs = ({ details }: OrderRow): number =>
  Math.max(details.policy.makeGoodWithinMs ?? makeGoodWithinMs, postponedMs)
