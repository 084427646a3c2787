import { compareCodePoints } from '../../shared/json.js'
import { type ListedRow, listed } from '../../shared/list-page.js'
import { type Asked, find, rows } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import type { OrderCursor } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'

/** The orders that a checkout was divided into, as they were read, beside what was found by its number. */
export type PartsRead = {
  readonly divided: readonly ListedRow<OrderRow>[]
  readonly parts: readonly ListedRow<OrderRow>[]
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
      ? listed(rows(orders, []))
      : listed(
          find(orders, {
            where: [
              { field: 'orderNumber', is: 'eq', value: orderNumber },
              { field: 'status', is: 'eq', value: 'divided' },
            ],
            limit: 1,
          }),
        ),
  parts: listed(rows(orders, { from: 'divided', path: 'orderIds.*' })),
})

/**
 * The orders of a page: those that were found, or, where none were, those that the checkout of the number was divided into.
 *
 * @param by.isAsked - whether one is what was asked for beside the number
 * @param by.after - where the page before ended
 */
export const foundOrParts = (
  found: readonly ListedRow<OrderRow>[],
  { parts }: Pick<PartsRead, 'parts'>,
  by: { readonly isAsked: (order: OrderRow) => boolean; readonly after: OrderCursor | undefined },
): readonly ListedRow<OrderRow>[] => {
  if (found.length > 0) return found
  const { after } = by
  const read = parts
    .flatMap(({ row }) => (row === null ? [] : [row]))
    .filter(({ state }) => by.isAsked(state) && (after === undefined || compareOrders(state, after) > 0))
    .sort((one, other) => compareOrders(one.state, other.state))
    .map((row) => ({ id: row.id, value: row.state.placedAt, row }))
  // Where they stand nobody can tell: they are named first, page after page.
  const unread = parts
    .filter(({ row }) => row === null)
    .map(({ id }) => ({ id, value: firstPlace, row: null }))
    .filter(({ id, value }) => after === undefined || compareOrders({ orderId: id, placedAt: value }, after) > 0)
    .sort((one, other) => compareCodePoints(other.id, one.id))
  return [...unread, ...read]
}

const firstPlace = Number.MAX_SAFE_INTEGER

// The newest first, as they are found.
const compareOrders = (one: OrderCursor, other: OrderCursor): number =>
  one.placedAt === other.placedAt ? compareCodePoints(other.orderId, one.orderId) : other.placedAt - one.placedAt
