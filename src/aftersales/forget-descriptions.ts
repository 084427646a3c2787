import { ok, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { returnRequests } from './return.collection.schema.js'

/**
 * Takes out of returns what their buyers wrote, once the three years from their end are over; what came back and what was
 * refunded stays. One bad row stops no other.
 *
 * @errors StorageError when what is due cannot be found
 */
export const forgetDescriptions = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: returnRequests, field: 'forgetAt', until: ports.clock.now(), limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({ request: row(returnRequests, id) }),
      decide: ({ request }, { now }) => {
        const { forgetAt } = request?.state.details ?? {}
        if (request === undefined || forgetAt === undefined || now < forgetAt) return ok({ changes: [], answer: false })
        const state = { ...request.state, details: { description: null } }
        return ok({ changes: [put(returnRequests, { id, version: request.version, state })], answer: true })
      },
    }),
  )
