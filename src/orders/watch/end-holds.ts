import { ok, type Result, type ResultAsync } from 'neverthrow'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { daysMs } from '../../shared/instant.js'
import { nameEach, sumOfSweeps } from '../../shared/sweep-each.js'
import { orders } from '../order.collection.schema.js'
import { askRefundableOrder, closeDraft, draftOrder, type OrderDraft, openDraft, orderIn } from '../order-draft.js'
import type { MoneyPorts } from '../ports.js'
import { type SweepOptions, type SweepReport, sweepDue } from '../sweep-due.js'
import { decideRejection, type RejectHoldError } from './hold-order.js'

// Of one that is not paid nothing can leave, and its money may be on its way for days: it ends with its time to be paid.
const stillToEnd = { field: 'status', is: 'in', values: ['paid', 'partlyShipped'] } as const

/** How long before a hold ends it is told of. */
const toldBeforeMs = daysMs

/**
 * Ends the holds of paid orders that nobody has looked at in time, as the terms of each order say: it is turned down, or
 * released. What its owner has reported is turned down. Its money is sent back by `settleRefunds`. Those that end within a day are in every
 * report, as `HoldEndsSoon`, so that none ends unseen.
 *
 * @errors StorageError when the due orders cannot be read
 */
export const endHolds = (ports: MoneyPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, orders, { field: 'holdUntil', where: [stillToEnd], ...options }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => askRefundableOrder(id),
      decide: (read, { now }) =>
        openDraft(read, id, now).andThen((draft) =>
          endHold(draft, ports.ids.next('ref')).map(() => ({ changes: closeDraft(draft), answer: undefined })),
        ),
    }),
  ).andThen((ended) => {
    const now = ports.clock.now()
    const open = { field: 'holdUntil', is: 'gt', value: now } as const
    const soon = { collection: orders, field: 'holdUntil', where: [stillToEnd, open], until: now + toldBeforeMs }
    return nameEach(ports, { ...soon, ...options }, 'HoldEndsSoon').map((named) => sumOfSweeps(ended, named))
  })

const endHold = (draft: OrderDraft, refundId: string): Result<unknown, RejectHoldError> =>
  orderIn(draft).andThen(({ hold, details: { policy } }): Result<unknown, RejectHoldError> => {
    const { at } = draft
    if (hold === undefined || hold.until > at) return ok(undefined)
    return hold.by === 'watch' && policy.watch?.atDeadline === 'release'
      ? draftOrder(draft, { type: 'ReleaseHold', by: 'clock', at })
      : decideRejection(draft, 'clock', refundId)
  })
