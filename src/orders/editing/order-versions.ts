import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import type { Sealer, SubjectKey, Unreadable } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import type { Recipient } from '../addresses/recipient.js'
import { openRecipient } from '../addresses/recipient-seal.js'
import type { LineTarget } from '../order-inputs.js'
import type { OrderDetails, OrderRow, OrderVersion } from '../order-row.js'
import type { EditNeedsNewOrder } from './order-edit.js'

/** How many versions an order keeps of what it was. */
const keptVersions = 10

/** Something has left; the order cannot be as it was any more. */
export type UndoTooLate = { readonly type: 'UndoTooLate'; readonly orderId: string }

/** The order keeps no version of before such a change. */
export type VersionUnknown = { readonly type: 'VersionUnknown'; readonly orderId: string; readonly editId: string }

/** Why a change is not undone. */
export type UndoError = UndoTooLate | VersionUnknown | EditNeedsNewOrder

/** What is kept of an order as it is now, before a change makes it another. */
export const keepVersion = (
  order: OrderRow,
  change: { readonly editId: string; readonly newRecipient: boolean; readonly at: Instant },
): Pick<OrderDetails, 'earlier'> => {
  const { region, recipient, earlier = [] } = order.details
  const { editId, newRecipient, at } = change
  const lines = order.lines.flatMap(({ lineId, gift, quantity, cancelledQuantity = 0 }) => {
    const wanted = quantity - cancelledQuantity
    return gift || wanted === 0 ? [] : [{ lineId, quantity: wanted }]
  })
  const version: OrderVersion = {
    editId,
    at,
    region,
    lines,
    ...(newRecipient && recipient !== null ? { recipient } : {}),
  }
  return { earlier: [...earlier, version].slice(-keptVersions) }
}

/**
 * The pieces that were wanted before a change, for a change back to them.
 *
 * @errors UndoTooLate once anything has left; VersionUnknown; EditNeedsNewOrder where a line is gone
 */
export const targetsBefore = (order: OrderRow, editId: string): Result<readonly LineTarget[], UndoError> => {
  const { orderId } = order
  const version = order.details.earlier?.find((each) => each.editId === editId)
  if (version === undefined) return err({ type: 'VersionUnknown', orderId, editId })
  if (order.lines.some((line) => line.shippedQuantity > 0)) return err({ type: 'UndoTooLate', orderId })
  if (version.lines.some(({ lineId }) => !order.lines.some((line) => line.lineId === lineId))) {
    return err({ type: 'EditNeedsNewOrder', orderId, reason: 'lineGone' })
  }
  return ok(
    order.lines.flatMap(({ lineId, gift }) =>
      gift ? [] : [{ lineId, quantity: version.lines.find((each) => each.lineId === lineId)?.quantity ?? 0 }],
    ),
  )
}

/**
 * Who was to get an order before a change; null where that is who gets it now.
 *
 * @errors Unreadable where the key of the buyer is gone
 */
export const recipientBefore = (
  sealer: Sealer,
  key: Stored<SubjectKey> | undefined,
  order: OrderRow,
  editId: string,
): ResultAsync<Recipient | null, Unreadable | CryptoUnavailable> => {
  const { earlier = [] } = order.details
  const from = earlier.findIndex((each) => each.editId === editId)
  // A version that names nobody had who was named next.
  const sealed = from < 0 ? undefined : earlier.slice(from).find(({ recipient }) => recipient !== undefined)?.recipient
  if (sealed === undefined) return okAsync(null)
  return openRecipient(sealer, key?.state, order, sealed)
}
