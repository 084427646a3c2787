import { ok, type Result, safeTry } from 'neverthrow'
import type { EndedBy } from '../order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { isUndelivered } from '../order-dues-steps.js'
import { orderRow } from '../order-end.js'
import { moveParts, type OrderParts } from '../order-parts.js'
import { boughtPieces, uncountPurchases } from '../placing/purchase-limits.js'

/**
 * Ends an order that was to be paid on delivery once nothing of it arrived and nothing is owed.
 *
 * @errors OrderMoveError
 */
export const endUndelivered = (draft: OrderDraft, by: EndedBy): Result<void, OrderMoveError> =>
  orderIn(draft).andThen((order) =>
    isUndelivered(order)
      ? draftOrder(draft, { type: 'EndUndelivered', by, at: draft.at }).map(() => {
          draft.further.push(...uncountPurchases(order, boughtPieces(order)))
          return undefined
        })
      : ok(undefined),
  )

/**
 * Ends those of the orders of a divided checkout of which nothing arrived and nothing is owed any more.
 *
 * @errors OrderMoveError
 */
export const endUndeliveredParts = (draft: OrderDraft, parts: OrderParts, by: EndedBy): Result<void, OrderMoveError> =>
  safeTry(function* () {
    for (const { state, stored } of parts) {
      if (!isUndelivered(state)) continue
      yield* moveParts(parts, ({ orderId }) => orderId === state.orderId, { type: 'EndUndelivered', by, at: draft.at })
      const order = orderRow(state, stored.state.details)
      draft.further.push(...uncountPurchases(order, boughtPieces(order)))
    }
    return ok(undefined)
  })
