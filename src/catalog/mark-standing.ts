import { type Change, expectRow, put } from '../shared/commit.js'
import { type Instant, minutesMs } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import type { StandingMark } from './product-standing.js'
import { productStandings } from './product-standing.schema.js'

/**
 * A product's row is told how it stands at most once in so long: checkouts under way rely on the row, and within a
 * transaction of their host they have one attempt.
 */
export const rankEveryMs = minutesMs

/** Says that the counts of a product move in the same commit. */
export const markStanding = (
  mark: Stored<StandingMark> | undefined,
  productId: string,
  now: Instant,
): readonly Change[] => {
  // Whoever closes the mark between the look and the commit may not see what moved in it.
  if (mark?.state.open === true) return [expectRow(productStandings, mark)]
  const state: StandingMark = { productId, open: true, dueAt: now + rankEveryMs }
  return [put(productStandings, { id: productId, version: mark?.version ?? 0, state })]
}
