import { ok, type ResultAsync } from 'neverthrow'
import { removeRow } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../../shared/sweep-each.js'
import { popularQueries } from './popular-query.schema.js'

/**
 * Forgets of at most so many texts that anybody searched for them, where too few had when their period was over.
 *
 * @errors StorageError when the rows cannot be found at all
 */
export const forgetQueries = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: popularQueries, field: 'endsAt', until: ports.clock.now(), limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({ told: row(popularQueries, id) }),
      decide: ({ told }, { now }) =>
        told === undefined || told.state.text !== null || told.state.endsAt > now
          ? ok({ changes: [], answer: false })
          : ok({ changes: [removeRow(popularQueries, told)], answer: true }),
    }),
  )
