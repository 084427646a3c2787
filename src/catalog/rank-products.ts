import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { rankEveryMs } from './mark-standing.js'
import { products } from './product.schema.js'
import { isSameStanding, noStanding, standingOf } from './product-standing.js'
import { productStandings } from './product-standing.schema.js'
import { askTallies } from './product-tally.js'

/**
 * Writes how products stand with buyers into their rows, by which lists are sorted and filtered: those whose counts have
 * moved, a minute after the first of them did, so that a product that keeps selling is written once a minute and not with
 * every sale. To be run about as often; safe to run twice and on many machines.
 *
 * @param options - `limit`: the most products of a turn
 * @errors StorageError when the products cannot be found at all
 */
export const rankProducts = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: productStandings, field: 'dueAt', until: ports.clock.now(), limit }, (id) =>
    closeMark(ports, id).andThen((isClosed) => (isClosed ? writeStanding(ports, id) : okAsync(false))),
  )

// In a commit before the counts are read: who moves one and saw the mark open has committed before and is counted, or is
// refused and opens it anew. Still due in a while, should nobody come as far as to write the product.
const closeMark = (ports: CorePorts, productId: string): ResultAsync<boolean, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ mark: row(productStandings, productId) }),
    decide: ({ mark }, { now }) => {
      const { dueAt = null } = mark?.state ?? {}
      if (mark === undefined || dueAt === null || dueAt > now) return ok({ changes: [], answer: false })
      const state = { productId, open: false, dueAt: now + rankEveryMs }
      return ok({ changes: [put(productStandings, { ...mark, state })], answer: true })
    },
  })

const writeStanding = (ports: CorePorts, productId: string): ResultAsync<boolean, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      mark: row(productStandings, productId),
      product: row(products, productId),
      ...askTallies([productId]),
    }),
    decide: ({ mark, product, ...facts }, { now }) => {
      // One that was opened meanwhile stands for counts that may not be among these.
      const done =
        mark === undefined || mark.state.open
          ? []
          : [put(productStandings, { ...mark, state: { ...mark.state, dueAt: null } })]
      if (product === undefined) return ok({ changes: done, answer: true })
      const told = product.state.standing ?? noStanding
      const standing = standingOf(facts, productId, told, now)
      if (isSameStanding(told, standing)) return ok({ changes: done, answer: true })
      // The moment of its change is what indexes follow.
      const state = { ...product.state, standing, updatedAt: now }
      return ok({ changes: [...done, put(products, { ...product, state })], answer: true })
    },
  })
