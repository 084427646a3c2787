import { ok, ResultAsync, safeTry } from 'neverthrow'
import { nameOverdue } from '../orders/name-overdue.js'
import { askRefundableOrder, closeDraft, openDraft } from '../orders/order-draft.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { nameEach, type SweepReport, sumOfSweeps, sweepEach } from '../shared/sweep-each.js'
import { followInOrder, moveReturn, putReturn } from './change-return.js'
import { returnRequests } from './return.collection.schema.js'
import type { ReturnRow } from './return-request.js'

/**
 * Closes returns whose goods were to come and did not in their time, at most so many: their orders go on, and with them
 * what waits for those. Who sends goods later is served by a person. Returns that wait for the shop are in every report, as
 * `ReturnOverdue`: asked for, or here, and not looked at for three days, or to be refunded by a moment that has passed.
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
  return sweepEach(ports, due, (returnId) => closeUnsent(ports, returnId)).andThen((closed) =>
    ResultAsync.combine([
      nameOverdue(ports, returnRequests, { field: 'requestedAt', where: inStatus('requested'), reason, limit }),
      nameOverdue(ports, returnRequests, { field: 'receivedAt', where: inStatus('received'), reason, limit }),
      nameEach(ports, { ...due, field: 'refundBy', where: inStatus('inspected') }, reason),
    ]).map((late) => sumOfSweeps(closed, ...late)),
  )
}

const reason = 'ReturnOverdue'
const inStatus = (status: ReturnRow['status']) => [{ field: 'status', is: 'eq', value: status }] as const

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
