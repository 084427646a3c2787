import { compareCodePoints } from '../../shared/json.js'
import { type Asked, find, rows, type Stored } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import type { OrderCursor } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'

/** The orders that a checkout was divided into, as they were read, beside what was found by its number. */
export type PartsRead = {
  readonly divided: readonly Stored<OrderRow>[]
  readonly parts: readonly Stored<OrderRow>[]
}

/**
 * Asks, beside the orders of a number, for those that a checkout of that number was divided into: its buyer was told no other.
 *
 * @param orderNumber - as it is asked for; nothing is read where absent
 */
export const askParts = (
  orderNumber: string | undefined,
): { readonly [Name in keyof PartsRead]: Asked<PartsRead[Name]> } => ({
  divided:
    orderNumber === undefined
      ? rows(orders, [])
      : find(orders, {
          where: [
            { field: 'orderNumber', is: 'eq', value: orderNumber },
            { field: 'status', is: 'eq', value: 'divided' },
          ],
          limit: 1,
        }),
  parts: rows(orders, { from: 'divided', path: 'orderIds.*' }),
})

/**
 * The orders of a page: those that were found, or, where none were, those that the checkout of the number was divided into.
 *
 * @param by.isAsked - whether one is what was asked for beside the number
 * @param by.after - where the page before ended
 */
export const foundOrParts = (
  found: readonly Stored<OrderRow>[],
  { parts }: Pick<PartsRead, 'parts'>,
  by: { readonly isAsked: (order: OrderRow) => boolean; readonly after: OrderCursor | undefined },
): readonly Stored<OrderRow>[] => {
  if (found.length > 0) return found
  const { after } = by
  return parts
    .filter(({ state }) => by.isAsked(state) && (after === undefined || compareOrders(state, after) > 0))
    .sort((one, other) => compareOrders(one.state, other.state))
}

// The newest first, as they are found.
const compareOrders = (one: OrderCursor, other: OrderCursor): number =>
  one.placedAt === other.placedAt ? compareCodePoints(other.orderId, one.orderId) : other.placedAt - one.placedAt
