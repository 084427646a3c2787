import { ok, type ResultAsync, safeTry } from 'neverthrow'
import { askRefundableOrder, closeDraft, openDraft } from '../orders/order-draft.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { followInOrder, moveReturn, putReturn } from './change-return.js'
import { returnRequests } from './return.collection.schema.js'

/**
 * Closes returns whose goods were to come and did not in their time, at most so many: their orders go on, and with them
 * what waits for those. Who sends goods later is served by a person.
 *
 * @errors StorageError when the returns cannot be found at all
 */
export const closeUnsentReturns = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> => {
  const due = {
    collection: returnRequests,
    field: 'sendBy',
    until: ports.clock.now(),
    where: [{ field: 'status', is: 'eq', value: 'approved' } as const],
    limit,
  }
  return sweepEach(ports, due, (returnId) => closeUnsent(ports, returnId))
}

const closeUnsent = (ports: CorePorts, returnId: string) =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      request: row(returnRequests, returnId),
      ...askRefundableOrder({ from: 'request', path: 'orderId' }),
    }),
    decide: ({ request, ...read }, { now }) =>
      safeTry(function* () {
        // Its goods came, or it was given up, since it was found.
        if (request?.state.status !== 'approved') return ok({ changes: [], answer: false })
        const draft = yield* openDraft(read, request.state.orderId, now)
        const moved = yield* moveReturn(request.state, [{ type: 'Cancel', by: 'clock', at: now }])
        yield* followInOrder(draft, request.state, moved.state)
        return ok({ changes: [...closeDraft(draft), ...putReturn(request, moved)], answer: true })
      }),
  })
