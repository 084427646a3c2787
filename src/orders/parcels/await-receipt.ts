import { daysMs, type Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'
import { isMoneyOut } from '../order-goods-steps.js'
import { travellingQuantity } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { isAwaited } from './awaited-parcel.js'
import type { Parcel } from './parcel.js'

/** How often the shop's people are asked about a parcel that may never come. */
const askAgainMs = 3 * daysMs

/** Why the clock does not take an order as received yet. */
export type AwaitedReceipt = {
  /** Parcels that are late, or could not be handed over: a person is to find out. */
  readonly parcelIds: readonly string[]
  readonly until: Instant
}

/** The parcels of an order that it waits for still. */
export const awaitedParcels = (order: OrderRow, sent: readonly Stored<Parcel>[]): readonly Stored<Parcel>[] =>
  sent.filter(
    ({ state }) =>
      (state.status === 'shipped' || state.status === 'inTransit') &&
      isAwaited(
        order,
        state,
        sent.map((each) => each.state),
      ),
  )

/**
 * Whether an order whose time has come is still to be waited for: while a parcel of it is late or could not be handed over,
 * the shop's people are asked again and again; while one is within its promise, or seen on its way by its carrier, as long
 * again as the clock runs, or a return is open, nobody is. Undefined where the clock may take it as received.
 */
export const awaitedReceipt = (
  order: OrderRow,
  awaited: readonly Stored<Parcel>[],
  at: Instant,
): AwaitedReceipt | undefined => {
  const doubtful = awaited.filter(
    ({ state }) =>
      ('late' in state && state.late !== undefined) ||
      // Its time has come, and nobody has said so yet.
      ('lateAt' in state && state.lateAt !== undefined && state.lateAt <= at) ||
      ('failedAt' in state && state.failedAt !== undefined),
  )
  if (doubtful.length > 0) return { parcelIds: doubtful.map(({ id }) => id), until: at + askAgainMs }
  // Its buyer may say that nothing came; that is looked at by whoever looks at the return.
  if (order.openReturnIds.length > 0) return { parcelIds: [], until: at + askAgainMs }
  const { receivedAfterMs } = order.details.policy
  const until = Math.max(
    ...awaited.map(({ state }) => {
      if ('lateAt' in state && state.lateAt !== undefined) return state.lateAt
      return state.status === 'inTransit' ? state.shippedAt + 2 * receivedAfterMs : 0
    }),
    0,
  )
  if (until > at) return { parcelIds: [], until }
  const isNothingLeft = order.lines.every((line) => travellingQuantity(line) === 0)
  return isNothingLeft && isMoneyOut(order) ? { parcelIds: [], until: at + askAgainMs } : undefined
}
