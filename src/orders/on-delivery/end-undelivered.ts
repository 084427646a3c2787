import { ok, type Result } from 'neverthrow'
import type { EndedBy } from '../order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { isUndelivered } from '../order-dues-steps.js'
import { boughtPieces, uncountPurchases } from '../placing/purchase-limits.js'

/**
 * Ends an order that was to be paid on delivery once nothing of it arrived and nothing is owed.
 *
 * @errors OrderMoveError
 */
export const endUndelivered = (draft: OrderDraft, by: EndedBy): Result<void, OrderMoveError> =>
  orderIn(draft)
    .mapErr((error): OrderMoveError => error)
    .andThen((order) =>
      isUndelivered(order)
        ? draftOrder(draft, { type: 'EndUndelivered', by, at: draft.at }).map(() => {
            draft.further.push(...uncountPurchases(order, boughtPieces(order)))
            return undefined
          })
        : ok(undefined),
    )
