import { ok, type Result } from 'neverthrow'
import { moveBalances, postSettlements } from '../../payments/payee-balance.js'
import { postReceiptConfirmed } from '../../payments/posting.js'
import { openSettlement, resettle } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import { put } from '../../shared/commit.js'
import type { OrderRefund } from '../order.js'
import { draftEntries, type OrderDraft } from '../order-draft.js'
import { liveRefunds } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { type SplitError, splitOrder } from './order-split.js'

/**
 * Shares the money of an order that is complete: by the terms it was placed under, or, where those say nothing of it,
 * all to its one seller.
 *
 * @errors SplitError
 */
export const shareOut = (draft: OrderDraft, order: OrderRow): Result<void, SplitError> => {
  const { at } = draft
  const { orderId, accountId, merchantId, currency, details } = order
  const terms = details.policy.settlement
  if (terms === undefined) {
    receiveWhole(draft, order, { reference: orderId, amountMinor: heldMinor(order) })
    return ok(undefined)
  }
  return splitOrder(order, terms).map((split) => {
    const after = openSettlement(
      {
        orderId,
        accountId,
        merchantId,
        currency,
        confirmedAt: 'signedAt' in order ? order.signedAt : at,
        afterWorkingDays: terms.afterWorkingDays,
        timeZone: details.policy.timeZone,
      },
      split,
    )
    const moved = [{ before: null, after }]
    const entry = {
      entryId: `receiptConfirmed/${orderId}`,
      kind: 'receiptConfirmed',
      at,
      about: aboutOf(order),
    } as const
    draft.further.push(put(settlements, { id: orderId, version: 0, state: after }), ...moveBalances(moved))
    draftEntries(draft, postSettlements(moved, entry))
    return undefined
  })
}

/**
 * Takes back from those an order was shared among what goes back of it, before it goes: of what they have not got yet,
 * and the rest they owe.
 *
 * @param order - as it stands with the refund
 * @errors SplitError
 */
export const takeSharesBack = (
  draft: OrderDraft,
  order: OrderRow,
  refund: Omit<OrderRefund, 'status'>,
): Result<void, SplitError> => {
  const { at, read } = draft
  const stored = read.settlements.find(({ id }) => id === order.orderId)
  const terms = order.details.policy.settlement
  if (stored === undefined || terms === undefined) {
    const amountMinor = 0 - (refund.cashMinor + refund.pointsMinor + refund.subsidyMinor)
    receiveWhole(draft, order, { reference: refund.refundId, amountMinor })
    return ok(undefined)
  }
  return splitOrder(order, terms).map((split) => {
    const after = resettle(stored.state, split)
    const moved = [{ before: stored.state, after }]
    const entry = {
      entryId: `receiptConfirmed/${refund.refundId}`,
      kind: 'receiptConfirmed',
      at,
      about: aboutOf(order),
    } as const
    draft.further.push(
      put(settlements, { id: stored.id, version: stored.version, state: after }),
      ...moveBalances(moved),
    )
    draftEntries(draft, postSettlements(moved, entry))
    return undefined
  })
}

const aboutOf = ({ orderId, accountId, merchantId }: OrderRow) => ({ orderId, accountId, merchantId })

const receiveWhole = (
  draft: OrderDraft,
  order: OrderRow,
  receipt: { readonly reference: string; readonly amountMinor: number },
): void => {
  draftEntries(
    draft,
    postReceiptConfirmed({
      reference: receipt.reference,
      about: aboutOf(order),
      currency: order.currency,
      payees: [{ payee: order.merchantId ?? 'shop', amountMinor: receipt.amountMinor }],
      commissionMinor: 0,
      at: draft.at,
    }),
  )
}

/** What an order's escrow holds: all that came in less all that went back. */
const heldMinor = (order: OrderRow): number => {
  const { payableMinor, pointsMinor, subsidyMinor } = order.totals
  return liveRefunds(order).reduce(
    (held, refund) => held - refund.cashMinor - refund.pointsMinor - refund.subsidyMinor,
    payableMinor + pointsMinor + subsidyMinor,
  )
}
