import { ok, type ResultAsync } from 'neverthrow'
import { type Actor, actorName } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { entries, row, type TimedPageEnd } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import { availablePoints } from './points-account.js'
import type { PointsEntry } from './points-entry.js'
import { pointsEntries } from './points-entry.schema.js'
import type { PointsPageInput } from './points-page.schema.js'
import { parsePointsPage } from './points-page.schema.js'

/** One's points. */
export type PointsPage = {
  /** To be spent now. */
  readonly available: number
  /** Set aside for orders that are not paid yet. */
  readonly held: number
  /** To come, and from when; null while that depends on an order. */
  readonly pending: readonly {
    readonly grantId: string
    readonly points: number
    readonly activatesAt: Instant | null
  }[]
  /** Owed from points that were taken back. */
  readonly debt: number
  /** What ends when, first to end first. */
  readonly expiring: readonly { readonly points: number; readonly expiresAt: Instant }[]
  /** The newest first. */
  readonly entries: readonly PointsEntry[]
  /** Where the next page begins; null at the end. */
  readonly next: TimedPageEnd | null
}

/**
 * Shows the points of the member who asks; all zero before the first are given.
 *
 * @errors QueryError
 */
export const pointsPage = (
  ports: CorePorts,
  context: QueryContext,
  input: PointsPageInput,
): ResultAsync<PointsPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'membership.pointsPage',
    parse: parsePointsPage,
    plan: ({ input, actor }) => ({
      account: row(pointsAccounts, memberOf(actor)),
      moved: entries(pointsEntries, {
        where: [{ field: 'accountId', is: 'eq', value: memberOf(actor) }],
        orderBy: { field: 'at', direction: 'descending' },
        limit: input.limit + 1,
        ...(input.after === undefined ? {} : { after: input.after }),
      }),
    }),
    answer: ({ account, moved }, { input, now }) => {
      const state = account?.state.status === 'open' ? account.state : undefined
      const page = moved.slice(0, input.limit)
      const last = page.at(-1)
      return ok({
        available: availablePoints(state, now),
        held: (state?.holds ?? []).flatMap((hold) => hold.parts).reduce((sum, part) => sum + part.points, 0),
        pending: (state?.pending ?? [])
          .filter((each) => each.points > 0)
          .map(({ grantId, points, terms }) => ({ grantId, points, activatesAt: terms?.activatesAt ?? null })),
        debt: state?.debt ?? 0,
        expiring: (state?.lots ?? [])
          .filter((lot) => lot.points > 0 && lot.expiresAt > now)
          .map(({ points, expiresAt }) => ({ points, expiresAt })),
        entries: page.map(({ body }) => body),
        next: moved.length > input.limit && last !== undefined ? { value: last.body.at, id: last.id } : null,
      })
    },
  })

const memberOf = (actor: Actor): string => (actor.kind === 'customer' ? actor.accountId : actorName(actor))
