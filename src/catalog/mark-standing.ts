import { type Change, expectRow, put } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import type { StandingEvent, StandingMark } from './product-standing.js'
import { productStandings } from './product-standing.schema.js'

/** Says that the counts of a product have moved. */
export const markStanding = (
  mark: Stored<StandingMark> | undefined,
  productId: string,
  now: Instant,
): readonly Change[] => {
  // Whoever brings the product up to date between the look and the commit would not see what moved in it.
  if (mark?.state.due === true) return [expectRow(productStandings, mark)]
  const due: StandingEvent = { type: 'StandingDue', productId }
  const state = { productId, due: true, since: now }
  return [put(productStandings, { id: productId, version: mark?.version ?? 0, state, events: [due] })]
}
