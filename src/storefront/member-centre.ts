import { err, ok, type ResultAsync } from 'neverthrow'
import { pointsAccounts } from '../membership/points-account.collection.schema.js'
import { availablePoints } from '../membership/points-account.js'
import { sumOfPoints } from '../membership/points-evolve.js'
import { orders } from '../orders/order.collection.schema.js'
import { type DisplayedState, displayedState } from '../orders/order-display.js'
import { coupons } from '../promotions/coupon.collection.schema.js'
import type { Denied } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { find, row } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from './page-inputs.schema.js'

/** What a member has and what is under way. */
export type MemberCentre = {
  readonly accountId: string
  /** Points that can be spent now. */
  readonly points: number
  /** Points that orders under way will bring once they are complete. */
  readonly pointsToCome: number
  /** Points owed, which the next ones repay. */
  readonly pointsDebt: number
  /** Coupons free to use, first to end first. */
  readonly coupons: readonly { readonly couponId: string; readonly offerId: string; readonly validTo: Instant }[]
  /** How many orders stand in each state, of the newest hundred. */
  readonly orders: Readonly<Partial<Record<DisplayedState, number>>>
}

/**
 * Shows a member what they have: points, coupons, and how many orders stand where, in one read.
 *
 * @errors QueryError
 */
export const memberCentre = (
  ports: CorePorts,
  context: QueryContext,
  input: unknown = {},
): ResultAsync<MemberCentre, Denied | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.memberCentre',
    parse: parseNothing,
    plan: ({ actor }) => {
      const accountId = actor.kind === 'customer' ? actor.accountId : ''
      return {
        points: row(pointsAccounts, accountId),
        coupons: find(coupons, {
          where: [
            { field: 'holderId', is: 'eq', value: accountId },
            { field: 'status', is: 'eq', value: 'claimed' },
          ],
          orderBy: { field: 'validTo', direction: 'ascending' },
          limit: 100,
        }),
        orders: find(orders, {
          where: [{ field: 'accountId', is: 'eq', value: accountId }],
          orderBy: { field: 'placedAt', direction: 'descending' },
          limit: 100,
        }),
      }
    },
    answer: (found, { actor, now }) => {
      if (actor.kind !== 'customer') return err<never, Denied>({ type: 'Denied', action: 'storefront.memberCentre' })
      const counts: Partial<Record<DisplayedState, number>> = {}
      const points = found.points?.state.status === 'open' ? found.points.state : undefined
      for (const { state } of found.orders) {
        const shown = displayedState(state)
        counts[shown] = (counts[shown] ?? 0) + 1
      }
      return ok({
        accountId: actor.accountId,
        points: availablePoints(points, now),
        pointsToCome: sumOfPoints(points?.pending ?? []),
        pointsDebt: points?.debt ?? 0,
        coupons: found.coupons.flatMap(({ state }) =>
          state.status === 'claimed' && state.validTo > now
            ? [{ couponId: state.couponId, offerId: state.offerId, validTo: state.validTo }]
            : [],
        ),
        orders: counts,
      })
    },
  })
