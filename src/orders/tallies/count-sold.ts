import { ok } from 'neverthrow'
import { markStanding } from '../../catalog/mark-standing.js'
import { productStandings } from '../../catalog/product-standing.schema.js'
import { moveProductTally } from '../../catalog/product-tally.js'
import type { OutboxEvent } from '../../shared/events.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { known, row, rows } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import type { OrderRow } from '../order-row.js'

const name = 'orders.countSold'

/**
 * Counts the pieces of each product that are sold: as an order is paid, with what is bought more later, less what is taken
 * out before it leaves.
 */
export const countSold: Reaction = {
  name,
  listensTo: ['order/OrderPaid', 'order/OrderEdited', 'order/OrderExtended', 'order/CancellingStarted'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => {
          const told = toldOf(event)
          return {
            order: told === undefined ? row(orders, event.rowId) : known(undefined),
            marks: rows(
              productStandings,
              told === undefined ? { from: 'order', path: 'lines.*.productId' } : [...told.keys()],
            ),
          }
        },
        decide: ({ order, marks }, { now }) => {
          const moved = toldOf(event) ?? (order === undefined ? new Map<string, number>() : soldOf(order.state, event))
          return ok({
            changes: [...moved].flatMap(([productId, pieces]) =>
              pieces === 0
                ? []
                : [
                    ...moveProductTally(productId, 'sold', pieces),
                    ...markStanding(
                      marks.find(({ id }) => id === productId),
                      productId,
                      now,
                    ),
                  ],
            ),
            answer: undefined,
          })
        },
      },
    ),
}

// An order tells how it stands now, an event what happened then, and may come when much has happened since.
const toldOf = ({ body: { sold } }: OutboxEvent): ReadonlyMap<string, number> | undefined => {
  if (!Array.isArray(sold)) return undefined
  return new Map(
    sold.flatMap((each) =>
      each !== null &&
      typeof each === 'object' &&
      typeof each.productId === 'string' &&
      typeof each.quantity === 'number'
        ? [[each.productId, each.quantity] as const]
        : [],
    ),
  )
}

// Of an event that does not tell what was sold by it.
const soldOf = (order: OrderRow, event: OutboxEvent): ReadonlyMap<string, number> => {
  const pieces = new Map<string, number>()
  for (const { lineId, productId, gift, quantity, cancelledQuantity = 0 } of order.lines) {
    if (gift) continue
    const moved =
      event.type === 'OrderPaid'
        ? quantity
        : event.type === 'OrderEdited'
          ? -piecesIn(event.body.removed, lineId)
          : event.type === 'OrderExtended'
            ? piecesIn(event.body.added, lineId)
            : -(quantity - cancelledQuantity)
    pieces.set(productId, (pieces.get(productId) ?? 0) + moved)
  }
  return pieces
}

const piecesIn = (lines: OutboxEvent['body'][string], lineId: string): number => {
  if (!Array.isArray(lines)) return 0
  const line = lines.find((each) => each !== null && typeof each === 'object' && each.lineId === lineId)
  return typeof line?.quantity === 'number' ? line.quantity : 0
}
