import { type Result, safeTry } from 'neverthrow'
import { releaseStock } from '../../inventory/move-stock.js'
import type { LineQuantity } from '../../inventory/reservation.js'
import { withShortfall } from '../money/order-points.js'
import { newRefundOf } from '../money/refund-shares.js'
import { endUndelivered } from '../on-delivery/end-undelivered.js'
import { letGoUnbrought } from '../on-delivery/give-up-undelivered.js'
import type { EndedBy } from '../order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { dueOnDelivery } from '../order-dues.js'
import {
  quantityOf,
  refundableQuantity,
  refundableShippingMinor,
  sumQuantity,
  travellingQuantity,
  unshippedQuantity,
} from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { uncountPurchases } from '../placing/purchase-limits.js'
import { giveBack } from '../refunds/give-back.js'
import { lapseEdit } from './settle-edit.js'

/** What is taken out of a paid order, and what of its carriage goes back with that. */
export type TakenOut = {
  readonly by: EndedBy
  readonly newRecipient: boolean
  readonly removed: readonly LineQuantity[]
  readonly shippingMinor: number
  /** What the change is done under; a refund it brings has this id. */
  readonly editId: string
  /** Whether their stock is free again by what else is done at once. */
  readonly isReleased?: boolean
}

/**
 * Takes pieces that have not left out of a paid order: they are free again, and what was paid for them goes back.
 *
 * @errors OrderMoveError
 */
export const takeOut = (
  draft: OrderDraft,
  order: OrderRow,
  { by, newRecipient, removed, shippingMinor, editId, isReleased = false }: TakenOut,
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const { policy } = order.details
    const isUnderway = order.lines.some((line) => travellingQuantity(line) > 0)
    const edit = {
      type: 'Edit',
      by,
      newRecipient,
      removed,
      at,
      advanceAt: at + (isUnderway ? policy.receivedAfterMs : policy.completedAfterMs),
    } as const
    // Pieces whose money went back as goodwill are taken out without giving it back again.
    const lines = removed.flatMap(({ lineId, quantity }) => {
      const line = order.lines.find((each) => each.lineId === lineId)
      const refundable = Math.min(quantity, line === undefined ? 0 : refundableQuantity(line))
      return refundable === 0 ? [] : [{ lineId, quantity: refundable }]
    })
    const isLast = bringsNoMore(order, removed)
    const keepsNoCarriage = !hasGone(order) && (isLast || leavesNothing(order, removed))
    const carriageMinor = keepsNoCarriage ? refundableShippingMinor(order) : shippingMinor
    if (lines.length === 0 && carriageMinor === 0) {
      yield* draftOrder(draft, { ...edit, refund: null })
    } else {
      const reckoned = yield* newRefundOf(
        { order, books: draft.read.books },
        {
          refundId: editId,
          reason: 'edited',
          lines,
          withShipping: false,
          shippingMinor: carriageMinor,
          // What a seller gives up that was paid is the seller's doing. What a lost discount would cost more no parcel brings.
          sellerAtFault: by !== 'buyer' || isLast,
        },
      )
      yield* giveBack(draft, { ...edit, refund: withShortfall(draft, order, reckoned) })
    }
    draft.further.push(...uncountPurchases(order, removed))
    const { reservation } = draft.read
    if (removed.length > 0 && reservation !== undefined && !isReleased) {
      draft.further.push(...(yield* releaseStock(reservation, { lines: removed, reference: editId, at })))
    }
    yield* letGoUnbrought(draft, `${editId}_spare`)
    return endUndelivered(draft, by)
  })

// Without these pieces no parcel is left to be sent of an order that goes out unpaid.
const bringsNoMore = (order: OrderRow, removed: readonly LineQuantity[]): boolean =>
  dueOnDelivery(order) > 0 &&
  order.status === 'partlyShipped' &&
  order.lines.reduce((sum, line) => sum + unshippedQuantity(line), 0) === sumQuantity(removed)

// Without these pieces nothing is left of an order, neither to be sent nor to be decided of: no carriage brought anything.
const leavesNothing = ({ lines }: OrderRow, removed: readonly LineQuantity[]): boolean =>
  lines.every((line) => {
    const quantity = quantityOf(removed, line.lineId)
    return unshippedQuantity(line) === quantity && refundableQuantity(line) <= quantity
  })

/** Whether pieces have arrived, or may. */
const hasGone = ({ lines }: OrderRow): boolean =>
  lines.some((line) => line.signedQuantity > 0 || travellingQuantity(line) > 0)

/**
 * Takes everything that has not left out of an order of which something has, and drops the dearer change it waits for.
 * What has left takes its way, be it a gift alone.
 *
 * @errors OrderMoveError
 */
export const takeOutRest = (
  draft: OrderDraft,
  by: EndedBy,
  editId: string,
  stock: Pick<TakenOut, 'isReleased'> = {},
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    yield* lapseEdit(draft)
    const order = yield* orderIn(draft)
    return takeOut(draft, order, {
      ...{ by, newRecipient: false, removed: piecesHere(order), shippingMinor: 0, editId },
      ...stock,
    })
  })

/** What of an order has not left. */
export const piecesHere = ({ lines }: OrderRow): readonly LineQuantity[] =>
  lines
    .map((line) => ({ lineId: line.lineId, quantity: unshippedQuantity(line) }))
    .filter(({ quantity }) => quantity > 0)

/** What pieces are taken out under that a hold which ended pays no more. */
export const lapseId = ({ orderId, paymentId }: Extract<OrderRow, { paidAt: number }>): string =>
  `lapsed_${paymentId ?? orderId}`
