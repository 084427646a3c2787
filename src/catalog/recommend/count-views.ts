import { ok, type ResultAsync } from 'neverthrow'
import { put, removeRow } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { CorePorts } from '../../shared/ports.js'
import { row, rows } from '../../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../../shared/sweep-each.js'
import { products } from '../product.schema.js'
import { moveViewerTally } from '../product-tally.js'
import { countView } from './view-count.js'
import { viewBatches, viewCounts } from './view-count.schema.js'

/**
 * Counts what was looked at together, of people who agreed to it; what is no product is counted for nothing. To be run every
 * few minutes; safe to run twice and on many machines.
 *
 * @param options - `limit`: the most views of a turn
 * @errors StorageError when the views cannot be found at all
 */
export const countViews = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: viewBatches, field: 'dueAt', until: ports.clock.now(), limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({
        batch: row(viewBatches, id),
        product: row(products, { from: 'batch', path: 'productId' }),
        others: rows(products, { from: 'batch', path: 'alongside.*' }),
        own: row(viewCounts, { from: 'batch', path: 'productId' }),
        counts: rows(viewCounts, { from: 'batch', path: 'alongside.*' }),
      }),
      decide: ({ batch, product, others, own, counts }) => {
        if (batch === undefined) return ok({ changes: [], answer: false })
        // Whoever looks at something is one more person, also where it is no product.
        const done = [removeRow(viewBatches, batch), ...(batch.state.isFirst === true ? [moveViewerTally(1)] : [])]
        if (product === undefined) return ok({ changes: done, answer: true })
        const stored = new Map([...(own === undefined ? [] : [own]), ...counts].map((each) => [each.id, each]))
        const before = new Map([...stored].map(([productId, { state }]) => [productId, state]))
        const alongside = others.map((each) => each.id).filter((each) => each !== product.id)
        const counted = countView(before, { productId: product.id, alongside })
        return ok({
          changes: [
            ...done,
            ...counted.map((state) =>
              put(viewCounts, { id: state.productId, version: stored.get(state.productId)?.version ?? 0, state }),
            ),
          ],
          answer: true,
        })
      },
    }),
  )
